/*
 * stats: medians, intervals and noise, on samples whose unit is the process. Layer 3 (results).
 *
 * Everything here is pure arithmetic on arrays; nothing reads a clock. All intervals are 95 %.
 */
#ifndef GILBENCH_STATS_H
#define GILBENCH_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fewer values than this have no 95 % interval: five pairs cannot reach it (2 * 0.5^5 = 0.0625). */
#define STATS_LEAST 6

struct interval {
	double mid;    /* the median; NAN when there is no value */
	double lo, hi; /* NAN when there is no interval */
};

bool interval_exists(const struct interval *);
/* Median with the exact order-statistic (binomial) interval: the widest-in pair of order statistics whose
 * coverage is at least 95 % whatever the distribution. `values` is not changed. */
struct interval median_interval(const double *values, size_t count);
/* The same of log(a[i]/b[i]), given back as a ratio: equivalent to a sign test. Pairs with a NAN or a value
 * <= 0 are dropped. */
struct interval ratio_interval(const double *a, const double *b, size_t count);
/* Upper 95 % bound of |median log-ratio| between A/A twins, as a ratio - 1 (0.013 is 1.3 %); NAN below
 * STATS_LEAST. */
double noise_floor(const double *a, const double *b, size_t count);
/* Relative full width of an interval, (hi - lo) / mid; INFINITY where there is none. */
double interval_width(const struct interval *);
/* Jain's fairness index (sum x)^2 / (n sum x^2), in (0, 1]. */
double jain_index(const double *values, size_t count);

/* What may be said of a ratio, given the run's noise floor. */
enum verdict { VERDICT_FASTER, VERDICT_SLOWER, VERDICT_SAME, VERDICT_UNDECIDED };
enum verdict ratio_verdict(const struct interval *ratio, double floor);
const char *verdict_name(enum verdict);

#endif
