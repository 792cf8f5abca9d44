/*
 * check_coverage: does a 95 % interval hold the truth 95 times in 100, the way it is really used? See
 * check.h.
 *
 * A round is a whole fake run of one group (fake.h): blocks are added until the real stopping rule ends it or
 * the most blocks are reached, and then the real row arithmetic is asked for its intervals. Counted is how
 * often they hold the truth. The scale of each noise is where stopping is a close call at 2 % precision
 * (stopping at once or never is harmless), found by trying scales from 0.1 % to 5 %.
 *
 * Drift makes the median wall time of a run a moving target, so there only the speed-up is counted.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "stats/check.h"
#include "stats/fake.h"
#include "stats/precision.h"

#define PRECISION 0.02
/* What is promised of every interval, early stopping included; the intervals alone promise 0.95. */
#define PROMISED 0.93
/* --fast, the default, --rigorous. */
enum { BLOCKS_FAST = 6, BLOCKS_STANDARD = 12, BLOCKS_RIGOROUS = FAKE_BLOCKS };

/* One fake run. */
struct outcome {
	unsigned blocks;
	struct interval wall, speedup;
	double floor;
};

static bool holds(const struct interval *interval, double truth)
{
	return interval->lo <= truth && truth <= interval->hi;
}

static void read_outcome(const struct sample *samples, struct outcome *out)
{
	double wall[FAKE_BLOCKS], rate[FAKE_BLOCKS], seq[FAKE_BLOCKS], twin[FAKE_BLOCKS];
	for (unsigned b = 0; b < out->blocks; b++) {
		const struct sample *block = &samples[(size_t)b * FAKE_CELLS];
		seq[b] = block[0].role[0].throughput_per_s;
		wall[b] = block[1].wall_s;
		rate[b] = block[1].role[0].throughput_per_s;
		twin[b] = block[2].role[0].throughput_per_s;
	}
	out->wall = median_interval(wall, out->blocks);
	out->speedup = ratio_interval(rate, seq, out->blocks);
	out->floor = noise_floor(twin, seq, out->blocks);
}

static void run_once(const struct fake *fake, gsl_rng *random, unsigned most, double miss,
		     struct sample *samples, struct outcome *out)
{
	out->blocks = 0;
	do {
		fake_block(fake, random, out->blocks, &samples[(size_t)out->blocks * FAKE_CELLS]);
		out->blocks++;
	} while (out->blocks < most &&
		 !(is_look(out->blocks) && group_is_precise_at(samples, (size_t)out->blocks * FAKE_CELLS,
							       fake_cell(), PRECISION, miss)));
	read_outcome(samples, out);
}

/* How often, over the rounds. */
struct tally {
	double wall, speedup;                /* interval holds the truth */
	double faster, slower, excludes_one; /* verdicts; and without regard to the floor */
};

static void run_rounds(const struct fake *fake, uint64_t seed, unsigned rounds, unsigned most, double miss,
		       struct tally *t)
{
	gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2);
	gsl_rng_set(random, seed);
	struct sample *samples = xcalloc((size_t)FAKE_BLOCKS * FAKE_CELLS, sizeof(*samples));
	*t = (struct tally){0};
	for (unsigned i = 0; i < rounds; i++) {
		struct outcome out;
		run_once(fake, random, most, miss, samples, &out);
		enum verdict verdict = ratio_verdict(&out.speedup, out.floor);
		t->wall += holds(&out.wall, fake_true_wall(fake)) / (double)rounds;
		t->speedup += holds(&out.speedup, fake_true_speedup(fake)) / (double)rounds;
		t->faster += (verdict == VERDICT_FASTER) / (double)rounds;
		t->slower += (verdict == VERDICT_SLOWER) / (double)rounds;
		t->excludes_one += !holds(&out.speedup, 1) / (double)rounds;
	}
	free(samples);
	gsl_rng_free(random);
}

static const struct scenario {
	const char *name;
	struct fake fake;
} scenarios[] = {
	{"lognormal", {fake_lognormal, 0.007, false, 0, 1.9}},
	{"lognormal, quiet seq", {fake_lognormal, 0.015, true, 0, 1.9}},
	{"two exponentials", {fake_exponential, 0.005, false, 0, 1.9}},
	{"two exponentials, quiet seq", {fake_exponential, 0.03, true, 0, 1.9}},
	{"outliers", {fake_outliers, 0.007, false, 0, 1.9}},
	{"outliers, quiet seq", {fake_outliers, 0.012, true, 0, 1.9}},
	{"two modes", {fake_two_modes, 0.015, false, 0, 1.9}},
	{"two modes, quiet seq", {fake_two_modes, 0.03, true, 0, 1.9}},
	{"lognormal, machine slows by 20 %", {fake_lognormal, 0.01, false, 0.2, 1.9}},
	{"two exponentials, slows by 20 %", {fake_exponential, 0.005, false, 0.2, 1.9}},
};

static void report_rate(const char *name, const char *what, enum check_kind kind, double expected,
			double seen, unsigned rounds, check_report *report, void *context)
{
	struct check check = {.kind = kind, .expected = expected, .seen = seen, .n = rounds};
	snprintf(check.what, sizeof(check.what), "%s: %s", what, name);
	report(&check, context);
}

static void check_scenario(const struct scenario *s, uint64_t seed, unsigned rounds, unsigned most,
			   check_report *report, void *context)
{
	struct tally t;
	char what[40];
	run_rounds(&s->fake, seed, rounds, most, STATS_STOP_MISS, &t);
	if (s->fake.drift <= 0) {
		snprintf(what, sizeof(what), "median covers, <= %u blocks", most);
		report_rate(s->name, what, CHECK_AT_LEAST, PROMISED, t.wall, rounds, report, context);
	}
	snprintf(what, sizeof(what), "speed-up covers, <= %u blocks", most);
	report_rate(s->name, what, CHECK_AT_LEAST, PROMISED, t.speedup, rounds, report, context);
}

/* Why stopping is judged on a wider interval: the same without that, for comparison. */
static void show_naive_stopping(uint64_t seed, unsigned rounds, check_report *report, void *context)
{
	const struct fake fake = {fake_two_modes, 0.03, true, 0, 1.9};
	struct tally t;
	run_rounds(&fake, seed, rounds, BLOCKS_RIGOROUS, STATS_MISS, &t);
	report_rate("two modes, quiet seq", "(had we stopped on 95 %)", CHECK_SHOWN, PROMISED, t.wall, rounds,
		    report, context);
}

/* The same cell twice under two names: how often is a difference claimed? And is a real one found? */
static void check_verdicts(uint64_t seed, unsigned rounds, check_report *report, void *context)
{
	const struct scenario same[] = {
		{"lognormal", {fake_lognormal, 0.007, false, 0, 1}},
		{"two exponentials", {fake_exponential, 0.01, false, 0, 1}},
		{"two modes", {fake_two_modes, 0.015, false, 0, 1}},
		{"lognormal, machine slows by 20 %", {fake_lognormal, 0.01, false, 0.2, 1}},
	};
	const struct fake different = {fake_lognormal, 0.01, false, 0.2, 1.1};
	struct tally t;
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		run_rounds(&same[i].fake, seed + i, rounds, BLOCKS_STANDARD, STATS_STOP_MISS, &t);
		report_rate(same[i].name, "A/A: interval without 1", CHECK_AT_MOST, 1 - PROMISED,
			    t.excludes_one, rounds, report, context);
		report_rate(same[i].name, "A/A: called a difference", CHECK_AT_MOST, STATS_MISS,
			    t.faster + t.slower, rounds, report, context);
	}
	run_rounds(&different, seed, rounds, BLOCKS_STANDARD, STATS_STOP_MISS, &t);
	report_rate("lognormal, machine slows by 20 %", "10 % faster, and called so", CHECK_AT_LEAST, 0.9,
		    t.faster, rounds, report, context);
}

void check_coverage(uint64_t seed, unsigned rounds, check_report *report, void *context)
{
	static const unsigned mosts[] = {BLOCKS_FAST, BLOCKS_STANDARD, BLOCKS_RIGOROUS};
	for (size_t m = 0; m < ARRAY_LEN(mosts); m++)
		for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
			check_scenario(&scenarios[i], seed + 100 * m + i, rounds, mosts[m], report, context);
	show_naive_stopping(seed, rounds, report, context);
	check_verdicts(seed + 1000, rounds, report, context);
}

int check_passed(const struct check *check)
{
	switch (check->kind) {
	case CHECK_EQUAL:
		return fabs(check->seen - check->expected) <= check->tolerance;
	case CHECK_ESTIMATE:
		return fabs(check->seen - check->expected) <=
		       fmin(check->tolerance, CHECK_ERRORS * check->standard_error);
	case CHECK_AT_LEAST:
		return check->seen >= check->expected;
	case CHECK_AT_MOST:
		return check->seen <= check->expected;
	case CHECK_SHOWN:
		break;
	}
	return 1;
}
