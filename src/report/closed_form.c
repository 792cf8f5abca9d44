/*
 * closed_form: see closed_form.h. A model is a queue in front of what its tasks share, and queueing.h knows queues:
 *
 *	model            shared ("inside")            of one's own ("outside")     cores bound
 *	seq              all, one task
 *	gil, gil*P       gil, hold                    free, wait, block, client    gil, hold, free
 *	uv, uv*P         gil, hold, free, block       wait, client                 gil, hold, free
 *	uv-pool          gil, hold                    free, wait, block, client    gil, hold, free
 *	threads, fork,   the cores: gil, hold, free   wait, block, client          the same
 *	interp
 *
 * What varies decides which law: nothing (exactly min(1/inside, N/(inside + outside))), waits alone (Takacs), both
 * (machine repairman). A recorded segment whose values lie within some per cent of each other counts as constant. A lock
 * that is taken in turns of the switch interval is no queue in order of arrival: where something varies and the time
 * inside is longer than an interval, nothing is said. `free` has a cost that no profile says, so neither.
 *
 * With several processes or cores that are too few for the tasks, only what does not vary is known; of a profile that
 * comes back to what is shared more than once in an operation, nothing but what one task does alone.
 */
#include <math.h>
#include <string.h>

#include <gilbench/queueing.h>
#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "report/closed_form.h"

/* CPython's switch interval: a turn under the lock that is shorter is never cut. */
#define INTERVAL_S 5e-3
/* Values that vary by less are called constant: the middle nine tenths of them within so much of the mean. */
#define CONSTANT_WITHIN 0.05

/* How the lengths of some kinds of segments vary together. */
enum variation { VARIES_NOT, VARIES_EXPONENTIALLY, VARIES_OTHERWISE };

struct part {
	double seconds;
	enum variation variation;
};

struct queue {
	struct part inside, outside, computing;
	int workers, cores, processes;
};

static enum variation variation_of(const struct segment *s)
{
	if (s->spread == SPREAD_CONSTANT || s->mean_ns == 0)
		return VARIES_NOT;
	if (s->spread == SPREAD_EXPONENTIAL)
		return VARIES_EXPONENTIALLY;
	if (s->spread != SPREAD_EMPIRICAL || s->value_count == 0)
		return VARIES_OTHERWISE;
	size_t tail = s->value_count / 20;
	double low = (double)s->values[tail], high = (double)s->values[s->value_count - 1 - tail];
	return high - low <= 2 * CONSTANT_WITHIN * (double)s->mean_ns ? VARIES_NOT : VARIES_OTHERWISE;
}

/* Of an exponential and a constant length the sum is neither. */
static enum variation variation_add(const struct part *part, const struct segment *s)
{
	enum variation more = variation_of(s);
	if (more == VARIES_NOT || part->variation == VARIES_OTHERWISE)
		return s->mean_ns > 0 && part->variation == VARIES_EXPONENTIALLY ? VARIES_OTHERWISE
										 : part->variation;
	return part->seconds > 0 ? VARIES_OTHERWISE : more;
}

static struct part part_of(const struct profile *p, unsigned kinds)
{
	struct part part = {0, VARIES_NOT};
	for (size_t i = 0; i < p->count; i++) {
		if ((kinds >> p->segment[i].kind & 1) == 0)
			continue;
		part.variation = variation_add(&part, &p->segment[i]);
		part.seconds += (double)p->segment[i].mean_ns / 1e9;
	}
	return part;
}

/* How often an operation comes to what is shared: the operation after it begins where it ends. */
static int visits_of(const struct profile *p, unsigned inside)
{
	int visits = 0;
	bool is_first = true, was_inside = false, begins_inside = false;
	for (size_t i = 0; i < p->count; i++) {
		bool is_inside = (inside >> p->segment[i].kind & 1) != 0;
		if (p->segment[i].mean_ns == 0)
			continue;
		begins_inside = is_first ? is_inside : begins_inside;
		visits += is_inside && !is_first && !was_inside;
		is_first = false;
		was_inside = is_inside;
	}
	return visits + (begins_inside && (!was_inside || visits == 0));
}

/* ---- laws ---- */

static bool is_constant(const struct queue *q)
{
	return q->inside.variation == VARIES_NOT && q->outside.variation == VARIES_NOT;
}

/* Every process has as nearly as many tasks as every other; each is a queue of its own, and all share the cores. */
static double constant_per_s(const struct queue *q)
{
	double sum = queueing_locks(queueing_all_constant, q->workers, q->processes, q->outside.seconds,
				    q->inside.seconds);
	return q->computing.seconds > 0 ? fmin(sum, q->cores / q->computing.seconds) : sum;
}

/* In order of arrival, waits exponential. */
static queueing_law *law_of(const struct queue *q)
{
	if (q->outside.variation != VARIES_EXPONENTIALLY)
		return NULL;
	if (q->inside.variation == VARIES_NOT)
		return queueing_constant_inside;
	return q->inside.variation == VARIES_EXPONENTIALLY ? queueing_machine_repairman : NULL;
}

/* Has everybody who computes a core? Under a lock and on a loop it is one of each process, and those outside. */
static bool has_cores(const struct queue *q)
{
	bool is_alone = q->computing.seconds <= q->inside.seconds;
	return (is_alone ? q->processes : q->workers) <= q->cores;
}

static double shared_per_s(const struct queue *q, bool is_fifo)
{
	queueing_law *law = law_of(q);
	if (is_constant(q))
		return constant_per_s(q);
	if (q->inside.seconds <= 0 && has_cores(q))
		return q->workers / q->outside.seconds;
	if (law == NULL || !is_fifo || !has_cores(q))
		return NAN;
	return queueing_locks(law, q->workers, q->processes, q->outside.seconds, q->inside.seconds);
}

/* Nothing is shared but the cores. */
static double apart_per_s(const struct queue *q)
{
	double length_s = q->inside.seconds + q->outside.seconds;
	if (q->workers <= q->cores || q->inside.seconds <= 0)
		return q->workers / length_s;
	if (is_constant(q))
		return fmin(q->cores / q->inside.seconds, q->workers / length_s);
	if (law_of(q) != queueing_machine_repairman)
		return NAN;
	return queueing_cores(q->workers, q->cores, q->outside.seconds, q->inside.seconds);
}

/* ---- models ---- */

#define LOCKED    (1u << SEGMENT_GIL | 1u << SEGMENT_HOLD)
#define COMPUTING (LOCKED | 1u << SEGMENT_FREE)
#define EVERY     ((1u << SEGMENT_KINDS) - 1)

static const struct {
	const char *name;
	unsigned inside;
	bool is_shared, is_loop;
} models[] = {
	{"gil", LOCKED, true, false},      {"uv", COMPUTING | 1u << SEGMENT_BLOCK, true, true},
	{"uv-pool", LOCKED, true, true},   {"threads", COMPUTING, false, false},
	{"fork", COMPUTING, false, false}, {"interp", COMPUTING, false, false},
};

/* The row of a model, "gil" of "gil*4"; -1: there is none. */
static int find(const char *model)
{
	size_t length = strcspn(model, "*");
	for (size_t i = 0; i < ARRAY_LEN(models); i++)
		if (strlen(models[i].name) == length && strncmp(models[i].name, model, length) == 0)
			return (int)i;
	return -1;
}

static double per_s(const struct profile *p, int at, struct queue q)
{
	q.inside = part_of(p, models[at].inside);
	q.outside = part_of(p, EVERY & ~models[at].inside);
	q.computing = part_of(p, COMPUTING);
	if (!models[at].is_shared)
		return apart_per_s(&q);
	if (q.workers > q.processes && visits_of(p, models[at].inside) > 1)
		return NAN;
	return shared_per_s(&q, models[at].is_loop || q.inside.seconds <= INTERVAL_S);
}

double closed_form_per_s(const struct profile *p, const char *model, int workers, int cores)
{
	int at = find(model);
	struct queue q = {.workers = workers, .cores = cores, .processes = model_processes(model)};
	if (workers < 1 || cores < 1 || q.processes > workers)
		return NAN;
	if (strcmp(model, "seq") == 0)
		return 1 / profile_seconds(p, SEGMENT_KINDS);
	return at >= 0 ? per_s(p, at, q) : (double)NAN;
}

double closed_form_p50_s(const struct profile *p, const char *model, int workers, int cores)
{
	struct part all = part_of(p, EVERY);
	if (all.variation != VARIES_NOT)
		return NAN;
	/* Little's law; all operations are as long as the mean. */
	return workers / closed_form_per_s(p, model, workers, cores);
}
