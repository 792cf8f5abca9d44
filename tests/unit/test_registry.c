/*
 * registry: looking up by name, and turning a cell's text into code, with tables of the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/registry.h>
#include <gilbench/virtual_models.h>

static enum step no_step(struct task *t)
{
	(void)t;
	return STEP_END;
}

static uint64_t no_value(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

static int no_run(const struct execution *execution, struct sample *sample)
{
	(void)execution;
	(void)sample;
	return 0;
}

static const struct param spin_params[] = {{"iterations", 100, 1, 1e6, NULL, "turns"}, {0}};
static struct workload spin = {
	.name = "spin", .summary = "s", .params = spin_params, .step = no_step, .value = no_value};
static struct workload nap = {.name = "nap", .summary = "n", .step = no_step, .value = no_value};

/* The names of the generated tables, so that the test's stand in their place. */
extern const char *const all_workload_files[];
const struct workload *const all_workloads[] = {&nap, &spin, NULL};
const char *const all_workload_files[] = {"nap", "spin", NULL};

#define MODEL(NAME)                                                                      \
	{                                                                                \
		.name = NAME, .label = "l", .legend = "g", .summary = "s", .run = no_run \
	}
static struct model models[] = {MODEL("seq"), MODEL("gil"), MODEL("threads"), MODEL("fork"), MODEL("uv")};
const struct model *const all_models[] = {&models[0], &models[1], &models[2], &models[3], &models[4], NULL};

static char error[256];

static void test_complete_tables_pass(void **state)
{
	(void)state;
	assert_null(registry_check());
}

static void test_incomplete_entries_are_named(void **state)
{
	(void)state;
	struct workload whole = spin;
	spin.value = NULL;
	assert_string_equal(registry_check(), "bench/spin.c: the workload lacks .value");
	spin = whole;
	spin.name = "spinn";
	assert_string_equal(registry_check(), "bench/spin.c: .name is \"spinn\" but must be the file's name");
	spin = whole;
	models[1].label = NULL;
	assert_string_equal(registry_check(), "a model (gil) lacks name, label, legend, summary or run");
	models[1].label = "l";
	assert_null(registry_check());
}

static void test_words_that_people_type(void **state)
{
	(void)state;
	static const struct {
		const char *word, *model;
	} cases[] = {{"gil", "gil"},    {"processes", "fork"}, {"multiprocessing", "fork"},
		     {"asyncio", "uv"}, {"loop", "uv"},        {"threads", "threads"}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct model *model = model_find(cases[i].word, error, sizeof(error));
		assert_non_null(model);
		assert_string_equal(model->name, cases[i].model);
	}
}

static void test_threading_is_refused_with_an_offer(void **state)
{
	(void)state;
	assert_null(model_find("threading", error, sizeof(error)));
	assert_non_null(strstr(error, "'gil'"));
	assert_non_null(strstr(error, "'threads'"));
	assert_null(model_find("thread", error, sizeof(error)));
	assert_non_null(strstr(error, "did you mean 'threads'?"));
}

static const struct model *found(const char *name)
{
	const struct model *model = model_find(name, error, sizeof(error));
	assert_non_null(model);
	return model;
}

static void test_models_of_virtual_time(void **state)
{
	(void)state;
	static const char *const names[] = {"interp", "free", "gil*4", "uv*4096"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct model *model = found(names[i]);
		assert_string_equal(model->name, names[i]);
		assert_true(model->is_virtual);
		assert_null(model->run);
		assert_ptr_equal(found(names[i]), model);
	}
	assert_true(found("gil*4")->has_lock);
	assert_string_equal(found("gil*4")->legend, "4 × threads + GIL");
	assert_string_equal(found("gil*4")->label,
			    "4 processes of threads, a GIL in each (gunicorn --workers 4 --threads N/4)");
	assert_true(found("uv*2")->is_loop);
	assert_ptr_equal(found("gil*1"), found("gil"));
	assert_string_equal(found("nogil")->name, "free");
	model_explain_virtual(found("interp"), error, sizeof(error));
	assert_string_equal(error,
			    "the model interp exists in virtual time only: add --virtual, or ask gilbench "
			    "predict --model interp");
}

static void no_model(const char *name, const char *sentence)
{
	assert_null(model_find(name, error, sizeof(error)));
	assert_string_equal(error, sentence);
}

static void test_faulty_shapes(void **state)
{
	(void)state;
	no_model("gil*0", "'gil*0': after the * stands a number of processes from 1 to 4096, as in gil*4");
	no_model("uv*4097", "'uv*4097': after the * stands a number of processes from 1 to 4096, as in uv*4");
	no_model("gil*P", "'gil*P': after the * stands a number of processes from 1 to 4096, as in gil*4");
	no_model("fork*4", "there is no model 'fork*4'; of several processes there are gil*P and uv*P, for "
			   "instance gil*4");
	no_model("inter", "there is no model 'inter'; did you mean 'interp'?");
}

static void test_shapes_are_spread_evenly(void **state)
{
	(void)state;
	char *even = model_shape_text("gil*4", 8), *uneven = model_shape_text("uv*4", 10);
	assert_string_equal(even, "4 x 2");
	assert_string_equal(uneven, "4 x 2-3");
	assert_null(model_shape_text("fork", 8));
	assert_int_equal(model_processes("gil*16"), 16);
	assert_int_equal(model_processes("gil"), 1);
	free(even);
	free(uneven);
}

static void test_the_order_of_tables(void **state)
{
	(void)state;
	static const char *const order[] = {"seq",    "gil",     "gil*2", "gil*16", "gil*4096",
					    "interp", "threads", "free",  "fork",   "uv",
					    "uv*2",   "uv*4096", "nobody"};
	for (size_t i = 1; i < sizeof(order) / sizeof(order[0]); i++)
		assert_true(model_place(order[i - 1]) < model_place(order[i]));
}

static int resolve(const char *cast, const char *params, struct execution *out)
{
	struct cell cell = {.experiment = "adhoc",
			    .cast = cast,
			    .params = params,
			    .model = "gil",
			    .policy = "",
			    .workers = 6};
	error[0] = '\0';
	return cast_resolve(&cell, out, error, sizeof(error));
}

static void refuses(const char *cast, const char *params, const char *sentence)
{
	struct execution out;
	assert_int_equal(resolve(cast, params, &out), -1);
	assert_string_equal(error, sentence);
}

static void test_a_cast_of_one_takes_the_workers(void **state)
{
	(void)state;
	struct execution out;
	assert_int_equal(resolve("spin", "iterations=7k", &out), 0);
	assert_int_equal(out.role_count, 1);
	assert_int_equal(out.role[0].tasks, 6);
	assert_ptr_equal(out.role[0].workload, &spin);
	assert_float_equal(out.role[0].param[0], 7000, 0);
	assert_string_equal(out.policy.name, "py3");
}

static void test_a_cast_of_several(void **state)
{
	(void)state;
	struct execution out;
	assert_int_equal(resolve("nap:2,spin,spin:3", "spin2.iterations=9", &out), 0);
	assert_int_equal(out.role_count, 3);
	assert_string_equal(out.role[2].name, "spin2");
	assert_int_equal(out.role[0].tasks, 2);
	assert_int_equal(out.role[1].tasks, 1);
	assert_int_equal(out.role[2].tasks, 3);
	assert_float_equal(out.role[1].param[0], 100, 0);
	assert_float_equal(out.role[2].param[0], 9, 0);
}

static void test_faulty_casts(void **state)
{
	(void)state;
	refuses("sipn", "", "there is no workload 'sipn'; did you mean 'spin'?");
	refuses("elephant", "", "there is no workload 'elephant'; `gilbench list workloads` lists them");
	refuses("spin:0", "", "'spin:0': the number of tasks must be from 1 to 4096");
	refuses("spin:x", "", "'spin:x': the number of tasks must be from 1 to 4096");
	refuses("", "", "no workload was named");
	refuses("spin", "iteration=3", "there is no parameter 'iteration'; did you mean 'iterations'?");
	refuses("spin", "nap.ms=3", "'nap.ms=3': there is no role 'nap' in the cast");
	refuses("spin:1,nap:1", "iterations=3",
		"'iterations=3': a cast of several roles needs ROLE.NAME=VALUE, for instance "
		"spin.iterations=3");
	refuses("nap,nap,nap,nap,nap,nap,nap,nap,nap", "", "a cast has at most 8 roles");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_complete_tables_pass),
		cmocka_unit_test(test_incomplete_entries_are_named),
		cmocka_unit_test(test_words_that_people_type),
		cmocka_unit_test(test_threading_is_refused_with_an_offer),
		cmocka_unit_test(test_models_of_virtual_time),
		cmocka_unit_test(test_faulty_shapes),
		cmocka_unit_test(test_shapes_are_spread_evenly),
		cmocka_unit_test(test_the_order_of_tables),
		cmocka_unit_test(test_a_cast_of_one_takes_the_workers),
		cmocka_unit_test(test_a_cast_of_several),
		cmocka_unit_test(test_faulty_casts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
