/*
 * sample: names of statuses, and who frees what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gilbench/sample.h>
#include <gilbench/util.h>

static void test_status_names(void **state)
{
	(void)state;
	assert_string_equal(sample_status_name(SAMPLE_OK), "ok");
	assert_string_equal(sample_status_name(SAMPLE_WRONG), "wrong");
	assert_string_equal(sample_status_name(SAMPLE_CRASHED), "crashed");
	assert_string_equal(sample_status_name(SAMPLE_TIMEOUT), "timeout");
	assert_string_equal(sample_status_name(SAMPLE_UNSUPPORTED), "unsupported");
}

static void test_release_frees_what_is_owned_once(void **state)
{
	(void)state;
	struct sample sample = {.role_count = 2};
	sample.role[0].latency = xcalloc(1, sizeof(struct hist));
	sample.role[1].wait = xcalloc(1, sizeof(struct hist));
	sample.role[1].worker = xcalloc(2, sizeof(struct worker_sample));
	sample.role[1].worker_count = 2;
	sample_release(&sample);
	assert_null(sample.role[0].latency);
	assert_null(sample.role[1].wait);
	assert_null(sample.role[1].worker);
	assert_int_equal(sample.role[1].worker_count, 0);
	sample_release(&sample);
}

static void test_a_bare_copy_owns_nothing(void **state)
{
	(void)state;
	struct sample sample = {.role_count = 1, .wall_s = 2};
	sample.role[0].ops = 5;
	sample.role[0].latency = xcalloc(1, sizeof(struct hist));
	sample.role[0].wait = xcalloc(1, sizeof(struct hist));
	sample.role[0].worker = xcalloc(2, sizeof(struct worker_sample));
	sample.role[0].worker_count = 2;
	struct sample bare = sample_bare(&sample);
	assert_true(bare.wall_s == 2);
	assert_int_equal(bare.role[0].ops, 5);
	assert_null(bare.role[0].latency);
	assert_null(bare.role[0].wait);
	assert_null(bare.role[0].worker);
	assert_int_equal(bare.role[0].worker_count, 0);
	sample_release(&bare);
	sample_release(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_names),
		cmocka_unit_test(test_release_frees_what_is_owned_once),
		cmocka_unit_test(test_a_bare_copy_owns_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
