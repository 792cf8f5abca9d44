/*
 * fake: see fake.h.
 *
 * Noise is given by its quantile function, so that a draw is Q(u) and the true median is Q(1/2): no second
 * formula to get wrong. The median of a ratio is known in two cases, and only these occur: both sides have
 * the same noise (their log-ratio is symmetric), or one side has none.
 */
#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>

#include <gilbench/util.h>

#include "stats/fake.h"

/* Operations of a sample. The exact value does not matter. */
#define FAKE_OPS 1000

double fake_lognormal(double u, double scale)
{
	return exp(scale * gsl_cdf_ugaussian_Pinv(u));
}

/* Share below x of: four in five exponential with mean 1/2, one in five with mean 5. */
static double mixture_below(double x)
{
	return 1 - 0.8 * exp(-x / 0.5) - 0.2 * exp(-x / 5);
}

/* A mixture has no closed quantile function: halve. 100 is beyond any quantile drawn. */
double fake_exponential(double u, double scale)
{
	double low = 0, high = 100;
	for (int i = 0; i < 40; i++) {
		double middle = (low + high) / 2;
		if (mixture_below(middle) < u)
			low = middle;
		else
			high = middle;
	}
	return 1 + scale * low;
}

double fake_outliers(double u, double scale)
{
	if (u < 0.9)
		return exp(scale * gsl_cdf_ugaussian_Pinv(u / 0.9));
	return 1.1 + 0.9 * (u - 0.9) / 0.1;
}

/* Modes lie `scale` apart and are a hundredth of that wide; the true median is the middle of the gap. */
double fake_two_modes(double u, double scale)
{
	double jitter = scale / 100;
	if (fabs(u - 0.5) < 1e-9)
		return 1 + scale / 2;
	return u < 0.5 ? 1 + jitter * 2 * u : 1 + scale + jitter * (2 * u - 1);
}

static const struct cell cells[FAKE_CELLS] = {
	{.experiment = "fake", .cast = "fake", .params = "", .model = "seq", .policy = "", .workers = 1},
	{.experiment = "fake", .cast = "fake", .params = "", .model = "fake", .policy = "", .workers = 2},
	{.experiment = "fake",
	 .cast = "fake",
	 .params = "",
	 .model = "seq",
	 .policy = "",
	 .workers = 1,
	 .is_twin = true},
};

const struct cell *fake_cell(void)
{
	return &cells[1];
}

/* The machine in this block: getting slower, with a slow wave on top. */
static double drift_at(const struct fake *fake, unsigned block)
{
	double along = (double)block / FAKE_BLOCKS;
	return 1 + fake->drift * (along + 0.3 * sin(along * 4 * M_PI));
}

void fake_block(const struct fake *fake, gsl_rng *random, unsigned block, struct sample *samples)
{
	for (int i = 0; i < FAKE_CELLS; i++) {
		bool is_seq = i != 1;
		double noise = fake->noise(gsl_rng_uniform_pos(random), fake->scale);
		if (is_seq && fake->has_quiet_seq)
			noise = 1;
		struct sample *s = &samples[i];
		s->cell = cells[i];
		s->block = block;
		s->status = SAMPLE_OK;
		s->wall_s = noise * drift_at(fake, block) / (is_seq ? 1 : fake->speed);
		s->role_count = 1;
		s->role[0].tasks = cells[i].workers;
		s->role[0].ops = FAKE_OPS;
		s->role[0].throughput_per_s = FAKE_OPS / s->wall_s;
	}
}

double fake_true_wall(const struct fake *fake)
{
	return fake->noise(0.5, fake->scale) / fake->speed;
}

double fake_true_speedup(const struct fake *fake)
{
	return fake->has_quiet_seq ? fake->speed / fake->noise(0.5, fake->scale) : fake->speed;
}
