/*
 * sim_case: runs a case a few times with different seeds and compares the mean with the answer. See sim_case.h.
 *
 * A mean of replicates differs from the truth by its standard error, and a simulator that is right is four of them off
 * once in some thousand cases. Without the second bound, half a per cent, a case that is too short would pass with
 * anything. Where nothing is random both replicates must be equal to the answer.
 *
 * In every run, whatever it is about: each task is somewhere at each moment (Little's law, N = X (R + Z), before it is
 * divided by anything), and what tasks held adds up to what the locks were held.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/pool.h>
#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "selftest/sim_case.h"

/* Enough for a standard error that is itself known to an eighth: of ten, means of a right simulator are four of their
 * errors off once in 300 cases, and there are 60. Where nothing is random: do they agree? */
#define REPLICATES       32
#define REPLICATES_EQUAL 2

/* How far off a mean may be at full length, however large its standard error. */
#define SHARE_MOST  0.005
#define FULL_LENGTH 1

/* Rounding: times are whole nanoseconds. */
#define EXACT 1e-9

/* A hundred operations of the cases here, which forget how they began in a few. */
#define WARMUP_S 1

struct replicate {
	double figure;
	double little, held, work; /* relative faults; NAN: does not apply */
	char error[256];
};

struct run {
	const struct sim_checks *checks;
	const struct sim_case *what;
	struct simulation simulation;
	struct replicate replicate[REPLICATES];
};

static double fault(double seen, double expected)
{
	return expected > 0 ? fabs(seen / expected - 1) : fabs(seen);
}

static double held_by_tasks(const struct sample *sample)
{
	double sum = 0;
	for (int r = 0; r < sample->role_count; r++)
		for (int w = 0; w < sample->role[r].worker_count; w++)
			sum += sample->role[r].worker[w].held_s;
	return sum;
}

/* Is all work done under the lock? */
static bool is_all_inside(const struct profile_cast *cast)
{
	for (int r = 0; r < cast->count; r++)
		if (profile_seconds(&cast->role[r].profile, SEGMENT_FREE) > 0)
			return false;
	return true;
}

static void read_identities(const struct simulation *simulation, const struct sample *sample,
			    const struct sim_counts *counts, struct replicate *out)
{
	int tasks = 0;
	for (int r = 0; r < sample->role_count; r++)
		tasks += sample->role[r].tasks;
	double somewhere = counts->in_work_s + counts->in_wait_s + counts->in_lock_s + counts->in_ready_s +
			   counts->in_latency_s;
	bool has_lock = !isnan(counts->lock_busy);
	out->little = fault(somewhere, tasks * sample->wall_s);
	out->held = has_lock ? fault(held_by_tasks(sample), counts->lock_held_s) : (double)NAN;
	out->work = has_lock && is_all_inside(simulation->cast)
			    ? fault(counts->in_work_s, counts->lock_held_s)
			    : (double)NAN;
}

static void run_replicate(void *context, size_t index)
{
	struct run *run = context;
	struct replicate *out = &run->replicate[index];
	struct simulation simulation = run->simulation;
	struct sample sample = {0};
	struct sim_counts counts;
	/* Of every case and replicate its own, or cases with alike tasks would be off alike. */
	simulation.seed = mix64(run->checks->seed) + run->checks->cases * REPLICATES + index;
	out->figure = (double)NAN;
	if (sim_run(&simulation, &sample, &counts) != 0) {
		snprintf(out->error, sizeof(out->error), "%s", sample.error);
		return;
	}
	out->figure = run->what->figure(run->what, &sample);
	read_identities(&simulation, &sample, &counts, out);
	sample_release(&sample);
}

/* Nothing costs anything but what the case says; nobody is made to give way. */
static int set_costs(const struct sim_case *what, struct costs *costs, char *error, size_t error_bytes)
{
	costs_standard(costs);
	costs->switch_ns = costs->wakeup_ns = costs->handoff_ns = costs->poll_ns = 0;
	costs->handoff_sigma = costs->wakeup_sigma = costs->signal = 0;
	for (size_t i = 0; i < COST_DEPTHS; i++)
		costs->depth[i] = 1;
	costs->slice_ns = 3600 * INT64_C(1000000000);
	return what->cost != NULL ? costs_set(costs, what->cost, error, error_bytes) : 0;
}

/* 0, or -1 with one sentence. */
static int describe(const struct sim_checks *checks, const struct sim_case *what, struct profile_cast *cast,
		    struct simulation *out, int replicates, char *error, size_t error_bytes)
{
	int tasks = 0;
	for (int i = 0; i < 2 && *what->role[i] != '\0'; i++)
		if (profile_cast_add(cast, what->role[i], error, error_bytes) != 0)
			return -1;
	for (int i = 0; i < cast->count; i++)
		tasks += cast->role[i].tasks;
	*out = (struct simulation){
		.cast = cast,
		.cores = what->cores > 0 ? what->cores : tasks,
		.kind = CELL_WINDOW,
		.window_ns = (uint64_t)(what->window_s * checks->length / replicates * NS_PER_S),
		.warmup_ns = (uint64_t)((what->warmup_s > 0 ? what->warmup_s : WARMUP_S) * NS_PER_S),
		.rate_per_s = what->rate_per_s,
		.is_poisson = what->rate_per_s > 0,
		.has_latency = what->figure == figure_latency,
	};
	if (gil_policy_parse(what->policy != NULL ? what->policy : "fifo", &out->policy, error,
			     error_bytes) != 0 ||
	    sim_shape_parse(what->model != NULL ? what->model : "gil", &out->shape, error, error_bytes) != 0)
		return -1;
	/* No lock that exists chooses so, and the text of a policy refuses it: a semaphore with an interval. */
	if (what->is_random)
		out->policy.primitive = GIL_PRIMITIVE_SEMAPHORE;
	return set_costs(what, &out->costs, error, error_bytes);
}

static void add_identities(struct identities *to, const struct replicate *r)
{
	to->little = fmax(to->little, r->little);
	to->held = fmax(to->held, r->held);
	to->work = fmax(to->work, r->work);
	to->runs++;
	to->lock_runs += !isnan(r->held);
}

static double tolerance_of(const struct sim_checks *checks, const struct sim_case *what)
{
	if (what->tolerance > 0)
		return what->tolerance / fmin(1, checks->length);
	if (what->kind == CHECK_EQUAL)
		return EXACT * what->expected;
	return checks->length >= FULL_LENGTH ? SHARE_MOST * fabs(what->expected) : INFINITY;
}

static void judge(struct sim_checks *checks, struct run *run, size_t replicates, const char *error)
{
	const struct sim_case *what = run->what;
	struct check check = {.kind = what->kind,
			      .expected = what->expected,
			      .tolerance = tolerance_of(checks, what),
			      .n = (unsigned)replicates};
	double sum = 0, squares = 0, count = (double)replicates;
	for (size_t i = 0; i < replicates; i++) {
		sum += run->replicate[i].figure;
		if (*error == '\0')
			error = run->replicate[i].error;
		add_identities(&checks->found, &run->replicate[i]);
	}
	check.seen = *error == '\0' ? sum / count : (double)NAN;
	for (size_t i = 0; i < replicates; i++)
		squares += pow(run->replicate[i].figure - check.seen, 2);
	check.standard_error = sqrt(squares / (count * (count - 1)));
	snprintf(check.what, sizeof(check.what), "%.79s", *error == '\0' ? what->what : error);
	checks->report(&check, checks->context);
}

void case_run(struct sim_checks *checks, const struct sim_case *what)
{
	struct profile_cast cast = {0};
	struct run run = {.checks = checks, .what = what};
	size_t replicates = what->kind == CHECK_EQUAL ? REPLICATES_EQUAL : REPLICATES;
	char error[256] = "";
	if (describe(checks, what, &cast, &run.simulation, (int)replicates, error, sizeof(error)) == 0) {
		*error = '\0';
		pool_run(run_replicate, &run, replicates, checks->threads);
	}
	judge(checks, &run, replicates, error);
	profile_cast_release(&cast);
	checks->cases++;
}

/* ---- figures ------------------------------------------------------------------------------------------ */

double figure_rate(const struct sim_case *what, const struct sample *sample)
{
	(void)what;
	return sample->role[0].throughput_per_s;
}

double figure_second_rate(const struct sim_case *what, const struct sample *sample)
{
	(void)what;
	return sample->role[1].throughput_per_s;
}

static double mean_of(const struct hist *hist)
{
	return hist != NULL && hist->count > 0 ? (double)hist->sum_ns / (double)hist->count / NS_PER_S
					       : (double)NAN;
}

double figure_latency(const struct sim_case *what, const struct sample *sample)
{
	(void)what;
	return mean_of(sample->role[0].latency);
}

static const struct hist *last_waits(const struct sample *sample)
{
	return sample->role[sample->role_count - 1].wait;
}

double figure_wait(const struct sim_case *what, const struct sample *sample)
{
	(void)what;
	return mean_of(last_waits(sample));
}

double figure_least_wait(const struct sim_case *what, const struct sample *sample)
{
	(void)what;
	return (double)last_waits(sample)->min_ns / NS_PER_S;
}

double figure_most_wait(const struct sim_case *what, const struct sample *sample)
{
	(void)what;
	return (double)last_waits(sample)->max_ns / NS_PER_S;
}

double figure_waits_beyond(const struct sim_case *what, const struct sample *sample)
{
	return 1 - hist_share_below(last_waits(sample), what->at_s * NS_PER_S);
}

double figure_held(const struct sim_case *what, const struct sample *sample)
{
	(void)what;
	return sample->role[0].gil_held_fraction;
}

double figure_first_held(const struct sim_case *what, const struct sample *sample)
{
	(void)what;
	return sample->role[0].worker[0].held_s / sample->gil_span_s;
}

/* ---- all of it ------------------------------------------------------------------------------------------- */

static void report_identity(const struct sim_checks *checks, const char *what, double worst, unsigned runs)
{
	struct check check = {.kind = CHECK_AT_MOST, .expected = EXACT, .seen = worst, .n = runs};
	snprintf(check.what, sizeof(check.what), "%s", what);
	checks->report(&check, checks->context);
}

void check_simulator(uint64_t seed, double length, int threads, check_report *report, void *context)
{
	struct sim_checks checks = {
		.seed = seed, .length = length, .threads = threads, .report = report, .context = context};
	check_closed_loops(&checks);
	check_turns(&checks);
	check_handoffs(&checks);
	check_arrivals(&checks);
	report_identity(&checks, "every run: tasks are somewhere (N = X (R + Z)), worst fault",
			checks.found.little, checks.found.runs);
	report_identity(&checks, "every run: the lock's use is the work done under it (U = X S), worst fault",
			checks.found.work, checks.found.lock_runs);
	report_identity(&checks, "every run: what tasks held is what locks were held, worst fault",
			checks.found.held, checks.found.lock_runs);
}
