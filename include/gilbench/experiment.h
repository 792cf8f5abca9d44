/*
 * experiment: an ini file, read. Layer 2 (data); src/plan/experiment.c reads it.
 *
 * A file asks one question: which cells to measure (one or more [cells NAME] sections), which charts to draw,
 * and what is claimed. The whole text is kept, so that a run directory explains itself on another machine.
 * docs/experiments.md is the manual.
 *
 *	[experiment]
 *	title    = CPU-bound work
 *	question = Does CPU-bound work get faster with more workers?
 *	answer   = Two threads under a GIL: {gil speedup workload=spin workers=2}
 *	class    = cpu
 *	models   = gil,threads,fork,uv
 *	chart    = speedup
 *	expect   = gil speedup workload=spin workers=2 0.90..1.05 "one lock, one core of bytecode"
 *
 *	[cells spin]
 *	cast     = spin
 *	params   = iterations=75000
 */
#ifndef GILBENCH_EXPERIMENT_H
#define GILBENCH_EXPERIMENT_H

#include <stddef.h>

#include <gilbench/profile.h>
#include <gilbench/workload.h>

enum chart_kind {
	CHART_SPEEDUP,
	CHART_LATENCY,
	CHART_SECONDS,
	CHART_MEMORY,
	CHART_SETUP,
	CHART_METRIC,   /* a column of summary.csv, over x, or of each cell */
	CHART_TRADEOFF, /* of each policy: throughput of role x against p99 of role y */
	CHART_WINNER,   /* a map over x and y: which model is ahead */
	CHART_OVERLAY   /* a column over workers or x, from every source that measured it */
};

/* One `chart =` line. Strings are "" where nothing was said. */
struct chart_line {
	enum chart_kind kind;
	char metric[32]; /* CHART_METRIC, CHART_OVERLAY: the column's name */
	char role[48];   /* whose rows are drawn */
	char x[48],
		y[48]; /* CHART_METRIC, CHART_OVERLAY, x: a role (its tasks), a field of the policy, a parameter, or
			      a share of the profile. CHART_WINNER: two such. CHART_TRADEOFF: two roles */
};

/* What a key said and where; text is NULL where the file does not say it. */
struct setting {
	char *text;
	int line;
};

/* One [cells NAME] section. A NULL text means "as the experiment says". */
struct cell_set {
	char *name;            /* of the section, for people */
	struct setting cast;   /* "spin" or "sleep:8,hash:1" */
	struct setting params; /* assignments as typed, separated by spaces */
	struct setting models, workers, policies, cores;
	struct setting source; /* "live", "virtual", "both" */
	struct profile_cast
		*profiles; /* NULL: the cast is one of workloads; else cast and params are made of them */
	int profile_line;  /* of the last */
	double window_s;   /* 0: batch */
	int line;
};

/* A sentence that this run's data confirm, refute, or leave undecided: see expectation.h. */
struct claim {
	char *text; /* as typed, after "expect =" */
	int line;
};

/* Most charts of one experiment. The exact value does not matter. */
#define CHART_MAX 8

struct experiment {
	char *name; /* file name without .ini */
	char *path;
	char *text; /* the whole file */
	char *title, *question;
	char *answer;          /* with {placeholders}; NULL where the file has none */
	char *notes;           /* what one may and may not conclude, a line per paragraph; NULL: none */
	enum work_class class; /* default workers, and which lines a chart draws */
	int rank;              /* 0 never gives way when the budget is short; the largest gives way first */
	char *group;           /* run by this name, and not with `all`; NULL: runs with `all` */
	bool is_virtual;       /* runs in virtual time, whatever the command line says */
	bool is_live_too;      /* and live: every cell that can, once each way */
	struct setting models, workers, policies;
	struct setting cores; /* of virtual time: a list */
	struct cell_set *sets;
	size_t set_count;
	struct chart_line charts[CHART_MAX];
	size_t chart_count;
	struct claim *claims;
	size_t claim_count;
};

/* Read from text (`path` is for messages). 0, or -1 with "file:line: what, what would be right" in `error`;
 * then nothing needs to be released. Workloads, models and parameters are looked up when a plan is made, not
 * here. */
int experiment_parse(struct experiment *, const char *path, const char *text, char *error,
		     size_t error_bytes);
void experiment_release(struct experiment *);
/* Is the section to run on real cores, in virtual time? At least one of both. */
bool set_is_live(const struct experiment *, const struct cell_set *);
bool set_is_virtual(const struct experiment *, const struct cell_set *);

#endif
