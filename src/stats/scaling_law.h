/*
 * scaling_law: a law of scaling as a curve with shape coefficients, and its least squares. Layer 3, internal.
 */
#ifndef STATS_SCALING_LAW_H
#define STATS_SCALING_LAW_H

#include <stdbool.h>
#include <stddef.h>

/* Most shape coefficients of a law (alpha, beta), and all of them with gamma. */
#define LAW_SHAPES       2
#define LAW_COEFFICIENTS (LAW_SHAPES + 1)

/* Throughput is gamma * capacity(workers, shape). */
struct law {
	int shapes; /* how many there are */
	/* NAN where the law has no value (a pole, a share outside of [0, 1]). */
	double (*capacity)(double workers, const double shape[LAW_SHAPES]);
};

struct law_points {
	const double *workers, *per_s;
	size_t count;
};

/* gamma first, then the shape. `error` is NAN where the coefficient lies on its bound. */
struct law_fit {
	double value[LAW_COEFFICIENTS], error[LAW_COEFFICIENTS];
	double sse;
};

extern const struct law law_amdahl, law_usl, law_lock;

/* Least squares; shape coefficients stay in [0, 1] if `is_bounded`. There must be at least as many points, and
 * different numbers of workers, as coefficients, and throughputs above 0. False: nothing was found. */
bool law_least_squares(const struct law *, const struct law_points *, bool is_bounded, struct law_fit *);
/* Of one choice of coefficients. */
double law_sse(const struct law *, const struct law_points *, const double value[LAW_COEFFICIENTS]);

#endif
