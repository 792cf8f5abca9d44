/*
 * test_sim: cells in virtual time. What has a closed form is in test_sim_oracles.c; here is the rest: that nothing is
 * lost, that the same gives the same, shapes, batches, arrivals, loops, clients, and what is refused.
 */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/clock.h>
#include <gilbench/sim.h>
#include <gilbench/util.h>

#include "near.h"

/* One run of a cast, with what came of it. */
struct world {
	struct profile_cast cast;
	struct simulation what;
	struct sample sample;
	struct sim_counts counts;
};

/* A window of 10 s on `cores` cores without any cost. */
static struct world *world_new(const char *model, const char *policy, int cores)
{
	struct world *w = xcalloc(1, sizeof(*w));
	char error[256];
	costs_standard(&w->what.costs);
	for (enum cost cost = COST_SWITCH; cost <= COST_POLL; cost++) {
		char *text = xasprintf("%s=0", cost_name(cost));
		assert_int_equal(costs_set(&w->what.costs, text, error, sizeof(error)), 0);
		free(text);
	}
	assert_int_equal(sim_shape_parse(model, &w->what.shape, error, sizeof(error)), 0);
	assert_int_equal(gil_policy_parse(policy, &w->what.policy, error, sizeof(error)), 0);
	w->what.cast = &w->cast;
	w->what.cores = cores;
	w->what.kind = CELL_WINDOW;
	w->what.window_ns = UINT64_C(10) * NS_PER_S;
	w->what.seed = 7;
	w->what.has_latency = true;
	return w;
}

static void add(struct world *w, const char *text, int tasks)
{
	char error[256];
	if (profile_cast_add(&w->cast, text, error, sizeof(error)) != 0)
		fail_msg("%s: %s", text, error);
	w->cast.role[w->cast.count - 1].tasks = tasks;
}

static void run(struct world *w)
{
	if (sim_run(&w->what, &w->sample, &w->counts) != 0)
		fail_msg("%s", w->sample.error);
}

static void world_free(struct world *w)
{
	sample_release(&w->sample);
	profile_cast_release(&w->cast);
	free(w);
}

static double per_s(const struct world *w, int role)
{
	return w->sample.role[role].throughput_per_s;
}

/* Every moment of every task is somewhere, and what tasks held is what locks were held. */
static void nothing_is_lost(const struct world *w)
{
	const struct sim_counts *c = &w->counts;
	double tasks = 0, held_s = 0;
	for (int r = 0; r < w->sample.role_count; r++) {
		tasks += w->sample.role[r].tasks;
		for (int i = 0; i < w->sample.role[r].worker_count; i++)
			held_s += w->sample.role[r].worker[i].held_s;
	}
	assert_within(c->in_work_s + c->in_wait_s + c->in_lock_s + c->in_ready_s + c->in_latency_s,
		      tasks * w->sample.wall_s, 1e-6);
	if (!isnan(c->lock_busy))
		assert_within(held_s, c->lock_held_s, 1e-6);
}

static void test_nothing_is_lost(void **state)
{
	static const char *const models[] = {"gil",  "gil*2",   "threads", "fork", "uv",
					     "uv*3", "uv-pool", "interp",  "free"};
	static const char *const policies[] = {"py3", "py2", "fifo", "prio", "ruby"};
	(void)state;
	for (size_t m = 0; m < ARRAY_LEN(models); m++)
		for (size_t p = 0; p < ARRAY_LEN(policies); p++) {
			struct world *w = world_new(models[m], policies[p], 2);
			costs_standard(&w->what.costs);
			w->what.window_ns = 300 * NS_PER_MS;
			w->what.warmup_ns = 50 * NS_PER_MS;
			add(w, "io = wait exp(2ms), gil 0.2ms, free exp(0.1ms), block 1ms", 3);
			add(w, "cpu = gil 0.3ms, hold exp(0.1ms)", 3);
			add(w, "web = client 5us, gil 3us, free 2us", 1);
			run(w);
			nothing_is_lost(w);
			for (int r = 0; r < 3; r++)
				if (!(per_s(w, r) > 0))
					fail_msg("%s %s: role %d did nothing", models[m], policies[p], r);
			world_free(w);
		}
}

static void test_the_same_gives_the_same(void **state)
{
	(void)state;
	struct world *w[2];
	for (int i = 0; i < 2; i++) {
		w[i] = world_new("gil", "py3", 4);
		costs_standard(&w[i]->what.costs);
		add(w[i], "gil exp(1ms), wait lognormal(3ms, 1)", 5);
		run(w[i]);
	}
	assert_int_equal(w[0]->sample.role[0].ops, w[1]->sample.role[0].ops);
	assert_int_equal(w[0]->counts.events, w[1]->counts.events);
	assert_memory_equal(w[0]->sample.role[0].latency, w[1]->sample.role[0].latency, sizeof(struct hist));
	for (int i = 0; i < 2; i++)
		world_free(w[i]);
}

static void test_a_batch_ends_with_its_last_operation(void **state)
{
	(void)state;
	struct world *w = world_new("threads", "py3", 2);
	add(w, "gil 1ms", 2);
	w->what.kind = CELL_BATCH;
	w->what.ops = 101;
	run(w);
	assert_int_equal(w->sample.role[0].ops, 101);
	assert_within(w->sample.wall_s, 0.051, 1e-9);
	world_free(w);
}

static void test_shapes_share_out_locks(void **state)
{
	(void)state;
	/* Five tasks of pure interpreted work in three processes on eight cores: three at a time. */
	struct world *w = world_new("gil*3", "fifo", 8);
	add(w, "gil 1ms", 5);
	run(w);
	assert_within(per_s(w, 0), 3000, 1);
	assert_within(w->sample.role[0].gil_held_fraction, 1, 1e-9);
	world_free(w);
}

static void test_free_takes_longer_by_its_factor(void **state)
{
	(void)state;
	struct world *w = world_new("free", "py3", 2);
	add(w, "gil 1ms, hold 1ms", 1);
	run(w);
	assert_within(per_s(w, 0), 1000 / 2.08, 0.2);
	world_free(w);
}

static void test_a_hold_is_not_cut_off(void **state)
{
	(void)state;
	/* A waiter's interval is 5 ms, native code keeps the lock for 40: a turn ends where that ends. */
	struct world *w = world_new("gil", "py3", 4);
	add(w, "hold 40ms", 2);
	run(w);
	assert_within(w->sample.role[0].gil_forced / 10, 25, 1);
	world_free(w);
}

static void test_open_arrivals_come_when_they_are_due(void **state)
{
	(void)state;
	struct world *w = world_new("threads", "py3", 8);
	add(w, "gil 1ms", 4);
	w->what.rate_per_s = 300;
	run(w);
	assert_within(per_s(w, 0), 300, 1);
	assert_within(hist_quantile(w->sample.role[0].latency, 0.99) / 1e6, 1, 0.01);
	world_free(w);
}

static void test_a_rate_that_is_too_high_shows(void **state)
{
	(void)state;
	struct world *w = world_new("gil", "py3", 8);
	add(w, "gil 1ms", 4);
	w->what.rate_per_s = 2000;
	run(w);
	assert_within(per_s(w, 0), 1000, 5);
	/* Half of what was due was never served: the median has waited for seconds. */
	assert_true(hist_quantile(w->sample.role[0].latency, 0.5) > 1e9);
	world_free(w);
}

static void test_a_loop_runs_one_at_a_time(void **state)
{
	(void)state;
	/* n (s + c) / (s + n c), in lockstep: 8 tasks of 1 ms work and 4 ms wait. */
	struct world *w = world_new("uv", "py3", 4);
	add(w, "gil 1ms, wait 4ms", 8);
	run(w);
	assert_within(per_s(w, 0), 1000, 1);
	assert_within(w->counts.loop_busy, 1, 1e-6);
	world_free(w);
}

static void test_a_blocking_call_stops_the_loop_and_not_its_pool(void **state)
{
	(void)state;
	static const struct {
		const char *model;
		double per_s;
	} cases[] = {{"uv", 100}, {"uv-pool", 400}, {"threads", 400}, {"uv*2", 200}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world *w = world_new(cases[i].model, "py3", 8);
		add(w, "block 10ms", 4);
		run(w);
		assert_within(per_s(w, 0), cases[i].per_s, 1);
		world_free(w);
	}
}

static void test_a_client_counts_its_answers(void **state)
{
	(void)state;
	/* One request at a time: 5 us of the client's, 3 + 2 us of the server's. */
	struct world *w = world_new("threads", "py3", 2);
	w->what.window_ns = 100 * NS_PER_MS;
	add(w, "client 5us, gil 3us, free 2us", 1);
	run(w);
	assert_within(per_s(w, 0), 100000, 10);
	assert_within(hist_quantile(w->sample.role[0].latency, 0.5), 10000, 100);
	assert_within(w->sample.companion_cpu_s, 0.05, 1e-4);
	world_free(w);
}

/* From its answer on, which is a call, and not from when the server comes for the next request. */
static void test_a_client_works_beside_its_server(void **state)
{
	(void)state;
	static const struct {
		const char *profile;
		double per_s;
	} cases[] = {
		/* Who is last: 5 us of the client beside 1 us, or 4 us of the server beside 1 us. */
		{"client 5us, gil 3us, free 2us, gil 1us", 100000},
		{"client 1us, gil 3us, free 2us, gil 4us", 111111},
		{"gil 4us, client 1us, gil 3us, block 2us", 111111},
		/* Nothing says which segment answers: the client is answered last. */
		{"client 1us, gil 3us, wait 2us, gil 4us", 100000},
	};
	static const char *const models[] = {"gil", "threads", "uv", "uv-pool"};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t m = 0; m < ARRAY_LEN(models); m++) {
			struct world *w = world_new(models[m], "py3", 2);
			w->what.window_ns = 200 * NS_PER_MS;
			add(w, cases[i].profile, 1);
			run(w);
			assert_within(per_s(w, 0), cases[i].per_s, 20);
			world_free(w);
		}
	}
}

static void test_cores_are_shared_by_slices(void **state)
{
	(void)state;
	struct world *w = world_new("fork", "py3", 2);
	add(w, "gil 100ms", 5);
	run(w);
	assert_within(per_s(w, 0), 20, 0.6);
	assert_true(w->sample.role[0].fairness > 0.99);
	assert_within(w->counts.core_busy, 1, 1e-9);
	world_free(w);
}

static void refused(struct world *w, int error, const char *words)
{
	assert_int_equal(sim_run(&w->what, &w->sample, NULL), error);
	if (strstr(w->sample.error, words) == NULL)
		fail_msg("'%s' lacks '%s'", w->sample.error, words);
	world_free(w);
}

static void test_what_cannot_be_is_refused(void **state)
{
	(void)state;
	struct world *w = world_new("gil*4", "py3", 2);
	add(w, "gil 1ms", 3);
	refused(w, -EINVAL, "4 processes cannot share 3 tasks");
	w = world_new("seq", "py3", 2);
	add(w, "gil 1ms", 3);
	refused(w, -EINVAL, "one task");
	w = world_new("gil", "py3", 0);
	add(w, "gil 1ms", 3);
	refused(w, -EINVAL, "cores");
	w = world_new("gil", "py3", 1);
	add(w, "gil 1ms", 1);
	w->what.rate_per_s = (double)NAN;
	refused(w, -EINVAL, "rate");
}

static void test_names_of_shapes(void **state)
{
	(void)state;
	struct sim_shape shape;
	char error[256];
	assert_int_equal(sim_shape_parse("uv*12", &shape, error, sizeof(error)), 0);
	assert_int_equal(shape.model, SIM_UV);
	assert_int_equal(shape.processes, 12);
	static const char *const wrong[] = {"fork*2", "gil*", "gil*1", "gil*x", "gil*-2", "*3", "", "intrep"};
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		if (sim_shape_parse(wrong[i], &shape, error, sizeof(error)) == 0)
			fail_msg("'%s' was taken for a model", wrong[i]);
	assert_non_null(strstr(error, "interp"));
}

static void test_what_tasks_do_is_recorded(void **state)
{
	(void)state;
	struct world *w = world_new("gil", "py3", 2);
	struct trace trace;
	assert_int_equal(trace_open(&trace, 2, 1000), 0);
	w->what.trace = &trace;
	w->what.window_ns = 20 * NS_PER_MS;
	add(w, "gil 1ms", 2);
	run(w);
	unsigned kinds[TRACE_KINDS] = {0};
	for (int i = 0; i < 2; i++)
		for (uint32_t k = 0; k < trace.ring[i].count; k++)
			kinds[trace.ring[i].event[k].kind]++;
	assert_int_equal(kinds[TRACE_BEGIN], 2);
	assert_int_equal(kinds[TRACE_DONE], w->sample.role[0].ops);
	/* Turns of 5 ms: at 5, 10, 15 and 20. */
	assert_int_equal(kinds[TRACE_REQUEST], 4);
	assert_int_equal(kinds[TRACE_DROP], 4);
	trace_close(&trace);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_is_lost),
		cmocka_unit_test(test_the_same_gives_the_same),
		cmocka_unit_test(test_a_batch_ends_with_its_last_operation),
		cmocka_unit_test(test_shapes_share_out_locks),
		cmocka_unit_test(test_free_takes_longer_by_its_factor),
		cmocka_unit_test(test_a_hold_is_not_cut_off),
		cmocka_unit_test(test_open_arrivals_come_when_they_are_due),
		cmocka_unit_test(test_a_rate_that_is_too_high_shows),
		cmocka_unit_test(test_a_loop_runs_one_at_a_time),
		cmocka_unit_test(test_a_blocking_call_stops_the_loop_and_not_its_pool),
		cmocka_unit_test(test_a_client_counts_its_answers),
		cmocka_unit_test(test_a_client_works_beside_its_server),
		cmocka_unit_test(test_cores_are_shared_by_slices),
		cmocka_unit_test(test_what_cannot_be_is_refused),
		cmocka_unit_test(test_names_of_shapes),
		cmocka_unit_test(test_what_tasks_do_is_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
