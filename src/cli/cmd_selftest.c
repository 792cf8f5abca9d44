/*
 * selftest: is the arithmetic right? Known answers, thousands of fake runs whose truth is known, and the simulator
 * against what queueing theory knows exactly.
 *
 * The table reads: what was tried, what must come out (=, at least, at most, ~ for a mean that chance leaves a little
 * off), what came out, of how many cases or replicates, and whether it passed; of a mean also by how much it is off, in
 * per cent and in its own standard errors. A row in brackets only shows what another rule would have done. The same
 * seed gives the same table on every machine.
 */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/util.h>

#include "cli/command.h"
#include "selftest/sim_check.h"
#include "stats/check.h"

/* Rounds: 4000 put the standard error of a coverage near 95 % at 0.35 points. The seed does not matter. */
#define STANDARD_ROUNDS 4000
#define STANDARD_SEED   1
/* With fewer rounds chance alone would fail a row now and then. */
#define LEAST_ROUNDS 2000
#define MOST_ROUNDS  1000000

/* How long the simulator's cases are, as a part of what their tolerance is made for. */
#define FULL_LENGTH 1

enum part { PART_STATISTICS, PART_SIMULATOR, PART_ALL };

static const char *const parts[] = {
	[PART_STATISTICS] = "statistics", [PART_SIMULATOR] = "simulator", [PART_ALL] = "all"};

struct selftest {
	uint64_t seed;
	enum part part;
	unsigned rounds, done, failed;
};

static const struct argp_option options[] = {
	{"part", 'p', "PART", 0, "statistics, simulator or all (default all)", 0},
	{"seed", 's', "N", 0, "seed of fake runs and simulations (default 1)", 0},
	{"rounds", 'r', "N", 0, "fake runs per row (default 4000, at least 2000)", 0},
	{0},
};

/* A whole number, or exit 2. */
static uint64_t whole_number(const char *option, const char *text, uint64_t least, uint64_t most)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);
	errno = 0;
	if (end == text || *end != '\0' || text[0] == '-' || value < least || value > most)
		die_usage("--%s '%s': a whole number from %llu to %llu", option, text,
			  (unsigned long long)least, (unsigned long long)most);
	return value;
}

static enum part part_named(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (strcmp(parts[i], name) == 0)
			return (enum part)i;
	const char *near = nearest_name(name, parts, ARRAY_LEN(parts));
	errno = 0;
	die_usage("--part '%s': statistics, simulator or all%s%s%s", name,
		  near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
}

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct selftest *self = state->input;
	switch (key) {
	case 'p':
		self->part = part_named(value);
		return 0;
	case 's':
		self->seed = whole_number("seed", value, 0, UINT32_MAX);
		return 0;
	case 'r':
		self->rounds = (unsigned)whole_number("rounds", value, LEAST_ROUNDS, MOST_ROUNDS);
		return 0;
	case ARGP_KEY_ARG:
		errno = 0;
		die_usage("selftest takes no argument, and '%s' is one", value);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* "-0.021 %  -0.4 se", where that says something. */
static const char *off_text(const struct check *check, char *text, size_t bytes)
{
	double off = check->seen - check->expected;
	*text = '\0';
	if (check->kind == CHECK_ESTIMATE && check->standard_error > 0)
		snprintf(text, bytes, "%+.3f %% %+5.1f se", 100 * off / check->expected,
			 off / check->standard_error);
	return text;
}

static void print_check(const struct check *check, void *context)
{
	static const char *const relations[] = {[CHECK_EQUAL] = "=",
						[CHECK_AT_LEAST] = ">=",
						[CHECK_AT_MOST] = "<=",
						[CHECK_ESTIMATE] = "~",
						[CHECK_SHOWN] = ""};
	struct selftest *self = context;
	bool has_passed = check_passed(check);
	char off[40];
	self->done++;
	self->failed += !has_passed;
	log_progress_end();
	printf("%-69s %2s %9.6g %9.6g %7u %18s  %s\n", check->what, relations[check->kind], check->expected,
	       check->seen, check->n, off_text(check, off, sizeof(off)),
	       check->kind == CHECK_SHOWN ? "shown"
	       : has_passed               ? "pass"
					  : "FAIL");
	fflush(stdout);
	log_progress("selftest: %u checks done", self->done);
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.doc = "Checks the statistics (known answers, coverage of intervals, false alarms) and the "
		       "simulator "
		       "(against exact answers of queueing theory and of a lock's rules).",
	};
	struct selftest self = {.seed = STANDARD_SEED, .part = PART_ALL, .rounds = STANDARD_ROUNDS};
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &self);

	printf("%-69s    %9s %9s %7s %18s  %s\n", "what", "expected", "seen", "n", "off", "result");
	if (self.part != PART_SIMULATOR) {
		check_oracles(self.seed, print_check, &self);
		check_coverage(self.seed, self.rounds, print_check, &self);
		check_latency(self.seed, self.rounds, print_check, &self);
	}
	if (self.part != PART_STATISTICS)
		check_simulator(self.seed, FULL_LENGTH, host_usable_cpus(), print_check, &self);
	log_progress_end();
	printf("%u checks, %u failed (seed %llu)\n", self.done, self.failed, (unsigned long long)self.seed);
	return self.failed > 0 ? EXIT_MEASUREMENT : EXIT_DONE;
}

const struct command command_selftest = {
	.name = "selftest",
	.arguments = "[--part PART] [--seed N] [--rounds N]",
	.summary =
		"is the arithmetic right? known answers, coverage of intervals, the simulator against theory",
	.rank = 90,
	.run = run,
};
