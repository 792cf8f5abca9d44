/*
 * fake: a model of known truth, to test statistics without a clock. Layer 3.
 *
 * A fake group has three cells, `seq`, `fake` and the twin of `seq`. Each sample takes
 *
 *	1 second / speed * noise(u) * drift(block)          u uniform in (0, 1), new for each sample
 *
 * and so its medians and speed-up are known exactly, whatever the shape of the noise.
 */
#ifndef STATS_FAKE_H
#define STATS_FAKE_H

#include <stdbool.h>

#include <gsl/gsl_rng.h>

#include <gilbench/sample.h>

/* Most blocks: --rigorous. */
#define FAKE_BLOCKS 48
#define FAKE_CELLS  3

/* Noise by its quantile function: multiplies a duration; `scale` is about its relative size. */
typedef double fake_noise(double u, double scale);
fake_noise fake_lognormal;   /* skewed, one mode */
fake_noise fake_exponential; /* a floor plus two exponentials: skewed, long tail */
fake_noise fake_outliers;    /* nearly normal, and one in ten takes 10 % to 100 % longer */
fake_noise fake_two_modes;   /* half of the processes are slower: what address layout does */

struct fake {
	fake_noise *noise;
	double scale;
	bool has_quiet_seq; /* `seq` without noise: the ratio is then as skewed as the noise */
	double drift;       /* the machine slows down by this share over FAKE_BLOCKS blocks, in waves too */
	double speed;       /* true speed-up of `fake` */
};

/* Draw one whole block into samples[0 .. FAKE_CELLS - 1]: seq, fake, twin. They need no release. */
void fake_block(const struct fake *, gsl_rng *, unsigned block, struct sample *samples);
/* Seconds that `fake` takes in truth (median), without drift. */
double fake_true_wall(const struct fake *);
/* Its throughput over that of `seq` in truth (median of the ratio). */
double fake_true_speedup(const struct fake *);
/* The cell that `fake` samples belong to. */
const struct cell *fake_cell(void);

#endif
