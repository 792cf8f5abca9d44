/*
 * counterpart: which live cells get an interpreter's beside them, what it is handed, and who executes what. Nothing runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <gilbench/counterpart.h>
#include <gilbench/planner.h>
#include <gilbench/util.h>

#include "near.h"

static const char offer[] = "{\"spin\": {\"params\": {\"iterations\": 20000}, \"on_loop\": true},"
			    " \"mixed\": {\"params\": {\"work_ms\": 1, \"wait_ms\": 4, \"spread\": \"const\","
			    "   \"iterations_per_ms\": 20000, \"iterations\": -1}, \"on_loop\": true},"
			    " \"echo\": {\"params\": {\"bytes\": 32, \"busy\": 0}, \"on_loop\": false}}";

static struct contender contender_of(bool has_gil, const char *version, int major, int minor)
{
	struct contender c;
	struct cpython python = {.path = xstrdup("/usr/bin/python"),
				 .implementation = xstrdup("CPython"),
				 .major = major,
				 .minor = minor,
				 .has_gil = has_gil,
				 .is_free_threaded_build = !has_gil,
				 .has_asyncio = major >= 3,
				 .workloads = json_loads(offer, 0, NULL)};
	snprintf(python.version, sizeof(python.version), "%s", version);
	contender_init(&c, &python);
	c.fit.spin_iterations = 30000;
	return c;
}

static struct cell cell_of(const char *cast, const char *params, const char *model, const char *policy)
{
	bool is_window = strchr(cast, ':') != NULL;
	return (struct cell){.experiment = "x",
			     .cast = cast,
			     .params = params,
			     .model = model,
			     .policy = policy,
			     .workers = 3,
			     .kind = is_window ? CELL_WINDOW : CELL_BATCH,
			     .window_s = is_window ? 1 : 0};
}

static void push(struct plan *plan, struct cell cell)
{
	const struct plan_cell planned = {.cell = cell};
	plan_push(plan, &planned);
}

static void check_cell(const struct plan *plan, size_t index, const char *model, const char *params)
{
	const struct cell *cell = &plan->cells[index].cell;
	assert_int_equal(cell->source, SOURCE_CPYTHON);
	assert_string_equal(cell->policy, "cpython-3.11.7");
	assert_string_equal(cell->model, model);
	assert_string_equal(cell->params, params);
}

/* ---- the plan ---- */

static void test_what_the_interpreter_can_do_is_beside(void **state)
{
	(void)state;
	struct plan plan = {0};
	struct contender c = contender_of(true, "3.11.7", 3, 11);
	push(&plan, cell_of("spin", "iterations=75000", "seq", ""));
	push(&plan, cell_of("spin", "iterations=75000", "gil", "py3"));
	push(&plan, cell_of("spin", "iterations=75000", "fork", ""));
	push(&plan, cell_of("spin", "iterations=75000", "uv", ""));
	assert_int_equal(counterparts_plan(&plan, &c), 4);
	assert_int_equal(plan.cell_count, 8);
	assert_int_equal(plan.warning_count, 0);
	check_cell(&plan, 4, "seq", "iterations=75000");
	check_cell(&plan, 5, "gil", "iterations=75000");
	check_cell(&plan, 7, "uv", "iterations=75000");
	assert_true(cell_same_group(&plan.cells[1].cell, &plan.cells[5].cell));
	plan_release(&plan);
	contender_release(&c);
}

static void test_what_it_cannot_is_a_warning_each_once(void **state)
{
	(void)state;
	struct plan plan = {0};
	struct contender c = contender_of(true, "3.11.7", 3, 11);
	push(&plan, cell_of("spin", "iterations=1", "threads", ""));
	push(&plan, cell_of("spin", "iterations=2", "threads", ""));
	push(&plan, cell_of("spin", "iterations=1", "uv-pool", ""));
	push(&plan, cell_of("spin", "iterations=1", "gil", "fifo"));
	push(&plan, cell_of("echo:1,spin:1", "", "uv", ""));
	push(&plan, cell_of("registers", "", "fork", ""));
	push(&plan, cell_of("mixed", "spread=exp", "fork", ""));
	assert_int_equal(counterparts_plan(&plan, &c), 0);
	static const char *const said[] = {
		"threads: it runs with its lock",
		"uv-pool: it has nothing like it",
		"gil (fifo): its own lock is that of py3",
		"echo on a loop: it waits in system calls and is no coroutine",
		"registers: its scripts have no such workload",
		"mixed: its mixed has no spread=exp",
	};
	assert_int_equal(plan.warning_count, ARRAY_LEN(said));
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		char *sentence = xasprintf("CPython 3.11.7 is not asked for %s", said[i]);
		assert_string_equal(plan.warnings[i], sentence);
		free(sentence);
	}
	plan_release(&plan);
	contender_release(&c);
}

static void test_only_the_work_itself_has_a_counterpart(void **state)
{
	(void)state;
	struct plan plan = {0};
	struct contender c = contender_of(true, "3.11.7", 3, 11);
	struct cell twin = cell_of("spin", "", "seq", ""), control = twin, simulated = twin;
	twin.is_twin = true;
	control.experiment = EXPERIMENT_CONTROLS;
	simulated.source = SOURCE_VIRTUAL;
	push(&plan, twin);
	push(&plan, control);
	push(&plan, simulated);
	assert_int_equal(counterparts_plan(&plan, &c), 0);
	assert_int_equal(plan.warning_count, 0);
	plan_release(&plan);
	contender_release(&c);
}

static void test_the_lock_decides_what_it_is_beside(void **state)
{
	(void)state;
	struct contender old = contender_of(true, "2.7.18", 2, 7),
			 unlocked = contender_of(false, "3.14.0", 3, 14);
	struct plan plan = {0};
	push(&plan, cell_of("spin", "", "gil", "py2"));
	push(&plan, cell_of("spin", "", "gil", "py3"));
	push(&plan, cell_of("spin", "", "threads", ""));
	assert_int_equal(counterparts_plan(&plan, &old), 1);
	assert_string_equal(plan.cells[3].cell.policy, "cpython-2.7.18");
	assert_string_equal(plan.cells[3].cell.model, "gil");
	assert_int_equal(counterparts_plan(&plan, &unlocked), 1);
	assert_string_equal(plan.cells[4].cell.policy, "cpython-3.14.0t");
	assert_string_equal(plan.cells[4].cell.model, "threads");
	assert_string_equal(contender_lock("cpython-2.7.18,check=1000"), "py2");
	assert_string_equal(contender_lock("cpython-3.14.0t"), "py3");
	plan_release(&plan);
	contender_release(&old);
	contender_release(&unlocked);
}

/* ---- what it is handed ---- */

static void handed(const struct contender *c, const char *cast, const char *params, const char *wanted)
{
	const struct cell live = cell_of(cast, params, "gil", "py3");
	char error[200] = "", *text = counterpart_params(c, &live, error, sizeof(error));
	if (text == NULL)
		fail_msg("%s, %s: %s", cast, params, error);
	assert_string_equal(text, wanted);
	free(text);
}

static void refused(const struct contender *c, const char *cast, const char *params, const char *why)
{
	const struct cell live = cell_of(cast, params, "gil", "py3");
	char error[200] = "", *text = counterpart_params(c, &live, error, sizeof(error));
	assert_null(text);
	assert_string_equal(error, why);
}

static void test_interpreted_work_is_scaled_by_the_fit(void **state)
{
	(void)state;
	struct contender c = contender_of(true, "3.11.7", 3, 11);
	handed(&c, "spin", "iterations=20000", "iterations=30000");
	handed(&c, "spin", "iterations=1", "iterations=2");
	handed(&c, "mixed", "work_ms=2", "work_ms=2 wait_ms=4 spread=const iterations_per_ms=30000");
	handed(&c, "echo:1,spin:2", "echo.bytes=64", "echo.bytes=64 echo.busy=0 spin.iterations=30000");
	c.fit.spin_iterations = 0.001;
	handed(&c, "spin", "", "iterations=1");
	contender_release(&c);
}

static void test_what_only_the_compiled_side_has_must_be_standard(void **state)
{
	(void)state;
	struct contender c = contender_of(true, "3.11.7", 3, 11);
	refused(&c, "echo:1,spin:1", "echo.work_us=2", "its echo has no work_us=2");
	refused(&c, "mixed", "spread=exp", "its mixed has no spread=exp");
	refused(&c, "echo:1,spin:1", "rate=100", "it is not driven at a rate");
	contender_release(&c);
}

/* ---- executing ---- */

static char executed[200];

static int fake_others(void *context, const struct request *request, struct sample *sample)
{
	snprintf(executed, sizeof(executed), "%s: %s", (const char *)context, request->cell->params);
	*sample = (struct sample){.cell = *request->cell};
	return 0;
}

static int fake_python(const struct cpython *python, const struct request *request, struct sample *sample)
{
	snprintf(executed, sizeof(executed), "%s: %s", python->path, request->cell->params);
	*sample = (struct sample){.cell = *request->cell};
	return 0;
}

static void test_a_cell_goes_to_whoever_it_is_for(void **state)
{
	(void)state;
	struct contender c = contender_of(true, "3.11.7", 3, 11);
	static char others[] = "others";
	struct counterparts sides = {
		.python = &c, .others = fake_others, .others_context = others, .execute = fake_python};
	struct cell cell = cell_of("spin", "iterations=20000", "gil", "py3");
	const struct request request = {.cell = &cell, .ops = 7};
	struct sample sample;
	assert_int_equal(counterparts_execute(&sides, &request, &sample), 0);
	assert_string_equal(executed, "others: iterations=20000");
	cell.source = SOURCE_CPYTHON;
	cell.policy = c.name;
	assert_int_equal(counterparts_execute(&sides, &request, &sample), 0);
	assert_string_equal(executed, "/usr/bin/python: iterations=30000");
	/* The sample is the plan's cell's, whose strings live on. */
	assert_ptr_equal(sample.cell.params, cell.params);
	char *command = counterparts_command(&sides, &request);
	assert_non_null(strstr(command, "--param iterations=30000 --model gil --workers 3 --ops 7"));
	free(command);
	contender_release(&c);
}

static void test_the_manifest_keeps_all_that_executing_needs(void **state)
{
	(void)state;
	struct contender c = contender_of(true, "3.11.7", 3, 11), back;
	json_t *manifest = json_pack("{s:o}", COUNTERPART_KEY, contender_to_json(&c));
	assert_string_equal(counterpart_label(manifest), "CPython 3.11.7");
	assert_int_equal(contender_from_json(json_object_get(manifest, COUNTERPART_KEY), &back), 0);
	assert_near(back.fit.spin_iterations, 30000);
	assert_string_equal(back.python.path, "/usr/bin/python");
	assert_string_equal(back.name, "cpython-3.11.7");
	handed(&back, "spin", "", "iterations=30000");
	assert_int_equal(contender_from_json(NULL, &back), -1);
	contender_release(&back);
	json_decref(manifest);
	contender_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_the_interpreter_can_do_is_beside),
		cmocka_unit_test(test_what_it_cannot_is_a_warning_each_once),
		cmocka_unit_test(test_only_the_work_itself_has_a_counterpart),
		cmocka_unit_test(test_the_lock_decides_what_it_is_beside),
		cmocka_unit_test(test_interpreted_work_is_scaled_by_the_fit),
		cmocka_unit_test(test_what_only_the_compiled_side_has_must_be_standard),
		cmocka_unit_test(test_a_cell_goes_to_whoever_it_is_for),
		cmocka_unit_test(test_the_manifest_keeps_all_that_executing_needs),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
