/*
 * planner: which cells a wish becomes, in which order, and what is said when it cannot.
 */
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/planner.h>
#include <gilbench/util.h>

static const struct plan_request two_cores = {.usable_cpus = 2, .physical_cores = 2};

/* "gil(py3)x2" for every cell of the plan but the twins, in order; free it. */
static char *cells_text(const struct plan *plan)
{
	char *text = xstrdup("");
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct cell *c = &plan->cells[i].cell;
		if (c->is_twin)
			continue;
		bool has_policy = c->policy[0] != '\0';
		char *longer = xasprintf("%s%s%s%s%s%sx%d", text, text[0] != '\0' ? " " : "", c->model,
					 has_policy ? "(" : "", c->policy, has_policy ? ")" : "", c->workers);
		free(text);
		text = longer;
	}
	return text;
}

static void assert_cells(const struct plan *plan, const char *expected)
{
	char *text = cells_text(plan);
	assert_string_equal(text, expected);
	free(text);
}

static void plan_one(struct plan *plan, const struct plan_request *request)
{
	char error[400] = "";
	*plan = (struct plan){.options = {.min_samples = 6, .max_samples = 12, .seed = 7}};
	if (plan_add_adhoc(plan, request, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	plan_finish(plan, request->usable_cpus);
}

/* ---- workers ------------------------------------------------------------------------------------------- */

static const struct {
	enum work_class class;
	int usable, physical;
	const char *workers;
} lists[] = {
	{WORK_CPU, 1, 1, "1 2"},
	{WORK_CPU, 2, 2, "1 2 3 4"},
	{WORK_CPU, 2, 1, "1 2 3 4"},
	{WORK_CPU, 3, 3, "1 2 3 6"},
	{WORK_CPU, 4, 4, "1 2 3 4 8"},
	{WORK_CPU, 6, 6, "1 2 4 6 12"},
	{WORK_CPU, 8, 4, "1 2 4 6 8 16"},
	{WORK_CPU, 12, 6, "1 2 4 6 8 12 24"},
	{WORK_CPU, 16, 8, "1 2 4 8 12 16 32"},
	{WORK_CPU, 64, 32, "1 2 4 8 16 32 64 128"},
	{WORK_CPU, 96, 48, "1 2 4 8 16 48 96 192"},
	{WORK_CPU, 20, 0, "1 2 4 8 16 20 40"},
	{WORK_NOTHING, 2, 2, "1 2 3 4"},
	{WORK_WAIT, 2, 2, "1 2 4 8 16 32"},
	{WORK_WAIT, 96, 48, "1 2 4 8 16 32"},
	{WORK_MIXED, 2, 2, "1 2 3 4 6 8 16 32"},
};

static void test_default_workers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		int workers[WORKERS_DEFAULT_MAX];
		int count = plan_default_workers(lists[i].class, lists[i].usable, lists[i].physical, workers);
		char text[200] = "";
		assert_in_range(count, 1, WORKERS_DEFAULT_MAX);
		for (int w = 0; w < count; w++)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d", w > 0 ? " " : "",
				 workers[w]);
		assert_string_equal(text, lists[i].workers);
	}
	/* Every machine: never more than eight, sorted, and none too small to see the end of scaling. */
	for (int usable = 1; usable <= 512; usable++) {
		int workers[WORKERS_DEFAULT_MAX];
		int count = plan_default_workers(WORK_CPU, usable, (usable + 1) / 2, workers);
		assert_in_range(count, 2, WORKERS_DEFAULT_MAX);
		assert_int_equal(workers[0], 1);
		assert_int_equal(workers[count - 1], 2 * usable);
		for (int w = 1; w < count; w++)
			assert_true(workers[w - 1] < workers[w]);
	}
}

/* ---- cells --------------------------------------------------------------------------------------------- */

static void test_adhoc_adds_the_baseline_and_its_twin(void **state)
{
	(void)state;
	struct plan plan;
	struct plan_request request = two_cores;
	request.cast = "spin";
	request.params = "iterations=1k";
	request.models = "threads,processes";
	request.workers = "cores,1,2*cores,1";
	plan_one(&plan, &request);
	assert_cells(&plan, "seqx1 threadsx1 threadsx2 threadsx4 forkx1 forkx2 forkx4");
	assert_string_equal(plan.cells[0].cell.params, "iterations=1000");
	assert_string_equal(plan.cells[0].cell.experiment, "adhoc");
	assert_int_equal(plan.group_count, 1);
	assert_int_equal(plan.groups[0].baseline, 0);
	assert_int_equal(plan.groups[0].twin, 7);
	assert_true(plan.groups[0].is_stand_in);
	assert_true(plan.cells[7].cell.is_twin);
	assert_string_equal(plan.cells[7].cell.model, "seq");
	assert_false(plan.cells[2].is_oversubscribed);
	assert_true(plan.cells[3].is_oversubscribed);
	plan_release(&plan);
}

static const char many[] = "[experiment]\ntitle = T\nquestion = Q?\nclass = mixed\nsource = virtual\n"
			   "models = gil,gil*cores,free\nworkers = cores,2*cores\n"
			   "[cells io]\nprofile = io = gil 1ms, wait 10ms\ncores = 1,4\n";

static void plan_text(struct plan *plan, const char *text, const struct plan_request *request)
{
	struct experiment experiment;
	char error[400] = "";
	*plan = (struct plan){.options = {.min_samples = 6, .max_samples = 12, .seed = 7}};
	if (experiment_parse(&experiment, "many.ini", text, error, sizeof(error)) != 0 ||
	    plan_add_experiment(plan, &experiment, request, error, sizeof(error)) != 0 ||
	    plan_add_controls(plan, request, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	experiment_release(&experiment);
	plan_finish(plan, request->usable_cpus);
}

static void test_a_virtual_experiment_has_a_group_for_each_machine(void **state)
{
	(void)state;
	struct plan plan;
	plan_text(&plan, many, &two_cores);
	/* No controls, no twins; of four processes one per core, where there are as many workers. */
	assert_cells(&plan, "seqx1 gil(py3)x1 gil(py3)x2 freex1 freex2 "
			    "seqx1 gil(py3)x4 gil(py3)x8 gil*4(py3)x4 gil*4(py3)x8 freex4 freex8");
	assert_int_equal(plan.cell_count, 12);
	assert_int_equal(plan.group_count, 2);
	assert_string_equal(plan.groups[1].cast, "io");
	assert_string_equal(plan.groups[1].params, "profile=gil:1ms+wait:10ms cores=4");
	assert_int_equal(plan.cells[0].cell.source, SOURCE_VIRTUAL);
	assert_int_equal(plan.groups[0].twin, -1);
	assert_false(plan.cells[6].is_oversubscribed);
	assert_true(plan.cells[7].is_oversubscribed);
	assert_true(plan_is_virtual(&plan));
	plan_release(&plan);
}

static void test_cores_of_the_command_line_win(void **state)
{
	(void)state;
	struct plan plan;
	struct plan_request request = two_cores;
	request.cores = "2*cores";
	request.models = "threads";
	request.params = "rate=100 arrivals=random";
	request.window_s = 1;
	plan_text(&plan, many, &request);
	assert_cells(&plan, "threadsx4 threadsx8");
	assert_string_equal(plan.groups[0].params,
			    "rate=100 profile=gil:1ms+wait:10ms cores=4 arrivals=random");
	plan_release(&plan);
}

static void test_a_workload_in_virtual_time(void **state)
{
	(void)state;
	struct plan plan;
	struct plan_request request = two_cores;
	request.cast = "mixed";
	request.models = "gil,interp,gil*3";
	request.workers = "2,cores";
	request.is_virtual = true;
	request.cores = "64";
	plan_one(&plan, &request);
	assert_cells(&plan, "seqx1 gil(py3)x2 gil(py3)x64 interp(py3)x2 interp(py3)x64 gil*3(py3)x64");
	assert_non_null(strstr(plan.groups[0].params, " cores=64"));
	assert_true(plan.groups[0].is_stand_in);
	plan_release(&plan);
}

static void refuses_virtual(const char *params, const char *models, const char *cores, const char *sentence)
{
	struct plan plan = {.options = {.min_samples = 6, .max_samples = 12}};
	struct plan_request request = two_cores;
	char error[400] = "";
	request.cast = "profile";
	request.params = params;
	request.models = models;
	request.workers = "2";
	request.cores = cores;
	request.is_virtual = true;
	assert_int_equal(plan_add_adhoc(&plan, &request, error, sizeof(error)), -1);
	assert_string_equal(error, sentence);
	plan_release(&plan);
}

static void test_faulty_virtual_plans(void **state)
{
	(void)state;
	refuses_virtual("profile=gil:1ms ms=5", "gil", "1",
			"'ms=5': a profile has no parameters; beside it there are rate=, arrivals=random");
	refuses_virtual(
		"profile=gil:1ms cores=5", "gil", "1",
		"the cores of a machine in virtual time are no parameter: say cores = 8, or --cores 8");
	refuses_virtual("profile=gil:1ms rate=5", "gil", "1",
			"a rate needs a window: operations come for a time, not for a number");
	refuses_virtual("profile=gil:1ms arrivals=random", "gil", "1",
			"arrivals=random needs a rate: without one, nothing arrives");
	refuses_virtual(
		"profile=gil:1ms", "gil*4", "1",
		"gil*4 has more processes than there are workers (at most 2): each needs one of its own");
}

static void test_live_plans_have_no_models_of_virtual_time(void **state)
{
	(void)state;
	struct plan plan = {.options = {.min_samples = 6, .max_samples = 12}};
	struct plan_request request = two_cores;
	char error[400];
	request.cast = "spin";
	request.models = "gil,gil*2";
	assert_int_equal(plan_add_adhoc(&plan, &request, error, sizeof(error)), -1);
	assert_string_equal(error,
			    "the model gil*2 exists in virtual time only: add --virtual, or ask gilbench "
			    "predict --model gil*2");
	plan_release(&plan);
}

static void test_the_pool_runs_where_there_are_calls(void **state)
{
	(void)state;
	struct plan plan;
	struct plan_request request = two_cores;
	request.cast = "spin";
	request.workers = "1";
	plan_one(&plan, &request);
	assert_cells(&plan, "seqx1 gil(py3)x1 threadsx1 forkx1 uvx1");
	plan_release(&plan);
	request.cast = "hash";
	request.models = "default";
	plan_one(&plan, &request);
	assert_cells(&plan, "seqx1 gil(py3)x1 threadsx1 forkx1 uvx1 uv-poolx1");
	plan_release(&plan);
}

static void test_policies_hold_commas(void **state)
{
	(void)state;
	struct plan plan;
	struct plan_request request = two_cores;
	request.cast = "spin";
	request.models = "gil,uv";
	request.workers = "2";
	request.policies = "py3,py3,interval=1ms";
	plan_one(&plan, &request);
	assert_cells(&plan, "seqx1 gil(py3)x2 gil(py3,interval=1ms)x2 uvx2");
	plan_release(&plan);
	/* The default interval, spelt out, is the same policy. */
	request.policies = "py3,interval=5ms, py3";
	plan_one(&plan, &request);
	assert_cells(&plan, "seqx1 gil(py3)x2 uvx2");
	plan_release(&plan);
}

static void test_seq_is_one_cell(void **state)
{
	(void)state;
	struct plan plan;
	struct plan_request request = two_cores;
	request.cast = "sleep";
	request.models = "seq";
	request.workers = "1,2,4";
	plan_one(&plan, &request);
	assert_cells(&plan, "seqx1");
	plan_release(&plan);
}

static void test_a_cast_of_roles_has_no_seq(void **state)
{
	(void)state;
	struct plan plan;
	struct plan_request request = two_cores;
	request.cast = "sleep:8,spin";
	request.params = "spin.iterations=10";
	request.models = "gil,uv";
	request.window_s = 0.5;
	plan_one(&plan, &request);
	assert_cells(&plan, "gil(py3)x9 uvx9");
	assert_string_equal(plan.cells[0].cell.cast, "sleep:8,spin:1");
	assert_string_equal(plan.cells[0].cell.params, "sleep.ms=5 spin.iterations=10");
	assert_int_equal(plan.groups[0].kind, CELL_WINDOW);
	assert_int_equal(plan.groups[0].baseline, 0);
	assert_int_equal(plan.warning_count, 0);
	plan_release(&plan);
}

static void test_a_cast_names_its_own_tasks(void **state)
{
	(void)state;
	struct plan plan;
	struct plan_request request = two_cores;
	request.cast = "spin:3";
	request.models = "threads";
	plan_one(&plan, &request);
	assert_cells(&plan, "seqx1 threadsx3");
	assert_string_equal(plan.cells[0].cell.cast, "spin");
	plan_release(&plan);
	request.workers = "1,2";
	plan_one(&plan, &request);
	assert_cells(&plan, "seqx1 threadsx3");
	assert_int_equal(plan.warning_count, 1);
	assert_string_equal(plan.warnings[0],
			    "the cast spin:3 names its own tasks, so --workers does not apply to it");
	plan_release(&plan);
}

static void test_few_operations_cap_the_speedup(void **state)
{
	(void)state;
	struct plan plan = {.options = {.ops = 20, .min_samples = 6, .max_samples = 12}};
	struct plan_request request = two_cores;
	char error[400];
	request.cast = "sleep";
	request.models = "threads";
	request.workers = "4,16,32";
	assert_int_equal(plan_add_adhoc(&plan, &request, error, sizeof(error)), 0);
	plan_finish(&plan, 2);
	assert_int_equal(plan.warning_count, 2);
	assert_string_equal(plan.warnings[0],
			    "20 operations shared by 16 workers cannot be more than 10 times as fast");
	assert_string_equal(plan.warnings[1],
			    "20 operations shared by 32 workers cannot be more than 20 times as fast");
	plan_release(&plan);
}

static const struct {
	struct plan_request request;
	const char *error;
} bad[] = {
	{{.cast = "sipn"}, "there is no workload 'sipn'; did you mean 'spin'?"},
	{{.cast = "spin", .models = "gill"}, "there is no model 'gill'; did you mean 'gil'?"},
	{{.cast = "spin", .models = "threading"}, "'threading' may mean two models"},
	{{.cast = "spin", .models = ","}, "the list of models is empty"},
	{{.cast = "spin", .policies = ","}, "the list of policies is empty"},
	{{.cast = "spin", .workers = "0"}, "'0': numbers must be from 1 to 4096"},
	{{.cast = "spin", .workers = "many"}, "'many' is not a list of whole numbers"},
	{{.cast = "spin", .params = "ms=5"}, "'ms'"},
	{{.cast = "spin:2,sleep:1"},
	 "the cast spin:2,sleep:1 has several roles, which are counted over a time"},
	{{.cast = "spin:2,sleep:1", .window_s = 1, .models = "seq,gil"}, "seq runs one task"},
};

static void test_says_what_is_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct plan plan = {0};
		struct plan_request request = bad[i].request;
		char error[400] = "";
		request.usable_cpus = request.physical_cores = 2;
		if (plan_add_adhoc(&plan, &request, error, sizeof(error)) == 0)
			fail_msg("%zu: accepted", i);
		/* An unknown parameter's sentence is param's own; that its name is in it is enough. */
		if (bad[i].error[0] == '\'' ? strstr(error, bad[i].error) == NULL
					    : strncmp(error, bad[i].error, strlen(bad[i].error)) != 0)
			fail_msg("%zu: said    %s\n   must say %s", i, error, bad[i].error);
		plan_release(&plan);
	}
}

/* ---- experiments --------------------------------------------------------------------------------------- */

static const struct {
	const char *cells, *error;
} bad_files[] = {
	{"cast = sipn", "x.ini:6: there is no workload 'sipn'; did you mean 'spin'?"},
	{"cast = spin\nparams = iteration=1", "x.ini:7: "},
	{"cast = spin\nparams = iterations=0", "x.ini:7: iterations must be from 1"},
	{"cast = spin\nmodels = gill", "x.ini:7: there is no model 'gill'; did you mean 'gil'?"},
	{"cast = spin\nworkers = 1,,2", "x.ini:7: '1,,2' is not a list"},
	{"cast = spin\npolicies = py4", "x.ini:7: "},
	{"cast = spin:1,sleep:1", "x.ini:6: the cast spin:1,sleep:1 has several roles"},
};

static void test_blames_the_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad_files); i++) {
		struct plan plan = {0};
		struct experiment e;
		char error[400] = "";
		char *text = xasprintf("[experiment]\ntitle = t\nquestion = q\nclass = cpu\n[cells a]\n%s\n",
				       bad_files[i].cells);
		assert_int_equal(experiment_parse(&e, "x.ini", text, error, sizeof(error)), 0);
		if (plan_add_experiment(&plan, &e, &two_cores, error, sizeof(error)) == 0)
			fail_msg("%zu: accepted", i);
		if (strncmp(error, bad_files[i].error, strlen(bad_files[i].error)) != 0)
			fail_msg("%zu: said    %s\n   must say %s", i, error, bad_files[i].error);
		plan_release(&plan);
		experiment_release(&e);
		free(text);
	}
}

static void add_file(struct plan *plan, const char *path, const struct plan_request *request)
{
	struct experiment e;
	char error[400] = "", *text = read_file(path, NULL);
	assert_non_null(text);
	if (experiment_parse(&e, path, text, error, sizeof(error)) != 0 ||
	    plan_add_experiment(plan, &e, request, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	experiment_release(&e);
	free(text);
}

static void test_the_command_line_wins(void **state)
{
	(void)state;
	struct plan plan = {.options = {.min_samples = 6, .max_samples = 6}};
	add_file(&plan, "tests/data/small.ini", &two_cores);
	assert_cells(&plan, "seqx1 gil(py3)x1 gil(py3)x2 threadsx1 threadsx2 uvx3");
	plan_release(&plan);
	struct plan_request request = two_cores;
	request.models = "fork";
	request.workers = "3";
	plan = (struct plan){.options = {.min_samples = 6, .max_samples = 6}};
	add_file(&plan, "tests/data/small.ini", &request);
	assert_cells(&plan, "seqx1 forkx3 forkx3");
	assert_int_equal(plan.groups[0].rank, 3);
	assert_int_equal(plan.groups[0].class, WORK_MIXED);
	plan_release(&plan);
}

static void test_shipped_experiments_can_be_planned(void **state)
{
	(void)state;
	static const int machines[] = {1, 2, 4, 16, 96};
	glob_t found;
	assert_int_equal(glob("bench/experiments/*.ini", 0, NULL, &found), 0);
	assert_true(found.gl_pathc >= 17);
	for (size_t m = 0; m < ARRAY_LEN(machines); m++) {
		struct plan_request request = {.usable_cpus = machines[m], .physical_cores = machines[m]};
		struct plan plan = {.options = {.min_samples = 6, .max_samples = 12}};
		char error[400] = "";
		for (size_t i = 0; i < found.gl_pathc; i++)
			add_file(&plan, found.gl_pathv[i], &request);
		assert_int_equal(plan_add_controls(&plan, &request, error, sizeof(error)), 0);
		plan_finish(&plan, request.usable_cpus);
		for (size_t g = 0; g < plan.group_count; g++) {
			assert_true(plan.groups[g].baseline >= 0);
			bool is_virtual = plan.cells[plan.groups[g].baseline].cell.source == SOURCE_VIRTUAL;
			assert_true(is_virtual || plan.groups[g].twin >= 0);
		}
		plan_release(&plan);
	}
	globfree(&found);
}

static void test_controls_follow_the_plan(void **state)
{
	(void)state;
	struct plan plan = {.options = {.min_samples = 6, .max_samples = 12}};
	struct plan_request request = two_cores;
	char error[400] = "";
	request.cast = "spin";
	request.workers = "4";
	request.models = "gil";
	assert_int_equal(plan_add_adhoc(&plan, &request, error, sizeof(error)), 0);
	request.cast = "sleep";
	request.workers = "8";
	assert_int_equal(plan_add_adhoc(&plan, &request, error, sizeof(error)), 0);
	assert_int_equal(plan_add_controls(&plan, &request, error, sizeof(error)), 0);
	plan_finish(&plan, 2);
	assert_cells(&plan, "seqx1 gil(py3)x4 seqx1 gil(py3)x8 " /* asked for */
			    "seqx1 forkx1 forkx2 forkx4 "        /* registers */
			    "seqx1 threadsx1 threadsx8 "         /* sleep */
			    "seqx1 threadsx1 threadsx2 gil(py3)x1 uvx1" /* null */);
	assert_string_equal(plan.groups[2].experiment, "controls");
	assert_string_equal(plan.groups[2].cast, "registers");
	plan_release(&plan);
}

/* ---- written down -------------------------------------------------------------------------------------- */

static void test_a_plan_survives_json(void **state)
{
	(void)state;
	struct plan plan, back;
	struct plan_request request = two_cores;
	char error[400] = "";
	request.cast = "spin:2";
	request.workers = "3";
	plan_one(&plan, &request);
	plan.options.seed = UINT64_MAX - 1;
	plan.options.affinity = xstrdup("0,1");
	plan.options.budget_s = 90;
	plan.cells[1].ops = 12345;
	plan.groups[0].name = xstrdup("convoy-1");
	plan.groups[0].goal = (struct goal){.samples = 7, .ops = 1000, .seconds = 60};
	plan.cells[1].seconds = 0.25;
	json_t *object = plan_to_json(&plan);
	assert_non_null(object);
	if (plan_from_json(&back, object, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	assert_true(back.options.seed == plan.options.seed);
	assert_string_equal(back.options.affinity, "0,1");
	assert_int_equal(back.warning_count, 1);
	assert_int_equal(back.cell_count, plan.cell_count);
	for (size_t i = 0; i < plan.cell_count; i++) {
		assert_true(cell_equal(&plan.cells[i].cell, &back.cells[i].cell));
		assert_int_equal(back.cells[i].ops, plan.cells[i].ops);
		assert_int_equal(back.cells[i].group, plan.cells[i].group);
	}
	assert_true(back.cells[1].seconds == 0.25);
	assert_int_equal(back.groups[0].twin, plan.groups[0].twin);
	assert_string_equal(back.groups[0].name, "convoy-1");
	assert_int_equal(back.groups[0].goal.samples, 7);
	assert_int_equal(back.groups[0].goal.ops, 1000);
	assert_true(back.groups[0].goal.seconds == 60);
	json_t *again = plan_to_json(&back);
	assert_true(json_equal(object, again));
	json_decref(object);
	json_decref(again);
	plan_release(&plan);
	plan_release(&back);
}

static void test_a_spoilt_plan_is_refused(void **state)
{
	(void)state;
	static const char *const spoilt[] = {
		"{}",
		"{\"groups\": [1], \"cells\": [1]}",
		"{\"groups\": [{}], \"cells\": [{}], \"options\": {\"seed\": \"1\"}}",
		"[]",
	};
	for (size_t i = 0; i < ARRAY_LEN(spoilt); i++) {
		struct plan plan;
		char error[400] = "";
		json_t *object = json_loads(spoilt[i], 0, NULL);
		assert_non_null(object);
		assert_int_equal(plan_from_json(&plan, object, error, sizeof(error)), -1);
		assert_int_equal(strncmp(error, "the plan cannot be read: ", 25), 0);
		json_decref(object);
	}
}

static void test_prints_every_block_that_will_run(void **state)
{
	(void)state;
	struct plan plan;
	struct plan_request request = two_cores;
	char *text = NULL;
	size_t bytes;
	request.cast = "spin";
	request.models = "gil";
	request.workers = "4";
	plan_one(&plan, &request);
	FILE *out = open_memstream(&text, &bytes);
	assert_non_null(out);
	plan_print(&plan, out);
	fclose(out);
	assert_int_equal(strncmp(text, "3 cells in 1 groups, 6 to 12 blocks, seed 7\n", 44), 0);
	assert_non_null(strstr(text, "\nblock 6\n"));
	assert_null(strstr(text, "\nblock 7\n"));
	assert_non_null(strstr(text, "gil (py3), 4 workers (more than the usable CPUs)"));
	free(text);
	plan_release(&plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_default_workers),
		cmocka_unit_test(test_adhoc_adds_the_baseline_and_its_twin),
		cmocka_unit_test(test_a_virtual_experiment_has_a_group_for_each_machine),
		cmocka_unit_test(test_cores_of_the_command_line_win),
		cmocka_unit_test(test_a_workload_in_virtual_time),
		cmocka_unit_test(test_faulty_virtual_plans),
		cmocka_unit_test(test_live_plans_have_no_models_of_virtual_time),
		cmocka_unit_test(test_the_pool_runs_where_there_are_calls),
		cmocka_unit_test(test_policies_hold_commas),
		cmocka_unit_test(test_seq_is_one_cell),
		cmocka_unit_test(test_a_cast_of_roles_has_no_seq),
		cmocka_unit_test(test_a_cast_names_its_own_tasks),
		cmocka_unit_test(test_few_operations_cap_the_speedup),
		cmocka_unit_test(test_says_what_is_wrong),
		cmocka_unit_test(test_blames_the_line),
		cmocka_unit_test(test_the_command_line_wins),
		cmocka_unit_test(test_shipped_experiments_can_be_planned),
		cmocka_unit_test(test_controls_follow_the_plan),
		cmocka_unit_test(test_a_plan_survives_json),
		cmocka_unit_test(test_a_spoilt_plan_is_refused),
		cmocka_unit_test(test_prints_every_block_that_will_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
