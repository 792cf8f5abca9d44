/*
 * demo_plan: the rows in their order, the same second of work in both panels, an experiment that can be read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/registry.h>

#include "cli/demo_plan.h"

static void test_workers_are_four_or_two(void **state)
{
	(void)state;
	assert_int_equal(demo_workers(1), 2);
	assert_int_equal(demo_workers(3), 2);
	assert_int_equal(demo_workers(4), 4);
	assert_int_equal(demo_workers(64), 4);
}

static void test_rows_stand_in_reading_order(void **state)
{
	(void)state;
	struct plan plan;
	demo_plan_make(&plan, 4, 1, 20e6);
	assert_int_equal(plan.cell_count, DEMO_CEILING_CELLS + DEMO_PANELS * DEMO_ROWS);
	int panel, row, expected = 0;
	for (size_t i = 0; i < plan.cell_count; i++) {
		if (!demo_place(i, &panel, &row))
			continue;
		assert_int_equal(panel * DEMO_ROWS + row, expected++);
		assert_string_equal(plan.cells[i].cell.model, demo_models[row]);
		assert_string_equal(plan.cells[i].cell.cast, panel == DEMO_COMPUTING ? "spin" : "sleep");
		assert_int_equal(plan.cells[i].cell.workers, row == 0 ? 1 : 4);
		assert_int_equal(plan.cells[i].ops, DEMO_OPS);
	}
	assert_int_equal(expected, DEMO_PANELS * DEMO_ROWS);
	plan_release(&plan);
}

/* 20 iterations a microsecond: 5 ms are 100000 of them. */
static void test_one_operation_is_five_milliseconds(void **state)
{
	(void)state;
	struct plan plan;
	demo_plan_make(&plan, 2, 1, 20.0004e6);
	assert_string_equal(plan.cells[DEMO_CEILING_CELLS].cell.params, "iterations=100000");
	assert_string_equal(plan.cells[DEMO_CEILING_CELLS + DEMO_ROWS].cell.params, "ms=5");
	plan_release(&plan);
}

static void test_every_cell_can_be_executed(void **state)
{
	(void)state;
	struct plan plan;
	struct execution execution;
	char error[256];
	demo_plan_make(&plan, 2, 1, 20e6);
	for (size_t i = 0; i < plan.cell_count; i++) {
		assert_non_null(model_find(plan.cells[i].cell.model, error, sizeof(error)));
		if (cast_resolve(&plan.cells[i].cell, &execution, error, sizeof(error)) != 0)
			fail_msg("%s", error);
		const struct group *group = &plan.groups[plan.cells[i].group];
		assert_true(cell_same_group(&plan.cells[i].cell, &plan.cells[group->baseline].cell));
	}
	plan_release(&plan);
}

static void test_the_experiment_can_be_read(void **state)
{
	(void)state;
	struct experiment experiment;
	demo_experiment(&experiment, 4);
	assert_string_equal(experiment.name, DEMO_EXPERIMENT);
	assert_int_equal(experiment.set_count, DEMO_PANELS);
	experiment_release(&experiment);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_workers_are_four_or_two),
		cmocka_unit_test(test_rows_stand_in_reading_order),
		cmocka_unit_test(test_one_operation_is_five_milliseconds),
		cmocka_unit_test(test_every_cell_can_be_executed),
		cmocka_unit_test(test_the_experiment_can_be_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
