/*
 * experiment: an ini file, read. Layer 2 (data); src/plan/experiment.c reads it.
 *
 * A file asks one question: which cells to measure (one or more [cells NAME] sections), which charts to draw,
 *and what is claimed. The whole text is kept, so that a run directory explains itself on another machine.
 *
 *	[experiment]
 *	title    = CPU-bound work
 *	question = Does CPU-bound work get faster with more workers?
 *	answer   = At {workers} workers: {gil} under a GIL, {threads} without ...      (filled from this run's
 *data) class    = cpu                     ; cpu, wait, mixed: default workers and what lines a chart draws
 *	rank     = 0                       ; 0 never gives way when the budget is short; the largest gives way
 *first models   = gil,threads,fork,uv workers  = default                 ; or 1,2,cores,2*cores chart    =
 *speedup                 ; speedup, latency, seconds, memory, setup; several lines allowed expect   = gil
 *speedup workload=spin workers=2 0.90..1.05 "one lock, one core of bytecode"
 *
 *	[cells spin]
 *	cast     = spin
 *	params   = iterations=75000        ; each section may also override models, workers, policies, window
 */
#ifndef GILBENCH_EXPERIMENT_H
#define GILBENCH_EXPERIMENT_H

#include <stddef.h>

#include <gilbench/workload.h>

enum chart_kind { CHART_SPEEDUP, CHART_LATENCY, CHART_SECONDS, CHART_MEMORY, CHART_SETUP };

/* One [cells] section. NULL text means "as the experiment says". */
struct cell_set {
	char *name;   /* section name, for people */
	char *cast;   /* "spin" or "sleep:8,hash:1" */
	char *params; /* assignments as typed; "" for defaults */
	char *models, *workers, *policies;
	double window_s; /* 0: batch */
	int line;
};

/* A sentence that this run's data confirm, refute, or leave undecided. See src/report/claim.c for the
 * grammar. */
struct claim {
	char *text; /* as typed, after "expect =" */
	int line;
};

struct experiment {
	char *name; /* file name without .ini */
	char *path;
	char *text; /* the whole file */
	char *title, *question, *answer, *notes;
	enum work_class class;
	int rank;
	char *models, *workers, *policies;
	struct cell_set *sets;
	size_t set_count;
	enum chart_kind charts[8];
	size_t chart_count;
	struct claim *claims;
	size_t claim_count;
};

/* Read from text (`path` is for messages). 0, or -1 with "file:line: what, what would be right" in `error`.
 */
int experiment_parse(struct experiment *, const char *path, const char *text, char *error,
		     size_t error_bytes);
void experiment_release(struct experiment *);

#endif
