/*
 * window: how long a replicate is.
 *
 * A second of one profile is an hour of another, so a window is as long as a number of operations of its slowest role
 * takes. A pilot tells how long that is: it is run again with four times the window until it has seen a tenth of them.
 * Where tasks take turns (a lock's interval, the scheduler's slice), a window holds some turns of everybody. All that
 * is bounded by what it costs: so many events, unless not even two rounds of everybody would fit.
 *
 * An operation that takes more turns than a budget holds events cannot be simulated in a time that anybody waits for, and
 * is refused. Nothing is lost: a profile with all lengths, intervals and costs a tenth as long has the same answer.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include <gilbench/clock.h>
#include <gilbench/util.h>

#include "predict/parts.h"

/* A pilot grows by this factor, until it has seen this part of a replicate's operations. */
#define PILOT_GROWTH 4
#define PILOT_PART   10
/* From nanoseconds to a day. */
#define PILOT_TRIES 24
/* Operations of each task in a replicate, where they can be paid for, and where they cannot. */
#define OPS_PER_TASK    10
#define ROUNDS_AT_LEAST 2
/* A window of an open loop is as long as so many rounds, whatever its operations take. */
#define LOAD_ROUNDS 12
/* Of one operation: a hundred seconds in turns of 5 ms. */
#define TURNS_MAX 20000

int cast_tasks(const struct profile_cast *cast)
{
	int tasks = 0;
	for (int i = 0; i < cast->count; i++)
		tasks += cast->role[i].tasks;
	return tasks;
}

uint64_t seconds_to_ns(double seconds)
{
	const double most_s = 1e9; /* 30 years: windows fit into 64 bits */
	return (uint64_t)fmax(fmin(seconds, most_s) * NS_PER_S, 1);
}

int point_run(struct point *p, const struct simulation *s, struct sample *sample, struct sim_counts *counts)
{
	*sample = (struct sample){.cell = p->cell};
	if (sim_run(s, sample, counts) == 0)
		return 0;
	snprintf(p->error, sizeof(p->error), "%s", sample->error);
	sample_release(sample);
	return -1;
}

/* ---- turns ----------------------------------------------------------------------------------------------- */

static bool shares_lock(const struct simulation *s)
{
	return s->shape.model == SIM_GIL && cast_tasks(s->cast) > s->shape.processes;
}

static bool shares_cores(const struct simulation *s)
{
	bool is_loop = s->shape.model == SIM_UV || s->shape.model == SIM_UV_POOL;
	return !is_loop && cast_tasks(s->cast) > s->cores;
}

/* How long a task has the lock while others want it. */
static double lock_turn_s(const struct gil_policy *policy, const struct profile *profile)
{
	double ns = policy->slice == GIL_SLICE_QUANTUM ? (double)policy->quantum_ns
		    : policy->slice == GIL_SLICE_INTERVAL
			    ? (double)policy->interval_ns
			    : (double)policy->check_ticks * (double)profile->tick_ns;
	return fmax(ns, 1) / NS_PER_S;
}

/* Of one operation of the role that has most. */
static double turns_of_op(const struct simulation *s)
{
	double most = 0;
	for (int i = 0; i < s->cast->count; i++) {
		const struct profile *p = &s->cast->role[i].profile;
		double gil_s = profile_seconds(p, SEGMENT_GIL), turns = 0;
		double cpu_s = gil_s + profile_seconds(p, SEGMENT_HOLD) + profile_seconds(p, SEGMENT_FREE);
		if (shares_lock(s))
			turns += gil_s / lock_turn_s(&s->policy, p);
		if (shares_cores(s))
			turns += cpu_s / ((double)s->costs.slice_ns / NS_PER_S);
		most = fmax(most, turns);
	}
	return most;
}

/* Until everybody has had a turn; 0 where none are taken. */
static double everybody_s(const struct simulation *s)
{
	int tasks = cast_tasks(s->cast);
	double lock_s = 0, slice_s = 0;
	if (shares_lock(s))
		lock_s = lock_turn_s(&s->policy, &s->cast->role[0].profile) *
			 ceil((double)tasks / s->shape.processes);
	if (shares_cores(s))
		slice_s = (double)s->costs.slice_ns / NS_PER_S * ceil((double)tasks / s->cores);
	return fmax(lock_s, slice_s);
}

static int refuse_turns(const struct simulation *s, struct point *p)
{
	double turns = turns_of_op(s);
	if (turns <= TURNS_MAX)
		return 0;
	snprintf(p->error, sizeof(p->error),
		 "an operation takes %.3g turns of the lock or the cores, and more than %d are not "
		 "simulated: give "
		 "shorter lengths, or longer turns (--gil py3,interval=1s, --cost slice=1s)",
		 turns, TURNS_MAX);
	return -1;
}

/* ---- the pilot ------------------------------------------------------------------------------------------- */

struct pace {
	double slowest_per_s; /* of roles */
	double round_s;       /* of the role whose tasks take longest to have had one operation each */
	double cycle_s;       /* from one operation of a task to its next, first role; 0: not known */
	double events_per_s;
	uint64_t least_ops;
};

static double mean_latency_s(const struct role_sample *role)
{
	const struct hist *latency = role->latency;
	return latency != NULL && latency->count > 0
		       ? (double)latency->sum_ns / (double)latency->count / NS_PER_S
		       : 0;
}

static struct pace pace_of(const struct sample *sample, const struct sim_counts *counts, double window_s)
{
	struct pace pace = {.slowest_per_s = INFINITY,
			    .cycle_s = mean_latency_s(&sample->role[0]),
			    .events_per_s = (double)counts->events / window_s,
			    .least_ops = UINT64_MAX};
	for (int i = 0; i < sample->role_count; i++) {
		const struct role_sample *role = &sample->role[i];
		pace.slowest_per_s = fmin(pace.slowest_per_s, role->throughput_per_s);
		pace.least_ops = role->ops < pace.least_ops ? role->ops : pace.least_ops;
		if (role->throughput_per_s > 0)
			pace.round_s = fmax(pace.round_s, role->tasks / role->throughput_per_s);
	}
	return pace;
}

static double longest_op_s(const struct profile_cast *cast)
{
	double longest = 0;
	for (int i = 0; i < cast->count; i++)
		longest = fmax(longest, profile_seconds(&cast->role[i].profile, SEGMENT_KINDS));
	return longest;
}

static int pilot(const struct effort *effort, struct simulation *s, struct point *p, uint64_t ops,
		 struct pace *pace)
{
	double window_s = PILOT_GROWTH * longest_op_s(s->cast);
	for (int i = 0; i < PILOT_TRIES; i++, window_s *= PILOT_GROWTH) {
		struct sample sample;
		struct sim_counts counts;
		s->window_ns = seconds_to_ns(window_s);
		if (point_run(p, s, &sample, &counts) != 0)
			return -1;
		*pace = pace_of(&sample, &counts, (double)s->window_ns / NS_PER_S);
		sample_release(&sample);
		if (pace->least_ops >= ops / PILOT_PART || counts.events >= effort->events)
			break;
	}
	return 0;
}

/* Where nothing varies all tasks are in step: a window of whole rounds has the same operations wherever it begins. */
static double whole_rounds(const struct simulation *s, const struct pace *pace, double window_s)
{
	bool is_closed = !(s->rate_per_s > 0) && pace->cycle_s > 0;
	return is_closed ? ceil(window_s / pace->cycle_s) * pace->cycle_s : window_s;
}

static double window_by_pace(const struct effort *effort, const struct simulation *s, const struct pace *pace,
			     uint64_t ops)
{
	double per_s = s->rate_per_s > 0 ? s->rate_per_s : pace->slowest_per_s;
	double wanted_s = per_s > 0 ? (double)ops / per_s : INFINITY;
	double turns_s = effort->turns * everybody_s(s);
	double most_s = (double)effort->events / pace->events_per_s;
	double window_s = fmax(fmin(fmax(wanted_s, turns_s), most_s), ROUNDS_AT_LEAST * pace->round_s);
	return whole_rounds(s, pace, window_s);
}

int window_choose(const struct predict_request *r, const struct effort *effort, struct simulation *s,
		  struct point *p, double *round_s)
{
	struct pace pace;
	bool has_latency = s->has_latency;
	uint64_t ops = effort->ops, least = (uint64_t)cast_tasks(s->cast) * OPS_PER_TASK;
	ops = ops < least ? least : ops;
	s->has_latency = true;
	s->seed = r->seed;
	if (refuse_turns(s, p) != 0 || pilot(effort, s, p, ops, &pace) != 0)
		return -1;
	s->has_latency = has_latency;
	s->window_ns = seconds_to_ns(r->window_s > 0 ? r->window_s / effort->least
						     : window_by_pace(effort, s, &pace, ops));
	p->cell.window_s = (double)s->window_ns / NS_PER_S;
	/* The same arrivals for all cells of a load: what one serves is then compared with what the other does of them. */
	*round_s = s->rate_per_s > 0 ? p->cell.window_s / LOAD_ROUNDS : fmin(pace.round_s, p->cell.window_s);
	return 0;
}
