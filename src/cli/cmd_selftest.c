/*
 * selftest: is the arithmetic right? Known answers, then thousands of fake runs whose truth is known.
 *
 * The table reads: what was tried, what must come out (=, at least, at most), what came out, of how many
 * cases, and whether it passed. A row in brackets only shows what another rule would have done. The same seed
 * gives the same table on every machine.
 */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/log.h>
#include <gilbench/util.h>

#include "cli/command.h"
#include "stats/check.h"

/* Rounds: 4000 put the standard error of a coverage near 95 % at 0.35 points. The seed does not matter. */
#define STANDARD_ROUNDS 4000
#define STANDARD_SEED   1
/* With fewer rounds chance alone would fail a row now and then. */
#define LEAST_ROUNDS 2000
#define MOST_ROUNDS  1000000

struct selftest {
	uint64_t seed;
	unsigned rounds, done, failed;
};

static const struct argp_option options[] = {
	{"seed", 's', "N", 0, "seed of the fake runs (default 1)", 0},
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

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct selftest *self = state->input;
	switch (key) {
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

static void print_check(const struct check *check, void *context)
{
	static const char *const relations[] = {"=", ">=", "<=", ""};
	struct selftest *self = context;
	bool has_passed = check_passed(check);
	self->done++;
	self->failed += !has_passed;
	log_progress_end();
	printf("%-69s %2s %8.5g %8.5g %7u  %s\n", check->what, relations[check->kind], check->expected,
	       check->seen, check->n,
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
		.doc = "Checks the statistics: known answers, coverage of intervals, false alarms.",
	};
	struct selftest self = {.seed = STANDARD_SEED, .rounds = STANDARD_ROUNDS};
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &self);

	printf("%-69s    %8s %8s %7s  %s\n", "what", "expected", "seen", "n", "result");
	check_oracles(self.seed, print_check, &self);
	check_coverage(self.seed, self.rounds, print_check, &self);
	check_latency(self.seed, self.rounds, print_check, &self);
	log_progress_end();
	printf("%u checks, %u failed (seed %llu)\n", self.done, self.failed, (unsigned long long)self.seed);
	return self.failed > 0 ? EXIT_MEASUREMENT : EXIT_DONE;
}

const struct command command_selftest = {
	.name = "selftest",
	.arguments = "[--seed N] [--rounds N]",
	.summary = "is the arithmetic right? known answers, coverage of intervals, false alarms",
	.rank = 90,
	.run = run,
};
