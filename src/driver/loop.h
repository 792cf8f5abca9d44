/*
 * loop: what the driver's files share. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_LOOP_H
#define GILBENCH_DRIVER_LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gilbench/driver.h>

/* What is known of a cell beside the plan. */
struct pace {
	double ops_per_s;  /* of the fastest probe: what operations are planned by; 0: not known */
	double s_per_op;   /* of all probes together: what time is planned by */
	double overhead_s; /* a sample's length beside its operations: process, set-up, check */
	double spent_s;    /* on its samples in this invocation */
	unsigned taken;    /* samples in this invocation */
	double last_s;     /* the latest sample or probe, all in all */
	bool is_out;       /* unsupported or hung: asking again would only cost time */
	bool has_failed;   /* said once already */
};

struct loop {
	struct driver *driver;
	struct plan *plan;
	struct pace *pace; /* one per cell */
	unsigned *blocks;  /* per group: blocks it has taken part in */
	bool *has_sample;  /* [cell * block_limit + block] */
	unsigned block_limit;
	double started_s;
	size_t room; /* of driver->samples */
};

double loop_now_s(const struct loop *);
/* Seconds since the run began, a resumed run's earlier parts included. */
double loop_elapsed_s(const struct loop *);
/* What a sample of this cell will take: measured if it was, else calibrated. */
double loop_expected_s(const struct loop *, size_t cell);
/* Take one sample; `elapsed_s` (may be NULL) is all it took. 0 or -EINTR. Not recorded. */
int loop_execute(struct loop *, size_t cell, unsigned block, uint64_t ops, struct sample *,
		 double *elapsed_s);
/* Keep a sample: on disk, for the hook, in memory. Takes it over. 0 or -errno of the disk. */
int loop_record(struct loop *, size_t cell, unsigned block, struct sample *);
bool loop_has_sample(const struct loop *, size_t cell, unsigned block);

/* Which groups take part in the next block: see budget.c. */
void choose_groups(const struct loop *, bool *is_active);
/* Has sampling of every group ended for the sake of the budget? Asked before each sample. */
bool is_past_budget(const struct loop *, size_t next_cell);

/* A sentence for the manifest and the screen. */
void loop_warn(struct plan *, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
