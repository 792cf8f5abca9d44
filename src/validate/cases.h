/*
 * cases: the work that both sides do, and the figures it is judged by. Layer 4, inside src/validate.
 */
#ifndef GILBENCH_VALIDATE_CASES_H
#define GILBENCH_VALIDATE_CASES_H

#include <stdbool.h>
#include <stdint.h>

#include <gilbench/validate.h>

/* What an interpreter must have for a case to make sense. */
enum {
	NEEDS_LOCK = 1,     /* it runs with its lock */
	NEEDS_INTERVAL = 2, /* a switch interval, 3.2 and later */
	NEEDS_ASYNCIO = 4,
	NEEDS_NO_LOCK = 8,
	NEEDS_TICKS = 16, /* a check interval, before 3.2 */
};

#define CASE_WORKERS_MAX 4

struct validate_case {
	const char *name, *experiment;
	const char *cast;
	/* Parameters of each side. $spin and $work_us stand for what was fitted. */
	const char *live, *python;
	/* NULL: threads, under what the interpreter has for a lock; else a model that both sides have. */
	const char *model;
	int workers[CASE_WORKERS_MAX]; /* batch: beside `seq`; ended by 0 */
	int fast_workers;              /* how many of them with --fast */
	double window_s;               /* 0: batch */
	double fast_window_s;
	uint64_t goal_ops;   /* of the first role; 0: six windows do */
	const char *setting; /* of the lock: "interval=1ms"; NULL: the standard one */
	unsigned needs;
	bool is_fast; /* part of --fast */
	int rank;     /* the largest gives way first when the budget is short */
};

extern const struct validate_case validate_cases[]; /* ended by a NULL name */
extern const struct figure validate_figures[];      /* ended by a NULL group */

const struct validate_case *case_find(const char *name);
/* Can this interpreter do it? NULL, or the reason as a sentence's end. */
const char *case_refusal(const struct validate_case *, const struct contender *);
bool case_is_asked(const struct validate_case *, const struct contender *, const struct validate_options *);
/* How many of its numbers of workers are. */
int case_worker_count(const struct validate_case *, const struct validate_options *);
bool figure_is_asked(const struct figure *, const struct contender *, const struct validate_options *);
/* Seconds of the switch interval that its threads live under. */
double case_interval_s(const struct validate_case *);
/* The policy of each side's cells. Free it. */
char *case_live_policy(const struct validate_case *, const struct contender *);
char *case_python_policy(const struct validate_case *, const struct contender *);
const char *case_model(const struct validate_case *, const struct contender *);

#endif
