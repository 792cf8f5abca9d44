/*
 * closed forms by model: against values that queueing.h was tested with, and what must not be answered.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/util.h>

#include "report/closed_form.h"

static const struct {
	const char *profile, *model;
	int workers, cores;
	double per_s; /* NAN: not known */
} cases[] = {
	/* Nothing varies. */
	{"gil 1ms, wait 9ms", "gil", 8, 2, 800},
	{"gil 1ms, wait 9ms", "gil", 16, 2, 1000},
	{"gil 1ms, wait 9ms", "seq", 1, 2, 100},
	{"gil 1ms, wait 9ms", "uv", 16, 2, 1000},
	{"gil 1ms, wait 9ms", "gil*4", 32, 8, 3200},
	{"gil 1ms, wait 9ms", "gil*4", 80, 8, 4000},
	{"gil 1ms, wait 9ms", "gil*4", 80, 2, 2000},
	{"gil 1ms, wait 9ms", "uv*2", 30, 2, 2000},
	{"gil 1ms, wait 9ms", "fork", 30, 2, 2000},
	{"gil 1ms, wait 9ms", "threads", 8, 2, 800},
	{"gil 10ms", "gil", 4, 2, 100},
	{"gil 10ms", "fork", 4, 2, 200},
	{"wait 10ms", "uv", 64, 1, 6400},
	/* A call that lets go of the lock runs beside it, but on a loop: there only its pool helps. */
	{"gil 1ms, free 4ms", "gil", 4, 4, 800},
	{"gil 1ms, free 4ms", "gil", 8, 4, 800},
	{"gil 1ms, free 4ms", "gil", 8, 16, 1000},
	{"gil 1ms, free 4ms", "uv", 8, 4, 200},
	{"gil 1ms, free 4ms", "uv-pool", 4, 4, 800},
	/* A blocking call stops a loop. */
	{"gil 1ms, block 4ms", "uv", 8, 4, 200},
	{"gil 1ms, block 4ms", "gil", 4, 4, 800},
	/* Waits alone vary; both do. */
	{"gil 1ms, wait exp(9ms)", "gil", 8, 2, 740.280},
	{"gil 1ms, wait exp(9ms)", "uv", 16, 2, 998.999},
	{"gil exp(1ms), wait exp(9ms)", "gil", 8, 2, 710.842},
	{"gil exp(1ms), wait exp(9ms)", "gil*2", 16, 2, 2 * 710.842},
	{"gil exp(1ms), wait exp(9ms)", "fork", 16, 2, 1495.324},
	{"gil exp(1ms), wait exp(9ms)", "threads", 8, 8, 800},
	{"gil lognormal(1ms, 1), wait exp(9ms)", "fork", 8, 8, 800},
	/* Not known. */
	{"gil lognormal(1ms, 1), wait exp(9ms)", "gil", 8, 2, NAN},
	{"gil 1ms, wait lognormal(9ms, 1)", "gil", 8, 2, NAN},
	{"gil 1ms, wait exp(9ms)", "fork", 8, 2, NAN},
	{"gil 20ms, wait exp(9ms)", "gil", 8, 2, NAN},
	{"gil exp(1ms), wait exp(9ms)", "gil*4", 16, 2, NAN},
	{"gil 1ms, wait 2ms, gil 1ms, wait 9ms", "gil", 8, 2, NAN},
	{"gil 1ms, wait exp(4ms), wait exp(5ms)", "gil", 8, 2, NAN},
	{"gil 1ms, wait 9ms", "free", 8, 2, NAN},
	{"gil 1ms, wait 9ms", "gil*4", 3, 2, NAN},
	{"gil 1ms, wait 9ms", "gil", 0, 2, NAN},
	/* One turn of work round the end of an operation is one visit. */
	{"gil 0.5ms, wait 9ms, gil 0.5ms", "gil", 8, 2, 800},
};

static void test_values(void **state)
{
	(void)state;
	char error[200];
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct profile p;
		assert_int_equal(profile_parse(cases[i].profile, &p, error, sizeof(error)), 0);
		double per_s = closed_form_per_s(&p, cases[i].model, cases[i].workers, cases[i].cores);
		bool is_right = isnan(cases[i].per_s) ? isnan(per_s)
						      : fabs(per_s - cases[i].per_s) < 1e-6 * cases[i].per_s;
		if (!is_right)
			fail_msg("%s, %s, %d workers, %d cores: %.9g, not %.9g", cases[i].profile,
				 cases[i].model, cases[i].workers, cases[i].cores, per_s, cases[i].per_s);
		profile_release(&p);
	}
}

static void test_lengths(void **state)
{
	(void)state;
	struct profile p;
	char error[200];
	assert_int_equal(profile_parse("gil 1ms, wait 9ms", &p, error, sizeof(error)), 0);
	assert_true(fabs(closed_form_p50_s(&p, "gil", 8, 2) - 0.010) < 1e-12);
	assert_true(fabs(closed_form_p50_s(&p, "gil", 32, 2) - 0.032) < 1e-12);
	profile_release(&p);
	assert_int_equal(profile_parse("gil 1ms, wait exp(9ms)", &p, error, sizeof(error)), 0);
	assert_true(isnan(closed_form_p50_s(&p, "gil", 8, 2)));
	profile_release(&p);
}

/* Recorded values that are nearly alike are constant. */
static void test_recorded(void **state)
{
	(void)state;
	int64_t alike[100], apart[100];
	for (int i = 0; i < 100; i++) {
		alike[i] = 1000000 + 200 * i;
		apart[i] = 500000 + 10000 * i;
	}
	struct profile p = {.count = 2,
			    .segment = {{.kind = SEGMENT_GIL,
					 .spread = SPREAD_EMPIRICAL,
					 .mean_ns = 1000000,
					 .values = alike,
					 .value_count = 100},
					{.kind = SEGMENT_WAIT, .mean_ns = 9000000}}};
	assert_true(fabs(closed_form_per_s(&p, "gil", 8, 2) - 800) < 1e-6);
	p.segment[0].values = apart;
	assert_true(isnan(closed_form_per_s(&p, "gil", 8, 2)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
