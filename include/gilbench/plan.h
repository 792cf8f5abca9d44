/*
 * plan: what one invocation will measure, in which order. Layer 2 (data); src/plan/ makes it.
 *
 * Cells are sampled in blocks: every cell once per block, in an order drawn anew for each block from the
 * seed, so that drift of the machine hits all cells alike, and so that a resumed run goes on in the same
 * order.
 */
#ifndef GILBENCH_PLAN_H
#define GILBENCH_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gilbench/cell.h>
#include <gilbench/workload.h>

struct measure_options {
	unsigned min_samples; /* 6: the least with a 95 % interval */
	unsigned max_samples; /* --fast 6, default 12, --rigorous 48 */
	double precision;     /* 0.02: stop a group when every interval is narrower (relative full width) */
	double min_time_s;    /* 0.1: least length of a sample */
	double budget_s;      /* 0: none */
	double warmup_s;      /* 0 */
	uint64_t ops;         /* 0: calibrated per cell */
	double window_s;      /* 0: batch */
	uint64_t seed;
	char *affinity; /* NULL, or a CPU list that every sample is pinned to */
};

/* When a group is sampled enough, where it is not its precision that decides: at least so many samples, and then
 * until each of its cells has done so many operations of its first role, or has been watched for so long. */
struct goal {
	unsigned samples; /* 0: no goal, precision decides */
	uint64_t ops;
	double seconds; /* of windows */
};

/* Cells that are sampled in the same blocks. As a rule they share one baseline: an experiment's cast and
 * parameters. Whoever compares different programs puts those that do the same into one group, whatever the
 * parameters that this takes. */
struct group {
	const char *experiment, *cast, *params;
	const char *name; /* NULL, or what its maker calls it */
	struct goal goal;
	enum cell_kind kind;
	enum work_class class;
	int rank;     /* order of giving way, see experiment.h */
	int baseline; /* index of its baseline cell (`seq`, or the first cell of a window group) */
	int twin;     /* index of the baseline's A/A twin, or -1 */
	bool is_stand_in;
};

struct plan_cell {
	struct cell cell;
	int group;
	uint64_t ops;   /* per sample; 0 until calibrated */
	double seconds; /* expected length of one sample, process start included; 0 until calibrated */
	bool is_oversubscribed; /* more workers than usable CPUs */
};

struct plan {
	struct measure_options options;
	struct plan_cell *cells;
	size_t cell_count;
	struct group *groups;
	size_t group_count;
	char **warnings; /* sentences for the manifest and the screen */
	size_t warning_count;
};

/* The order of one block: a permutation of 0 .. cell_count - 1 that depends on seed and block alone. */
void plan_order(const struct plan *, unsigned block, unsigned *order);
/* The seed that a sample of this cell in this block gets: the same for all cells of a group in a block. */
uint64_t plan_sample_seed(const struct plan *, size_t cell, unsigned block);
void plan_release(struct plan *);

#endif
