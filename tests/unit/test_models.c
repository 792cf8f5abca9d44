/*
 * models: what every STEP_... means, under every model, with workloads of this file: why waits end, tasks
 * that stop early, wrong answers, set-ups that fail, workers that die.
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
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

static uint64_t op_itself(const struct job *job, uint64_t op)
{
	(void)job;
	return op;
}

/* Bound of every cell here: a hang is a failure of this test, not of the machine. */
#define PATIENCE_S 60

static struct execution execution_of(const struct workload *w, int tasks, uint64_t ops)
{
	char error[100];
	struct execution x = {
		.role_count = 1, .kind = CELL_BATCH, .ops = ops, .seed = 1, .has_latency = true};
	snprintf(x.role[0].name, sizeof(x.role[0].name), "%s", w->name);
	x.role[0].workload = w;
	x.role[0].tasks = tasks;
	assert_int_equal(gil_policy_parse("py3,interval=100us", &x.policy, error, sizeof(error)), 0);
	return x;
}

/* Each cell in a process of its own, as the driver does; the sample comes back through a pipe. */
static struct sample run_cell(const struct model *model, const struct execution *x)
{
	int ends[2], status;
	struct sample sample = {0};
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(PATIENCE_S);
		model->run(x, &sample);
		_exit(write(ends[1], &sample, sizeof(sample)) != sizeof(sample));
	}
	close(ends[1]);
	ssize_t got = read(ends[0], &sample, sizeof(sample));
	close(ends[0]);
	waitpid(pid, &status, 0);
	if (got != sizeof(sample) || status != 0)
		fail_msg("%s, %s: no sample (wait status %d)", model->name, x->role[0].name, status);
	return sample;
}

static void expect_ok(const struct model *model, const struct sample *s, const char *what)
{
	if (s->status != SAMPLE_OK)
		fail_msg("%s, %s: %s: %s", model->name, what, sample_status_name(s->status), s->error);
}

static void expect_failure(const struct model *model, const struct sample *s, enum sample_status status,
			   const char *said)
{
	if (s->status != status || strstr(s->error, said) == NULL)
		fail_msg("%s: %s: \"%s\"; wanted %s: \"...%s...\"", model->name,
			 sample_status_name(s->status), s->error, sample_status_name(status), said);
}

static int tasks_for(const struct model *model, int tasks)
{
	return model->is_single ? 1 : tasks;
}

/* ---- every wait, and why it ended ------------------------------------------------------------------- */

struct wakes_state {
	int quiet[2], ready[2];
	unsigned seen;
	bool was_called;
};

struct wakes_shared {
	struct task_event never, mine[8];
	struct task_mutex mutex;
};

static size_t wakes_bytes(const struct job *job)
{
	(void)job;
	return sizeof(struct wakes_shared);
}

static int wakes_setup(struct job *job)
{
	struct wakes_shared *shared = job->shared;
	for (size_t i = 0; i < ARRAY_LEN(shared->mine); i++)
		if (task_event_init(job, &shared->mine[i], 0) != 0)
			return -1;
	return task_event_init(job, &shared->never, 0) != 0 ? -1 : task_mutex_init(job, &shared->mutex);
}

static int wakes_task_setup(struct task *t)
{
	struct wakes_state *s = t->state;
	if (pipe(s->quiet) != 0 || pipe(s->ready) != 0 || write(s->ready[1], "x", 1) != 1)
		return job_fail(t->job, "no pipes");
	return 0;
}

static void wakes_call(struct task *t)
{
	((struct wakes_state *)t->state)->was_called = true;
}

static enum step wakes_call_after_fd(struct task *t)
{
	struct wakes_state *s = t->state;
	enum step step = task_call(t, wakes_call, CALL_CPU);
	t->call.fd = s->ready[0];
	t->call.events = POLLIN;
	s->was_called = false;
	return step;
}

/* What each wait must end with, two bits and more apart: see wakes_value. */
#define WAKES_EXPECTED                                                                                \
	(WAKE_DEADLINE | WAKE_DEADLINE << 4 | WAKE_FD << 8 | WAKE_EVENT << 12 | WAKE_DEADLINE << 16 | \
	 1u << 20 | 1u << 21)

static enum step wakes_step(struct task *t)
{
	struct wakes_state *s = t->state;
	struct wakes_shared *shared = t->job->shared;
	switch (t->phase++) {
	case 0:
		s->seen = 0;
		task_wait_until(t, clock_now_ns() + NS_PER_MS);
		return task_wait_fd(t, s->quiet[0], POLLIN);
	case 1:
		s->seen |= t->woke;
		task_wait_event(t, &shared->never);
		return task_sleep(t, NS_PER_MS);
	case 2:
		s->seen |= t->woke << 4;
		task_sleep(t, PATIENCE_S * (uint64_t)NS_PER_S);
		return task_wait_fd(t, s->ready[0], POLLIN);
	case 3:
		s->seen |= t->woke << 8;
		task_signal(t, &shared->mine[t->index]);
		return task_wait_event(t, &shared->mine[t->index]);
	case 4:
		s->seen |= t->woke << 12;
		return task_sleep(t, 0);
	case 5:
		s->seen |= t->woke << 16;
		return STEP_YIELD;
	case 6:
		task_lock(t, &shared->mutex);
		task_checkpoint(t, 1);
		task_unlock(t, &shared->mutex);
		return wakes_call_after_fd(t);
	case 7:
		s->seen |= (unsigned)s->was_called << 20;
		s->was_called = false;
		return task_call(t, wakes_call, CALL_WAIT);
	default:
		s->seen |= (unsigned)s->was_called << 21;
		task_result(t, s->seen);
		return STEP_DONE;
	}
}

static uint64_t wakes_value(const struct job *job, uint64_t op)
{
	(void)job, (void)op;
	return WAKES_EXPECTED;
}

static const struct workload wakes = {
	.name = "wakes",
	.summary = "every wait there is",
	.period = 1,
	.task_bytes = sizeof(struct wakes_state),
	.shared_bytes = wakes_bytes,
	.setup = wakes_setup,
	.task_setup = wakes_task_setup,
	.step = wakes_step,
	.value = wakes_value,
};

static void test_why_waits_end(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		const struct model *model = all_models[i];
		struct execution x = execution_of(&wakes, tasks_for(model, 3), 20);
		struct sample s = run_cell(model, &x);
		expect_ok(model, &s, "wakes");
		assert_int_equal(s.role[0].ops, 20);
	}
}

/* ---- ends ------------------------------------------------------------------------------------------- */

/* Performs three operations per task and then wants no more, in the middle of a fourth. */
static enum step tired_step(struct task *t)
{
	if (++*(unsigned *)t->state > 3)
		return STEP_END;
	task_result(t, t->op);
	return STEP_DONE;
}

static const struct workload tired = {
	.name = "tired", .task_bytes = sizeof(unsigned), .step = tired_step, .value = op_itself};

static void test_a_task_may_stop_early(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		const struct model *model = all_models[i];
		int tasks = tasks_for(model, 2);
		struct execution x = execution_of(&tired, tasks, 100);
		struct sample s = run_cell(model, &x);
		expect_ok(model, &s, "tired");
		assert_int_equal(s.role[0].ops, 3 * tasks);
	}
}

static enum step nap_step(struct task *t)
{
	if (t->phase++ == 0)
		return task_sleep(t, PATIENCE_S * 2 * (uint64_t)NS_PER_S);
	task_result(t, t->op);
	return STEP_DONE;
}

static const struct workload long_nap = {.name = "long_nap", .step = nap_step, .value = op_itself};

static void test_a_window_ends_waits(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		const struct model *model = all_models[i];
		struct execution x = execution_of(&long_nap, tasks_for(model, 3), 0);
		x.kind = CELL_WINDOW;
		x.window_ns = 20 * NS_PER_MS;
		struct sample s = run_cell(model, &x);
		expect_ok(model, &s, "long_nap");
		assert_int_equal(s.role[0].ops, 0);
		assert_true(s.wall_s == 0.02);
	}
}

/* ---- failures --------------------------------------------------------------------------------------- */

static enum step liar_step(struct task *t)
{
	task_result(t, t->op == 7 ? 8 : t->op);
	return STEP_DONE;
}

static const struct workload liar = {.name = "liar", .step = liar_step, .value = op_itself};

static void test_a_wrong_answer_is_found(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		struct execution x = execution_of(&liar, tasks_for(all_models[i], 2), 20);
		struct sample s = run_cell(all_models[i], &x);
		expect_failure(all_models[i], &s, SAMPLE_WRONG, "liar: the sum over 20 operations");
	}
}

static int no_setup(struct job *job)
{
	return job_fail(job, "no %s today", "bread");
}

static int no_task_setup(struct task *t)
{
	return t->index + 1 == t->job->tasks ? job_fail(t->job, "no butter in task %d", t->index) : 0;
}

static const struct workload no_bread = {
	.name = "no_bread", .setup = no_setup, .step = tired_step, .value = op_itself};
static const struct workload no_butter = {
	.name = "no_butter", .task_setup = no_task_setup, .step = tired_step, .value = op_itself};

static void test_failed_setups_say_why(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		int tasks = tasks_for(all_models[i], 3);
		struct execution x = execution_of(&no_bread, tasks, 20);
		struct sample s = run_cell(all_models[i], &x);
		expect_failure(all_models[i], &s, SAMPLE_CRASHED, "no bread today");
		x = execution_of(&no_butter, tasks, 20);
		s = run_cell(all_models[i], &x);
		expect_failure(all_models[i], &s, SAMPLE_CRASHED, "no butter in task");
	}
}

static enum step suicide_step(struct task *t)
{
	if (t->op == 5)
		raise(SIGKILL);
	return nap_step(t);
}

static const struct workload suicide = {.name = "suicide", .step = suicide_step, .value = op_itself};

/* The others would sleep for minutes. */
static void test_a_dead_process_ends_the_cell(void **state)
{
	(void)state;
	char error[100];
	const struct model *model = model_find("fork", error, sizeof(error));
	struct execution x = execution_of(&suicide, 6, 20);
	struct sample s = run_cell(model, &x);
	expect_failure(model, &s, SAMPLE_CRASHED, "signal 9");
}

static enum step forsaken_step(struct task *t)
{
	struct wakes_shared *shared = t->job->shared;
	return task_wait_event(t, &shared->never);
}

static const struct workload forsaken = {.name = "forsaken",
					 .shared_bytes = wakes_bytes,
					 .setup = wakes_setup,
					 .step = forsaken_step,
					 .value = op_itself};

static void test_a_loop_whose_tasks_wait_for_nothing_ends(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		if (!all_models[i]->is_loop)
			continue;
		struct execution x = execution_of(&forsaken, 2, 20);
		struct sample s = run_cell(all_models[i], &x);
		expect_failure(all_models[i], &s, SAMPLE_WRONG, "2 tasks wait for what never comes");
	}
}

/* ---- companions ------------------------------------------------------------------------------------- */

static size_t word_bytes(const struct job *job)
{
	(void)job;
	return sizeof(_Atomic uint32_t);
}

static void count_up(struct job *job)
{
	_Atomic uint32_t *word = job->shared;
	atomic_store(word, 1);
	companion_ready(job);
	for (;;)
		pause();
}

static void leave_early(struct job *job)
{
	(void)job;
	_exit(3);
}

static int helped_setup(struct job *job)
{
	return job_companion(job, count_up);
}

static int unhelped_setup(struct job *job)
{
	return job_companion(job, leave_early);
}

static enum step helped_step(struct task *t)
{
	task_result(t, atomic_load((_Atomic uint32_t *)t->job->shared) == 1 ? t->op : 0);
	return STEP_DONE;
}

static const struct workload helped = {.name = "helped",
				       .shared_bytes = word_bytes,
				       .setup = helped_setup,
				       .step = helped_step,
				       .value = op_itself};
static const struct workload unhelped = {.name = "unhelped",
					 .shared_bytes = word_bytes,
					 .setup = unhelped_setup,
					 .step = helped_step,
					 .value = op_itself};

static void test_companions(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		struct execution x = execution_of(&helped, tasks_for(all_models[i], 2), 20);
		struct sample s = run_cell(all_models[i], &x);
		expect_ok(all_models[i], &s, "helped");
		x = execution_of(&unhelped, tasks_for(all_models[i], 2), 20);
		s = run_cell(all_models[i], &x);
		expect_failure(all_models[i], &s, SAMPLE_CRASHED, "ended with status 3 before it was ready");
	}
}

/* A companion that dies when a task has begun, and tasks that wait for what it will never do. */
struct orphan_shared {
	_Atomic uint32_t has_begun;
	struct task_event never;
};

struct orphan_state {
	int quiet[2];
};

static size_t orphan_bytes(const struct job *job)
{
	(void)job;
	return sizeof(struct orphan_shared);
}

static void die_in_the_race(struct job *job)
{
	struct orphan_shared *shared = job->shared;
	companion_ready(job);
	while (atomic_load(&shared->has_begun) == 0)
		usleep(1000);
	raise(SIGKILL);
}

static int orphan_setup(struct job *job)
{
	struct orphan_shared *shared = job->shared;
	return task_event_init(job, &shared->never, 0) != 0 ? -1 : job_companion(job, die_in_the_race);
}

static int orphan_task_setup(struct task *t)
{
	return pipe(((struct orphan_state *)t->state)->quiet) != 0 ? job_fail(t->job, "no pipe") : 0;
}

/* Which way of waiting: seq has one task only, so the seed says it too. */
static enum step orphan_step(struct task *t)
{
	struct orphan_shared *shared = t->job->shared;
	atomic_store(&shared->has_begun, 1);
	switch ((t->job->seed + (uint64_t)t->index) % 5) {
	case 0:
		return task_wait_event(t, &shared->never);
	case 1:
		return task_wait_fd(t, ((struct orphan_state *)t->state)->quiet[0], POLLIN);
	case 2:
		return task_wait_until(t, clock_now_ns() + 3600 * NS_PER_S);
	case 3:
		return STEP_YIELD;
	default:
		task_result(t, t->op);
		return STEP_DONE;
	}
}

static const struct workload orphan = {.name = "orphan",
				       .task_bytes = sizeof(struct orphan_state),
				       .shared_bytes = orphan_bytes,
				       .setup = orphan_setup,
				       .task_setup = orphan_task_setup,
				       .step = orphan_step,
				       .value = op_itself};

static void test_a_dead_companion_ends_the_cell(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		for (uint64_t seed = 0; seed < 5; seed++) {
			struct execution x =
				execution_of(&orphan, tasks_for(all_models[i], 5), UINT64_C(1) << 50);
			x.seed = seed;
			struct sample s = run_cell(all_models[i], &x);
			expect_failure(all_models[i], &s, SAMPLE_CRASHED,
				       "a helper process was ended by signal 9 during the measurement");
		}
	}
}

static void test_a_dead_companion_ends_a_window(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		struct execution x = execution_of(&orphan, tasks_for(all_models[i], 5), 0);
		x.kind = CELL_WINDOW;
		x.window_ns = 3600 * NS_PER_S;
		struct sample s = run_cell(all_models[i], &x);
		expect_failure(all_models[i], &s, SAMPLE_CRASHED, "a helper process was ended by signal 9");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_why_waits_end),
		cmocka_unit_test(test_a_task_may_stop_early),
		cmocka_unit_test(test_a_window_ends_waits),
		cmocka_unit_test(test_a_wrong_answer_is_found),
		cmocka_unit_test(test_failed_setups_say_why),
		cmocka_unit_test(test_a_dead_process_ends_the_cell),
		cmocka_unit_test(test_a_loop_whose_tasks_wait_for_nothing_ends),
		cmocka_unit_test(test_companions),
		cmocka_unit_test(test_a_dead_companion_ends_the_cell),
		cmocka_unit_test(test_a_dead_companion_ends_a_window),
	};
	return cmocka_run_group_tests_name("models", tests, NULL, NULL);
}
