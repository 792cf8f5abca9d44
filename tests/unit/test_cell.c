/*
 * cell: names, equality and labels.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/cell.h>

static const struct cell base = {
	.experiment = "cpu-scaling",
	.cast = "spin",
	.params = "iterations=20000",
	.model = "gil",
	.policy = "py3",
	.workers = 4,
	.kind = CELL_BATCH,
	.source = SOURCE_LIVE,
};

static void test_names(void **state)
{
	(void)state;
	assert_string_equal(cell_kind_name(CELL_BATCH), "batch");
	assert_string_equal(cell_kind_name(CELL_WINDOW), "window");
	assert_string_equal(cell_source_name(SOURCE_LIVE), "live");
	assert_string_equal(cell_source_name(SOURCE_VIRTUAL), "virtual");
	assert_string_equal(cell_source_name(SOURCE_CPYTHON), "cpython");
}

static void test_same_cell_by_text_not_by_pointer(void **state)
{
	(void)state;
	struct cell other = base;
	char cast[] = "spin";
	other.cast = cast;
	assert_true(cell_equal(&base, &other));
	assert_true(cell_same_group(&base, &other));
}

/* Every field that tells cells apart, one at a time. */
static void test_one_difference_is_another_cell(void **state)
{
	(void)state;
	struct cell other[] = {base, base, base, base, base, base, base, base, base};
	other[0].experiment = "adhoc";
	other[1].cast = "primes";
	other[2].params = "";
	other[3].kind = CELL_WINDOW;
	other[4].model = "fork";
	other[5].policy = "py3,interval=1ms";
	other[6].workers = 8;
	other[7].source = SOURCE_VIRTUAL;
	other[8].is_twin = true;
	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
		assert_false(cell_equal(&base, &other[i]));
		/* The first four make the group; the others are cells within it. */
		assert_int_equal(cell_same_group(&base, &other[i]), i >= 4);
	}
}

static void test_label(void **state)
{
	(void)state;
	char *label = cell_label(&base);
	assert_string_equal(label, "cpu-scaling: spin (iterations=20000), gil (py3), 4 workers");
	free(label);
	struct cell twin = base;
	twin.model = "seq";
	twin.policy = twin.params = "";
	twin.workers = 1;
	twin.is_twin = true;
	label = cell_label(&twin);
	assert_string_equal(label, "cpu-scaling: spin, seq, 1 worker, A/A twin");
	free(label);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_same_cell_by_text_not_by_pointer),
		cmocka_unit_test(test_one_difference_is_another_cell),
		cmocka_unit_test(test_label),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
