/*
 * costs: what a machine takes for the things that no profile says, for the virtual-time simulator. Layer 2 (data).
 *
 * `gilbench doctor --calibrate` measures them and stores them (calibration.h); --cost NAME=VALUE sets one.
 *
 *	switch    processor time that a core needs to go from one task to another
 *	wakeup    how late a task with the kernel's default timer slack (50 us) returns from a timed wait, on a core that
 *	          was idle; on a busy core only the slack is left, and a switch. Waits of tasks have no slack, as in the
 *	          models here: what is left of `wakeup` without 50 us is theirs
 *	handoff   from the signal to a sleeping task until it runs, on a core that has been idle for milliseconds: a waiter
 *	          of a lock, a server whose request came. Its median; it varies (see handoff_sigma), which is what makes
 *	          a lock's race a race, and is less where the core has not slept for long (see depth)
 *	poll      processor time that an event loop needs for each wait that ended, until it runs what waited
 *	slice     how long a task runs on while others want its core
 *	free      factor on interpreted time under the model `free` (free-threaded Python)
 *
 * With switch = wakeup = handoff = 0 nothing is late in models of locks and threads.
 */
#ifndef GILBENCH_COSTS_H
#define GILBENCH_COSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Linux' default timer slack (prctl(2), PR_SET_TIMERSLACK). */
#define COST_SLACK_NS 50000

#define COST_DEPTHS 4
extern const int64_t cost_depth_ns[COST_DEPTHS];

enum cost { COST_SWITCH, COST_WAKEUP, COST_HANDOFF, COST_POLL, COST_SLICE, COST_FREE, COSTS };

/* Where a cost comes from. */
enum cost_origin { COST_ASSUMED, COST_MEASURED, COST_SAID };

struct costs {
	int64_t switch_ns, wakeup_ns, handoff_ns, poll_ns, slice_ns; /* slice_ns > 0; the others may be 0 */
	double free_factor;                                          /* 1 .. 10 */
	double handoff_sigma,
		wakeup_sigma; /* standard deviation of the logarithm, of what is not slack; 0: constant */
	/* What a core needs that has been idle for less than cost_depth_ns[i], as a part of handoff_ns and of what is
	 * not slack of wakeup_ns; the last is 1. A core that has only just gone idle is quickly back: it, or the host
	 * of a guest, still polls. */
	double depth[COST_DEPTHS];
	/* Processor time that whoever wakes a sleeping thread needs for it, as a part of handoff_ns: an interrupt is
	 * sent to the other core, which on a guest means leaving it. */
	double signal;
	enum cost_origin origin[COSTS];
};

/* Standard values, with their reasons: src/data/costs.c. All are COST_ASSUMED. */
void costs_standard(struct costs *);
/* "switch", "wakeup", ... */
const char *cost_name(enum cost);
/* Where its nanoseconds are; NULL for COST_FREE. */
int64_t *cost_ns(struct costs *, enum cost);
/* Is its value one that costs_set would take? */
bool cost_is_valid(const struct costs *, enum cost);
/* "2us"; the factor: "1.08". Free it. */
char *cost_text(const struct costs *, enum cost);
/* "switch=2us", "free=1.10": 0, or -1 with one sentence in `error`. Keeps the spread of the cost that it sets. */
int costs_set(struct costs *, const char *assignment, char *error, size_t error_bytes);
/* "switch=2us wakeup=75us handoff=20us poll=1.5us slice=3ms free=1.08". Free it. */
char *costs_text(const struct costs *);
/* One sentence on where they come from: which were measured here, said, or assumed. Free it. */
char *costs_origin_text(const struct costs *);

#endif
