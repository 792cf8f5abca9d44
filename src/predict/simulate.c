/*
 * simulate: one cell, as often as its own interval asks for.
 *
 *	window (window.c) --replicates--> precise? --> done
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

/* Rounds before a window: after three, what a common start does to throughput is below a thousandth. */
#define WARMUP_ROUNDS 3

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
	s->warmup_ns = seconds_to_ns((WARMUP_ROUNDS + phase) * round_s);
	if (point_run(p, s, &sample, &counts) != 0)
		return -1;
	sample.cell = p->cell;
	sample.block = p->count;
	sample.seed = s->seed;
	usage_add(&p->usage, &counts, cast_tasks(s->cast), p->cell.window_s);
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
		status = window_choose(r, effort, &s, p, &round_s);
	/* A time that was asked for is shared by the least replicates; there are no more then. */
	unsigned most = r->window_s > 0 ? effort->least : effort->most;
	while (status == 0 && p->count < most &&
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
