/*
 * profile: what one operation costs, as a list of segments: the input of the virtual-time simulator. Layer 2 (data).
 *
 *	gil 2ms, wait exp(10ms), free lognormal(1ms, 0.5)
 *
 * A segment is a kind and a length. An operation is all segments of its profile, once, in order; a task performs
 * operations one after the other.
 *
 *	word     what                                                    under a GIL          on a loop
 *	gil      interpreted: can be asked to let go at any moment       holds the lock       runs on the loop
 *	hold     native code that keeps the lock                         holds the lock       runs on the loop
 *	free     native code that lets go of the lock                    without it           on the loop, or in its pool
 *	wait     I/O, awaited                                            without it           others run meanwhile
 *	block    a call that blocks in the kernel (time.sleep, fsync)    without it           stops the loop, or is in its pool
 *	client   the answer goes to a client in a process of its own, which computes for so long and asks again:
 *	         the wait is for its next request                        without it           others run meanwhile
 *	         (the answer goes when the last free or block before it ends: what needs the lock in between does not
 *	         keep the client waiting)
 *
 * Lengths: D (constant), exp(D), lognormal(D, s); D is the mean whatever the spread, s the standard deviation of
 * the logarithm. A recorded segment is empirical: it has values instead.
 */
#ifndef GILBENCH_PROFILE_H
#define GILBENCH_PROFILE_H

#include <stddef.h>
#include <stdint.h>

#include <gilbench/sample.h>

enum segment_kind {
	SEGMENT_GIL,
	SEGMENT_HOLD,
	SEGMENT_FREE,
	SEGMENT_WAIT,
	SEGMENT_BLOCK,
	SEGMENT_CLIENT,
	SEGMENT_KINDS
};

enum segment_spread { SPREAD_CONSTANT, SPREAD_EXPONENTIAL, SPREAD_LOGNORMAL, SPREAD_EMPIRICAL };

/* Longest segment: a day. Shortest that is not zero: a nanosecond. */
#define SEGMENT_MAX_NS (86400 * INT64_C(1000000000))

/* Most segments of one profile, most values of an empirical one. The exact values do not matter. */
#define SEGMENT_MAX        64
#define SEGMENT_VALUES_MAX 1024

struct segment {
	enum segment_kind kind;
	enum segment_spread spread;
	int64_t mean_ns; /* 0 .. SEGMENT_MAX_NS */
	double sigma;    /* SPREAD_LOGNORMAL: (0, 4] */
	/* SPREAD_EMPIRICAL: in ascending order, each as likely as the other; owned by the profile. */
	int64_t *values;
	size_t value_count;
};

struct profile {
	struct segment segment[SEGMENT_MAX];
	size_t count;
	/* What a policy that counts ticks sees of interpreted work: nanoseconds per tick. Hand-written: PROFILE_TICK_NS. */
	int64_t tick_ns;
};

/* An opcode of CPython 2.7 that counts takes about so long. */
#define PROFILE_TICK_NS 5

/* One role of a cast, as struct role is for code. */
struct profile_role {
	char name[48];
	char workload[32]; /* "profile" where it was written by hand, else whose recording it is */
	int tasks;
	struct profile profile;
};

struct profile_cast {
	int count;
	struct profile_role role[ROLE_MAX];
};

/* "gil", "wait", ... */
const char *segment_kind_name(enum segment_kind);
/* Segments, separated by commas or +; a kind and its length by a space or a colon. 0; or -1 with one sentence that says
 * in which column (from 1) in `error`, and then nothing needs to be released. Refuses a profile that can never
 * progress (no segment has a length). */
int profile_parse(const char *text, struct profile *, char *error, size_t error_bytes);
/* One spelling, without spaces: "gil:2ms+wait:exp(10ms)". An empirical segment is written as its mean,
 * "wait:recorded(10ms)", which cannot be parsed. Free it. */
char *profile_text(const struct profile *);
/* Mean of all segments of one kind in one operation, in seconds; SEGMENT_KINDS: of all. */
double profile_seconds(const struct profile *, enum segment_kind);
void profile_release(struct profile *);

/* Adds a role: "SEGMENTS" (called "profile", one task until somebody says how many), "NAME = SEGMENTS", or
 * "NAME:COUNT = SEGMENTS". 0; or -1 with one sentence (with the column) in `error`. */
int profile_cast_add(struct profile_cast *, const char *text, char *error, size_t error_bytes);
void profile_cast_release(struct profile_cast *);

#endif
