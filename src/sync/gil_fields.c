/*
 * gil_fields: what the fields of a lock policy may say, and how they are read and written. See gil_fields.h.
 *
 * One table says everything of a field but where it lies; values travel as uint64_t, words as their number.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/param.h>
#include <gilbench/util.h>

#include "sync/gil_fields.h"

/* A wait shorter than 1 us is not a wait: the system call alone takes that long (CPython's floor as well). */
#define INTERVAL_MIN_NS 1000u
/* A minute without a switch is no time-sharing any more. The exact value does not matter. */
#define INTERVAL_MAX_NS (60ull * NS_PER_S)
/* A timer that wakes more often than this is a load of its own. The exact value does not matter. */
#define TICK_MIN_NS (100 * NS_PER_US)
/* A turn of seconds on any machine. The exact value does not matter. */
#define CHECK_MAX 1000000000u

/* What the words of a field mean stands in their order. */
const struct gil_field_row gil_fields[FIELDS] = {
	[FIELD_SLICE] = {"slice", IS_WORD, -1, "interval|ticks|quantum", 0, 0,
			 "a waiter that has waited long enough ends the turn|"
			 "the holder ends its turn by its own count|"
			 "a timer that watches the holder's run ends the turn"},
	[FIELD_INTERVAL] = {"interval", IS_TIME, GIL_SLICE_INTERVAL, NULL, INTERVAL_MIN_NS, INTERVAL_MAX_NS,
			    "how long a waiter waits before it asks the holder to let go"},
	[FIELD_CHECK] = {"check", IS_COUNT, GIL_SLICE_TICKS, NULL, 1, CHECK_MAX,
			 "ticks (opcodes) after which the holder lets go, asked or not"},
	[FIELD_QUANTUM] = {"quantum", IS_TIME, GIL_SLICE_QUANTUM, NULL, INTERVAL_MIN_NS, INTERVAL_MAX_NS,
			   "how long the holder may run while others wait"},
	[FIELD_TICK] = {"tick", IS_TIME, GIL_SLICE_QUANTUM, NULL, TICK_MIN_NS, INTERVAL_MAX_NS,
			"how often the timer looks"},
	[FIELD_HANDOFF] = {"handoff", IS_WORD, -1, "barging|forced|fifo", 0, 0,
			   "who comes first has it|"
			   "who comes first has it, but who was asked waits until another has|"
			   "who has waited longest has it"},
	[FIELD_PRIORITY] = {"priority", IS_WORD, -1, "none|io", 0, 0,
			    "all threads are alike|"
			    "who last let go of its own accord comes first, and asks the others at once"},
	[FIELD_PRIMITIVE] = {"primitive", IS_WORD, -1, "condition|semaphore|per-waiter", 0, 0,
			     "waiters sleep on a condition variable that they share|"
			     "waiters sleep on a POSIX semaphore|"
			     "each waiter sleeps on a condition variable of its own"},
	[FIELD_STATS] = {"stats", IS_WORD, -1, "off|on", 0, 0,
			 "held and waited times are not taken|held and waited times are taken"},
};

uint64_t gil_field_get(const struct gil_policy *p, enum gil_field field)
{
	switch (field) {
	case FIELD_SLICE:
		return p->slice;
	case FIELD_INTERVAL:
		return p->interval_ns;
	case FIELD_CHECK:
		return p->check_ticks;
	case FIELD_QUANTUM:
		return p->quantum_ns;
	case FIELD_TICK:
		return p->tick_ns;
	case FIELD_HANDOFF:
		return p->handoff;
	case FIELD_PRIORITY:
		return p->priority;
	case FIELD_PRIMITIVE:
		return p->primitive;
	case FIELD_STATS:
		return p->has_stats;
	case FIELDS:
		break;
	}
	return 0;
}

void gil_field_set(struct gil_policy *p, enum gil_field field, uint64_t value)
{
	switch (field) {
	case FIELD_SLICE:
		p->slice = (enum gil_slice)value;
		break;
	case FIELD_INTERVAL:
		p->interval_ns = value;
		break;
	case FIELD_CHECK:
		p->check_ticks = value;
		break;
	case FIELD_QUANTUM:
		p->quantum_ns = value;
		break;
	case FIELD_TICK:
		p->tick_ns = value;
		break;
	case FIELD_HANDOFF:
		p->handoff = (enum gil_handoff)value;
		break;
	case FIELD_PRIORITY:
		p->priority = (enum gil_priority)value;
		break;
	case FIELD_PRIMITIVE:
		p->primitive = (enum gil_primitive)value;
		break;
	case FIELD_STATS:
		p->has_stats = value != 0;
		break;
	case FIELDS:
		break;
	}
}

bool gil_field_is_heeded(const struct gil_policy *p, enum gil_field field)
{
	return gil_fields[field].slice < 0 || gil_fields[field].slice == (int)p->slice;
}

/* A duration in the largest unit that keeps it whole. */
static char *time_text(const char *name, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = {{NS_PER_S, "s"}, {NS_PER_MS, "ms"}, {NS_PER_US, "us"}, {1, "ns"}};
	size_t i = 0;
	while (ns % units[i].ns != 0)
		i++;
	return xasprintf("%s=%llu%s", name, (unsigned long long)(ns / units[i].ns), units[i].unit);
}

/* The index-th of words that `|` separates. */
static const char *word_at(const char *words, uint64_t index, int *length)
{
	for (; index > 0; index--)
		words = strchr(words, '|') + 1;
	*length = (int)strcspn(words, "|");
	return words;
}

char *gil_field_text(const struct gil_policy *p, enum gil_field field)
{
	const struct gil_field_row *row = &gil_fields[field];
	uint64_t value = gil_field_get(p, field);
	if (row->kind == IS_TIME)
		return time_text(row->name, value);
	if (row->kind == IS_COUNT)
		return xasprintf("%s=%llu", row->name, (unsigned long long)value);
	int length;
	const char *word = word_at(row->words, value, &length);
	return xasprintf("%s=%.*s", row->name, length, word);
}

static int read_word(const char *words, const char *text, uint64_t *value)
{
	size_t length = strlen(text);
	for (*value = 0;; (*value)++) {
		size_t here = strcspn(words, "|");
		if (here == length && strncmp(words, text, length) == 0)
			return 0;
		if (words[here] == '\0')
			return -1;
		words += here + 1;
	}
}

int gil_field_read(enum gil_field field, const char *text, uint64_t *value)
{
	const struct gil_field_row *row = &gil_fields[field];
	if (row->kind == IS_WORD)
		return read_word(row->words, text, value);
	double number;
	int status = row->kind == IS_TIME ? param_duration(text, &number) : param_number(text, &number);
	if (status != 0)
		return -1;
	/* 100us is not quite 1e5 ns in binary. */
	if (row->kind == IS_TIME)
		number = round(number * 1e9);
	/* Written so that a NAN fails. */
	if (!(number >= (double)row->min) || !(number <= (double)row->max))
		return -1;
	*value = (uint64_t)number;
	return row->kind == IS_COUNT && number != floor(number) ? -1 : 0;
}

char *gil_field_limit(enum gil_field field, uint64_t value)
{
	struct gil_policy limit = {0};
	gil_field_set(&limit, field, value);
	char *text = gil_field_text(&limit, field), *number = xstrdup(strchr(text, '=') + 1);
	free(text);
	return number;
}

/* What the field's value means, and what else it could be. */
static char *meaning_of(const struct gil_policy *p, enum gil_field field)
{
	const struct gil_field_row *row = &gil_fields[field];
	if (row->kind == IS_WORD) {
		int length;
		const char *help = word_at(row->help, gil_field_get(p, field), &length);
		return xasprintf("%.*s (%s)", length, help, row->words);
	}
	char *least = gil_field_limit(field, row->min), *most = gil_field_limit(field, row->max);
	char *meaning = xasprintf("%s (%s to %s)", row->help, least, most);
	free(most);
	free(least);
	return meaning;
}

bool gil_policy_field(const struct gil_policy *p, size_t index, char **text, char **meaning)
{
	for (enum gil_field f = 0; f < FIELDS; f++) {
		if (!gil_field_is_heeded(p, f) || index-- > 0)
			continue;
		*text = gil_field_text(p, f);
		*meaning = meaning_of(p, f);
		return true;
	}
	return false;
}
