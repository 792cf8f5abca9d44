/*
 * simulate: one cell, as often as its own interval asks for.
 *
 *	pilot --how long a number of operations takes--> window --replicates--> precise? --> done
 *
 * A window is chosen by operations, since a second of one profile is an hour of another: a short pilot tells the rate,
 * and a replicate is then as long as so many operations of its slowest role take. It begins after a warm-up of a few
 * rounds, for all tasks start at the same instant, which no server does. Where tasks take turns (a lock's interval, the
 * scheduler's slice), it holds some turns of everybody.
 *
 * Replicate i has the same seed in every cell, so that speed-ups are of pairs, as in a live run's blocks. How many there
 * are depends on their numbers alone, never on a clock: the rule is that of live runs (group_is_precise in stats.h).
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "predict/parts.h"

/* A pilot has seen enough after so many operations of its slowest role; its window grows by so much until then. */
#define PILOT_OPS    20
#define PILOT_GROWTH 4
#define PILOT_TRIES  10
/* At least so many operations of each task in a replicate, and so many rounds before it. The rounds: after three, what a
 * common start does to throughput is below a thousandth in the casts of this project's tests. */
#define OPS_PER_TASK  10
#define WARMUP_ROUNDS 3
/* Turns may make a window so much longer. */
#define TURNS_FACTOR 20
/* A slow role beside a fast one: all together may have so many times the operations. */
#define ROLES_FACTOR 10

static int tasks_of(const struct profile_cast *cast)
{
	int tasks = 0;
	for (int i = 0; i < cast->count; i++)
		tasks += cast->role[i].tasks;
	return tasks;
}

static double longest_op_s(const struct profile_cast *cast)
{
	double longest = 0;
	for (int i = 0; i < cast->count; i++)
		longest = fmax(longest, profile_seconds(&cast->role[i].profile, SEGMENT_KINDS));
	return longest;
}

static uint64_t to_ns(double seconds)
{
	const double most_s = 1e9; /* 30 years: windows fit into 64 bits */
	return (uint64_t)fmax(fmin(seconds, most_s) * NS_PER_S, 1);
}

/* What a pilot or a replicate showed. */
struct pace {
	double slowest_per_s; /* of roles */
	double all_per_s;
	double round_s; /* of the role whose tasks take longest to have had one operation each */
	uint64_t least_ops, all_ops;
};

static struct pace pace_of(const struct sample *sample)
{
	struct pace pace = {.slowest_per_s = INFINITY, .least_ops = UINT64_MAX};
	for (int i = 0; i < sample->role_count; i++) {
		const struct role_sample *role = &sample->role[i];
		pace.slowest_per_s = fmin(pace.slowest_per_s, role->throughput_per_s);
		pace.all_per_s += role->throughput_per_s;
		pace.least_ops = role->ops < pace.least_ops ? role->ops : pace.least_ops;
		pace.all_ops += role->ops;
		if (role->throughput_per_s > 0)
			pace.round_s = fmax(pace.round_s, role->tasks / role->throughput_per_s);
	}
	return pace;
}

/* How long it takes until everybody has had a turn, where turns are taken. */
static double turns_s(const struct predict_request *r, const struct simulation *s, const struct model *model)
{
	int tasks = tasks_of(s->cast), processes = s->shape.processes > 0 ? s->shape.processes : 1;
	double slice_s = (double)r->costs.slice_ns / NS_PER_S * ceil((double)tasks / s->cores);
	double turn_ns = s->policy.slice == GIL_SLICE_QUANTUM    ? (double)s->policy.quantum_ns
			 : s->policy.slice == GIL_SLICE_INTERVAL ? (double)s->policy.interval_ns
								 : 0;
	double lock_s = model->has_lock && s->shape.model != SIM_INTERP
				? turn_ns / NS_PER_S * ceil((double)tasks / processes)
				: 0;
	return tasks > s->cores || model->has_lock ? fmax(slice_s, lock_s) : 0;
}

/* Runs it once with the window it has. 0; or -1 with the sentence in the point. */
static int run_once(struct simulation *s, struct point *p, struct sample *sample, struct sim_counts *counts)
{
	*sample = (struct sample){.cell = p->cell};
	if (sim_run(s, sample, counts) == 0)
		return 0;
	snprintf(p->error, sizeof(p->error), "%s", sample->error);
	sample_release(sample);
	return -1;
}

static int pilot(struct simulation *s, struct point *p, uint64_t ops, struct pace *pace)
{
	double window_s = PILOT_GROWTH * longest_op_s(s->cast);
	for (int i = 0; i < PILOT_TRIES; i++, window_s *= PILOT_GROWTH) {
		struct sample sample;
		s->window_ns = to_ns(window_s);
		if (run_once(s, p, &sample, NULL) != 0)
			return -1;
		*pace = pace_of(&sample);
		sample_release(&sample);
		if (pace->least_ops >= PILOT_OPS || pace->all_ops >= ops)
			break;
	}
	return 0;
}

/* Window and warm-up of all replicates. */
static int windows_choose(const struct predict_request *r, const struct effort *effort, struct simulation *s,
			  struct point *p, double *round_s)
{
	struct pace pace;
	bool has_latency = s->has_latency;
	uint64_t ops = effort->ops, least = (uint64_t)tasks_of(s->cast) * OPS_PER_TASK;
	ops = ops < least ? least : ops;
	s->has_latency = false;
	s->seed = r->seed;
	if (pilot(s, p, ops, &pace) != 0)
		return -1;
	s->has_latency = has_latency;
	double wanted_s = pace.slowest_per_s > 0 ? (double)ops / pace.slowest_per_s : INFINITY;
	double most_s = pace.all_per_s > 0 ? (double)ops * ROLES_FACTOR / pace.all_per_s
					   : (double)s->window_ns / NS_PER_S;
	double window_s = fmin(wanted_s, most_s);
	window_s = fmax(window_s, fmin(effort->turns * turns_s(r, s, p->model), TURNS_FACTOR * window_s));
	s->window_ns = to_ns(r->window_s > 0 ? r->window_s : window_s);
	*round_s = fmin(pace.round_s, (double)s->window_ns / NS_PER_S);
	p->cell.window_s = (double)s->window_ns / NS_PER_S;
	return 0;
}

/* fmax passes over NAN: "there is none". */
static void usage_add(struct usage *sum, const struct sim_counts *c, double tasks, double window_s)
{
	double time = tasks * window_s;
	sum->lock += c->lock_busy;
	sum->loop += c->loop_busy;
	sum->cores += c->core_busy;
	sum->lock_queue += c->in_lock_s / window_s;
	sum->wait += c->in_wait_s / time;
	sum->work += c->in_work_s / time;
}

static void usage_divide(struct usage *sum, unsigned count)
{
	double *const each[] = {&sum->lock,       &sum->loop, &sum->cores,
				&sum->lock_queue, &sum->wait, &sum->work};
	for (size_t i = 0; i < ARRAY_LEN(each); i++)
		*each[i] /= count;
}

static int replicate(const struct predict_request *r, struct simulation *s, double round_s, struct point *p)
{
	struct sim_counts counts;
	struct sample sample;
	s->seed = mix64(r->seed + p->count + 1);
	/* Where nothing varies all tasks are in step, and a window catches one round more or less of all: so it begins
	 * anywhere in a round. */
	double phase = (double)(mix64(s->seed) >> 11) * 0x1p-53;
	s->warmup_ns = to_ns((WARMUP_ROUNDS + phase) * round_s);
	if (run_once(s, p, &sample, &counts) != 0)
		return -1;
	sample.cell = p->cell;
	sample.block = p->count;
	sample.seed = s->seed;
	usage_add(&p->usage, &counts, tasks_of(s->cast), p->cell.window_s);
	p->samples = xrealloc(p->samples, p->count + 1, sizeof(sample));
	p->samples[p->count++] = sample;
	return 0;
}

void point_simulate(const struct predict_request *r, const struct profile_cast *cast,
		    const struct effort *effort, struct point *p)
{
	struct profile_cast *own = xcalloc(1, sizeof(*own));
	*own = *cast;
	if (!r->has_tasks || p->model->is_single)
		own->role[0].tasks = p->cell.workers;
	struct simulation s = {.cast = own,
			       .shape = p->shape,
			       .costs = r->costs,
			       .cores = r->cores,
			       .kind = CELL_WINDOW,
			       .rate_per_s = r->rate_per_s,
			       .is_poisson = r->is_poisson,
			       .has_latency = true};
	double round_s = 0;
	int status = gil_policy_parse(p->cell.policy[0] != '\0' ? p->cell.policy : "py3", &s.policy, p->error,
				      sizeof(p->error));
	if (status == 0)
		status = windows_choose(r, effort, &s, p, &round_s);
	while (status == 0 && p->count < effort->most &&
	       !(p->count >= effort->least &&
		 group_is_precise(p->samples, p->count, &p->cell, effort->precision)))
		status = replicate(r, &s, round_s, p);
	if (p->count > 0)
		usage_divide(&p->usage, p->count);
	/* A lock that is a task's own holds nobody up. */
	if (p->shape.model == SIM_INTERP)
		p->usage.lock = NAN;
	free(own);
}

void point_release(struct point *p)
{
	for (unsigned i = 0; i < p->count; i++)
		sample_release(&p->samples[i]);
	free(p->samples);
	p->samples = NULL;
	p->count = 0;
}
