/*
 * check_latency: how often a bootstrap interval of a latency percentile holds the truth. See check.h.
 *
 * The hardest case: all operations of a process take alike, and processes differ, so the percentile rests on
 * as many independent values as there are samples, however many operations were timed. What comes out is
 * shown and not judged: resampling cannot show what never occurred, and 95 % is not promised (bootstrap.c).
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/clock.h>
#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "stats/check.h"
#include "stats/fake.h"

/* Operations of a process: enough to fill a rank. The exact value does not matter. */
#define OPERATIONS 20
/* Spread of the processes; buckets are 1.6 % wide and must not be what is seen. */
#define SPREAD 0.2
/* A round costs a hundred times one of check_coverage. */
#define ROUNDS_SHARE 4

static void draw_process(struct hist *hist, gsl_rng *random)
{
	double ns = fake_lognormal(gsl_rng_uniform_pos(random), SPREAD) * NS_PER_MS;
	hist_reset(hist);
	for (int i = 0; i < OPERATIONS; i++)
		hist_record(hist, (uint64_t)ns);
}

static double coverage(unsigned samples, double q, unsigned rounds, gsl_rng *random)
{
	struct hist *hists = xcalloc(samples, sizeof(*hists));
	const struct hist **all = xcalloc(samples, sizeof(const struct hist *));
	double truth_ns = fake_lognormal(q, SPREAD) * NS_PER_MS, held = 0;
	for (unsigned round = 0; round < rounds; round++) {
		for (unsigned i = 0; i < samples; i++) {
			draw_process(&hists[i], random);
			all[i] = &hists[i];
		}
		struct interval found = quantile_interval(all, samples, q, round);
		held += found.lo <= truth_ns && truth_ns <= found.hi;
	}
	free(all);
	free(hists);
	return held / rounds;
}

void check_latency(uint64_t seed, unsigned rounds, check_report *report, void *context)
{
	static const struct {
		unsigned samples;
		double q;
	} cases[] = {{6, 0.5}, {12, 0.5}, {48, 0.5}, {12, 0.9}, {48, 0.9}};
	gsl_rng *random = gsl_rng_alloc(gsl_rng_taus2);
	gsl_rng_set(random, seed);
	rounds /= ROUNDS_SHARE;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct check check = {.kind = CHECK_SHOWN, .expected = 1 - STATS_MISS, .n = rounds};
		check.seen = coverage(cases[i].samples, cases[i].q, rounds, random);
		snprintf(check.what, sizeof(check.what), "(bootstrap of latency p%.0f covers, %u samples)",
			 cases[i].q * 100, cases[i].samples);
		report(&check, context);
	}
	gsl_rng_free(random);
}
