/*
 * costs: the standard values and their reasons, NAME=VALUE, and costs in words. See costs.h.
 *
 * A row of the table says everything about one cost that is a time: where it lies in the struct, its limits, its
 * standard value. `free` is the one factor, and has no row's limits of time.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/costs.h>
#include <gilbench/param.h>
#include <gilbench/util.h>

/* Nobody waits for a second to be woken: a longer time is a slip of the unit. */
#define LATENCY_MAX_NS NS_PER_S

/* A shorter slice is all switches; the longest stands for "never made to give way". */
#define SLICE_MIN_NS NS_PER_US
#define SLICE_MAX_NS (3600LL * NS_PER_S)

/* A free-threaded interpreter is never faster than the other, and slower by more than tenfold in no report. */
#define FREE_MIN 1.0
#define FREE_MAX 10.0

/* Linux on a guest of this decade, in the middle of what was seen and published: right within a factor of two or three. */

/* Two threads that take turns on one CPU: 1.2 to 2 us each in published measurements from 2013 to 2023. */
#define SWITCH_STANDARD_NS 2000
/* The kernel's slack of 50 us, and 25 us in which an idle core of a guest wakes up: its halt ends in the host. */
#define WAKEUP_STANDARD_NS 75000
/* A core that went idle a millisecond ago: 20 us of the same, the signal included. On bare metal 3 to 10 us. */
#define HANDOFF_STANDARD_NS 20000
/* epoll_wait, reading the clock, setting the timer, and the callbacks between: three system calls of about 0.5 us. */
#define POLL_STANDARD_NS 2000
/* The scheduler's base slice, 0.7 ms times (1 + log2 of the CPUs), on machines of 8 CPUs and more: 2.8 ms. */
#define SLICE_STANDARD_NS 3000000
/* Python 3.14's "roughly 5-10 %" on one thread, 8 % on Linux x86-64, by its own documentation. */
#define FREE_STANDARD 1.08

/* Two thirds of all wake-ups within a factor of 1.65 around the median: between a core that has only just gone idle
 * and one in its deepest sleep. */
#define SIGMA_STANDARD 0.5

/* Up to about 0.2 ms a guest's idle core is polled for by its host (KVM's halt_poll_ns), and so is a real one before its
 * deepest sleep; the others divide what is left up to an interval of 5 ms by equal factors. */
const int64_t cost_depth_ns[COST_DEPTHS] = {200000, 700000, 2500000, INT64_MAX};

/* As seen on a guest: 8, 15, 31 and 40 to 58 us; and 4 us of the releasing thread's own. */
#define DEPTH_STANDARD            \
	{                         \
		0.25, 0.4, 0.7, 1 \
	}
#define SIGNAL_STANDARD 0.1

static const struct row {
	const char *name;
	size_t offset; /* of its nanoseconds in struct costs; free: of its factor */
	int64_t standard_ns, min_ns, max_ns;
} rows[COSTS] = {
	[COST_SWITCH] = {"switch", offsetof(struct costs, switch_ns), SWITCH_STANDARD_NS, 0, LATENCY_MAX_NS},
	[COST_WAKEUP] = {"wakeup", offsetof(struct costs, wakeup_ns), WAKEUP_STANDARD_NS, 0, LATENCY_MAX_NS},
	[COST_HANDOFF] = {"handoff", offsetof(struct costs, handoff_ns), HANDOFF_STANDARD_NS, 0,
			  LATENCY_MAX_NS},
	[COST_POLL] = {"poll", offsetof(struct costs, poll_ns), POLL_STANDARD_NS, 0, LATENCY_MAX_NS},
	[COST_SLICE] = {"slice", offsetof(struct costs, slice_ns), SLICE_STANDARD_NS, SLICE_MIN_NS,
			SLICE_MAX_NS},
	[COST_FREE] = {.name = "free"},
};

const char *cost_name(enum cost cost)
{
	return rows[cost].name;
}

int64_t *cost_ns(struct costs *costs, enum cost cost)
{
	if (cost == COST_FREE)
		return NULL;
	return (int64_t *)(void *)((char *)costs + rows[cost].offset);
}

static int64_t value_ns(const struct costs *costs, enum cost cost)
{
	struct costs copy = *costs;
	return *cost_ns(&copy, cost);
}

void costs_standard(struct costs *costs)
{
	*costs = (struct costs){.free_factor = FREE_STANDARD,
				.handoff_sigma = SIGMA_STANDARD,
				.wakeup_sigma = SIGMA_STANDARD,
				.depth = DEPTH_STANDARD,
				.signal = SIGNAL_STANDARD};
	for (enum cost cost = 0; cost < COST_FREE; cost++)
		*cost_ns(costs, cost) = rows[cost].standard_ns;
}

bool cost_is_valid(const struct costs *costs, enum cost cost)
{
	if (cost == COST_FREE)
		return costs->free_factor >= FREE_MIN && costs->free_factor <= FREE_MAX;
	int64_t ns = value_ns(costs, cost);
	return ns >= rows[cost].min_ns && ns <= rows[cost].max_ns;
}

/* ---- NAME=VALUE ---- */

static int unknown_cost(const char *name, char *error, size_t error_bytes)
{
	const char *names[COSTS];
	for (enum cost cost = 0; cost < COSTS; cost++)
		names[cost] = rows[cost].name;
	const char *near = nearest_name(name, names, COSTS);
	if (near != NULL)
		snprintf(error, error_bytes, "there is no cost '%s'; did you mean '%s'?", name, near);
	else
		snprintf(error, error_bytes,
			 "there is no cost '%s'; there are: switch, wakeup, handoff, poll, slice, free",
			 name);
	return -1;
}

static int set_factor(struct costs *costs, const char *text, char *error, size_t error_bytes)
{
	double factor;
	/* !(a <= b) and not a > b: a NaN is no factor either. */
	if (param_number(text, &factor) != 0 || !(factor >= FREE_MIN && factor <= FREE_MAX)) {
		snprintf(error, error_bytes, "free must be a factor from %g to %g, such as 1.08, not '%s'",
			 FREE_MIN, FREE_MAX, text);
		return -1;
	}
	costs->free_factor = factor;
	return 0;
}

/* 2 of what? Only nothing is the same in every unit. */
static bool lacks_unit(const char *text)
{
	char *end;
	double number = strtod(text, &end);
	return end != text && *end == '\0' && isfinite(number) && number != 0;
}

/* "250ns", "2us", "1.5ms", "3s". Free it. */
static char *time_text(int64_t ns)
{
	if (ns >= NS_PER_S)
		return xasprintf("%.15gs", (double)ns / NS_PER_S);
	if (ns >= NS_PER_MS)
		return xasprintf("%.15gms", (double)ns / NS_PER_MS);
	if (ns >= NS_PER_US)
		return xasprintf("%.15gus", (double)ns / NS_PER_US);
	return ns == 0 ? xstrdup("0") : xasprintf("%lldns", (long long)ns);
}

static void say_limits(const struct row *row, const char *text, char *error, size_t error_bytes)
{
	char *min = time_text(row->min_ns), *max = time_text(row->max_ns);
	char *standard = time_text(row->standard_ns);
	snprintf(error, error_bytes, "%s must be a time from %s to %s, such as %s, not '%s'", row->name, min,
		 max, standard, text);
	free(min);
	free(max);
	free(standard);
}

static int set_time(struct costs *costs, enum cost cost, const char *text, char *error, size_t error_bytes)
{
	const struct row *row = &rows[cost];
	double seconds;
	if (lacks_unit(text)) {
		snprintf(error, error_bytes, "%s=%s lacks its unit: %sus, or ns, ms, s", row->name, text,
			 text);
		return -1;
	}
	/* Compared before it is cast: a number too large for an integer has no cast. */
	if (param_duration(text, &seconds) != 0 || !(seconds * 1e9 > (double)row->min_ns - 0.5) ||
	    seconds * 1e9 > (double)row->max_ns) {
		say_limits(row, text, error, error_bytes);
		return -1;
	}
	*cost_ns(costs, cost) = (int64_t)(seconds * 1e9 + 0.5);
	return 0;
}

/* The cost whose name the assignment begins with, or COSTS. */
static enum cost cost_of(const char *assignment, size_t length)
{
	enum cost cost = 0;
	while (cost < COSTS &&
	       (strlen(rows[cost].name) != length || strncmp(rows[cost].name, assignment, length) != 0))
		cost++;
	return cost;
}

int costs_set(struct costs *costs, const char *assignment, char *error, size_t error_bytes)
{
	const char *equals = strchr(assignment, '=');
	if (equals == NULL || equals == assignment) {
		snprintf(error, error_bytes, "'%s' is not NAME=VALUE, such as switch=2us", assignment);
		return -1;
	}
	size_t length = (size_t)(equals - assignment);
	enum cost cost = cost_of(assignment, length);
	if (cost == COSTS) {
		char *name = xasprintf("%.*s", (int)length, assignment);
		int status = unknown_cost(name, error, error_bytes);
		free(name);
		return status;
	}
	int status = cost == COST_FREE ? set_factor(costs, equals + 1, error, error_bytes)
				       : set_time(costs, cost, equals + 1, error, error_bytes);
	if (status == 0)
		costs->origin[cost] = COST_SAID;
	return status;
}

/* ---- in words ---- */

char *cost_text(const struct costs *costs, enum cost cost)
{
	if (cost == COST_FREE)
		return xasprintf("%.15g", costs->free_factor);
	return time_text(value_ns(costs, cost));
}

char *costs_text(const struct costs *costs)
{
	char *text = xstrdup("");
	for (enum cost cost = 0; cost < COSTS; cost++) {
		char *value = cost_text(costs, cost);
		char *longer = xasprintf("%s%s%s=%s", text, cost > 0 ? " " : "", rows[cost].name, value);
		free(value);
		free(text);
		text = longer;
	}
	return text;
}

/* "switch, wakeup and poll" of this origin, and how many they are. Free it. */
static char *names_of(const struct costs *costs, enum cost_origin origin, int *count)
{
	int rest = 0;
	for (enum cost cost = 0; cost < COSTS; cost++)
		rest += costs->origin[cost] == origin;
	*count = rest;
	char *text = xstrdup("");
	for (enum cost cost = 0; cost < COSTS; cost++) {
		if (costs->origin[cost] != origin)
			continue;
		rest--;
		const char *gap = rest == 0 ? "" : rest == 1 ? " and " : ", ";
		char *longer = xasprintf("%s%s%s", text, rows[cost].name, gap);
		free(text);
		text = longer;
	}
	return text;
}

/* `one` is said of a single cost, `many` of several, nothing of none. Frees `sentence` and returns the longer. */
static char *add_clause(char *sentence, const struct costs *costs, enum cost_origin origin, const char *one,
			const char *many)
{
	int count;
	char *names = names_of(costs, origin, &count), *longer = sentence;
	if (count > 0) {
		longer = xasprintf("%s%s%s %s", sentence, *sentence != '\0' ? "; " : "costs: ", names,
				   count == 1 ? one : many);
		free(sentence);
	}
	free(names);
	return longer;
}

char *costs_origin_text(const struct costs *costs)
{
	char *sentence = xstrdup("");
	sentence = add_clause(sentence, costs, COST_MEASURED, "was measured on this machine",
			      "were measured on this machine");
	sentence = add_clause(sentence, costs, COST_SAID, "was given", "were given");
	return add_clause(sentence, costs, COST_ASSUMED, "is an assumption, not a measurement",
			  "are assumptions, not measurements");
}
