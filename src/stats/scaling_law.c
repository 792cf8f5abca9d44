/*
 * scaling_law: bounded non-linear least squares of a law, by GSL. See scaling_law.h.
 *
 * GSL's solver knows no bounds, and a solver that only stops at them would have to say where it slides along one. With
 * two shape coefficients in [0, 1] there are but nine ways to lie on bounds: each free, 0 or 1. Every one of them is
 * solved without bounds, and of the solutions that lie inside their range the best is taken: it is the minimum, and a
 * coefficient on its bound is on it exactly.
 *
 *	shape     alpha free, beta free     what the textbook fits
 *	          alpha free, beta = 0      raytracer: more would need beta < 0
 *	          ...
 *
 * Throughput is scaled to about 1 per worker first, so that gamma is no larger than the others. Derivatives are central
 * differences: good to eleven digits, and the same code for a law without a formula.
 */
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>

#include <gilbench/queueing.h>
#include <gilbench/util.h>

#include "stats/scaling_law.h"

static double amdahl_capacity(double n, const double shape[LAW_SHAPES])
{
	double divisor = 1 + shape[0] * (n - 1);
	return divisor > 0 ? n / divisor : NAN;
}

static double usl_capacity(double n, const double shape[LAW_SHAPES])
{
	double divisor = 1 + shape[0] * (n - 1) + shape[1] * n * (n - 1);
	return divisor > 0 ? n / divisor : NAN;
}

static double lock_capacity(double n, const double shape[LAW_SHAPES])
{
	return queueing_machine_repairman((int)lround(n), 1 - shape[0], shape[0]);
}

const struct law law_amdahl = {1, amdahl_capacity};
const struct law law_usl = {2, usl_capacity};
const struct law law_lock = {1, lock_capacity};

/* How a shape coefficient takes part in one attempt. */
enum role { ROLE_FREE, ROLE_LEAST, ROLE_MOST, ROLES };

struct attempt {
	const struct law *law;
	const struct law_points *points;
	double scale; /* throughput that counts as 1 */
	enum role role[LAW_SHAPES];
	int free_count; /* with gamma */
};

/* What a trial outside of the law is worth to the solver: too much to be taken. The exact value does not matter. */
#define FAR_OFF 1e100

/* The solver's coefficients, in scaled gamma, to all. */
static void attempt_values(const struct attempt *attempt, const gsl_vector *x, double value[LAW_COEFFICIENTS])
{
	size_t next = 1;
	value[0] = gsl_vector_get(x, 0);
	for (int i = 0; i < LAW_SHAPES; i++) {
		bool is_free = i < attempt->law->shapes && attempt->role[i] == ROLE_FREE;
		value[1 + i] = is_free ? gsl_vector_get(x, next++) : attempt->role[i] == ROLE_MOST;
	}
}

static int attempt_residuals(const gsl_vector *x, void *context, gsl_vector *residuals)
{
	const struct attempt *attempt = context;
	double value[LAW_COEFFICIENTS];
	attempt_values(attempt, x, value);
	for (size_t i = 0; i < attempt->points->count; i++) {
		double capacity = attempt->law->capacity(attempt->points->workers[i], value + 1);
		double off = value[0] * capacity - attempt->points->per_s[i] / attempt->scale;
		gsl_vector_set(residuals, i, isfinite(off) ? off : FAR_OFF);
	}
	return GSL_SUCCESS;
}

double law_sse(const struct law *law, const struct law_points *points, const double value[LAW_COEFFICIENTS])
{
	double sum = 0;
	for (size_t i = 0; i < points->count; i++) {
		double off = points->per_s[i] - value[0] * law->capacity(points->workers[i], value + 1);
		sum += off * off;
	}
	return sum;
}

/* The best gamma for a shape: a straight line through the origin. */
static double best_gamma(const struct attempt *attempt, const double shape[LAW_SHAPES])
{
	double along = 0, square = 0;
	for (size_t i = 0; i < attempt->points->count; i++) {
		double capacity = attempt->law->capacity(attempt->points->workers[i], shape);
		along += capacity * attempt->points->per_s[i] / attempt->scale;
		square += capacity * capacity;
	}
	return along / square;
}

/* First guesses of shape coefficients: hardly any contention, and much. The exact values do not matter. */
static const double starts[][LAW_SHAPES] = {{0.01, 0.0001}, {0.3, 0.01}};

static void attempt_start(const struct attempt *attempt, const double start[LAW_SHAPES], gsl_vector *x)
{
	double shape[LAW_SHAPES];
	size_t next = 1;
	for (int i = 0; i < LAW_SHAPES; i++) {
		bool is_free = i < attempt->law->shapes && attempt->role[i] == ROLE_FREE;
		shape[i] = is_free ? start[i] : attempt->role[i] == ROLE_MOST;
		if (is_free)
			gsl_vector_set(x, next++, start[i]);
	}
	gsl_vector_set(x, 0, best_gamma(attempt, shape));
}

/* Fills value, error (of a coefficient on its bound: NAN) and sse from where the solver stands. */
static void attempt_read(const struct attempt *attempt, const gsl_multifit_nlinear_workspace *solver,
			 struct law_fit *fit)
{
	size_t coefficients = (size_t)attempt->law->shapes + 1, next = 0;
	gsl_matrix *covariance = gsl_matrix_alloc(attempt->free_count, attempt->free_count);
	attempt_values(attempt, gsl_multifit_nlinear_position(solver), fit->value);
	fit->value[0] *= attempt->scale;
	fit->sse = law_sse(attempt->law, attempt->points, fit->value);
	gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(solver), 0, covariance);
	double variance = fit->sse / (double)(attempt->points->count - coefficients);
	for (size_t i = 0; i < LAW_COEFFICIENTS; i++) {
		bool is_free = i == 0 || (i < coefficients && attempt->role[i - 1] == ROLE_FREE);
		fit->error[i] = NAN;
		if (is_free) {
			/* The Jacobian is of scaled throughput; gamma is scaled, too. */
			double unit = i == 0 ? 1 : 1 / attempt->scale;
			fit->error[i] = unit * sqrt(gsl_matrix_get(covariance, next, next) * variance);
			next++;
		}
	}
	gsl_matrix_free(covariance);
}

/* More than enough: a dozen are usual. And as near as doubles come. The exact values do not matter. */
#define ITERATIONS 500
#define NEAR       1e-14

static void attempt_solve(struct attempt *attempt, const double start[LAW_SHAPES], struct law_fit *fit)
{
	gsl_multifit_nlinear_parameters how = gsl_multifit_nlinear_default_parameters();
	how.fdtype = GSL_MULTIFIT_NLINEAR_CTRDIFF;
	gsl_multifit_nlinear_fdf problem = {.f = attempt_residuals,
					    .n = attempt->points->count,
					    .p = (size_t)attempt->free_count,
					    .params = attempt};
	gsl_multifit_nlinear_workspace *solver =
		gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &how, problem.n, problem.p);
	gsl_vector *x = gsl_vector_alloc(problem.p);
	int why;
	attempt_start(attempt, start, x);
	gsl_multifit_nlinear_init(x, &problem, solver);
	/* However it ends, where it stands is a candidate with its own sum of squares. */
	gsl_multifit_nlinear_driver(ITERATIONS, NEAR, NEAR, 0, NULL, NULL, &why, solver);
	attempt_read(attempt, solver, fit);
	gsl_vector_free(x);
	gsl_multifit_nlinear_free(solver);
}

static bool is_inside(const struct law_fit *fit, bool is_bounded)
{
	for (int i = 0; i < LAW_COEFFICIENTS; i++)
		if (!isfinite(fit->value[i]) ||
		    (is_bounded && (fit->value[i] < 0 || (i > 0 && fit->value[i] > 1))))
			return false;
	return isfinite(fit->sse);
}

/* A sum of squares this much smaller, relative to the squares of the data, is no better: rounding. So of alike fits the
 * one with more coefficients on bounds is kept, which is tried first. */
#define NO_BETTER 1e-20

static double squares(const struct law_points *points)
{
	double sum = 0;
	for (size_t i = 0; i < points->count; i++)
		sum += points->per_s[i] * points->per_s[i];
	return sum;
}

static void attempt_roles(struct attempt *attempt, const enum role role[LAW_SHAPES])
{
	attempt->free_count = 1;
	for (int i = 0; i < LAW_SHAPES; i++) {
		attempt->role[i] = i < attempt->law->shapes ? role[i] : ROLE_LEAST;
		attempt->free_count += attempt->role[i] == ROLE_FREE;
	}
}

/* All attempts with `free_count` coefficients free; keeps the best so far in `fit`. */
static bool try_all(struct attempt *attempt, int free_count, bool is_bounded, bool is_found,
		    struct law_fit *fit)
{
	double no_better = NO_BETTER * squares(attempt->points);
	for (enum role a = 0; a < ROLES; a++)
		for (enum role b = 0; b < (attempt->law->shapes > 1 ? ROLES : 1); b++) {
			const enum role role[LAW_SHAPES] = {a, b};
			attempt_roles(attempt, role);
			if (attempt->free_count != free_count)
				continue;
			for (size_t s = 0; s < ARRAY_LEN(starts); s++) {
				struct law_fit trial;
				attempt_solve(attempt, starts[s], &trial);
				if (!is_inside(&trial, is_bounded) ||
				    (is_found && trial.sse >= fit->sse * (1 - 1e-12) - no_better))
					continue;
				*fit = trial;
				is_found = true;
			}
		}
	return is_found;
}

bool law_least_squares(const struct law *law, const struct law_points *points, bool is_bounded,
		       struct law_fit *fit)
{
	struct attempt attempt = {.law = law, .points = points};
	/* GSL's own handler would end the program where a step has no derivative. */
	gsl_error_handler_t *handler = gsl_set_error_handler_off();
	bool is_found = false;
	for (size_t i = 0; i < points->count; i++)
		attempt.scale = fmax(attempt.scale, points->per_s[i] / points->workers[i]);
	for (int free_count = is_bounded ? 1 : 1 + law->shapes; free_count <= 1 + law->shapes; free_count++)
		is_found = try_all(&attempt, free_count, is_bounded, is_found, fit);
	gsl_set_error_handler(handler);
	return is_found;
}
