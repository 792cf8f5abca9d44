/*
 * sim_case: one simulation with an exact answer. Layer 4, internal to the self-test.
 */
#ifndef SELFTEST_SIM_CASE_H
#define SELFTEST_SIM_CASE_H

#include <stdbool.h>

#include <gilbench/sim.h>

#include "selftest/sim_check.h"

struct sim_case;

/* The figure of a sample that the answer is about. */
typedef double case_figure(const struct sim_case *, const struct sample *);

struct sim_case {
	char what[80];
	char role[2][96];  /* as --profile takes them: "io:1 = gil 33us, free 1us"; the second may be empty */
	const char *model; /* "gil", "gil*4"; NULL: "gil" */
	const char *policy; /* NULL: "fifo" */
	bool is_random;     /* whoever waits may be the next: drawn at random */
	const char *cost;   /* the one that is not 0, "handoff=1ms"; NULL: none */
	int cores;          /* 0: as many as tasks */
	double rate_per_s;  /* of random arrivals; 0: a closed loop */
	double window_s;    /* of all replicates together, at full length */
	double warmup_s;    /* of each; 0: 1 s */
	case_figure *figure;
	double at_s; /* where the figure needs a time */
	enum check_kind kind;
	double expected;
	double tolerance; /* at full length, and more at less; 0: what the kind of check and its length want */
};

/* Of all runs: the largest relative faults against what must hold in every one of them. */
struct identities {
	double little, held, work;
	unsigned runs, lock_runs;
};

struct sim_checks {
	uint64_t seed;
	double length;
	int threads;
	check_report *report;
	void *context;
	unsigned cases; /* so far */
	struct identities found;
};

void case_run(struct sim_checks *, const struct sim_case *);

/* Operations/s of the first role, and of the second. */
double figure_rate(const struct sim_case *, const struct sample *);
double figure_second_rate(const struct sim_case *, const struct sample *);
/* Seconds: mean latency of the first role; of the waits of the last role for the lock the mean, the least, the most. */
double figure_latency(const struct sim_case *, const struct sample *);
double figure_wait(const struct sim_case *, const struct sample *);
double figure_least_wait(const struct sim_case *, const struct sample *);
double figure_most_wait(const struct sim_case *, const struct sample *);
/* The share of those waits that are longer than at_s. */
double figure_waits_beyond(const struct sim_case *, const struct sample *);
/* Shares of the time: of the lock, by the first role; by its first task. */
double figure_held(const struct sim_case *, const struct sample *);
double figure_first_held(const struct sim_case *, const struct sample *);

/* The tables. */
void check_closed_loops(struct sim_checks *);
void check_turns(struct sim_checks *);
void check_handoffs(struct sim_checks *);
void check_arrivals(struct sim_checks *);

#endif
