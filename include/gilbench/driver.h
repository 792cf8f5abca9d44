/*
 * driver: takes the samples of a plan, one fresh process each. Layer 4.
 *
 *	struct driver driver = {.plan = &plan, .dir = "results/x"};
 *	enum driver_end end = driver_run(&driver);
 *
 * calibrate -> fit into the budget -> block after block -> every sample appended to DIR as soon as it exists.
 * A child that crashes, hangs or answers nonsense is a sample with a status; the run goes on. SIGINT and
 * SIGTERM end the child and then the run. The driver sleeps in ppoll while a sample runs.
 *
 * Tests and `demo` use the same loop: the executor, the clock and the hook are function pointers.
 */
#ifndef GILBENCH_DRIVER_H
#define GILBENCH_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gilbench/plan.h>
#include <gilbench/sample.h>

/* One sample to take. */
struct request {
	const struct cell *cell;
	uint64_t ops; /* batch */
	uint64_t seed;
	const char *affinity; /* NULL, or the CPUs that the process is pinned to: "0,2" or "0-3" */
	double deadline_s;
};

/* Fills in everything of the sample but block and order. 0, or -EINTR when a signal asked to stop: then there
 * is no sample. Whatever the child does is a status of the sample, never an error. Blocks, asleep. */
typedef int execute_fn(void *context, const struct request *, struct sample *);

/* The real executor: `gilbench once` in a fresh process, its sample read from a pipe. */
int execute_process(void *unused, const struct request *, struct sample *);
/* The command that repeats one sample, as one types it. Free it. */
char *execute_command(const struct request *);

/* From here on SIGINT and SIGTERM only ask to stop, and are looked at while a sample runs. Call once, before
 * driver_run, in a program with one thread. */
void driver_catch_signals(void);
bool driver_is_stopped(void);

enum driver_end {
	DRIVER_DONE,
	DRIVER_INTERRUPTED,
	DRIVER_NO_BUDGET, /* not even one sample a cell fits; the sentence is in `error` */
	DRIVER_NO_DISK,   /* the run directory could not be written; the sentence is in `error` */
};

struct driver {
	/* The caller's. */
	struct plan *plan;              /* ops and seconds of its cells are filled in, warnings are added */
	const char *dir;                /* a run directory, or NULL: nothing is kept on disk */
	execute_fn *execute;            /* NULL: execute_process */
	double (*now_s)(void *context); /* NULL: the monotonic clock */
	char *(*command)(void *context, const struct request *); /* repeats a sample; NULL: execute_command */
	void *context;                                           /* for all three */
	void (*on_sample)(void *hook_context, const struct plan *, size_t cell, const struct sample *);
	void *hook_context;
	void (*on_calibrated)(void *calibrated_context, const struct driver *); /* before the first block */
	void *calibrated_context;
	bool is_first_in_order; /* the first block runs in the plan's order, so that people can read along */
	bool is_budget_soft;    /* nobody asked for it: lifted where it does not hold one sample a cell */
	double reserve_s;       /* part of the budget that others will use after the last block */
	double used_s;          /* a resumed run: what its earlier parts took */

	/* Results. A resumed run puts its earlier samples here first. Histograms are dropped once a sample is
	 * on disk and the hook has seen it: thousands of them would not stay within 50 MiB. */
	struct sample *samples;
	size_t sample_count;
	size_t failed;        /* samples that are crashed, hung or wrong */
	bool is_scaled;       /* operations per sample were scaled down for the budget */
	double calibration_s; /* part of elapsed_s */
	double elapsed_s;     /* calibration and sampling, `used_s` included */
	char error[512];
};

enum driver_end driver_run(struct driver *);
/* Frees the samples, not the plan. */
void driver_release(struct driver *);

#endif
