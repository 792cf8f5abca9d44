/*
 * virtual: from a cell to a simulated sample, what a manifest keeps of it, and the command that repeats it.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/planner.h>
#include <gilbench/util.h>
#include <gilbench/virtual.h>

static char error[256];

static struct virtual_runner runner_new(void)
{
	struct virtual_runner runner = {.trace = NULL};
	costs_standard(&runner.costs);
	return runner;
}

static struct cell cell_of(const char *params, const char *model, int workers)
{
	return (struct cell){.experiment = "adhoc",
			     .cast = "profile",
			     .params = params,
			     .model = model,
			     .policy = strncmp(model, "gil", 3) == 0 ? "py3" : "",
			     .workers = workers,
			     .kind = CELL_BATCH,
			     .source = SOURCE_VIRTUAL};
}

static struct sample sample_of(struct virtual_runner *runner, const struct cell *cell, uint64_t ops,
			       uint64_t seed)
{
	const struct request request = {.cell = cell, .ops = ops, .seed = seed};
	struct sample sample;
	assert_int_equal(virtual_execute(runner, &request, &sample), 0);
	return sample;
}

/* Four operations of 2 ms and 10 ms by four processes: nobody waits for anybody. */
static void test_a_profile_takes_as_long_as_it_says(void **state)
{
	(void)state;
	struct virtual_runner runner = runner_new();
	const struct cell cell = cell_of("profile=gil:2ms+wait:10ms cores=4", "fork", 4);
	struct sample s = sample_of(&runner, &cell, 400, 7);
	assert_int_equal(s.status, SAMPLE_OK);
	assert_string_equal(s.cell.params, cell.params);
	assert_int_equal(s.seed, 7);
	assert_int_equal(s.ops_asked, 400);
	assert_int_equal(s.role_count, 1);
	assert_string_equal(s.role[0].role, "profile");
	assert_int_equal(s.role[0].tasks, 4);
	assert_int_equal(s.role[0].ops, 400);
	assert_true(s.wall_s >= 1.2 && s.wall_s < 1.25);
	sample_release(&s);
}

static void test_the_seed_is_the_sample(void **state)
{
	(void)state;
	struct virtual_runner runner = runner_new();
	const struct cell cell = cell_of("profile=gil:exp(2ms)+wait:exp(10ms) cores=2", "gil", 8);
	struct sample a = sample_of(&runner, &cell, 400, 7), b = sample_of(&runner, &cell, 400, 7),
		      c = sample_of(&runner, &cell, 400, 8);
	assert_true(a.wall_s == b.wall_s);
	assert_true(a.role[0].gil_wait_s == b.role[0].gil_wait_s);
	assert_true(a.wall_s != c.wall_s);
	sample_release(&a);
	sample_release(&b);
	sample_release(&c);
}

static void test_cores_and_costs_are_heeded(void **state)
{
	(void)state;
	struct virtual_runner runner = runner_new();
	const struct cell one = cell_of("profile=gil:1ms cores=1", "free", 4),
			  four = cell_of("profile=gil:1ms cores=4", "free", 4);
	struct sample slow = sample_of(&runner, &one, 400, 1), fast = sample_of(&runner, &four, 400, 1);
	assert_true(slow.wall_s > 3.9 * fast.wall_s);
	assert_true(fabs(fast.wall_s - 0.108) < 0.001);
	assert_int_equal(costs_set(&runner.costs, "free=2", error, sizeof(error)), 0);
	struct sample slower = sample_of(&runner, &four, 400, 1);
	assert_true(fabs(slower.wall_s - 0.2) < 0.001);
	sample_release(&slow);
	sample_release(&fast);
	sample_release(&slower);
}

static void test_a_cast_has_its_roles(void **state)
{
	(void)state;
	struct virtual_runner runner = runner_new();
	struct cell cell =
		cell_of("rate=100 io.profile=gil:1ms+wait:10ms cpu.profile=gil:5ms cores=8", "gil", 6);
	cell.cast = "io:4,cpu:2";
	cell.kind = CELL_WINDOW;
	cell.window_s = 2;
	struct sample s = sample_of(&runner, &cell, 0, 3);
	assert_int_equal(s.status, SAMPLE_OK);
	assert_int_equal(s.role_count, 2);
	assert_string_equal(s.role[1].role, "cpu");
	assert_int_equal(s.role[0].tasks, 4);
	assert_true(s.role[0].throughput_per_s > 80 && s.role[0].throughput_per_s < 105);
	sample_release(&s);
}

static void refused(struct virtual_runner *runner, const struct cell *cell, const char *part)
{
	struct sample s = sample_of(runner, cell, 10, 1);
	assert_int_equal(s.status, SAMPLE_UNSUPPORTED);
	assert_non_null(strstr(s.error, part));
	sample_release(&s);
}

static void test_what_cannot_be_says_why(void **state)
{
	(void)state;
	struct virtual_runner runner = runner_new();
	const struct cell shape = cell_of("profile=gil:1ms cores=1", "gil*4", 2);
	struct cell unknown = cell_of("ms=5 cores=1", "threads", 2);
	unknown.cast = "sleep";
	refused(&runner, &shape, "4");
	refused(&runner, &unknown, "not recorded");
	struct cell endless = cell_of("profile=gil:1ns cores=4", "threads", 4);
	endless.kind = CELL_WINDOW;
	endless.window_s = 3;
	refused(&runner, &endless, "1.2e+10 segments would be simulated");
	runner.recordings = xcalloc(1, sizeof(*runner.recordings));
	runner.recordings[runner.recording_count++] =
		(struct recording){xstrdup("sleep"), xstrdup("ms=5"), {0}, xstrdup("too tired")};
	refused(&runner, &unknown, "too tired");
	virtual_release(&runner);
}

/* A workload that was seen to compute for 1 or 3 ms. */
static void add_recording(struct virtual_runner *runner)
{
	runner->recordings = xcalloc(1, sizeof(*runner->recordings));
	struct recording *r = &runner->recordings[runner->recording_count++];
	*r = (struct recording){.cast = xstrdup("spin"), .params = xstrdup("iterations=9")};
	assert_int_equal(profile_cast_add(&r->profiles, "spin = gil 2ms, wait 1ms", error, sizeof(error)), 0);
	struct segment *s = &r->profiles.role[0].profile.segment[0];
	s->spread = SPREAD_EMPIRICAL;
	s->value_count = 2;
	s->values = xcalloc(2, sizeof(*s->values));
	s->values[0] = 1000000;
	s->values[1] = 3000000;
	strcpy(r->profiles.role[0].workload, "spin");
}

static void test_a_recording_stands_for_its_workload(void **state)
{
	(void)state;
	struct virtual_runner runner = runner_new();
	add_recording(&runner);
	struct cell cell = cell_of("iterations=9 cores=64", "threads", 64);
	cell.cast = "spin";
	struct sample s = sample_of(&runner, &cell, 6400, 1);
	assert_int_equal(s.status, SAMPLE_OK);
	assert_string_equal(s.role[0].workload, "spin");
	assert_int_equal(s.role[0].tasks, 64);
	/* 64 tasks of 3 ms on average. */
	assert_true(s.role[0].throughput_per_s > 19000 && s.role[0].throughput_per_s < 21500);
	sample_release(&s);
	virtual_release(&runner);
}

static void test_a_manifest_keeps_it(void **state)
{
	(void)state;
	struct virtual_runner runner = runner_new(), back;
	add_recording(&runner);
	assert_int_equal(costs_set(&runner.costs, "switch=3us", error, sizeof(error)), 0);
	runner.costs.origin[COST_POLL] = COST_MEASURED;
	runner.costs.handoff_sigma = 1.0 / 3;
	runner.costs.depth[1] = 2.0 / 3;
	virtual_round_costs(&runner.costs);
	/* As it is read from a file. */
	json_t *written = virtual_to_json(&runner);
	char *text = json_dumps(written, JSON_REAL_PRECISION(12));
	json_t *object = json_loads(text, 0, NULL);
	free(text);
	json_decref(written);
	assert_int_equal(virtual_from_json(&back, object, error, sizeof(error)), 0);
	assert_int_equal(back.costs.switch_ns, 3000);
	assert_int_equal(back.costs.origin[COST_SWITCH], COST_SAID);
	assert_int_equal(back.costs.origin[COST_POLL], COST_MEASURED);
	assert_true(back.costs.handoff_sigma == runner.costs.handoff_sigma);
	assert_true(back.costs.depth[1] == runner.costs.depth[1]);
	assert_true(back.costs.signal == runner.costs.signal);
	assert_int_equal(back.recording_count, 1);
	assert_string_equal(back.recordings[0].params, "iterations=9");
	const struct profile *p = &back.recordings[0].profiles.role[0].profile;
	assert_int_equal(p->count, 2);
	assert_int_equal(p->segment[0].spread, SPREAD_EMPIRICAL);
	assert_int_equal(p->segment[0].values[1], 3000000);
	json_t *again = virtual_to_json(&back);
	assert_true(json_equal(object, again));
	json_decref(again);
	virtual_release(&back);
	json_object_set_new(json_object_get(object, "costs"), "slice_ns", json_integer(0));
	assert_int_equal(virtual_from_json(&back, object, error, sizeof(error)), -1);
	json_decref(object);
	virtual_release(&runner);
}

static struct plan plan_of_many(void)
{
	struct plan plan = {.options = {.min_samples = 6, .max_samples = 12, .seed = 11}};
	const struct plan_request request = {.usable_cpus = 2,
					     .physical_cores = 2,
					     .cast = "profile",
					     .params = "profile=gil:exp(1ms)+wait:exp(5ms)",
					     .models = "gil,gil*2,uv,free",
					     .workers = "2-8",
					     .is_virtual = true,
					     .cores = "1,2"};
	assert_int_equal(plan_add_adhoc(&plan, &request, error, sizeof(error)), 0);
	plan_finish(&plan, 2);
	for (size_t i = 0; i < plan.cell_count; i++)
		plan.cells[i].ops = 100;
	return plan;
}

/* Two runners go through the plan as the driver does; one of them looks ahead. Every third cell leaves after a block. */
static void test_looking_ahead_changes_nothing(void **state)
{
	(void)state;
	struct plan plan = plan_of_many();
	struct virtual_runner plain = runner_new(), ahead = runner_new();
	unsigned order[200];
	ahead.plan = &plan;
	assert_true(plan.cell_count > 40 && plan.cell_count < 200);
	for (unsigned block = 0; block < 3; block++) {
		plan_order(&plan, block, order);
		for (size_t i = 0; i < plan.cell_count; i++) {
			size_t cell = order[i];
			uint64_t seed = plan_sample_seed(&plan, cell, block);
			if (block > 0 && cell % 3 == 0)
				continue;
			struct sample a = sample_of(&plain, &plan.cells[cell].cell, 100, seed);
			struct sample b = sample_of(&ahead, &plan.cells[cell].cell, 100, seed);
			assert_int_equal(b.status, SAMPLE_OK);
			assert_ptr_equal(b.cell.model, plan.cells[cell].cell.model);
			assert_int_equal(b.seed, seed);
			assert_true(a.wall_s == b.wall_s);
			sample_release(&a);
			sample_release(&b);
		}
	}
	/* What is none of the plan's, or not as planned, is taken alone. */
	struct sample other = sample_of(&ahead, &plan.cells[0].cell, 50, 1);
	assert_int_equal(other.ops_asked, 50);
	sample_release(&other);
	virtual_release(&ahead);
	plan_release(&plan);
}

static void expect_command(struct virtual_runner *runner, const struct cell *cell, const char *expected)
{
	const struct request request = {.cell = cell, .ops = 10, .seed = 5};
	char *text = virtual_command(runner, &request);
	assert_string_equal(text, expected);
	free(text);
}

static void test_the_command_that_repeats_it(void **state)
{
	(void)state;
	struct virtual_runner runner = runner_new();
	struct cell cell = cell_of("profile=gil:2ms+wait:exp(10ms) cores=4", "gil*2", 8);
	expect_command(&runner, &cell,
		       "gilbench once --virtual --profile 'profile = gil:2ms+wait:exp(10ms)' --cores 4 "
		       "--model 'gil*2' "
		       "--gil py3 --workers 8 --ops 10 --seed 5");
	cell = cell_of("rate=9 io.profile=gil:1ms cpu.profile=gil:5ms cores=2 arrivals=random", "uv", 3);
	cell.cast = "io:2,cpu:1";
	cell.kind = CELL_WINDOW;
	cell.window_s = 3;
	assert_int_equal(costs_set(&runner.costs, "poll=0", error, sizeof(error)), 0);
	expect_command(&runner, &cell,
		       "gilbench once --virtual --profile 'io:2 = gil:1ms' --profile 'cpu:1 = gil:5ms' "
		       "--cores 2 --rate 9 "
		       "--param arrivals=random --model uv --workers 3 --window 3s --seed 5 --cost poll=0");
	cell = cell_of("ms=5 cores=2", "threads", 2);
	cell.cast = "sleep";
	expect_command(
		NULL, &cell,
		"gilbench once --virtual --workload sleep --param ms=5 --cores 2 --model threads --workers 2 "
		"--ops 10 --seed 5");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_profile_takes_as_long_as_it_says),
		cmocka_unit_test(test_the_seed_is_the_sample),
		cmocka_unit_test(test_cores_and_costs_are_heeded),
		cmocka_unit_test(test_a_cast_has_its_roles),
		cmocka_unit_test(test_what_cannot_be_says_why),
		cmocka_unit_test(test_a_recording_stands_for_its_workload),
		cmocka_unit_test(test_a_manifest_keeps_it),
		cmocka_unit_test(test_looking_ahead_changes_nothing),
		cmocka_unit_test(test_the_command_that_repeats_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
