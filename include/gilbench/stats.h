/*
 * stats: medians, intervals and noise, on samples whose unit is the process. Layer 3 (results).
 *
 * Everything here is pure arithmetic on arrays; nothing reads a clock. All intervals are 95 % unless they
 * say otherwise. Why these and no others: docs/method.md.
 *
 *	struct interval wall = median_interval(seconds, n);
 *	struct interval speedup = ratio_interval(here_per_s, seq_per_s, blocks);
 */
#ifndef GILBENCH_STATS_H
#define GILBENCH_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gilbench/hist.h>
#include <gilbench/sample.h>

/* Fewer values than this have no 95 % interval: five pairs cannot reach it (2 * 0.5^5 = 0.0625). */
#define STATS_LEAST 6

/* The chance, at most, that an interval misses what it estimates. */
#define STATS_MISS 0.05

struct interval {
	double mid;    /* the median; NAN when there is no value */
	double lo, hi; /* NAN when there is no interval */
};

bool interval_exists(const struct interval *);
/* Median with the exact order-statistic (binomial) interval: the innermost pair of order statistics whose
 * coverage is at least 95 % whatever the distribution. NANs are dropped. `values` is not changed. */
struct interval median_interval(const double *values, size_t count);
/* The same of log(a[i]/b[i]), given back as a ratio: equivalent to a sign test. Pairs with a NAN or a value
 * <= 0 are dropped. */
struct interval ratio_interval(const double *a, const double *b, size_t count);
/* The same two with another chance of missing; [least, greatest] where `count` is too small for it, and
 * nothing below STATS_LEAST. */
struct interval median_interval_at(const double *values, size_t count, double miss);
struct interval ratio_interval_at(const double *a, const double *b, size_t count, double miss);
/* Which order statistics (1 is the least, `count` the greatest) bound such an interval: the `rank`-th from
 * either end; 0 when there is none. */
size_t interval_rank(size_t count, double miss);
/* Median alone (mean of the middle two when even); NANs are dropped; NAN when nothing is left. */
double median(const double *values, size_t count);
/* Upper 95 % bound of |median log-ratio| between A/A twins, as a ratio - 1 (0.013 is 1.3 %); NAN below
 * STATS_LEAST. */
double noise_floor(const double *a, const double *b, size_t count);
/* Relative full width of an interval, (hi - lo) / mid; 0 when lo == hi; INFINITY where there is none. */
double interval_width(const struct interval *);
/* Jain's fairness index (sum x)^2 / (n sum x^2), in (0, 1]; 1 when all are 0; NAN of nothing. */
double jain_index(const double *values, size_t count);

/*
 * Quantile `q` of the latencies of all samples together, with a bootstrap interval whose resampled unit is
 * the sample (operations of one process are not independent). In ns. NULL or empty histograms are left out;
 * no interval below STATS_LEAST samples. The same input and seed give the same interval. Costs about 0.1 ms.
 */
struct interval quantile_interval(const struct hist *const *samples, size_t count, double q, uint64_t seed);

/* Of the values of a histogram: a quantile, interpolated within its bucket, in ns; the share below a value. NAN of
 * none. */
double hist_quantile_inside(const struct hist *, double q);
double hist_share_below(const struct hist *, double ns);

/* What may be said of a ratio, given the run's noise floor. */
enum verdict {
	VERDICT_FASTER,   /* the whole interval lies above 1 + floor */
	VERDICT_SLOWER,   /* the whole interval lies below 1 / (1 + floor) */
	VERDICT_SAME,     /* the whole interval lies between the two */
	VERDICT_UNDECIDED /* neither, or there is no interval or no floor (NAN) */
};
enum verdict ratio_verdict(const struct interval *ratio, double floor);
const char *verdict_name(enum verdict);

/* Is precision judged after so many blocks? 6, 12, 24, 48 and on by doubling: every look at the data is one
 * more chance to stop on a fluke, so there are few. */
bool is_look(unsigned blocks);
/*
 * May sampling of a group end? `samples` may hold other groups too; the group is that of `member` (see
 * cell_same_group). True when as many blocks as is_look() asks for are there, and every interval of the
 * group (throughput of every cell and role, and its ratio to the baseline `seq`) is narrower than
 * `precision` (0.02 is 2 %), judged on the wider interval of STATS_STOP_MISS. Cells with a sample that is
 * not ok cannot become precise and do not hold the others up; twins neither. A group without any sound cell
 * is done at the first look.
 */
bool group_is_precise(const struct sample *samples, size_t count, const struct cell *member,
		      double precision);

/* Stopping is judged on 99.5 % intervals ([least, greatest] up to 12 blocks) while 95 % is what is reported:
 * see docs/method.md, "Stopping early". */
#define STATS_STOP_MISS 0.005

#endif
