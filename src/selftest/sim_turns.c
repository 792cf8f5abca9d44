/*
 * sim_turns: an I/O task beside tasks that always compute, and those among themselves, by the rules of each policy.
 *
 * The I/O task lets go for 1 us, in which somebody else has the lock already where waking up costs nothing; that, and
 * 16 us of its own before each release, are its `own` work.
 */
#include <stdio.h>

#include <gilbench/queueing.h>
#include <gilbench/util.h>

#include "selftest/sim_case.h"

#define INTERVAL_S 5e-3
#define OWN_S      17e-6

static const char io_one_release[] = "io:1 = gil 16us + free 1us";
static const char io_two_releases[] = "io:1 = gil 16us + free 1us + gil 16us + free 1us";

static struct sim_case beside(const char *what, int busy, const char *io, const char *policy)
{
	struct sim_case c = {.policy = policy, .figure = figure_second_rate, .kind = CHECK_ESTIMATE};
	snprintf(c.what, sizeof(c.what), "%s, %d busy", what, busy);
	snprintf(c.role[0], sizeof(c.role[0]), "busy:%d = gil 1s", busy);
	snprintf(c.role[1], sizeof(c.role[1]), "%s", io);
	return c;
}

/* In order of arrival every request takes the same time; a window of many has all of them but a part of one. */
static void check_fifo_rates(struct sim_checks *checks)
{
	for (int busy = 1; busy <= 8; busy *= 2)
		for (int releases = 1; releases <= 2; releases++) {
			char what[64];
			snprintf(what, sizeof(what), "requests/s, %d release%s, first come", releases,
				 releases == 1 ? "" : "s");
			struct sim_case c =
				beside(what, busy, releases == 1 ? io_one_release : io_two_releases, "fifo");
			c.expected = queueing_interval_rate(busy, releases, INTERVAL_S, 0, releases * OWN_S);
			c.kind = CHECK_EQUAL;
			c.tolerance = 0.0005 * c.expected;
			c.window_s = 20000 / c.expected;
			case_run(checks, &c);
		}
}

/* One that computes is always the next, whatever the hand-off. */
static void check_every_handoff(struct sim_checks *checks)
{
	static const char *const policies[] = {"py3", "py3,primitive=per-waiter"};
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		struct sim_case c = beside("requests/s, 1 release", 1, io_one_release, policies[i]);
		snprintf(c.what, sizeof(c.what), "requests/s, 1 release, 1 busy, %s", policies[i]);
		c.expected = queueing_interval_rate(1, 1, INTERVAL_S, 0, OWN_S);
		c.kind = CHECK_EQUAL;
		c.tolerance = 0.0005 * c.expected;
		c.window_s = 20000 / c.expected;
		case_run(checks, &c);
	}
}

/* Requests in all replicates: a standard error of 0.12 % of a geometric mean. */
#define REQUESTS 5e5

static void check_random_rates(struct sim_checks *checks)
{
	for (int busy = 2; busy <= 8; busy *= 2) {
		struct sim_case c = beside("requests/s, 2 releases, drawn", busy, io_two_releases, "py3");
		c.is_random = true;
		c.expected = queueing_interval_rate(busy, 2, INTERVAL_S, 0, 2 * OWN_S);
		c.window_s = REQUESTS / 2 / c.expected;
		case_run(checks, &c);
	}
}

static struct sim_case drawn(const char *what, int busy)
{
	struct sim_case c = beside(what, busy, io_one_release, "py3");
	c.is_random = true;
	c.window_s = REQUESTS * queueing_random_wait_mean(busy, INTERVAL_S);
	return c;
}

static void check_waits(struct sim_checks *checks)
{
	static const int intervals[] = {1, 4, 16};
	struct sim_case mean = drawn("mean wait where the next is drawn, s", 4);
	mean.figure = figure_wait;
	mean.expected = queueing_random_wait_mean(4, INTERVAL_S);
	case_run(checks, &mean);
	for (size_t i = 0; i < ARRAY_LEN(intervals); i++) {
		char what[64];
		snprintf(what, sizeof(what), "share of its waits beyond %d interval%s", intervals[i],
			 intervals[i] == 1 ? "" : "s");
		struct sim_case c = drawn(what, 4);
		c.figure = figure_waits_beyond;
		c.at_s = (intervals[i] + 0.5) * INTERVAL_S;
		c.expected = queueing_random_wait_beyond(4, intervals[i]);
		/* A share of 1 % is itself known to a few per cent. */
		c.tolerance = 0.0015;
		c.window_s *= 0.4;
		case_run(checks, &c);
	}
	struct sim_case least = beside("least wait, first come, s", 4, io_one_release, "fifo");
	least.expected = 4 * INTERVAL_S;
	least.kind = CHECK_EQUAL;
	/* Each drop wakes all who wait, whose intervals begin anew; this one's begins when it is back. */
	least.tolerance = 1.5e-6;
	least.figure = figure_least_wait;
	least.window_s = 100;
	case_run(checks, &least);
	struct sim_case most = least;
	snprintf(most.what, sizeof(most.what), "longest wait, first come, s, 4 busy");
	most.figure = figure_most_wait;
	case_run(checks, &most);
}

/*
 * The holder's timer, which ticks every 10 ms: a turn that begins at a tick or just after one lasts 110 ms, for the tick
 * that first sees it does not count. Who was away for very long comes back at any moment of a turn.
 */
static void check_quantum(struct sim_checks *checks)
{
	double turn_s = queueing_quantum_turn(0.1, 0.01).high;
	struct sim_case at_once = beside("wait under a quantum, back at once, s", 4, io_one_release, "ruby");
	at_once.figure = figure_wait;
	at_once.window_s = 1000;
	at_once.warmup_s = 10;
	at_once.kind = CHECK_EQUAL;
	at_once.expected = queueing_quantum_wait(4, turn_s);
	at_once.tolerance = 2 * OWN_S;
	case_run(checks, &at_once);
	struct sim_case late = beside("wait under a quantum, back at random, s", 4,
				      "io:1 = gil 16us + wait exp(20s)", "ruby");
	late.figure = figure_wait;
	late.window_s = 1.5e5;
	late.expected = queueing_quantum_wait_random(4, turn_s);
	case_run(checks, &late);
}

/* Tasks that only compute: equal shares of what the switches leave. */
static void check_shares(struct sim_checks *checks)
{
	static const struct {
		const char *policy, *cost;
		double switch_s;
	} cases[] = {{"fifo", NULL, 0}, {"fifo", "handoff=50us", 50e-6}, {"py3", "handoff=50us", 50e-6}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int busy = 2; busy <= 8; busy *= 2) {
			struct sim_case c = {.policy = cases[i].policy,
					     .cost = cases[i].cost,
					     .figure = figure_first_held,
					     .kind = CHECK_ESTIMATE};
			snprintf(c.what, sizeof(c.what), "share of one of %d busy, %s%s%s", busy,
				 cases[i].policy, cases[i].cost != NULL ? ", " : "",
				 cases[i].cost != NULL ? cases[i].cost : "");
			snprintf(c.role[0], sizeof(c.role[0]), "busy:%d = gil 1s", busy);
			c.expected = queueing_interval_share(busy, INTERVAL_S, cases[i].switch_s);
			c.window_s = 1000;
			c.kind = CHECK_EQUAL;
			/* A window has a turn more or less than an equal share. */
			c.tolerance = 0.001 * c.expected;
			case_run(checks, &c);
		}
}

/* The I/O task comes first, and asks at once: what it waits for is being woken. */
static void check_priority(struct sim_checks *checks)
{
	static const struct {
		const char *cost;
		double handoff_s;
	} cases[] = {{NULL, 0}, {"handoff=20us", 20e-6}};
	/* The busy make each other let go once a second: that costs hand-offs, too, but makes them CPU-bound at all. */
	static const char policy[] = "prio,interval=1s";
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (int busy = 1; busy <= 4; busy *= 4) {
			struct sim_case c = beside(i == 0 ? "requests/s with priority"
							  : "requests/s with priority, hand-offs of 20 us",
						   busy, "io:1 = gil 33us + wait 10ms", policy);
			c.cost = cases[i].cost;
			c.expected = queueing_priority_rate(1, 10e-3, 33e-6, cases[i].handoff_s);
			c.kind = CHECK_EQUAL;
			c.tolerance = 0.0005 * c.expected;
			c.window_s = 200;
			c.warmup_s = 10;
			case_run(checks, &c);
			snprintf(c.what, sizeof(c.what), "share that is left, hand-offs of %.0f us, %d busy",
				 cases[i].handoff_s * 1e6, busy);
			c.figure = figure_held;
			c.expected = queueing_priority_left(1, 10e-3, 33e-6, cases[i].handoff_s,
							    cases[i].handoff_s);
			c.tolerance = 0.0001;
			case_run(checks, &c);
		}
}

void check_turns(struct sim_checks *checks)
{
	check_fifo_rates(checks);
	check_every_handoff(checks);
	check_random_rates(checks);
	check_waits(checks);
	check_quantum(checks);
	check_shares(checks);
	check_priority(checks);
}
