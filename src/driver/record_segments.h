/*
 * record_segments: from events to the segments of a profile. Private to src/driver.
 *
 *	struct recording timed, counted;
 *	recording_read(&ring, &timed);
 *	recording_profile(&timed, &counted, &facts, &profile, error, sizeof(error));
 *	recording_release(&timed);
 */
#ifndef GILBENCH_DRIVER_RECORD_SEGMENTS_H
#define GILBENCH_DRIVER_RECORD_SEGMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gilbench/profile.h>
#include <gilbench/trace.h>

enum stretch_kind {
	STRETCH_HELD,    /* has the lock */
	STRETCH_CALL,    /* a call that computes */
	STRETCH_BLOCK,   /* a call that waits in the kernel */
	STRETCH_RECEIVE, /* a call that waits for a descriptor that it names */
	STRETCH_WAIT,    /* waits, for a time or a descriptor */
	STRETCH_RELEASE, /* lets the lock go, and takes it again at once */
	STRETCH_KINDS
};

/* What a task did without a break. */
struct stretch {
	enum stretch_kind kind;
	int64_t ns;
	unsigned ticks; /* of checkpoints, where they were counted */
};

/* The stretches of whole operations, one after the other. */
struct recording {
	struct stretch *stretch;
	size_t *first; /* of each operation, and the end of the last: ops + 1 */
	size_t count, ops;
	bool needs_others; /* waits for what another task does, or enters critical sections */
};

/* What a sample says beside its events. */
struct record_facts {
	bool has_client;
	/* Of one operation: with all that lies between, the task's processor time, its companions'. */
	double op_s, cpu_s, client_s;
	/* They shared one CPU, and each came to it by a switch that took so long; 0: they did not. */
	double switch_s;
};

/* At most RECORD_OPS_MAX operations. */
void recording_read(const struct trace_ring *, struct recording *);
void recording_release(struct recording *);
/* Do operations differ by more than noise? */
bool recording_varies(const struct recording *);
/* `counted`: the same work where ticks were counted. 0; or -1 with a sentence on what cannot be described. */
int recording_profile(const struct recording *timed, const struct recording *counted,
		      const struct record_facts *, struct profile *, char *error, size_t error_bytes);

#endif
