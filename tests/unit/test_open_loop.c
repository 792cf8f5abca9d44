/*
 * open loop, clients, and latencies that count from elsewhere: what is counted, under every model. No length of
 * time is compared with another: what is due depends on rate and window alone.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <gilbench/model.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>

/* Bound of every cell here: a hang is a failure of this test, not of the machine. */
#define PATIENCE_S 60

#define WINDOW_NS (100 * NS_PER_MS)

/* What a cell gave: a sample has pointers, which do not cross a pipe. */
struct gist {
	enum sample_status status;
	char error[256];
	uint64_t ops, counted, least_ns, most_ns;
};

static uint64_t op_itself(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

static struct gist gist_of(const struct sample *s)
{
	struct gist gist = {.status = s->status};
	const struct hist *h = s->role_count > 0 ? s->role[0].latency : NULL;
	snprintf(gist.error, sizeof(gist.error), "%s", s->error);
	if (h == NULL)
		return gist;
	gist.ops = s->role[0].ops;
	gist.counted = h->count;
	gist.least_ns = h->min_ns;
	gist.most_ns = h->max_ns;
	return gist;
}

/* Each cell in a process of its own, as the driver does. */
static struct gist run_window(const struct model *model, const struct workload *w, int tasks,
			      double rate_per_s)
{
	int ends[2];
	struct gist gist = {.status = SAMPLE_CRASHED};
	struct execution x = {.role_count = 1,
			      .kind = CELL_WINDOW,
			      .window_ns = WINDOW_NS,
			      .rate_per_s = rate_per_s,
			      .seed = 1,
			      .has_latency = true};
	snprintf(x.role[0].name, sizeof(x.role[0].name), "%s", w->name);
	x.role[0].workload = w;
	x.role[0].tasks = tasks;
	assert_int_equal(gil_policy_parse("py3,interval=100us", &x.policy, gist.error, sizeof(gist.error)),
			 0);
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct sample sample = {0};
		alarm(PATIENCE_S);
		model->run(&x, &sample);
		gist = gist_of(&sample);
		_exit(write(ends[1], &gist, sizeof(gist)) != sizeof(gist));
	}
	close(ends[1]);
	ssize_t got = read(ends[0], &gist, sizeof(gist));
	close(ends[0]);
	waitpid(pid, NULL, 0);
	if (got != sizeof(gist) || gist.status != SAMPLE_OK)
		fail_msg("%s, %s: %s", model->name, w->name, gist.error);
	return gist;
}

static const struct model *model_at(size_t i, int tasks)
{
	const struct model *model = all_models[i];
	return model->is_single && tasks > 1 ? NULL : model;
}

/* ---- every operation that was due is counted once ---- */

static enum step slow_step(struct task *t)
{
	if (t->phase++ == 0)
		return task_sleep(t, 30 * NS_PER_MS);
	task_result(t, t->op);
	return STEP_DONE;
}

/* Far fewer can be done than are due. */
static const struct workload slow = {
	.name = "slow", .summary = "30 ms", .class = WORK_WAIT, .step = slow_step, .value = op_itself};

static enum step quick_step(struct task *t)
{
	task_result(t, t->op);
	return STEP_DONE;
}

static const struct workload quick = {
	.name = "quick", .summary = "nothing", .class = WORK_NOTHING, .step = quick_step, .value = op_itself};

static void expect_due(const struct workload *w, int tasks, double rate_per_s, uint64_t due)
{
	for (size_t i = 0; all_models[i] != NULL; i++) {
		const struct model *model = model_at(i, tasks);
		if (model == NULL)
			continue;
		struct gist gist = run_window(model, w, tasks, rate_per_s);
		if (gist.counted != due || gist.ops > due)
			fail_msg("%s, %s, %d tasks: %llu latencies and %llu operations, but %llu were due",
				 model->name, w->name, tasks, (unsigned long long)gist.counted,
				 (unsigned long long)gist.ops, (unsigned long long)due);
	}
}

static void test_every_due_operation_is_counted(void **state)
{
	(void)state;
	/* Operation i is due at i / rate, from 0 on; the window's end is not in it. */
	expect_due(&slow, 1, 1000, 100);
	expect_due(&slow, 3, 1000, 100);
	expect_due(&quick, 1, 50, 5);
	expect_due(&quick, 2, 1000, 100);
}

/* A worker that stands still is seen by the age of what it keeps waiting. */
static void test_overdue_operations_have_waited(void **state)
{
	(void)state;
	struct gist gist = run_window(model_find("threads", (char[64]){0}, 64), &slow, 1, 1000);
	/* The last that was due has waited for 1 ms at most, the first for 30 ms at least. */
	assert_true(gist.least_ns <= NS_PER_MS);
	assert_true(gist.most_ns >= 30 * NS_PER_MS);
}

/* ---- latencies that the operation says ---- */

static enum step telling_step(struct task *t)
{
	task_latency(t, 1000 + t->op % 2);
	task_result(t, t->op);
	return STEP_DONE;
}

static const struct workload telling = {.name = "telling",
					.summary = "says its latency",
					.class = WORK_NOTHING,
					.step = telling_step,
					.value = op_itself};

static void test_a_latency_that_is_said_is_kept(void **state)
{
	(void)state;
	for (size_t i = 0; all_models[i] != NULL; i++) {
		struct gist gist = run_window(all_models[i], &telling, 1, 0);
		assert_int_equal(gist.counted, gist.ops);
		assert_in_range(gist.least_ns, 1000, 1001);
		assert_in_range(gist.most_ns, 1000, 1001);
	}
}

/* ---- clients ---- */

enum { CLIENT_OPS = 7, CLIENT_UNDONE = 2 };

static void client(struct job *job)
{
	uint64_t start_ns, stop_ns;
	companion_ready(job);
	if (!companion_await_gun(job, &start_ns, &stop_ns))
		return;
	if (stop_ns - start_ns != WINDOW_NS)
		job_fail(job, "the window is wrong");
	for (int i = 0; i < CLIENT_OPS; i++)
		companion_done(job, 0, 500);
	for (int i = 0; i < CLIENT_UNDONE; i++)
		companion_undone(job, 1, 9000);
	companion_sleep(job, UINT64_MAX / 2);
}

static int served_setup(struct job *job)
{
	return job_companion(job, client);
}

static enum step served_step(struct task *t)
{
	if (t->phase++ == 0)
		return task_sleep(t, NS_PER_MS);
	task_result(t, t->op);
	return STEP_DONE;
}

static const struct workload served = {.name = "served",
				       .summary = "its client counts",
				       .class = WORK_WAIT,
				       .has_client = true,
				       .setup = served_setup,
				       .step = served_step,
				       .value = op_itself};

static void test_throughput_and_latency_are_the_clients(void **state)
{
	(void)state;
	for (size_t i = 0; all_models[i] != NULL; i++) {
		const struct model *model = model_at(i, 2);
		if (model == NULL)
			continue;
		struct gist gist = run_window(model, &served, 2, 0);
		assert_int_equal(gist.ops, CLIENT_OPS);
		assert_int_equal(gist.counted, CLIENT_OPS + CLIENT_UNDONE);
		assert_int_equal(gist.least_ns, 500);
		assert_int_equal(gist.most_ns, 9000);
	}
}

/* A client that does not end is a wrong sample, not a hang. */
static void stubborn_client(struct job *job)
{
	uint64_t start_ns, stop_ns;
	companion_ready(job);
	companion_await_gun(job, &start_ns, &stop_ns);
	for (;;)
		pause();
}

static int stubborn_setup(struct job *job)
{
	return job_companion(job, stubborn_client);
}

static void test_a_client_that_stays_is_told_of(void **state)
{
	(void)state;
	struct workload stubborn = served;
	struct sample sample = {0};
	struct execution x = {
		.role_count = 1, .kind = CELL_WINDOW, .window_ns = NS_PER_MS, .seed = 1, .has_latency = true};
	stubborn.setup = stubborn_setup;
	snprintf(x.role[0].name, sizeof(x.role[0].name), "stubborn");
	x.role[0].workload = &stubborn;
	x.role[0].tasks = 1;
	model_find("seq", (char[64]){0}, 64)->run(&x, &sample);
	assert_int_equal(sample.status, SAMPLE_WRONG);
	assert_non_null(strstr(sample.error, "did not end"));
	sample_release(&sample);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_due_operation_is_counted),
		cmocka_unit_test(test_overdue_operations_have_waited),
		cmocka_unit_test(test_a_latency_that_is_said_is_kept),
		cmocka_unit_test(test_throughput_and_latency_are_the_clients),
		cmocka_unit_test(test_a_client_that_stays_is_told_of),
	};
	return cmocka_run_group_tests_name("open loop", tests, NULL, NULL);
}
