/*
 * sim-speed: how fast the simulator itself is, for scripts/bench-sim.sh. Not in the help, for nobody types it.
 *
 *	gilbench sim-speed MODEL CORES SECONDS PROFILE    one simulation of so many virtual seconds
 *	gilbench sim-speed --pairs < PAIRS                medians and ratio of what two programs measured by turns
 *
 * The first prints one line, `events operations seconds rss_bytes`: what was simulated, and what it took of processor
 * time (it is one thread that never waits, and neighbours slow it down less than they do the clock) and, at most, of
 * memory. Every cost is 0 and the lock goes from one task to the next in the order of arrival,
 * nobody being asked for it: a FIFO resource as other simulators have it.
 *
 * The second reads a line per pair, this simulator's rate and the other's, and prints a line for each of the two and
 * one for the ratio: the median and its 95 % interval.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <gilbench/clock.h>
#include <gilbench/param.h>
#include <gilbench/sim.h>
#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "cli/command.h"

/* One is woken at a time, and nobody waits so long that it asks for the lock. */
#define POLICY "fifo,primitive=per-waiter,interval=60s"

#define DAY_S 86400

/* Most pairs. The exact value does not matter. */
#define PAIRS_MAX 1000

enum { KEY_PAIRS = 0x100 };

enum { MODEL, CORES, SECONDS, PROFILE, WORDS };

struct speed {
	bool is_pairs;
	const char *word[WORDS];
	int count;
};

static const struct argp_option options[] = {
	{"pairs", KEY_PAIRS, NULL, 0, "medians and ratio of pairs of numbers on standard input", 0},
	{0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct speed *speed = state->input;
	errno = 0;
	switch (key) {
	case KEY_PAIRS:
		speed->is_pairs = true;
		return 0;
	case ARGP_KEY_ARG:
		if (speed->count == WORDS)
			die_usage("sim-speed takes MODEL CORES SECONDS PROFILE, and '%s' is one too many",
				  text);
		speed->word[speed->count++] = text;
		return 0;
	case ARGP_KEY_END:
		if (speed->count != (speed->is_pairs ? 0 : WORDS))
			die_usage("sim-speed takes MODEL CORES SECONDS PROFILE, or --pairs alone");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static double number(const char *what, const char *text, double least, double most)
{
	double value;
	if (param_number(text, &value) != 0 || !(value >= least && value <= most))
		die_usage("%s must be a number from %g to %g, not '%s'", what, least, most, text);
	return value;
}

static struct costs no_costs(void)
{
	struct costs costs;
	costs_standard(&costs);
	costs.switch_ns = costs.wakeup_ns = costs.handoff_ns = costs.poll_ns = 0;
	costs.free_factor = 1;
	return costs;
}

static double processor_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / NS_PER_S;
}

static double rss_bytes(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_maxrss * 1024;
}

static void simulate(const char *const word[WORDS])
{
	char error[256];
	struct profile_cast cast = {0};
	struct simulation simulation = {.cast = &cast, .costs = no_costs(), .kind = CELL_WINDOW, .seed = 1};
	struct sample sample = {0};
	struct sim_counts counts;
	simulation.cores = (int)number("CORES", word[CORES], 1, SIM_CORES_MAX);
	simulation.window_ns = (uint64_t)(number("SECONDS", word[SECONDS], 1e-9, DAY_S) * NS_PER_S);
	if (sim_shape_parse(word[MODEL], &simulation.shape, error, sizeof(error)) != 0 ||
	    profile_cast_add(&cast, word[PROFILE], error, sizeof(error)) != 0 ||
	    gil_policy_parse(POLICY, &simulation.policy, error, sizeof(error)) != 0)
		die_usage("%s", error);
	double begin_s = processor_s();
	if (sim_run(&simulation, &sample, &counts) != 0)
		die("%s", sample.error);
	double seconds = processor_s() - begin_s;
	printf("%llu %llu %.6f %.0f\n", (unsigned long long)counts.events,
	       (unsigned long long)sample.role[0].ops, seconds, rss_bytes());
	sample_release(&sample);
	profile_cast_release(&cast);
}

static void print_interval(const struct interval *interval)
{
	printf("%.6g %.6g %.6g\n", interval->mid, interval->lo, interval->hi);
}

static void compare(void)
{
	double here[PAIRS_MAX], there[PAIRS_MAX];
	size_t count = 0;
	while (count < PAIRS_MAX && scanf("%lf %lf", &here[count], &there[count]) == 2)
		count++;
	errno = 0;
	if (count == 0)
		die_usage("--pairs reads two numbers a line from standard input, and there were none");
	struct interval lines[] = {median_interval(here, count), median_interval(there, count),
				   ratio_interval(here, there, count)};
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		print_interval(&lines[i]);
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {.options = options,
					 .parser = parse,
					 .args_doc = "MODEL CORES SECONDS PROFILE",
					 .doc = "How fast the simulator is."};
	struct speed speed = {0};
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &speed);
	if (speed.is_pairs)
		compare();
	else
		simulate(speed.word);
	return EXIT_DONE;
}

const struct command command_sim_speed = {
	.name = "sim-speed",
	.arguments = "MODEL CORES SECONDS PROFILE",
	.summary = NULL,
	.rank = 1000,
	.run = run,
};
