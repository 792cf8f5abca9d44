/*
 * scaling: a fit from points to what is printed. See scaling.h; the least squares are scaling_law.c's.
 *
 * Points are not weighted: a curve's throughputs are medians of alike precision, and the published fits that the tests
 * repeat are not weighted either. So large numbers of workers, where throughput is largest, decide.
 */
#include <math.h>
#include <stdio.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_multifit.h>

#include <gilbench/scaling.h>
#include <gilbench/util.h>

#include "stats/scaling_law.h"

static const struct {
	const char *name;
	const struct law *law;
} laws[SCALING_LAWS] = {
	[SCALING_AMDAHL] = {"Amdahl", &law_amdahl},
	[SCALING_USL] = {"USL", &law_usl},
	[SCALING_LOCK] = {"lock", &law_lock},
	[SCALING_POLYNOMIAL] = {"USL, polynomial of two coefficients", &law_usl},
};

const char *scaling_law_name(enum scaling_law law)
{
	return laws[law].name;
}

/* Largest number of workers: what one can fit in an int, and in a second. The exact value does not matter. */
#define WORKERS_MAX 1e6

/* One sentence, or an empty one. */
static void points_fault(const struct law_points *points, char *error, size_t error_bytes)
{
	*error = '\0';
	if (points->count < SCALING_LEAST) {
		snprintf(error, error_bytes, "a fit needs at least %d points, and there are %zu",
			 SCALING_LEAST, points->count);
		return;
	}
	for (size_t i = 0; i < points->count && *error == '\0'; i++) {
		double n = points->workers[i], y = points->per_s[i];
		if (!(n >= 1 && n <= WORKERS_MAX) || n != round(n))
			snprintf(error, error_bytes,
				 "point %zu has %g workers: a whole number from 1 up is needed", i + 1, n);
		else if (!(y > 0) || !isfinite(y))
			snprintf(error, error_bytes,
				 "point %zu (%g workers) has a throughput of %g: above 0 is needed", i + 1, n,
				 y);
	}
}

static int different_workers(const struct law_points *points)
{
	int count = 0;
	for (size_t i = 0; i < points->count; i++) {
		size_t before = 0;
		while (before < i && points->workers[before] != points->workers[i])
			before++;
		count += before == i;
	}
	return count;
}

/* Mean throughput with one worker, or NAN. */
static double alone(const struct law_points *points)
{
	double sum = 0;
	int count = 0;
	for (size_t i = 0; i < points->count; i++)
		if (points->workers[i] <= 1) {
			sum += points->per_s[i];
			count++;
		}
	return count > 0 ? sum / count : NAN;
}

/* With x = N - 1 and y = N/C - 1: y = beta x^2 + (alpha + beta) x, through the origin (Gunther 2007, 5.2.3). */
static bool polynomial_fit(const struct law_points *points, struct law_fit *fit)
{
	double gamma = alone(points), unused;
	if (isnan(gamma))
		return false;
	gsl_matrix *x = gsl_matrix_alloc(points->count, 2), *covariance = gsl_matrix_alloc(2, 2);
	gsl_vector *y = gsl_vector_alloc(points->count), *c = gsl_vector_alloc(2);
	gsl_multifit_linear_workspace *solver = gsl_multifit_linear_alloc(points->count, 2);
	for (size_t i = 0; i < points->count; i++) {
		double more = points->workers[i] - 1;
		gsl_matrix_set(x, i, 0, more);
		gsl_matrix_set(x, i, 1, more * more);
		gsl_vector_set(y, i, points->workers[i] * gamma / points->per_s[i] - 1);
	}
	gsl_multifit_linear(x, y, c, covariance, &unused, solver);
	*fit = (struct law_fit){
		.value = {gamma, gsl_vector_get(c, 0) - gsl_vector_get(c, 1), gsl_vector_get(c, 1)},
		.error = {NAN, NAN, NAN}};
	fit->sse = law_sse(&law_usl, points, fit->value);
	gsl_multifit_linear_free(solver);
	gsl_vector_free(c);
	gsl_vector_free(y);
	gsl_matrix_free(covariance);
	gsl_matrix_free(x);
	return true;
}

static struct scaling_coefficient coefficient(const struct law_fit *from, int i, int freedom)
{
	double half = gsl_cdf_tdist_Pinv(0.975, freedom) * from->error[i];
	return (struct scaling_coefficient){.value = from->value[i],
					    .error = from->error[i],
					    .lo = from->value[i] - half,
					    .hi = from->value[i] + half};
}

static void derive(struct scaling_fit *fit)
{
	double alpha = fit->alpha.value, beta = fit->beta.value;
	fit->most_workers = beta > 0 ? sqrt(fmax(0, 1 - alpha) / beta) : INFINITY;
	fit->most_per_s = isinf(fit->most_workers) ? NAN : scaling_rate(fit, fit->most_workers);
	fit->knee_workers = alpha > 0 ? 1 / alpha : INFINITY;
	fit->limit_per_s = fit->gamma.value * fit->knee_workers;
}

/* The polynomial has two coefficients of its own; gamma was measured. */
static int coefficients(enum scaling_law law)
{
	return law == SCALING_POLYNOMIAL ? 2 : 1 + laws[law].law->shapes;
}

static void fill(enum scaling_law law, const struct law_fit *from, size_t count, struct scaling_fit *fit)
{
	int freedom = (int)count - coefficients(law);
	*fit = (struct scaling_fit){
		.law = law,
		.gamma = coefficient(from, 0, freedom),
		.alpha = coefficient(from, 1, freedom),
		.beta = coefficient(from, 2, freedom),
		.sse = from->sse,
		.freedom = freedom,
		.residual_error = sqrt(from->sse / freedom),
	};
	derive(fit);
}

int scaling_fit(enum scaling_law law, const double *workers, const double *per_s, size_t count,
		struct scaling_fit *fit, char *error, size_t error_bytes)
{
	const struct law_points points = {workers, per_s, count};
	struct law_fit found;
	points_fault(&points, error, error_bytes);
	if (*error != '\0')
		return -1;
	if (different_workers(&points) < LAW_COEFFICIENTS) {
		snprintf(error, error_bytes,
			 "a fit needs at least %d different numbers of workers, and there are %d",
			 LAW_COEFFICIENTS, different_workers(&points));
		return -1;
	}
	if (law == SCALING_POLYNOMIAL && isnan(alone(&points))) {
		snprintf(error, error_bytes, "the polynomial needs a point with one worker");
		return -1;
	}
	if (law == SCALING_POLYNOMIAL ? !polynomial_fit(&points, &found)
				      : !law_least_squares(laws[law].law, &points, true, &found)) {
		snprintf(error, error_bytes, "no %s curve comes near these points", laws[law].name);
		return -1;
	}
	fill(law, &found, count, fit);
	return 0;
}

double scaling_rate(const struct scaling_fit *fit, double workers)
{
	const double shape[LAW_SHAPES] = {fit->alpha.value, fit->beta.value};
	return fit->gamma.value * laws[fit->law].law->capacity(workers, shape);
}
