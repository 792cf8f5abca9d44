/*
 * answer: from slots to a sample, and the proof that the work was done. After the clock has stopped.
 *
 * Every operation contributes a value that depends on its number alone, weighted by its number, and added up;
 * addition modulo 2^64 does not care who did it, or when. The starter adds up what all operations that were
 * claimed must have contributed, takes out the open ones, and compares. An operation that was lost, done
 * twice or done as another shows in the sum.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "model/engine.h"

struct totals {
	uint64_t ops, done, sum, open_sum, claimed, end_ns;
	uint64_t held_ns, wait_ns, longest_wait_ns, acquisitions, switches, forced;
	double ops_squared;
};

static uint64_t weighted(const struct job *job, uint64_t op)
{
	return (job->workload->value(job, op) + 1) * result_weight(op);
}

/* What operations 0 .. count - 1 must contribute. With a period p, operations that are congruent modulo p
 * share a value, and only their weights are added up. */
static uint64_t expected_sum(const struct job *job, uint64_t count)
{
	uint64_t period = job->workload->period, sum = 0;
	if (period == 0) {
		for (uint64_t op = 0; op < count; op++)
			sum += weighted(job, op);
		return sum;
	}
	for (uint64_t first = 0; first < period && first < count; first++) {
		uint64_t terms = (count - first + period - 1) / period;
		/* sum of 2 (first + k p) + 1 for k = 0 .. terms - 1; p k (k - 1) is even before the halving.
		 */
		uint64_t weights = terms * result_weight(first) + period * terms * (terms - 1);
		sum += (job->workload->value(job, first) + 1) * weights;
	}
	return sum;
}

/* Operations of one task that count: in a window with a client, those that the client saw finished in time. */
static uint64_t ops_of(const struct engine *e, const struct lane *lane, int index)
{
	bool is_clients = lane->clients != NULL && e->execution->kind == CELL_WINDOW;
	return is_clients ? lane->clients[index].ops : e->slots[lane->first + index].ops;
}

static void total(const struct engine *e, const struct lane *lane, struct totals *t)
{
	*t = (struct totals){0};
	for (int i = 0; i < lane->role->tasks; i++) {
		const struct slot *s = &e->slots[lane->first + i];
		uint64_t ops = ops_of(e, lane, i);
		t->ops += ops;
		t->done += s->done;
		t->sum += s->sum;
		t->ops_squared += (double)ops * (double)ops;
		t->held_ns += s->gil_held_ns;
		t->wait_ns += s->gil_wait_ns;
		t->longest_wait_ns = s->gil_longest_wait_ns > t->longest_wait_ns ? s->gil_longest_wait_ns
										 : t->longest_wait_ns;
		t->acquisitions += s->gil_acquisitions;
		t->switches += s->gil_switches;
		t->forced += s->gil_forced;
		if (s->end_ns > t->end_ns)
			t->end_ns = s->end_ns;
		for (uint64_t op = s->open_from; op < s->open_to; op++)
			t->open_sum += weighted(lane->job, op);
	}
	uint64_t next = atomic_load(&lane->claims->next);
	uint64_t limit = e->workers[lane->first].limit;
	t->claimed = next < limit ? next : limit;
}

static void wrong(struct engine *e, const char *sentence)
{
	if (e->sample->status != SAMPLE_OK)
		return;
	e->sample->status = SAMPLE_WRONG;
	snprintf(e->sample->error, sizeof(e->sample->error), "%s", sentence);
}

static void prove(struct engine *e, struct lane *lane, const struct totals *t)
{
	char sentence[256];
	uint64_t expected = expected_sum(lane->job, t->claimed) - t->open_sum;
	/* The workload's own sentence first: it knows why (a disk that is full), the sum only that. */
	if (lane->job->workload->check != NULL && lane->job->workload->check(lane->job, t->done) != 0) {
		snprintf(sentence, sizeof(sentence), "%s: %.200s", lane->role->name, lane->job->error);
		wrong(e, sentence);
		return;
	}
	if (t->sum != expected) {
		snprintf(sentence, sizeof(sentence),
			 "%s: the sum over %" PRIu64 " operations is %016" PRIx64 " but must be %016" PRIx64,
			 lane->role->name, t->done, t->sum, expected);
		wrong(e, sentence);
	}
}

/* Open loop: operations that were due before the window ended and are not done have waited at least until then.
 * Without them a worker that stands still would look better than one that is slow. */
static void add_overdue(const struct engine *e, const struct lane *lane, struct hist *latency)
{
	const struct worker *first = &e->workers[lane->first];
	uint64_t stop_ns = e->gun->stop_ns, next = atomic_load(&lane->claims->next);
	if (lane->job->rate_per_s <= 0 || lane->clients != NULL)
		return;
	const struct worker clock = {.start_ns = e->gun->start_ns,
				     .period_ns = NS_PER_S / lane->job->rate_per_s};
	for (int i = 0; i < lane->role->tasks; i++)
		for (uint64_t op = first[i].slot->open_from; op < first[i].slot->open_to; op++)
			if (worker_due_ns(&clock, op) < stop_ns)
				hist_record(latency, stop_ns - worker_due_ns(&clock, op));
	for (uint64_t due_ns; (due_ns = worker_due_ns(&clock, next)) < stop_ns; next++)
		hist_record(latency, stop_ns - due_ns);
}

static struct hist *merged(const struct hist *hists, int count)
{
	struct hist *all = xcalloc(1, sizeof(*all));
	hist_reset(all);
	for (int i = 0; i < count; i++)
		hist_merge(all, &hists[i]);
	return all;
}

static void fill_latency(struct engine *e, const struct lane *lane, struct role_sample *out)
{
	if (e->hist_count == 0)
		return;
	bool is_shared = e->crew->shares_histogram;
	if (lane->clients != NULL)
		out->latency = merged(lane->client_hists, lane->role->tasks);
	else
		out->latency = is_shared ? merged(&e->hists[lane - e->lane], 1)
					 : merged(&e->hists[lane->first], lane->role->tasks);
	add_overdue(e, lane, out->latency);
}

/* From the gun until the last task had let go of the lock: past a window's stop, if an operation ran on. */
static double lock_seconds(const struct engine *e)
{
	uint64_t left_ns = e->gun->start_ns + 1;
	for (int i = 0; i < e->task_count; i++)
		if (e->slots[i].left_ns > left_ns)
			left_ns = e->slots[i].left_ns;
	return clock_seconds(left_ns - e->gun->start_ns);
}

/* Without a lock nothing of it is known; times that the policy did not let be taken stay NAN. */
static void fill_lock(const struct engine *e, const struct lane *lane, const struct totals *t,
		      struct role_sample *out)
{
	out->gil_held_fraction = out->gil_waited_fraction = out->gil_wait_s = out->gil_longest_wait_s =
		(double)NAN;
	out->gil_acquisitions = out->gil_switches = out->gil_forced = (double)NAN;
	if (e->gil == NULL)
		return;
	out->gil_acquisitions = (double)t->acquisitions;
	out->gil_switches = (double)t->switches;
	out->gil_forced = (double)t->forced;
	if (!engine_has_lock_times(e))
		return;
	out->gil_held_fraction = clock_seconds(t->held_ns) / e->sample->gil_span_s;
	out->gil_wait_s = clock_seconds(t->wait_ns);
	out->gil_waited_fraction = out->gil_wait_s / (lane->role->tasks * e->sample->gil_span_s);
	out->gil_longest_wait_s = clock_seconds(t->longest_wait_ns);
	out->wait = merged(&e->waits[lane->first], lane->role->tasks);
}

/* `waits`: NULL where times were not taken. */
static struct worker_sample worker_of(const struct slot *s, uint64_t ops, const struct hist *waits)
{
	struct worker_sample worker = {.ops = ops,
				       .held_s = (double)NAN,
				       .wait_s = (double)NAN,
				       .longest_wait_s = (double)NAN,
				       .wait_p50_s = (double)NAN,
				       .wait_p99_s = (double)NAN,
				       .acquisitions = s->gil_acquisitions,
				       .switches = s->gil_switches,
				       .forced = s->gil_forced};
	if (waits != NULL) {
		worker.held_s = clock_seconds(s->gil_held_ns);
		worker.wait_s = clock_seconds(s->gil_wait_ns);
		worker.longest_wait_s = clock_seconds(s->gil_longest_wait_ns);
		worker.wait_p50_s = hist_quantile(waits, 0.5) / 1e9;
		worker.wait_p99_s = hist_quantile(waits, 0.99) / 1e9;
	}
	return worker;
}

static void fill_workers(const struct engine *e, const struct lane *lane, struct role_sample *out)
{
	const struct hist *waits = engine_has_lock_times(e) ? &e->waits[lane->first] : NULL;
	out->worker_count = lane->role->tasks;
	out->worker = xcalloc((size_t)out->worker_count, sizeof(*out->worker));
	for (int i = 0; i < out->worker_count; i++)
		out->worker[i] = worker_of(&e->slots[lane->first + i], ops_of(e, lane, i),
					   waits != NULL ? &waits[i] : NULL);
}

static void fill_role(struct engine *e, struct lane *lane, const struct totals *t)
{
	struct role_sample *out = &e->sample->role[lane - e->lane];
	int tasks = lane->role->tasks;
	*out = (struct role_sample){.tasks = tasks, .ops = t->ops, .checksum = t->sum};
	snprintf(out->role, sizeof(out->role), "%s", lane->role->name);
	snprintf(out->workload, sizeof(out->workload), "%s", lane->role->workload->name);
	out->throughput_per_s = (double)t->ops / e->sample->wall_s;
	/* Jain: (sum x)^2 / (n sum x^2). Nobody did anything: nobody was treated worse. */
	out->fairness = t->ops > 0 ? (double)t->ops * (double)t->ops / (tasks * t->ops_squared) : 1;
	out->lost_ops = lane->job->lost_ops;
	fill_lock(e, lane, t, out);
	fill_workers(e, lane, out);
	fill_latency(e, lane, out);
}

/* From before the gun to the end of the last operation; a window is as long as it was asked to be. */
static double wall_seconds(const struct engine *e, const struct totals *totals)
{
	if (e->execution->kind == CELL_WINDOW)
		return clock_seconds(e->execution->window_ns);
	uint64_t end_ns = e->gun->start_ns + 1;
	for (int i = 0; i < e->lane_count; i++)
		if (totals[i].end_ns > end_ns)
			end_ns = totals[i].end_ns;
	return clock_seconds(end_ns - e->gun->start_ns);
}

static void fill_usage(struct engine *e)
{
	struct usage usage = e->starter_usage;
	for (int i = 0; i < e->task_count; i++)
		usage_add(&usage, &e->slots[i].usage);
	e->sample->cpu_s = usage.cpu_s;
	e->sample->ctx_voluntary = usage.ctx_voluntary;
	e->sample->ctx_involuntary = usage.ctx_involuntary;
}

void answer_fill(struct engine *e)
{
	struct totals totals[ROLE_MAX];
	for (int i = 0; i < e->lane_count; i++)
		total(e, &e->lane[i], &totals[i]);
	e->sample->role_count = e->lane_count;
	e->sample->wall_s = wall_seconds(e, totals);
	if (e->gil != NULL)
		e->sample->gil_span_s = lock_seconds(e);
	fill_usage(e);
	if (lanes_error(e) != NULL)
		wrong(e, lanes_error(e));
	for (int i = 0; i < e->lane_count; i++) {
		prove(e, &e->lane[i], &totals[i]);
		fill_role(e, &e->lane[i], &totals[i]);
	}
}
