/*
 * sim_handoffs: the convoy. A hand-off that takes as long as what is done under the lock, direct or by barging.
 *
 * Given directly and in order, the lock is nobody's while its heir wakes up: it saturates at 1/(inside + hand-off).
 * Freed at each drop, with one more waiter woken, it goes to whoever comes first, and much of the waking-up is hidden.
 *
 * What a hand-off takes is the cost `handoff`: without spread, the same however long a core was idle, and without a
 * part that the waker pays.
 *
 * No closed form is known to us. The rates are those of another program that knows these two rules and nothing else: 9 ms
 * exponential outside, 1 ms exponential inside, 1 ms constant to wake up, some 4 to 7 million operations each, known to
 * 0.05 %.
 */
#include <stdio.h>

#include <gilbench/queueing.h>
#include <gilbench/util.h>

#include "selftest/sim_case.h"

void check_handoffs(struct sim_checks *checks)
{
	static const struct {
		const char *what, *policy, *cost;
		int tasks;
		double expected;
	} cases[] = {
		{"direct hand-off in 1 ms", "fifo", "handoff=1ms", 4, 361.6},
		{"direct hand-off in 1 ms", "fifo", "handoff=1ms", 8, 497.7},
		{"direct hand-off in 1 ms", "fifo", "handoff=1ms", 16, 499.9},
		{"barging, 1 ms to wake up", "py3,handoff=barging,interval=10s", "handoff=1ms", 4, 368.5},
		{"barging, 1 ms to wake up", "py3,handoff=barging,interval=10s", "handoff=1ms", 8, 579.1},
		{"barging, 1 ms to wake up", "py3,handoff=barging,interval=10s", "handoff=1ms", 16, 618.5},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sim_case c = {.policy = cases[i].policy,
				     .cost = cases[i].cost,
				     .figure = figure_rate,
				     .kind = CHECK_ESTIMATE,
				     .expected = cases[i].expected,
				     .window_s = 1e6 / cases[i].expected};
		snprintf(c.what, sizeof(c.what), "%s, %d tasks", cases[i].what, cases[i].tasks);
		snprintf(c.role[0], sizeof(c.role[0]), "task:%d = wait exp(9ms) + hold exp(1ms)",
			 cases[i].tasks);
		case_run(checks, &c);
	}
}
