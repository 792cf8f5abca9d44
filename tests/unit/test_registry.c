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
		cmocka_unit_test(test_a_cast_of_one_takes_the_workers),
		cmocka_unit_test(test_a_cast_of_several),
		cmocka_unit_test(test_faulty_casts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
