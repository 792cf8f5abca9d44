/*
 * gil_policy_text: "py3,interval=1ms" to data and back. See gil.h.
 *
 * Grammar: [NAME,]FIELD=VALUE,...  A field overrides the named policy's own. Without a name the fields are those of
 * the policy whose kind of slice they speak of: `check` py2, `quantum` and `tick` ruby, everything else py3. A
 * number says its kind of slice by itself: py3,quantum=50ms has slice=quantum.
 *
 * The text form is canonical: a field is printed only where it differs from the named policy's, and fields that
 * are together some other named policy's take its name, so that py3,handoff=fifo and fifo are one cell of a sweep.
 *
 * What does not go together is refused, never mended: a measurement under rules that nobody asked for is worse
 * than none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "sync/gil_fields.h"

/* Longest policy text understood. The exact value does not matter. */
#define POLICY_CHARS 192
/* More than there are policies. */
#define POLICIES_MAX 16

struct reading {
	struct gil_policy *policy;
	unsigned said;   /* bits of the fields that the text names */
	int slice_field; /* the field that first spoke of a slice; -1: none did */
	char *error;
	size_t error_bytes;
};

static size_t policy_names(const char *names[POLICIES_MAX])
{
	size_t count = 0;
	for (; gil_policies[count].summary != NULL; count++)
		names[count] = gil_policies[count].policy.name;
	return count;
}

/* "a, b, c" of names; cut short where it does not fit. */
static void join(char *list, size_t bytes, const char *const *names, size_t count)
{
	list[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		size_t used = strlen(list);
		snprintf(list + used, bytes - used, "%s%s", i > 0 ? ", " : "", names[i]);
	}
}

static int unknown(struct reading *r, const char *what, const char *name, const char *const *names,
		   size_t count)
{
	char list[POLICY_CHARS];
	const char *near = nearest_name(name, names, count);
	join(list, sizeof(list), names, count);
	snprintf(r->error, r->error_bytes, "there is no %s '%s'; %s%s%s", what, name,
		 near != NULL ? "did you mean '" : "there are: ", near != NULL ? near : list,
		 near != NULL ? "'?" : "");
	return -1;
}

static int unknown_policy(struct reading *r, const char *name)
{
	const char *names[POLICIES_MAX];
	size_t count = policy_names(names);
	return unknown(r, "lock policy", name, names, count);
}

static int unknown_field(struct reading *r, const char *name)
{
	const char *names[FIELDS];
	for (size_t i = 0; i < FIELDS; i++)
		names[i] = gil_fields[i].name;
	return unknown(r, "field of a lock policy", name, names, FIELDS);
}

static int bad_value(struct reading *r, enum gil_field field, const char *text)
{
	const struct gil_field_row *row = &gil_fields[field];
	if (row->kind == IS_WORD) {
		snprintf(r->error, r->error_bytes, "%s must be one of %s, not '%s'", row->name, row->words,
			 text);
		return -1;
	}
	char *least = gil_field_limit(field, row->min), *most = gil_field_limit(field, row->max);
	snprintf(r->error, r->error_bytes, "%s must be a %s from %s to %s, not '%s'", row->name,
		 row->kind == IS_TIME ? "time" : "whole number", least, most, text);
	free(most);
	free(least);
	return -1;
}

/* A field says which slice it is for. Two that differ are a contradiction. */
static int choose_slice(struct reading *r, enum gil_field field, enum gil_slice slice)
{
	if (r->slice_field >= 0 && r->policy->slice != slice) {
		snprintf(r->error, r->error_bytes,
			 "%s and %s are of different ways to end a turn; a lock policy has one of them",
			 gil_fields[r->slice_field].name, gil_fields[field].name);
		return -1;
	}
	r->policy->slice = slice;
	r->slice_field = (int)field;
	return 0;
}

static int set_field(struct reading *r, enum gil_field field, const char *text)
{
	uint64_t value;
	if (r->said & 1u << field) {
		snprintf(r->error, r->error_bytes, "%s is said twice", gil_fields[field].name);
		return -1;
	}
	r->said |= 1u << field;
	if (gil_field_read(field, text, &value) != 0)
		return bad_value(r, field, text);
	if (field == FIELD_SLICE)
		return choose_slice(r, field, (enum gil_slice)value);
	gil_field_set(r->policy, field, value);
	return gil_fields[field].slice < 0 ? 0
					   : choose_slice(r, field, (enum gil_slice)gil_fields[field].slice);
}

/* One FIELD=VALUE; `word` is cut up. */
static int read_word(struct reading *r, char *word)
{
	char *equals = strchr(word, '=');
	if (equals == NULL) {
		snprintf(r->error, r->error_bytes,
			 "'%s' after the lock policy is not FIELD=VALUE, as interval=1ms is", word);
		return -1;
	}
	*equals = '\0';
	for (enum gil_field f = 0; f < FIELDS; f++)
		if (strcmp(word, gil_fields[f].name) == 0)
			return set_field(r, f, equals + 1);
	return unknown_field(r, word);
}

/* Why these fields do not go together, or NULL. */
static const char *contradiction(const struct gil_policy *p)
{
	bool is_semaphore = p->primitive == GIL_PRIMITIVE_SEMAPHORE, is_ticks = p->slice == GIL_SLICE_TICKS;
	if (is_semaphore && !is_ticks)
		return "a semaphore's waiters know no holder whom they could ask: primitive=semaphore goes "
		       "with "
		       "slice=ticks only";
	if (is_semaphore && p->handoff != GIL_HANDOFF_BARGING)
		return "a semaphore lets in whoever comes first: primitive=semaphore goes with "
		       "handoff=barging "
		       "only";
	if (is_ticks && p->handoff == GIL_HANDOFF_FORCED)
		return "a turn of ticks ends unasked, so there may be nobody to wait for: slice=ticks goes "
		       "with "
		       "handoff=barging or fifo";
	if (is_ticks && p->priority == GIL_PRIORITY_IO)
		return "a turn of ticks ends by itself and heeds nobody who asks: priority=io goes with "
		       "slice=interval or quantum";
	if (p->slice == GIL_SLICE_QUANTUM && p->quantum_ns < p->tick_ns)
		return "the timer cannot see a quantum that is shorter than its tick: give a tick= of at "
		       "most "
		       "the quantum";
	return NULL;
}

static bool has_same_fields(const struct gil_policy *a, const struct gil_policy *b)
{
	for (enum gil_field f = 0; f < FIELDS; f++)
		if (gil_field_get(a, f) != gil_field_get(b, f) && gil_field_is_heeded(a, f))
			return false;
	return true;
}

/* The fields decide; a name that says them all is the better one. */
static void settle_name(struct gil_policy *p)
{
	for (const struct gil_policy_entry *e = gil_policies; e->summary != NULL; e++) {
		if (has_same_fields(p, &e->policy)) {
			*p = e->policy;
			return;
		}
	}
}

/* The policy that a text without a name speaks of. */
static const char *name_by_fields(const char *text)
{
	/* Wherever in the text: a field's name follows its beginning or a comma. */
	for (const char *word = text; word != NULL; word = strchr(word, ','), word += word != NULL) {
		if (strncmp(word, "check=", 6) == 0 || strcmp(word, "slice=ticks") == 0 ||
		    strncmp(word, "slice=ticks,", 12) == 0)
			return "py2";
		if (strncmp(word, "quantum=", 8) == 0 || strncmp(word, "tick=", 5) == 0 ||
		    strncmp(word, "slice=quantum", 13) == 0)
			return "ruby";
	}
	return "py3";
}

int gil_policy_parse(const char *text, struct gil_policy *policy, char *error, size_t error_bytes)
{
	struct reading r = {.policy = policy, .slice_field = -1, .error = error, .error_bytes = error_bytes};
	char words[POLICY_CHARS];
	if ((size_t)snprintf(words, sizeof(words), "%s", text) >= sizeof(words)) {
		snprintf(error, error_bytes, "a lock policy of more than %d characters", POLICY_CHARS - 1);
		return -1;
	}
	char *rest = words;
	bool has_name = memchr(words, '=', strcspn(words, ",")) == NULL;
	const char *name = has_name ? strsep(&rest, ",") : name_by_fields(words);
	const struct gil_policy_entry *base = gil_policy_find(name);
	if (base == NULL)
		return unknown_policy(&r, name);
	*policy = base->policy;
	for (char *word; (word = strsep(&rest, ",")) != NULL;)
		if (read_word(&r, word) != 0)
			return -1;
	const char *fault = contradiction(policy);
	if (fault != NULL) {
		snprintf(error, error_bytes, "%s", fault);
		return -1;
	}
	settle_name(policy);
	return 0;
}

/* Must it be written, beside the name? A number says its kind of slice; so a slice of another kind is written as
 * its number, whatever that is. */
static bool is_written(const struct gil_policy *p, const struct gil_policy *base, enum gil_field f)
{
	if (f == FIELD_SLICE || !gil_field_is_heeded(p, f))
		return false;
	bool names_slice = p->slice != base->slice && gil_fields[f].slice >= 0 && f != FIELD_TICK;
	return names_slice || gil_field_get(p, f) != gil_field_get(base, f);
}

char *gil_policy_text(const struct gil_policy *policy)
{
	const struct gil_policy_entry *base = gil_policy_find(policy->name);
	char *text = xstrdup(policy->name);
	for (enum gil_field f = 0; base != NULL && f < FIELDS; f++) {
		if (!is_written(policy, &base->policy, f))
			continue;
		char *field = gil_field_text(policy, f), *longer = xasprintf("%s,%s", text, field);
		free(field);
		free(text);
		text = longer;
	}
	return text;
}
