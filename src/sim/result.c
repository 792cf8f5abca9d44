/*
 * result: what a simulation gave, as the sample of a live model has it. See sample.h for every field.
 *
 * What is still going on when the window ends counts up to its end: a holder's turn, a wait for the lock.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "sim/engine.h"

static double seconds(int64_t ns)
{
	return (double)ns / 1e9;
}

static void reset_task(struct sim *s, struct sim_task *t)
{
	t->ops = t->held_ns = t->wait_ns = t->longest_wait_ns = t->acquisitions = t->switches = t->forced = 0;
	t->where_ns = t->taken_ns = s->now_ns;
	if (t->waits != NULL)
		hist_reset(t->waits);
}

void sim_reset_counts(struct sim *s)
{
	for (int i = 0; i < s->task_count; i++)
		reset_task(s, &s->tasks[i]);
	for (int i = 0; i < s->role_count; i++)
		if (s->role[i].latency != NULL)
			hist_reset(s->role[i].latency);
	for (int i = 0; i < s->lock_count; i++) {
		s->locks[i].held_ns = 0;
		s->locks[i].held_since_ns = s->now_ns;
	}
	for (int i = 0; i < s->loop_count; i++) {
		s->loops[i].idle_ns = 0;
		s->loops[i].idle_since_ns = s->now_ns;
	}
	for (int i = 0; i < s->thread_count; i++)
		cpu_count(s, s->thread[i]);
	s->core_busy_ns = s->client_busy_ns = 0;
	s->blocked = s->preempted = 0;
	memset(s->where_ns, 0, sizeof(s->where_ns));
	s->counts_since_ns = s->now_ns;
}

/* ---- up to the end -------------------------------------------------------------------------------------- */

static void close_task(struct sim *s, struct sim_task *t)
{
	if (t->holds)
		t->held_ns += (uint64_t)(s->now_ns - t->taken_ns);
	else if (t->where == WHERE_LOCK && t->lock != NULL)
		t->wait_ns += (uint64_t)(s->now_ns - t->asked_ns);
	task_is(s, t, (enum where)t->where);
}

static void close_all(struct sim *s)
{
	for (int i = 0; i < s->task_count; i++)
		close_task(s, &s->tasks[i]);
	for (int i = 0; i < s->lock_count; i++)
		if (s->locks[i].holder != NULL)
			s->locks[i].held_ns += s->now_ns - s->locks[i].held_since_ns;
	for (int i = 0; i < s->loop_count; i++)
		if (s->loops[i].is_polling)
			s->loops[i].idle_ns += s->now_ns - s->loops[i].idle_since_ns;
	for (int i = 0; i < s->thread_count; i++)
		cpu_count(s, s->thread[i]);
}

/* Open loop: what was due and is not done has waited at least until now. */
static void add_overdue(struct sim *s, struct sim_role *role)
{
	if (role->period_ns == 0 || role->latency == NULL)
		return;
	for (int i = 0; i < role->what->tasks; i++) {
		const struct sim_task *t = &s->tasks[role->first + i];
		if (t->began_ns < s->now_ns)
			hist_record(role->latency, (uint64_t)(s->now_ns - t->began_ns));
	}
	for (; role->due_ns < s->now_ns; operation_next_due(s, role))
		hist_record(role->latency, (uint64_t)(s->now_ns - role->due_ns));
}

/* ---- the sample ----------------------------------------------------------------------------------------- */

static struct worker_sample worker_of(const struct sim *s, const struct sim_task *t)
{
	bool has_times = t->lock != NULL && s->policy->has_stats;
	bool has_waits = has_times && t->waits != NULL && t->waits != t->role->waits;
	return (struct worker_sample){
		.ops = t->ops,
		.held_s = has_times ? seconds((int64_t)t->held_ns) : (double)NAN,
		.wait_s = has_times ? seconds((int64_t)t->wait_ns) : (double)NAN,
		.longest_wait_s = has_times ? seconds((int64_t)t->longest_wait_ns) : (double)NAN,
		.wait_p50_s = has_waits ? hist_quantile(t->waits, 0.5) / 1e9 : (double)NAN,
		.wait_p99_s = has_waits ? hist_quantile(t->waits, 0.99) / 1e9 : (double)NAN,
		.acquisitions = t->acquisitions,
		.switches = t->switches,
		.forced = t->forced,
	};
}

struct totals {
	double ops, ops_squared, held_s, wait_s, longest_wait_s, acquisitions, switches, forced;
};

static void add(struct totals *sum, const struct sim_task *t)
{
	sum->ops += (double)t->ops;
	sum->ops_squared += (double)t->ops * (double)t->ops;
	sum->held_s += seconds((int64_t)t->held_ns);
	sum->wait_s += seconds((int64_t)t->wait_ns);
	sum->longest_wait_s = fmax(sum->longest_wait_s, seconds((int64_t)t->longest_wait_ns));
	sum->acquisitions += (double)t->acquisitions;
	sum->switches += (double)t->switches;
	sum->forced += (double)t->forced;
}

static void fill_lock(struct sim *s, struct sim_role *role, const struct totals *sum, struct role_sample *out,
		      double span_s)
{
	out->gil_held_fraction = out->gil_waited_fraction = out->gil_wait_s = out->gil_longest_wait_s =
		(double)NAN;
	out->gil_acquisitions = out->gil_switches = out->gil_forced = (double)NAN;
	if (s->lock_count == 0)
		return;
	out->gil_acquisitions = sum->acquisitions;
	out->gil_switches = sum->switches;
	out->gil_forced = sum->forced;
	if (!s->policy->has_stats)
		return;
	/* Of all locks together. */
	out->gil_held_fraction = sum->held_s / (span_s * s->lock_count);
	out->gil_waited_fraction = sum->wait_s / (role->what->tasks * span_s);
	out->gil_wait_s = sum->wait_s;
	out->gil_longest_wait_s = sum->longest_wait_s;
	for (int i = 0; i < role->what->tasks; i++)
		if (s->tasks[role->first + i].waits != role->waits)
			hist_merge(role->waits, s->tasks[role->first + i].waits);
	out->wait = role->waits;
	role->waits = NULL;
}

static void fill_role(struct sim *s, struct sim_role *role, struct role_sample *out, double wall_s)
{
	struct totals sum = {0};
	int tasks = role->what->tasks;
	if (s->task_count <= SIM_WORKERS_MAX) {
		out->worker = xcalloc((size_t)tasks, sizeof(*out->worker));
		out->worker_count = tasks;
	}
	for (int i = 0; i < tasks; i++) {
		add(&sum, &s->tasks[role->first + i]);
		if (out->worker != NULL)
			out->worker[i] = worker_of(s, &s->tasks[role->first + i]);
	}
	snprintf(out->role, sizeof(out->role), "%s", role->what->name);
	snprintf(out->workload, sizeof(out->workload), "%s", role->what->workload);
	out->tasks = tasks;
	out->ops = (uint64_t)sum.ops;
	out->throughput_per_s = sum.ops / wall_s;
	out->fairness = sum.ops > 0 ? sum.ops * sum.ops / (tasks * sum.ops_squared) : 1;
	fill_lock(s, role, &sum, out, wall_s);
	out->latency = role->latency;
	role->latency = NULL;
}

/* A window is as long as it was asked to be; a batch lasts until its last operation's end. */
static int64_t wall_ns(const struct sim *s)
{
	int64_t end_ns = s->counts_since_ns + 1;
	for (int i = 0; i < s->role_count; i++)
		if (s->role[i].end_ns > end_ns)
			end_ns = s->role[i].end_ns;
	return s->what->kind == CELL_WINDOW ? (int64_t)s->what->window_ns : end_ns - s->counts_since_ns;
}

static void fill_counts(const struct sim *s, struct sim_counts *out, double wall_s)
{
	*out = (struct sim_counts){
		.events = s->event_count,
		.lock_busy = s->lock_count > 0 ? 0 : (double)NAN,
		.loop_busy = s->loop_count > 0 ? 0 : (double)NAN,
		.core_busy = seconds(s->core_busy_ns + s->client_busy_ns) / (wall_s * s->what->cores),
		.in_work_s = seconds(s->where_ns[WHERE_WORK]),
		.in_wait_s = seconds(s->where_ns[WHERE_WAIT]),
		.in_lock_s = seconds(s->where_ns[WHERE_LOCK]),
		.in_ready_s = seconds(s->where_ns[WHERE_READY]),
		.in_latency_s = seconds(s->where_ns[WHERE_LATENCY]),
	};
	for (int i = 0; i < s->lock_count; i++) {
		out->lock_busy = fmax(out->lock_busy, seconds(s->locks[i].held_ns) / wall_s);
		out->lock_held_s += seconds(s->locks[i].held_ns);
	}
	for (int i = 0; i < s->loop_count; i++)
		out->loop_busy = fmax(out->loop_busy, 1 - seconds(s->loops[i].idle_ns) / wall_s);
}

void sim_result(struct sim *s, struct sample *sample, struct sim_counts *counts)
{
	double wall_s = seconds(wall_ns(s));
	close_all(s);
	sample->status = SAMPLE_OK;
	sample->ops_asked = s->what->ops;
	sample->wall_s = wall_s;
	sample->cpu_s = seconds(s->core_busy_ns);
	sample->ctx_voluntary = (double)s->blocked;
	sample->ctx_involuntary = (double)s->preempted;
	sample->rss_bytes = sample->setup_s = (double)NAN;
	sample->companion_cpu_s = seconds(s->client_busy_ns);
	sample->gil_span_s = s->lock_count > 0 ? wall_s : (double)NAN;
	sample->role_count = s->role_count;
	for (int i = 0; i < s->role_count; i++) {
		add_overdue(s, &s->role[i]);
		fill_role(s, &s->role[i], &sample->role[i], wall_s);
	}
	if (counts != NULL)
		fill_counts(s, counts, wall_s);
}
