/*
 * summary: samples to rows, one per cell and role. Layer 3 (results).
 *
 * Pure: the same samples give the same rows, in whatever order they came. Rows are sorted by experiment,
 * cast, parameters (numbers as numbers), kind, model (in the order of every table), policy, workers, source,
 * role.
 *
 * Numbers come from the samples that are ok. One that is not makes the row's status; of several, the first of
 * wrong, crashed, timeout, unsupported: a false answer is worse than none. `few` is a row without such a
 * sample but with fewer than were asked for.
 */
#ifndef GILBENCH_SUMMARY_H
#define GILBENCH_SUMMARY_H

#include <stddef.h>

#include <gilbench/sample.h>
#include <gilbench/stats.h>

struct summary_row {
	struct cell cell;
	char role[48], workload[32];
	int workers;        /* this role's tasks */
	const char *status; /* ok wrong crashed timeout unsupported few */
	unsigned samples;   /* that were ok */
	double ops;         /* median per sample */
	struct interval wall_s;
	struct interval throughput_per_s;
	/* Over `seq`, in the same blocks; 1 by definition for `seq` itself; NAN where there is none. */
	struct interval speedup;
	double efficiency; /* speedup / workers */
	/* Medians, of the whole cell (all roles); cores_used is cpu_s / wall_s. */
	double cpu_s, cores_used, ctx_voluntary, ctx_involuntary;
	double lat_p50_s, lat_p90_s, lat_p99_s, lat_max_s; /* of all samples' merged histograms */
	struct interval lat_p50_iv, lat_p99_iv;            /* bootstrap over samples; for charts and claims */
	/* Of the lock: see sample.h. The longest wait is that of all samples, percentiles of their histograms merged. */
	struct interval gil_held_fraction, gil_waited_fraction;
	double gil_wait_s, gil_acquisitions, gil_switches, gil_forced, gil_longest_wait_s;
	struct interval gil_wait_p50_s, gil_wait_p99_s; /* bootstrap over samples, as latencies' */
	double gil_switches_per_s, gil_forced_per_s;    /* not columns of summary.csv */
	/* How often a task had to wait until others had had the lock, per operation (of clients: per answer), and how long
	 * each time. Medians of the samples' own ratios. */
	struct interval gil_switches_per_op, gil_wait_per_switch_s;
	struct interval fairness;
	struct interval rss_bytes, setup_s; /* of the whole cell */
	double lost_ops;                    /* mean per sample, so that 0 means none was ever lost */
	double companion_cpu_s;             /* not a column of summary.csv */
	double noise_floor; /* of its group (the largest of its twins' roles); NAN when not known */
};

struct summary {
	struct summary_row *rows;
	size_t count;
	double noise_floor; /* of the run: the largest of its groups; NAN when none is known */
};

/* `min_samples` decides `few`. Twins take part in the noise floor only. Release with summary_release. */
void summarise(const struct sample *, size_t count, unsigned min_samples, struct summary *);
void summary_release(struct summary *);
/* The whole summary.csv, header included: RFC 4180 with \n, numbers as the C locale writes them. Free it. */
char *summary_csv(const struct summary *);
/* Row of a cell given by text, or NULL. NULL strings and workers 0 match anything; `params_word` is one of
 * the space-separated words of the parameters ("ms=5"); first match wins. */
const struct summary_row *summary_find(const struct summary *, const char *experiment, const char *workload,
				       const char *params_word, const char *model, int workers);

#endif
