/*
 * variate: random lengths for the simulator: the same bits on every machine and with every compiler. Layer 3.
 *
 *	struct variate_stream s;
 *	variate_seed(&s, seed, task);                            a stream of its own for every task
 *	int64_t ns = variate_exponential(&s, 10 * NS_PER_MS);
 *
 * Lengths are whole nanoseconds, 0 to SEGMENT_MAX_NS: what would be longer is as long as that.
 *
 * Only whole numbers and + - * / of doubles are used, which IEEE 754 rounds in one way; no function of libm. src/sim is
 * compiled with -ffp-contract=off, and what stands in this header needs that flag from nobody: it never adds to a
 * product. How the variates are made: variate.c.
 */
#ifndef SIM_VARIATE_H
#define SIM_VARIATE_H

#include <stdint.h>

#include <gilbench/profile.h>
#include <gilbench/util.h>

#define VARIATE_LAYERS 256
#define VARIATE_POWERS 16

extern const double variate_exponential_layers[VARIATE_LAYERS + 1];
extern const double variate_normal_layers[VARIATE_LAYERS + 1];
extern const double variate_powers[VARIATE_POWERS];

struct variate_stream {
	uint64_t state;
};

/* Streams of one seed and different numbers have nothing to do with each other. */
void variate_seed(struct variate_stream *, uint64_t seed, uint64_t stream);

/* Above 0 and below 1. */
static inline double variate_uniform(struct variate_stream *s)
{
	return ((double)(int64_t)(random_next(&s->state) >> 12) + 0.5) * 0x1p-52;
}

/* Standard normal. */
double variate_normal(struct variate_stream *);

/* The mean is given, or the median; sigma is the standard deviation of the logarithm, 0 or more. */
int64_t variate_lognormal(struct variate_stream *, int64_t mean_ns, double sigma);
int64_t variate_lognormal_median(struct variate_stream *, int64_t median_ns, double sigma);

/* A length of this segment, whatever its spread. */
int64_t variate_segment(struct variate_stream *, const struct segment *);

/* e^x with a relative error below 1e-15; x is taken to be within -700 and 700. */
double variate_power_of_e(double x);

/* ---- inline, for it is drawn at most events ---------------------------------------------------------- */

/* The nearest whole number of nanoseconds, within the limits. `ns` is not negative. */
static inline int64_t variate_round(double ns)
{
	if (__builtin_expect(!(ns < (double)SEGMENT_MAX_NS), 0))
		return SEGMENT_MAX_NS;
	/* Doubling is exact. */
	return ((int64_t)(ns * 2) + 1) / 2;
}

/* Where x is not in the part of its layer that is all below the density: a standard exponential variate. */
double variate_exponential_edge(struct variate_stream *, unsigned layer, double x);

/* Mean 1. Of 100 draws 99 are one random number, one look at the table, two products and a comparison. */
static inline double variate_standard_exponential(struct variate_stream *s)
{
	uint64_t bits = random_next(&s->state);
	/* The layer and the place in it are made of different bits. */
	unsigned layer = (unsigned)(bits % VARIATE_LAYERS);
	double x = (double)(int64_t)(bits >> 11) * 0x1p-53 * variate_exponential_layers[layer];
	if (__builtin_expect(x < variate_exponential_layers[layer + 1], 1))
		return x;
	return variate_exponential_edge(s, layer, x);
}

static inline int64_t variate_exponential(struct variate_stream *s, int64_t mean_ns)
{
	return variate_round(variate_standard_exponential(s) * (double)mean_ns);
}

#endif
