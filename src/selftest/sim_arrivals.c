/*
 * sim_arrivals: operations that are due at random moments, whoever is free to do them: open queues.
 *
 * An operation's latency counts from when it was due, so its mean is the wait before the lock and the work under it,
 * whether it waited in front of busy tasks or of the lock: both are first come, first served.
 */
#include <stdio.h>

#include <gilbench/queueing.h>
#include <gilbench/util.h>

#include "selftest/sim_case.h"

#define SERVICE_S 1e-3

void check_arrivals(struct sim_checks *checks)
{
	static const struct {
		const char *what, *segments, *policy;
		double rate_per_s, arrivals;
		double (*wait)(double rate_per_s, double service_s);
		int tasks;
		double turns; /* how far off by itself, as a share */
	} cases[] = {
		{"response at half load, constant (M/D/1), s", "hold 1ms", "fifo", 500, 3e6,
		 queueing_md1_wait, 12, 0},
		{"response at half load, exponential (M/M/1), s", "hold exp(1ms)", "fifo", 500, 6e6,
		 queueing_mm1_wait, 12, 0},
		{"response at 0.7 load, constant (M/D/1), s", "hold 1ms", "fifo", 700, 6e6, queueing_md1_wait,
		 12, 0},
		/* Turns of a hundredth are still 0.18 % nearer to first come, first served (of a fiftieth 0.37, of a
		 * twentieth 0.88, of a tenth 1.71 %: a straight line through the limit of sharing). */
		{"response at 0.3 load, shared in turns of 1/100 (M/D/1-PS), s", "gil 1ms",
		 "fifo,interval=10us", 300, 3e5, NULL, 40, 0.0018},
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		double rate = cases[i].rate_per_s;
		struct sim_case c = {.policy = cases[i].policy,
				     .figure = figure_latency,
				     .kind = CHECK_ESTIMATE,
				     .rate_per_s = rate,
				     .window_s = cases[i].arrivals / rate,
				     .warmup_s = 0.2};
		snprintf(c.what, sizeof(c.what), "%s", cases[i].what);
		snprintf(c.role[0], sizeof(c.role[0]), "task:%d = %s", cases[i].tasks, cases[i].segments);
		c.expected = cases[i].wait != NULL ? SERVICE_S + cases[i].wait(rate, SERVICE_S)
						   : queueing_sharing_response(rate, SERVICE_S, SERVICE_S);
		c.expected *= 1 - cases[i].turns;
		case_run(checks, &c);
	}
}
