/*
 * sim_closed: closed loops around one lock, several, none, or a loop: what queueing theory knows exactly.
 *
 * Operations are 9 ms away from the lock and 1 ms inside it, so that ten tasks could just keep it busy.
 */
#include <stdio.h>

#include <gilbench/queueing.h>
#include <gilbench/util.h>

#include "selftest/sim_case.h"

#define OUTSIDE_S 9e-3
#define INSIDE_S  1e-3

/* So many operations, in all replicates: a standard error of 0.1 % where one task alone waits at random. */
#define OPERATIONS 1e6

static const char random_inside[] = "wait exp(9ms) + hold exp(1ms)";
/* A loop begins the next operation on a later turn: what is waited for at an operation's end begins in time. */
static const char random_on_loop[] = "hold exp(1ms) + wait exp(9ms)";
static const char constant_inside[] = "wait exp(9ms) + hold 1ms";

/* The rest of a case is the caller's. */
static struct sim_case closed(const char *what, int tasks, const char *segments, double expected)
{
	struct sim_case c = {.figure = figure_rate,
			     .kind = CHECK_ESTIMATE,
			     .expected = expected,
			     .window_s = OPERATIONS / expected};
	snprintf(c.what, sizeof(c.what), "%s, %d task%s", what, tasks, tasks == 1 ? "" : "s");
	snprintf(c.role[0], sizeof(c.role[0]), "task:%d = %s", tasks, segments);
	return c;
}

/* Times at which nothing happens, so that no operation ends just at an end of the window. */
#define ODD_WARMUP_S 1.00053

static void check_all_constant(struct sim_checks *checks)
{
	static const int tasks[] = {1, 2, 4, 8, 10, 12, 16, 20, 32};
	for (size_t i = 0; i < ARRAY_LEN(tasks); i++) {
		struct sim_case c = closed("all constant, operations/s", tasks[i], "wait 9ms + hold 1ms",
					   queueing_all_constant(tasks[i], OUTSIDE_S, INSIDE_S));
		c.kind = CHECK_EQUAL;
		c.window_s = 20;
		c.warmup_s = ODD_WARMUP_S;
		case_run(checks, &c);
	}
}

/* On a loop that begins all waits after all work, tasks that are alike keep step: the convoy, and Amdahl's law. */
static void check_in_step(struct sim_checks *checks)
{
	for (int tasks = 2; tasks <= 32; tasks *= 4) {
		struct sim_case c = closed("loop in step, operations/s", tasks, "wait 9ms + hold 1ms",
					   queueing_asymptotic(tasks, OUTSIDE_S, INSIDE_S).low);
		c.model = "uv";
		c.kind = CHECK_EQUAL;
		/* Whole rounds of operations, and a part of one. */
		c.window_s = 2000 / c.expected * tasks;
		c.tolerance = 0.001 * c.expected;
		case_run(checks, &c);
	}
}

static void check_one_lock(struct sim_checks *checks)
{
	static const int tasks[] = {1, 2, 4, 8, 16, 32}, constant_tasks[] = {2, 8, 16};
	for (size_t i = 0; i < ARRAY_LEN(tasks); i++) {
		struct sim_case c = closed("machine repairman, operations/s", tasks[i], random_inside,
					   queueing_machine_repairman(tasks[i], OUTSIDE_S, INSIDE_S));
		case_run(checks, &c);
	}
	for (size_t i = 0; i < ARRAY_LEN(constant_tasks); i++) {
		struct sim_case c = closed("constant inside (Takacs)", constant_tasks[i], constant_inside,
					   queueing_constant_inside(constant_tasks[i], OUTSIDE_S, INSIDE_S));
		case_run(checks, &c);
	}
}

/* Who is next does not matter where lengths are exponential and a turn is never cut off. */
static void check_every_policy(struct sim_checks *checks)
{
	static const char *const policies[] = {"py2", "py3", "prio", "ruby"};
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		char what[64];
		snprintf(what, sizeof(what), "machine repairman under %s", policies[i]);
		struct sim_case c =
			closed(what, 8, random_inside, queueing_machine_repairman(8, OUTSIDE_S, INSIDE_S));
		c.policy = policies[i];
		case_run(checks, &c);
	}
}

/* Turns much shorter than the work: throughput is that of exponential lengths, though they are constant. */
static void check_sharing(struct sim_checks *checks)
{
	double expected = queueing_machine_repairman(8, OUTSIDE_S, INSIDE_S);
	struct sim_case lock = closed("lock shared in turns of 1/50", 8, "wait exp(9ms) + gil 1ms", expected);
	lock.policy = "fifo,interval=20us";
	lock.window_s = 0.2 * OPERATIONS / expected;
	lock.warmup_s = 0.2;
	case_run(checks, &lock);
	struct sim_case core =
		closed("core shared in slices of 1/50", 8, "wait exp(9ms) + free 1ms", expected);
	core.model = "threads";
	core.cores = 1;
	core.cost = "slice=20us";
	core.window_s = 0.2 * OPERATIONS / expected;
	core.warmup_s = 0.2;
	case_run(checks, &core);
}

static void check_cores(struct sim_checks *checks)
{
	static const struct {
		const char *what, *model, *segments, *cost;
		int tasks, cores;
		double inside_s;
	} cases[] = {
		{"no lock, 1 core", "threads", "wait exp(9ms) + free exp(1ms)", NULL, 8, 1, 1e-3},
		{"no lock, 2 cores", "threads", "wait exp(9ms) + gil exp(1ms)", NULL, 8, 2, 1e-3},
		{"no lock, 4 cores", "threads", "wait exp(9ms) + hold exp(1ms)", NULL, 32, 4, 1e-3},
		{"processes, 4 cores", "fork", "wait exp(9ms) + gil exp(1ms)", NULL, 16, 4, 1e-3},
		{"no lock, 50 % longer, 2 cores", "free", "wait exp(9ms) + gil exp(1ms)", "free=1.5", 16, 2,
		 1.5e-3},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sim_case c =
			closed(cases[i].what, cases[i].tasks, cases[i].segments,
			       queueing_cores(cases[i].tasks, cases[i].cores, OUTSIDE_S, cases[i].inside_s));
		c.model = cases[i].model;
		c.cores = cases[i].cores;
		c.cost = cases[i].cost;
		case_run(checks, &c);
	}
}

/* A lock or a loop for each process, or for each task. */
static void check_several(struct sim_checks *checks)
{
	static const struct {
		const char *what, *model, *segments;
		int tasks, locks;
	} cases[] = {
		{"4 processes with a lock each", "gil*4", random_inside, 16, 4},
		{"4 processes, uneven shares", "gil*4", random_inside, 14, 4},
		{"alone", "seq", random_inside, 1, 1},
		{"an interpreter for each", "interp", random_inside, 8, 8},
		{"one event loop", "uv", random_on_loop, 8, 1},
		{"2 event loops", "uv*2", random_on_loop, 8, 2},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		double expected = queueing_locks(queueing_machine_repairman, cases[i].tasks, cases[i].locks,
						 OUTSIDE_S, INSIDE_S);
		struct sim_case c = closed(cases[i].what, cases[i].tasks, cases[i].segments, expected);
		c.model = cases[i].model;
		case_run(checks, &c);
	}
}

/* Three quarters of the work let go of the lock: the ceiling is four tasks' worth. */
static void check_released(struct sim_checks *checks)
{
	static const char *const models[] = {"gil", "uv-pool"};
	for (size_t i = 0; i < ARRAY_LEN(models); i++)
		for (int tasks = 2; tasks <= 8; tasks *= 2) {
			char what[64];
			snprintf(what, sizeof(what), "3/4 of the work without the lock (%s)", models[i]);
			struct sim_case c = closed(what, tasks, "hold exp(2ms) + free exp(6ms)",
						   queueing_released(tasks, 8e-3, 0.75));
			c.model = models[i];
			c.cores = 16;
			case_run(checks, &c);
		}
}

/* Distributions that no closed form knows: between the bounds all the same. */
static void check_bounds(struct sim_checks *checks)
{
	for (int tasks = 4; tasks <= 16; tasks *= 2) {
		struct bounds wide = queueing_asymptotic(tasks, OUTSIDE_S, INSIDE_S);
		struct sim_case c = closed("lognormal, above the convoy in step", tasks,
					   "wait lognormal(9ms,1) + hold lognormal(1ms,1)", wide.low);
		c.window_s = OPERATIONS / 10 / wide.low;
		c.kind = CHECK_AT_LEAST;
		case_run(checks, &c);
		snprintf(c.what, sizeof(c.what), "lognormal, below the least of lock and tasks, %d tasks",
			 tasks);
		c.kind = CHECK_AT_MOST;
		c.expected = wide.high;
		case_run(checks, &c);
	}
	struct bounds narrow = queueing_balanced(8, OUTSIDE_S, INSIDE_S);
	struct sim_case c = closed("balanced job bound, low", 8, random_inside, narrow.low);
	c.window_s = OPERATIONS / 10 / narrow.low;
	c.kind = CHECK_AT_LEAST;
	case_run(checks, &c);
	snprintf(c.what, sizeof(c.what), "balanced job bound, high, 8 tasks");
	c.kind = CHECK_AT_MOST;
	c.expected = narrow.high;
	case_run(checks, &c);
}

void check_closed_loops(struct sim_checks *checks)
{
	check_all_constant(checks);
	check_in_step(checks);
	check_one_lock(checks);
	check_every_policy(checks);
	check_sharing(checks);
	check_cores(checks);
	check_several(checks);
	check_released(checks);
	check_bounds(checks);
}
