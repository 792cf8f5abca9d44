/*
 * variate: what is drawn seldom, or is too long to be inline. See variate.h; the tables: variate_tables.c.
 *
 * Exponential and normal variates come from ziggurats: a layer is chosen at random and a place x in it. Nearly always x
 * is where the whole layer is below the density, and done. Else x is at the layer's edge, where a second random number
 * decides whether the point is below the density, or it is in the tail:
 *
 *	exponential   the tail is the distribution itself, moved to r: it has no memory
 *	normal        Marsaglia's: x = E/r and y = E' of two exponential variates, until 2y > x^2; then r + x
 *
 * A lognormal length is its median times e^(sigma z). e^x is 2^(k/16) from a table times a short series, as x differs by
 * at most ln 2 / 32 from k/16 ln 2. A library's exp is not used: libraries round differently, and two machines would
 * simulate two different histories.
 *
 * What this does not do: sigma is not looked at for sense, and the moments of a length that reaches the longest one are
 * cut off there.
 */
#include <string.h>

#include "sim/variate.h"

/* 16/ln 2; and ln 2/16 in two parts, the first of 26 bits, so that its products with whole numbers are exact. */
#define POWERS_PER_E   0x1.71547652b82fep+4
#define E_PER_POWER    0x1.62e42f8000000p-5
#define E_PER_POWER_LO 0x1.be8e7bcd5e4f2p-31
/* e^700 and e^-700 are doubles; no length is near them. */
#define EXPONENT_MAX 700
/* Added to a number below 2^51, it leaves no room for a fraction. */
#define ROUNDING 0x1.8p52
/* A multiple of VARIATE_POWERS above every 700 * 16/ln 2. */
#define POWERS_OFFSET (1100 * VARIATE_POWERS)

void variate_seed(struct variate_stream *s, uint64_t seed, uint64_t stream)
{
	/* Both are often small numbers in a row. */
	s->state = mix64(random_next(&seed) + mix64(stream + 1));
}

/* 2^n for -1022 <= n <= 1023, by its bits. */
static double power_of_two(int n)
{
	uint64_t bits = (uint64_t)(n + 1023) << 52;
	double value;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

double variate_power_of_e(double x)
{
	if (x > EXPONENT_MAX)
		x = EXPONENT_MAX;
	if (x < -EXPONENT_MAX)
		x = -EXPONENT_MAX;
	/* Rounded without a branch on the sign, which would be foreseen half of the time. */
	double shifted = x * POWERS_PER_E + ROUNDING, rounded = shifted - ROUNDING;
	double r = x - rounded * E_PER_POWER - rounded * E_PER_POWER_LO, square = r * r;
	/* The series of e^r up to r^6/720; what is left out is below 5e-16. */
	double series =
		(1.0 / 2 + r * (1.0 / 6)) + square * ((1.0 / 24 + r * (1.0 / 120)) + square * (1.0 / 720));
	unsigned k = (unsigned)((int)rounded + POWERS_OFFSET), part = k % VARIATE_POWERS;
	int whole = (int)(k / VARIATE_POWERS) - POWERS_OFFSET / VARIATE_POWERS;
	return variate_powers[part] * (1 + (r + square * series)) * power_of_two(whole);
}

double variate_exponential_edge(struct variate_stream *s, unsigned layer, double x)
{
	const double *layers = variate_exponential_layers;
	if (layer == 0)
		return layers[1] + variate_standard_exponential(s);
	double low = variate_power_of_e(-layers[layer]), high = variate_power_of_e(-layers[layer + 1]);
	double y = low + variate_uniform(s) * (high - low);
	return y < variate_power_of_e(-x) ? x : variate_standard_exponential(s);
}

/* Beyond r. */
static double normal_tail(struct variate_stream *s)
{
	double r = variate_normal_layers[1], x, y;
	do {
		x = variate_standard_exponential(s) / r;
		y = variate_standard_exponential(s);
	} while (y + y <= x * x);
	return r + x;
}

static double normal_density(double x)
{
	return variate_power_of_e(-x * x / 2);
}

/* As variate_exponential_edge, for x on either side. */
static __attribute__((noinline)) double normal_edge(struct variate_stream *s, unsigned layer, double x)
{
	const double *layers = variate_normal_layers;
	if (layer == 0)
		return x < 0 ? -normal_tail(s) : normal_tail(s);
	double low = normal_density(layers[layer]), high = normal_density(layers[layer + 1]);
	double y = low + variate_uniform(s) * (high - low);
	return y < normal_density(x) ? x : variate_normal(s);
}

double variate_normal(struct variate_stream *s)
{
	uint64_t bits = random_next(&s->state);
	unsigned layer = (unsigned)(bits % VARIATE_LAYERS);
	/* The first bit is the sign: a branch on it would be foreseen half of the time. */
	double x = (double)((int64_t)bits >> 10) * 0x1p-53 * variate_normal_layers[layer];
	if (__builtin_expect(__builtin_fabs(x) < variate_normal_layers[layer + 1], 1))
		return x;
	return normal_edge(s, layer, x);
}

int64_t variate_lognormal(struct variate_stream *s, int64_t mean_ns, double sigma)
{
	double exponent = sigma * variate_normal(s) - sigma * sigma / 2;
	return variate_round((double)mean_ns * variate_power_of_e(exponent));
}

int64_t variate_lognormal_median(struct variate_stream *s, int64_t median_ns, double sigma)
{
	return variate_round((double)median_ns * variate_power_of_e(sigma * variate_normal(s)));
}

/* The values are the middles of steps of the distribution, each as likely as the other; in between it is straight.
 * The mean is that of the values. */
static int64_t empirical(struct variate_stream *s, const struct segment *segment)
{
	size_t last = segment->value_count - 1;
	double place = variate_uniform(s) * (double)segment->value_count - 0.5;
	if (place <= 0)
		return segment->values[0];
	size_t before = (size_t)place;
	if (before >= last)
		return segment->values[last];
	double step = (double)(segment->values[before + 1] - segment->values[before]);
	return segment->values[before] + variate_round((place - (double)before) * step);
}

int64_t variate_segment(struct variate_stream *s, const struct segment *segment)
{
	switch (segment->spread) {
	case SPREAD_EXPONENTIAL:
		return variate_exponential(s, segment->mean_ns);
	case SPREAD_LOGNORMAL:
		return variate_lognormal(s, segment->mean_ns, segment->sigma);
	case SPREAD_EMPIRICAL:
		return empirical(s, segment);
	case SPREAD_CONSTANT:
		break;
	}
	return segment->mean_ns;
}
