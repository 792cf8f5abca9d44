/*
 * scaling: laws fitted to throughput over workers. Layer 3 (results).
 *
 *	struct scaling_fit usl, lock;
 *	char error[160];
 *	if (scaling_fit(SCALING_USL, workers, per_s, count, &usl, error, sizeof(error)) != 0)
 *		... error says in a sentence why there is none ...
 *	scaling_rate(&usl, 64);
 *
 * gamma is what one worker does, operations/s. The other coefficients are pure numbers:
 *
 *	law                  throughput of N workers
 *	SCALING_AMDAHL       gamma N / (1 + alpha (N-1))
 *	SCALING_USL          gamma N / (1 + alpha (N-1) + beta N (N-1))
 *	SCALING_LOCK         a lock held for a share alpha of an operation that one worker alone does, asked for and held at
 *	                     random: the machine repairman with Z + S = 1/gamma and S = alpha/gamma (queueing.h)
 *	SCALING_POLYNOMIAL   the USL by the older fit of two coefficients: gamma is the throughput measured with one worker.
 *	                     It gives other numbers than SCALING_USL; say which one is meant
 *
 * Coefficients describe the range that was measured; they are not causes. A lock without any cost of coherency, asked
 * for at random, bends more sharply than the USL can draw, and the USL then finds a beta that is not there. So the lock
 * is fitted beside it, and what is left over (residuals) is to be printed with each.
 *
 * Sources: N. Gunther, Guerrilla Capacity Planning (2007), whose data the tests fit; G. Amdahl, AFIPS 1967.
 */
#ifndef GILBENCH_SCALING_H
#define GILBENCH_SCALING_H

#include <stddef.h>

/* Fewer points than this are not fitted: three coefficients can draw nearly anything through five. */
#define SCALING_LEAST 6

enum scaling_law { SCALING_AMDAHL, SCALING_USL, SCALING_LOCK, SCALING_POLYNOMIAL, SCALING_LAWS };

/* With its 95 % interval (Student's t). Those and the error are NAN where the value lies on a bound of its range, and
 * for the polynomial. */
struct scaling_coefficient {
	double value, error, lo, hi;
};

struct scaling_fit {
	enum scaling_law law;
	struct scaling_coefficient gamma, alpha, beta; /* alpha and beta in [0, 1] but for the polynomial */
	double sse;                                    /* sum of squared residuals, (operations/s)^2 */
	int freedom;                                   /* points less coefficients */
	double residual_error;                         /* sqrt(sse/freedom), operations/s */
	/* What follows from the coefficients; extrapolation, all of it. */
	double most_workers; /* beyond which throughput falls: sqrt((1 - alpha)/beta); INFINITY: never */
	double most_per_s;   /* with those many */
	double knee_workers; /* 1/alpha: where the straight line meets the limit; INFINITY: never */
	double limit_per_s;  /* gamma/alpha: what no number of workers exceeds without coherency */
};

const char *scaling_law_name(enum scaling_law);
/* `workers` are whole numbers from 1 up, in any order; several points may have the same. 0; or -1 with one sentence:
 * too few points or numbers of workers, a throughput that is none. */
int scaling_fit(enum scaling_law, const double *workers, const double *per_s, size_t count,
		struct scaling_fit *, char *error, size_t error_bytes);
/* Throughput by the fitted law. */
double scaling_rate(const struct scaling_fit *, double workers);

#endif
