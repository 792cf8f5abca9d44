/*
 * sample: what one execution of one cell in one fresh process gave. Layer 2. The unit of all statistics.
 *
 * SI base units. A number that does not apply, or could not be read, is NAN. Strings follow cell.h's rule.
 */
#ifndef GILBENCH_SAMPLE_H
#define GILBENCH_SAMPLE_H

#include <stdint.h>

#include <gilbench/cell.h>
#include <gilbench/hist.h>

/* Most roles of one cast. The exact value does not matter. */
#define ROLE_MAX 8

enum sample_status {
	SAMPLE_OK,
	SAMPLE_WRONG,   /* the answer is not what it must be */
	SAMPLE_CRASHED, /* ended by a signal, or without giving its sample */
	SAMPLE_TIMEOUT, /* past its deadline */
	SAMPLE_UNSUPPORTED,
};

/* What one task did, and how the lock treated it. Without a lock its counts are 0; its times are NAN then, and where
 * the policy keeps none (stats=off). A worker's share of the lock is held_s / gil_span_s of the sample. */
struct worker_sample {
	uint64_t ops;
	double held_s, wait_s, longest_wait_s;
	double wait_p50_s, wait_p99_s; /* of its own histogram; the role has all of them merged */
	uint64_t acquisitions, switches, forced;
};

struct role_sample {
	char role[48];
	char workload[32];
	int tasks;
	uint64_t ops;      /* operations finished */
	uint64_t checksum; /* sum of task_result: the same for the same operations under every model */
	uint64_t lost_ops;
	double throughput_per_s;
	/*
	 * Of the lock; NAN without one, times also with stats=off. Held: the share of the cell's time for which
	 * some task of this role had it; over the roles they add up to 1 at most. Waited: this role's waiting as a
	 * share of its tasks' time, so that 1.0 means that every one of them waited all the time.
	 */
	double gil_held_fraction, gil_waited_fraction, gil_wait_s;
	double gil_acquisitions, gil_switches, gil_forced, gil_longest_wait_s;
	double fairness;      /* Jain's index over the tasks' operations, (0, 1] */
	struct hist *latency; /* per-operation latency; owned by the sample; NULL when there was none */
	struct hist *wait; /* for the lock, one record per take; owned; NULL without a lock, with stats=off */
	struct worker_sample *worker; /* `worker_count` of them, `tasks` or none; owned */
	int worker_count;
};

struct sample {
	struct cell cell;
	unsigned block;     /* which block of the plan, from 0 */
	unsigned order;     /* position in the whole run, from 0 */
	uint64_t seed;      /* what `once --seed` was given: the same for all cells of one block and group */
	uint64_t ops_asked; /* batch: operations asked for */
	enum sample_status status;
	char error[256];  /* one sentence when status is not SAMPLE_OK */
	int is_throttled; /* the cgroup's nr_throttled rose while it ran */

	double wall_s; /* from before the gun to the last operation's end */
	double cpu_s;  /* of all tasks, over the same time */
	double ctx_voluntary, ctx_involuntary;
	double rss_bytes; /* proportional set size, summed over the processes, before they end */
	double setup_s;   /* creating the workers, up to the starting line */
	double companion_cpu_s;
	/* From the gun until the last task had let go of the lock: past a window's end, where an operation ran on.
	 * The time that held and waited fractions are of; NAN without a lock. */
	double gil_span_s;

	int role_count;
	struct role_sample role[ROLE_MAX];
};

const char *sample_status_name(enum sample_status);
/* Frees the histograms and the workers, not the strings; the numbers stay. */
void sample_release(struct sample *);
/* A copy of the numbers, without histograms and workers: it owns nothing. */
struct sample sample_bare(const struct sample *);

#endif
