/*
 * model: how tasks are executed. Layer 2 (the contract); src/model/NAME.c holds one each.
 *
 * A model knows no workload, no statistics, no report. It runs one cell in this process (the driver has
 * exec'd it for this one sample) and fills in the sample.
 */
#ifndef GILBENCH_MODEL_H
#define GILBENCH_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include <gilbench/gil.h>
#include <gilbench/sample.h>
#include <gilbench/trace.h>
#include <gilbench/workload.h>

/* One role of a cast, resolved: code, tasks, parameters. */
struct role {
	char name[48];
	const struct workload *workload;
	int tasks;
	double param[PARAM_MAX];
};

/* One cell, resolved: what a model is asked to run. */
struct execution {
	int role_count;
	struct role role[ROLE_MAX];
	enum cell_kind kind;
	uint64_t ops;       /* CELL_BATCH: operations in all (one role) */
	uint64_t window_ns; /* CELL_WINDOW */
	double rate_per_s; /* CELL_WINDOW: the first role's operations are due at this rate; 0: closed loop */
	uint64_t seed;
	struct gil_policy policy; /* read by models with has_lock */
	bool has_latency;         /* record per-operation latency (the default) */
	struct trace *trace;      /* NULL, or where all tasks record what they do: a ring for each */
};

struct model {
	const char *name; /* "gil" */
	const char *
		label; /* "threads under a GIL (as Python's threading)": printed beside the name everywhere */
	const char *legend;  /* a chart's few words: "threads + GIL" */
	const char *summary; /* one line for `list models` */
	bool is_single;      /* always one worker: seq */
	bool has_lock;       /* takes a policy */
	bool is_loop;        /* differs from other loops only in native calls */
	bool is_virtual;     /* exists in virtual time only: `run` is NULL */
	/* Run the cell and fill every field of `sample` but `cell`, `block`, `order`, `seed`. 0, or -errno
	 * when it could not be set up, with the sentence in sample->error. Blocks until the cell is done.
	 * Call from the main thread of a process that has run no cell before. */
	int (*run)(const struct execution *, struct sample *);
};

#endif
