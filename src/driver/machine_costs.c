/*
 * machine_costs: the costs of virtual time, measured by real models and the real lock. See calibration.h.
 *
 * The simulator stands for the live models, so what it is charged with is what those pay: costs_cells.c, wakes.c. In
 * rounds, one cost after the other, for a neighbour who comes and goes should not fall on one cost alone; the median of
 * the rounds counts.
 *
 * A wake-up takes the longer, the longer a core was idle. handoff is that of a core that has been idle for four
 * milliseconds; what shorter times are of it, and what a signal costs whoever gives it, are ratios within one round:
 * so a host that is slower in one round than in another does not show in them.
 *
 * What it does not know: how costs change with the number of cores (cold caches, other sockets).
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gilbench/calibration.h>
#include <gilbench/clock.h>
#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "driver/costs_cells.h"
#include "driver/wakes.h"

/* Odd, so that a median is one of them; enough that two may be spoilt. */
#define ROUNDS 5

/* On a busy machine rounds take long: these many at least, and no further one after so long. */
#define ROUNDS_LEAST  3
#define ROUNDS_MOST_S 9.0

/* A median this many times the lowest round was spoilt by neighbours: a host in two moods makes a factor of two. */
#define DISTURBED_FACTOR 3

/* How long the sleeper's core is idle: within each of cost_depth_ns, well inside; the last short of an interval. */
static const uint64_t idle_ns[COST_DEPTHS] = {100 * NS_PER_US, 400 * NS_PER_US, 1400 * NS_PER_US,
					      4 * NS_PER_MS};

/* The default switch interval: what waits with the default slack. */
#define SLEEP_NS (5 * NS_PER_MS)

static const char *const how[COST_FREE] = {
	[COST_SWITCH] = "a token between two threads on one CPU: processor time per switch",
	[COST_WAKEUP] = "sleeps of 5 ms beside a busy thread: how late, and 50 us of slack",
	[COST_HANDOFF] = "a drop of the lock, until its waiter runs on a CPU idle for 4 ms",
	[COST_POLL] = "16 tasks that wait some 20 us at a time on a loop: processor time per wait",
	[COST_SLICE] = "two busy threads on one CPU: a turn without a gap in the clock",
};

/* ---- rounds ---- */

/* What the rounds of one cost gave. */
struct rounds {
	double value_ns[ROUNDS], sigma[ROUNDS];
	int done;
};

struct measuring {
	struct calibration_ways ways;
	bool has_two_cpus;
	uint64_t seed;
	struct rounds rounds[COST_FREE];
	double depth[COST_DEPTHS][ROUNDS], signal[ROUNDS]; /* with the rounds of COST_HANDOFF */
};

static void take_round(struct measuring *m, enum cost cost, const struct cost_round *round,
		       struct cost_figure *figure)
{
	struct rounds *rounds = &m->rounds[cost];
	if (!isfinite(round->value_ns)) {
		memcpy(figure->reason, round->reason, sizeof(figure->reason));
		return;
	}
	rounds->value_ns[rounds->done] = round->value_ns;
	rounds->sigma[rounds->done++] = round->sigma;
	figure->count += round->count;
}

/* Every depth, one after the other. 0, or -errno. */
static int run_wakes(struct measuring *m, struct cost_round *round)
{
	struct wakes wakes[COST_DEPTHS];
	int place = m->rounds[COST_HANDOFF].done;
	for (int i = 0; i < COST_DEPTHS; i++) {
		int status = m->ways.wakes(m->ways.context, false, idle_ns[i], &wakes[i]);
		if (status != 0)
			return status;
	}
	const struct wakes *deep = &wakes[COST_DEPTHS - 1];
	for (int i = 0; i < COST_DEPTHS; i++)
		m->depth[i][place] = wakes[i].median_ns / deep->median_ns;
	m->signal[place] = deep->signal_ns / deep->median_ns;
	*round = (struct cost_round){
		.value_ns = deep->median_ns, .sigma = deep->sigma, .count = COST_DEPTHS * deep->count};
	return 0;
}

static int run_sleeps(struct measuring *m, struct cost_round *round)
{
	struct wakes wakes;
	int status = m->ways.wakes(m->ways.context, true, SLEEP_NS, &wakes);
	if (status != 0)
		return status;
	*round = (struct cost_round){
		.value_ns = wakes.median_ns + COST_SLACK_NS, .sigma = wakes.sigma, .count = wakes.count};
	return 0;
}

static void measure_wakes(struct measuring *m, enum cost cost, struct cost_round *round)
{
	bool is_impossible = cost == COST_HANDOFF && !m->has_two_cpus;
	*round = (struct cost_round){.value_ns = (double)NAN};
	int status = is_impossible ? 0 : cost == COST_HANDOFF ? run_wakes(m, round) : run_sleeps(m, round);
	if (is_impossible)
		snprintf(round->reason, sizeof(round->reason), "it needs two usable CPUs, and there is one");
	else if (status != 0)
		snprintf(round->reason, sizeof(round->reason), "two threads could not be run: %s",
			 strerror(-status));
}

/* 0 or -EINTR. */
static int measure_once(struct measuring *m, enum cost cost, struct cost_figure *figure)
{
	struct cost_round round;
	int status = 0;
	if (cost == COST_HANDOFF || cost == COST_WAKEUP)
		measure_wakes(m, cost, &round);
	else
		status = costs_cell_run(cost, ++m->seed, &m->ways, &round);
	if (status == 0)
		take_round(m, cost, &round, figure);
	return status == 0 && driver_is_stopped() ? -EINTR : status;
}

static int measure_rounds(struct measuring *m, struct calibration *to)
{
	uint64_t began_ns = clock_now_ns();
	for (int round = 0; round < ROUNDS; round++) {
		if (round >= ROUNDS_LEAST && clock_seconds(clock_now_ns() - began_ns) > ROUNDS_MOST_S)
			break;
		for (enum cost cost = 0; cost < COST_FREE; cost++) {
			log_progress("round %d of %d: %s", round + 1, ROUNDS, cost_name(cost));
			int status = measure_once(m, cost, &to->figure[cost]);
			if (status != 0)
				return status;
		}
	}
	log_progress_end();
	return 0;
}

/* ---- what they say together ---- */

/* Three digits: the rounds agree in no more. */
static int64_t rounded(double ns)
{
	double step = ns >= 1 ? pow(10, floor(log10(ns)) - 2) : 1;
	return step > 1 ? (int64_t)(round(ns / step) * step) : (int64_t)round(ns);
}

static void take_range(struct cost_figure *figure, const struct rounds *rounds)
{
	figure->lowest_ns = figure->highest_ns = rounds->value_ns[0];
	for (int i = 1; i < rounds->done; i++) {
		figure->lowest_ns = fmin(figure->lowest_ns, rounds->value_ns[i]);
		figure->highest_ns = fmax(figure->highest_ns, rounds->value_ns[i]);
	}
}

/* The standard value is nearer to the truth than a neighbour's time slice. */
static bool was_disturbed(struct cost_figure *figure, double middle_ns)
{
	if (middle_ns <= DISTURBED_FACTOR * figure->lowest_ns)
		return false;
	snprintf(figure->reason, sizeof(figure->reason),
		 "others ran: rounds from %.3g us to %.3g us; calibrate again when they have ended",
		 figure->lowest_ns / 1e3, figure->highest_ns / 1e3);
	return true;
}

/* A part of a whole, two digits. */
static double part_of(const double *ratios, int count, double most)
{
	return round(100 * fmin(fmax(median(ratios, (size_t)count), 0.01), most)) / 100;
}

static void settle_wakes(struct costs *costs, const struct measuring *m)
{
	int count = m->rounds[COST_HANDOFF].done;
	/* Upwards: what is idle for longer never wakes up sooner, but for the noise. */
	for (int i = COST_DEPTHS - 1; i >= 0; i--)
		costs->depth[i] = part_of(m->depth[i], count, i + 1 < COST_DEPTHS ? costs->depth[i + 1] : 1);
	costs->signal = part_of(m->signal, count, 1);
}

static void settle_spread(struct costs *costs, enum cost cost, const struct measuring *m)
{
	const struct rounds *rounds = &m->rounds[cost];
	double sigma = round(100 * median(rounds->sigma, (size_t)rounds->done)) / 100;
	if (cost == COST_WAKEUP)
		costs->wakeup_sigma = sigma;
	if (cost != COST_HANDOFF)
		return;
	costs->handoff_sigma = sigma;
	settle_wakes(costs, m);
}

/* The median of its rounds; the standard value where they gave none, or one that cannot be. */
static bool settle(struct calibration *to, enum cost cost, const struct measuring *m)
{
	struct cost_figure *figure = &to->figure[cost];
	const struct rounds *rounds = &m->rounds[cost];
	if (rounds->done == 0)
		return false;
	figure->reason[0] = '\0';
	take_range(figure, rounds);
	double middle_ns = median(rounds->value_ns, (size_t)rounds->done);
	if (was_disturbed(figure, middle_ns))
		return false;
	struct costs costs = to->costs;
	*cost_ns(&costs, cost) = rounded(fmin(middle_ns, 0x1p53));
	if (!cost_is_valid(&costs, cost)) {
		snprintf(figure->reason, sizeof(figure->reason), "%.3g s is no cost that a machine has",
			 middle_ns / 1e9);
		return false;
	}
	costs.origin[cost] = COST_MEASURED;
	settle_spread(&costs, cost, m);
	to->costs = costs;
	return true;
}

int calibration_measure(struct calibration *to, const struct calibration_ways *ways, char *error,
			size_t error_bytes)
{
	static const struct calibration_ways real = {.execute = execute_process, .wakes = wakes_measure};
	struct measuring m = {.ways = ways != NULL ? *ways : real, .has_two_cpus = host_usable_cpus() > 1};
	*to = (struct calibration){0};
	costs_standard(&to->costs);
	for (enum cost cost = 0; cost < COST_FREE; cost++)
		to->figure[cost].how = how[cost];
	int status = measure_rounds(&m, to), measured = 0;
	if (status != 0)
		return status;
	for (enum cost cost = 0; cost < COST_FREE; cost++)
		measured += settle(to, cost, &m);
	if (measured > 0)
		return 0;
	snprintf(error, error_bytes, "no cost could be measured: %s", to->figure[COST_SWITCH].reason);
	return -1;
}
