/*
 * driver: the loop over blocks, with samples and a clock that are made up. Nothing runs, no time passes.
 *
 * The fake machine does `rate` operations a second per busy core, has two cores, and takes a fixed time to
 * start a process.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <math.h>
#include <string.h>

#include <gilbench/driver.h>
#include <gilbench/planner.h>
#include <gilbench/util.h>

/* What starting a process takes on the fake machine. */
#define START_S 0.005

struct machine {
	double now_s, rate;
	double noise; /* relative, drawn per sample */
	uint64_t random;
	int stop_at;     /* -EINTR at this call; 0: never */
	const char *bad; /* a model that fails */
	enum sample_status bad_status;
	int calls, bad_calls;
	double deadline_s;   /* of the last request */
	uint64_t window_ops; /* done in a window */
};

static double machine_now(void *context)
{
	return ((struct machine *)context)->now_s;
}

/* Two cores; a loop and a lock use one. */
static double speedup_of(const struct cell *cell)
{
	bool is_parallel = strcmp(cell->model, "threads") == 0 || strcmp(cell->model, "fork") == 0;
	return is_parallel && cell->workers > 1 ? 2 : 1;
}

static int machine_execute(void *context, const struct request *request, struct sample *sample)
{
	struct machine *m = context;
	const struct cell *cell = request->cell;
	double luck = 1 + m->noise * ((double)(random_next(&m->random) >> 40) / 0x1p24 - 0.5);
	double wall_s = cell->kind == CELL_WINDOW
				? cell->window_s
				: (double)request->ops / (m->rate * speedup_of(cell)) * luck;
	if (++m->calls == m->stop_at)
		return -EINTR;
	m->deadline_s = request->deadline_s;
	m->now_s += wall_s + START_S;
	*sample = (struct sample){.cell = *cell,
				  .seed = request->seed,
				  .ops_asked = request->ops,
				  .wall_s = wall_s,
				  .role_count = 1};
	sample->role[0].ops = cell->kind == CELL_WINDOW ? m->window_ops : request->ops;
	sample->role[0].throughput_per_s = (double)request->ops / wall_s;
	sample->role[0].latency = xcalloc(1, sizeof(struct hist));
	if (m->bad != NULL && strcmp(cell->model, m->bad) == 0) {
		m->bad_calls++;
		sample->status = m->bad_status;
		sample->wall_s = NAN;
	}
	return 0;
}

/* ---- a plan and a run ---- */

static struct plan make_plan(const char *models, const char *workers)
{
	char error[256];
	struct plan plan = {.options = {.min_samples = 6,
					.max_samples = 12,
					.precision = 0.02,
					.min_time_s = 0.1,
					.seed = 42}};
	struct plan_request request = {
		.usable_cpus = 2, .physical_cores = 2, .cast = "spin", .models = models, .workers = workers};
	if (plan_add_adhoc(&plan, &request, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	plan_finish(&plan, 2);
	return plan;
}

static enum driver_end drive(struct driver *driver, struct plan *plan, struct machine *machine)
{
	if (machine->rate <= 0)
		machine->rate = 1000;
	driver->plan = plan;
	driver->execute = machine_execute;
	driver->now_s = machine_now;
	driver->context = machine;
	return driver_run(driver);
}

static unsigned samples_of(const struct driver *driver, const struct cell *cell)
{
	unsigned count = 0;
	for (size_t i = 0; i < driver->sample_count; i++)
		count += cell_equal(&driver->samples[i].cell, cell);
	return count;
}

static void assert_samples_each(const struct driver *driver, unsigned least, unsigned most)
{
	for (size_t i = 0; i < driver->plan->cell_count; i++) {
		unsigned count = samples_of(driver, &driver->plan->cells[i].cell);
		if (count < least || count > most)
			fail_msg("cell %zu has %u samples, expected %u to %u", i, count, least, most);
	}
}

static void finish(struct driver *driver, struct plan *plan)
{
	driver_release(driver);
	plan_release(plan);
}

/* ---- calibration ---- */

static void test_samples_are_long_enough_and_shared_evenly(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads", "1,2,3");
	struct machine machine = {0};
	struct driver driver = {0};
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	for (size_t i = 0; i < driver.sample_count; i++) {
		const struct sample *sample = &driver.samples[i];
		uint64_t workers = (uint64_t)sample->cell.workers;
		assert_true(sample->wall_s >= 0.1);
		assert_true(sample->wall_s <= 0.2);
		assert_int_equal(sample->ops_asked % workers, 0);
		assert_true(sample->ops_asked / workers >= 10);
	}
	finish(&driver, &plan);
}

static void test_slow_operations_are_ten_per_task(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil", "4");
	struct machine machine = {.rate = 4};
	struct driver driver = {0};
	plan.options.max_samples = 6;
	drive(&driver, &plan, &machine);
	for (size_t i = 0; i < plan.cell_count; i++)
		assert_int_equal(plan.cells[i].ops, 10 * plan.cells[i].cell.workers);
	finish(&driver, &plan);
}

static void test_fast_operations_are_found_in_few_probes(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil", "2");
	struct machine machine = {.rate = 20e6};
	struct driver driver = {0};
	plan.options.max_samples = 6;
	drive(&driver, &plan, &machine);
	/* seq from 3 operations upward: at most four; and one again; gil from its rate: two. */
	assert_true(machine.calls - (int)driver.sample_count <= 7);
	assert_true(driver.samples[0].wall_s >= 0.1);
	finish(&driver, &plan);
}

static void test_given_operations_are_done_exactly(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads", "1,3");
	struct machine machine = {0};
	struct driver driver = {0};
	plan.options.ops = 20;
	drive(&driver, &plan, &machine);
	for (size_t i = 0; i < driver.sample_count; i++)
		assert_int_equal(driver.samples[i].ops_asked, 20);
	assert_int_equal(machine.calls, driver.sample_count);
	finish(&driver, &plan);
}

/* ---- blocks ---- */

/* Windows of a tenth of a second, in one group with a goal. */
static struct plan make_goal_plan(struct goal goal)
{
	struct plan plan = make_plan("gil,threads", "1");
	plan.options.max_samples = 40;
	for (size_t i = 0; i < plan.cell_count; i++) {
		plan.cells[i].cell.kind = CELL_WINDOW;
		plan.cells[i].cell.window_s = 0.1;
	}
	plan.groups[0].goal = goal;
	return plan;
}

static void test_a_goal_of_operations_ends_a_group(void **state)
{
	(void)state;
	/* Precision would end it at 6 or never: the fake machine does 100 in a window. */
	struct plan plan = make_goal_plan((struct goal){.samples = 3, .ops = 1001, .seconds = 60});
	struct machine machine = {.window_ops = 100};
	struct driver driver = {0};
	plan.options.min_samples = 3;
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	assert_samples_each(&driver, 11, 11);
	finish(&driver, &plan);
}

static void test_a_goal_of_seconds_ends_a_group_that_does_little(void **state)
{
	(void)state;
	struct plan plan = make_goal_plan((struct goal){.samples = 3, .ops = 1000, .seconds = 0.85});
	struct machine machine = {.window_ops = 1};
	struct driver driver = {0};
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	assert_samples_each(&driver, 9, 9);
	finish(&driver, &plan);
}

static void test_a_cell_that_fails_does_not_hold_up_a_goal(void **state)
{
	(void)state;
	struct plan plan = make_goal_plan((struct goal){.samples = 3, .ops = 650, .seconds = 60});
	struct machine machine = {.window_ops = 100, .bad = "threads", .bad_status = SAMPLE_CRASHED};
	struct driver driver = {0};
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	assert_samples_each(&driver, 7, 7);
	finish(&driver, &plan);
}

static void test_precise_groups_stop_at_the_first_look(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads", "1,2");
	struct machine machine = {0};
	struct driver driver = {0};
	drive(&driver, &plan, &machine);
	assert_samples_each(&driver, 6, 6);
	finish(&driver, &plan);
}

static void test_noisy_groups_go_on_to_the_end(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads", "1,2");
	struct machine machine = {.noise = 0.3};
	struct driver driver = {0};
	drive(&driver, &plan, &machine);
	assert_samples_each(&driver, 12, 12);
	finish(&driver, &plan);
}

static void test_blocks_follow_the_plan(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads,fork", "1,2");
	struct machine machine = {0};
	struct driver driver = {0};
	unsigned order[32];
	drive(&driver, &plan, &machine);
	for (size_t i = 0; i < driver.sample_count; i++) {
		const struct sample *sample = &driver.samples[i];
		size_t place = i % plan.cell_count;
		plan_order(&plan, sample->block, order);
		assert_int_equal(sample->order, i);
		assert_int_equal(sample->block, i / plan.cell_count);
		assert_true(cell_equal(&sample->cell, &plan.cells[order[place]].cell));
		assert_int_equal(sample->seed, plan_sample_seed(&plan, order[place], sample->block));
	}
	finish(&driver, &plan);
}

static void test_the_first_block_can_be_read_along(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads,fork", "1,2");
	struct machine machine = {0};
	struct driver driver = {.is_first_in_order = true};
	drive(&driver, &plan, &machine);
	for (size_t i = 0; i < plan.cell_count; i++)
		assert_true(cell_equal(&driver.samples[i].cell, &plan.cells[i].cell));
	finish(&driver, &plan);
}

static void count_with_latency(void *context, const struct plan *plan, size_t cell,
			       const struct sample *sample)
{
	assert_true(cell_equal(&plan->cells[cell].cell, &sample->cell));
	*(unsigned *)context += sample->role[0].latency != NULL;
}

static void test_the_hook_sees_latencies_and_memory_stays_small(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil", "1,2");
	struct machine machine = {0};
	unsigned seen = 0;
	struct driver driver = {.on_sample = count_with_latency, .hook_context = &seen};
	drive(&driver, &plan, &machine);
	assert_int_equal(seen, driver.sample_count);
	for (size_t i = 0; i < driver.sample_count; i++)
		assert_null(driver.samples[i].role[0].latency);
	finish(&driver, &plan);
}

static void test_warm_up_samples_are_thrown_away(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil", "1");
	struct machine machine = {0}, cold = {0};
	struct driver driver = {0}, other = {0};
	drive(&other, &plan, &cold);
	driver_release(&other);
	plan.options.warmup_s = 1;
	drive(&driver, &plan, &machine);
	assert_samples_each(&driver, 6, 6);
	assert_true(machine.calls - (int)driver.sample_count >= 5);
	finish(&driver, &plan);
}

/* ---- what goes wrong ---- */

static void test_a_crash_is_a_result_and_the_run_goes_on(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads", "1");
	struct machine machine = {.bad = "gil", .bad_status = SAMPLE_CRASHED};
	struct driver driver = {0};
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	assert_samples_each(&driver, 6, 12);
	assert_int_equal(driver.failed, machine.bad_calls);
	assert_int_equal(plan.warning_count, 1);
	assert_non_null(strstr(plan.warnings[0], "gilbench once --workload spin"));
	assert_non_null(strstr(plan.warnings[0], "crashed"));
	finish(&driver, &plan);
}

static void test_a_wrong_answer_is_a_failure(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads", "1");
	struct machine machine = {.bad = "threads", .bad_status = SAMPLE_WRONG};
	struct driver driver = {0};
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	assert_true(driver.failed >= 6);
	finish(&driver, &plan);
}

static void expect_asked_once(enum sample_status status, size_t failed)
{
	struct plan plan = make_plan("gil,threads", "1");
	struct machine machine = {.bad = "gil", .bad_status = status};
	struct driver driver = {0};
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	assert_int_equal(machine.bad_calls, 1);
	assert_int_equal(driver.failed, failed);
	finish(&driver, &plan);
}

static void test_hung_and_unsupported_cells_are_asked_once(void **state)
{
	(void)state;
	expect_asked_once(SAMPLE_TIMEOUT, 1);
	expect_asked_once(SAMPLE_UNSUPPORTED, 0);
}

static void test_deadlines_follow_the_expected_length(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil", "1");
	struct machine machine = {0};
	struct driver driver = {0};
	unsetenv("GILBENCH_DEADLINE_S");
	drive(&driver, &plan, &machine);
	assert_true(machine.deadline_s > 10);
	assert_true(machine.deadline_s < 20);
	finish(&driver, &plan);
}

/* ---- interrupted, resumed ---- */

static void test_a_resumed_run_ends_like_an_uninterrupted_one(void **state)
{
	(void)state;
	for (int stop_at = 1; stop_at < 60; stop_at += 7) {
		struct plan plan = make_plan("gil,threads", "1,2"), same = make_plan("gil,threads", "1,2");
		struct machine machine = {.stop_at = stop_at}, other = {0};
		struct driver first = {0}, whole = {0};
		enum driver_end end = drive(&first, &plan, &machine);
		drive(&whole, &same, &other);
		assert_int_equal(end, stop_at <= machine.calls ? DRIVER_INTERRUPTED : DRIVER_DONE);
		struct driver second = {.samples = first.samples, .sample_count = first.sample_count};
		machine.stop_at = 0;
		assert_int_equal(drive(&second, &plan, &machine), DRIVER_DONE);
		assert_int_equal(second.sample_count, whole.sample_count);
		for (size_t i = 0; i < whole.sample_count; i++) {
			assert_true(cell_equal(&second.samples[i].cell, &whole.samples[i].cell));
			assert_int_equal(second.samples[i].block, whole.samples[i].block);
			assert_int_equal(second.samples[i].seed, whole.samples[i].seed);
		}
		finish(&second, &plan);
		finish(&whole, &same);
	}
}

/* ---- budget ---- */

static void test_a_budget_is_kept(void **state)
{
	(void)state;
	static const double budgets_s[] = {1.5, 3, 5, 10};
	for (size_t i = 0; i < ARRAY_LEN(budgets_s); i++) {
		struct plan plan = make_plan("gil,threads,fork", "1,2,3");
		struct machine machine = {.noise = 0.3};
		struct driver driver = {0};
		plan.options.budget_s = budgets_s[i];
		assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
		assert_samples_each(&driver, 1, 12);
		if (driver.elapsed_s > budgets_s[i] * 1.1)
			fail_msg("%g s of a budget of %g s", driver.elapsed_s, budgets_s[i]);
		finish(&driver, &plan);
	}
}

static void test_a_short_budget_scales_samples_down(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads,fork", "1,2,3");
	struct machine machine = {0};
	struct driver driver = {0};
	plan.options.budget_s = 1;
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	assert_true(driver.is_scaled);
	assert_true(plan.warning_count > 0);
	assert_true(driver.elapsed_s <= 1.1);
	assert_samples_each(&driver, 1, 12);
	finish(&driver, &plan);
}

static void test_an_impossible_budget_names_the_least(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads,fork", "1,2,3");
	struct machine machine = {0};
	struct driver driver = {0};
	plan.options.budget_s = 0.1;
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_NO_BUDGET);
	assert_int_equal(driver.sample_count, 0);
	assert_non_null(strstr(driver.error, "--budget 0.1s"));
	assert_non_null(strstr(driver.error, "the least is about"));
	finish(&driver, &plan);
}

static void test_a_budget_that_nobody_asked_for_is_lifted(void **state)
{
	(void)state;
	struct plan plan = make_plan("gil,threads,fork", "1,2,3");
	struct machine machine = {0};
	struct driver driver = {.is_budget_soft = true};
	plan.options.budget_s = 0.1;
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	assert_samples_each(&driver, 6, 12);
	finish(&driver, &plan);
}

static void test_the_largest_rank_gives_way(void **state)
{
	(void)state;
	char error[256];
	struct plan plan = make_plan("gil,threads", "1,2");
	struct plan_request request = {.usable_cpus = 2,
				       .physical_cores = 2,
				       .cast = "primes",
				       .models = "gil,threads",
				       .workers = "1,2"};
	plan.groups[0].rank = 5;
	plan_add_adhoc(&plan, &request, error, sizeof(error));
	plan_finish(&plan, 2);
	struct machine machine = {.noise = 0.3};
	struct driver driver = {0};
	/* Both would take 8 s for 6 blocks, and 16 s for 12. */
	plan.options.budget_s = 7;
	assert_int_equal(drive(&driver, &plan, &machine), DRIVER_DONE);
	unsigned large = samples_of(&driver, &plan.cells[plan.groups[0].baseline].cell);
	unsigned small = samples_of(&driver, &plan.cells[plan.groups[1].baseline].cell);
	assert_true(small >= 6);
	assert_in_range(large, 1, 5);
	finish(&driver, &plan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples_are_long_enough_and_shared_evenly),
		cmocka_unit_test(test_slow_operations_are_ten_per_task),
		cmocka_unit_test(test_fast_operations_are_found_in_few_probes),
		cmocka_unit_test(test_given_operations_are_done_exactly),
		cmocka_unit_test(test_a_goal_of_operations_ends_a_group),
		cmocka_unit_test(test_a_goal_of_seconds_ends_a_group_that_does_little),
		cmocka_unit_test(test_a_cell_that_fails_does_not_hold_up_a_goal),
		cmocka_unit_test(test_precise_groups_stop_at_the_first_look),
		cmocka_unit_test(test_noisy_groups_go_on_to_the_end),
		cmocka_unit_test(test_blocks_follow_the_plan),
		cmocka_unit_test(test_the_first_block_can_be_read_along),
		cmocka_unit_test(test_the_hook_sees_latencies_and_memory_stays_small),
		cmocka_unit_test(test_warm_up_samples_are_thrown_away),
		cmocka_unit_test(test_a_crash_is_a_result_and_the_run_goes_on),
		cmocka_unit_test(test_a_wrong_answer_is_a_failure),
		cmocka_unit_test(test_hung_and_unsupported_cells_are_asked_once),
		cmocka_unit_test(test_deadlines_follow_the_expected_length),
		cmocka_unit_test(test_a_resumed_run_ends_like_an_uninterrupted_one),
		cmocka_unit_test(test_a_budget_is_kept),
		cmocka_unit_test(test_a_short_budget_scales_samples_down),
		cmocka_unit_test(test_an_impossible_budget_names_the_least),
		cmocka_unit_test(test_a_budget_that_nobody_asked_for_is_lifted),
		cmocka_unit_test(test_the_largest_rank_gives_way),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
