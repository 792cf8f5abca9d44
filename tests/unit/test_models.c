/*
 * models: what every STEP_... means, under every model, with workloads of this file: why waits end, tasks
 * that stop early, wrong answers, set-ups that fail, workers that die; and what is told of each worker.
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

#include <gilbench/hist.h>
#include <gilbench/model.h>
#include <gilbench/registry.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#include "near.h"

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

/* ---- what an operation took, and letting the lock go inside one ---------------------------------------- */

/* Every other operation says an hour, which nobody could have waited for. */
static enum step told_step(struct task *t)
{
	if (t->op % 2 == 1)
		task_latency(t, 3600 * (uint64_t)NS_PER_S);
	task_result(t, t->op);
	return STEP_DONE;
}

static const struct workload told = {.name = "told", .step = told_step, .value = op_itself};

static void test_an_operation_may_say_its_latency(void **state)
{
	(void)state;
	char error[100];
	const struct model *model = model_find("seq", error, sizeof(error));
	struct execution x = execution_of(&told, 1, 10);
	struct sample s = {0};
	assert_int_equal(model->run(&x, &s), 0);
	expect_ok(model, &s, "told");
	assert_int_equal(s.role[0].latency->count, 10);
	assert_true(hist_quantile(s.role[0].latency, 0.5) < 60e9);
	assert_true(hist_quantile(s.role[0].latency, 0.6) > 3500e9);
	sample_release(&s);
}

struct release_shared {
	_Atomic int others;
};

static size_t release_bytes(const struct job *job)
{
	(void)job;
	return sizeof(struct release_shared);
}

/* The first operation ends when another task has run: it makes no checkpoint, only releases. */
static enum step release_step(struct task *t)
{
	struct release_shared *shared = t->job->shared;
	uint64_t until_ns = clock_now_ns() + PATIENCE_S / 2 * (uint64_t)NS_PER_S;
	if (t->op > 0)
		atomic_store(&shared->others, 1);
	else
		while (atomic_load(&shared->others) == 0 && clock_now_ns() < until_ns)
			task_release(t);
	task_result(t, atomic_load(&shared->others) != 0 ? t->op : ~t->op);
	return STEP_DONE;
}

static const struct workload releasing = {
	.name = "releasing", .shared_bytes = release_bytes, .step = release_step, .value = op_itself};

/* Given to who waits, the lock comes back only after that. */
static void test_a_release_lets_others_in(void **state)
{
	(void)state;
	char error[100];
	const struct model *model = model_find("gil", error, sizeof(error));
	struct execution x = execution_of(&releasing, 2, 20);
	assert_int_equal(gil_policy_parse("fifo,interval=60s", &x.policy, error, sizeof(error)), 0);
	struct sample s = run_cell(model, &x);
	expect_ok(model, &s, "releasing");
}

static enum step lonely_step(struct task *t)
{
	task_release(t);
	task_result(t, t->op);
	return STEP_DONE;
}

static const struct workload lonely = {.name = "lonely", .step = lonely_step, .value = op_itself};

static void test_a_release_is_harmless_without_a_lock(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		struct execution x = execution_of(&lonely, tasks_for(all_models[i], 3), 20);
		struct sample s = run_cell(all_models[i], &x);
		expect_ok(all_models[i], &s, "lonely");
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

static int refused_setup(struct job *job)
{
	return job_refuse(job, "no %s on this machine", "oven");
}

static const struct workload refused = {
	.name = "refused", .setup = refused_setup, .step = tired_step, .value = op_itself};

static void test_a_refused_cell_is_unsupported(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		struct execution x = execution_of(&refused, tasks_for(all_models[i], 3), 20);
		struct sample s = run_cell(all_models[i], &x);
		expect_failure(all_models[i], &s, SAMPLE_UNSUPPORTED, "no oven on this machine");
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

/* ---- what is told of each worker -------------------------------------------------------------------- */

/* The same, with what the sample owns. Release it. */
static struct sample run_whole(const struct model *model, const struct execution *x)
{
	int ends[2], status;
	char error[300];
	struct sample sample = {
		.cell = {.experiment = "", .cast = "", .params = "", .model = "", .policy = ""}};
	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(PATIENCE_S);
		model->run(x, &sample);
		_exit(json_dumpfd(sample_to_json(&sample), ends[1], JSON_COMPACT) != 0);
	}
	close(ends[1]);
	json_t *object = json_loadfd(ends[0], 0, NULL), *strings = json_array();
	close(ends[0]);
	waitpid(pid, &status, 0);
	if (object == NULL || status != 0)
		fail_msg("%s, %s: no sample (wait status %d)", model->name, x->role[0].name, status);
	assert_int_equal(sample_from_json(object, &sample, strings, error, sizeof(error)), 0);
	json_decref(strings);
	json_decref(object);
	expect_ok(model, &sample, x->role[0].name);
	return sample;
}

/* Computes for some microseconds with a checkpoint now and then; every fourth operation ends with a nap. */
static enum step busy_step(struct task *t)
{
	if (t->phase++ == 0) {
		for (int i = 0; i < 20; i++) {
			for (volatile int n = 0; n < 500; n++)
				;
			task_checkpoint(t, 1);
		}
		if (t->op % 4 == 0)
			return task_sleep(t, 20 * NS_PER_US);
	}
	task_result(t, t->op);
	return STEP_DONE;
}

static const struct workload busy = {.name = "busy", .step = busy_step, .value = op_itself};

/* A batch of one role, or a window of it and naps beside it. */
static struct execution busy_execution(const struct model *model, bool is_window)
{
	struct execution x = execution_of(&busy, tasks_for(model, 3), is_window ? 0 : 3000);
	if (!is_window)
		return x;
	x.kind = CELL_WINDOW;
	x.window_ns = 30 * NS_PER_MS;
	if (model->is_single)
		return x;
	x.role[1] = x.role[0];
	snprintf(x.role[1].name, sizeof(x.role[1].name), "tired");
	x.role[1].workload = &tired;
	x.role[1].tasks = 1;
	x.role_count = 2;
	return x;
}

static struct worker_sample sum_of(const struct role_sample *r)
{
	struct worker_sample sum = {0};
	for (int i = 0; i < r->worker_count; i++) {
		sum.ops += r->worker[i].ops;
		sum.held_s += r->worker[i].held_s;
		sum.wait_s += r->worker[i].wait_s;
		sum.longest_wait_s = fmax(sum.longest_wait_s, r->worker[i].longest_wait_s);
		sum.wait_p99_s = fmax(sum.wait_p99_s, r->worker[i].wait_p99_s);
		sum.acquisitions += r->worker[i].acquisitions;
		sum.switches += r->worker[i].switches;
		sum.forced += r->worker[i].forced;
	}
	return sum;
}

static void expect_no_lock(const struct sample *s, const struct role_sample *r)
{
	assert_nan(s->gil_span_s);
	assert_nan(r->gil_held_fraction);
	assert_nan(r->gil_waited_fraction);
	assert_nan(r->gil_acquisitions);
	assert_nan(r->gil_longest_wait_s);
	assert_null(r->wait);
	for (int i = 0; i < r->worker_count; i++) {
		assert_nan(r->worker[i].held_s);
		assert_nan(r->worker[i].wait_s);
		assert_nan(r->worker[i].longest_wait_s);
		assert_int_equal(r->worker[i].acquisitions, 0);
		assert_int_equal(r->worker[i].switches, 0);
		assert_int_equal(r->worker[i].forced, 0);
	}
}

static void expect_counts(const struct role_sample *r, const struct worker_sample *sum)
{
	assert_near(r->gil_acquisitions, (double)sum->acquisitions);
	assert_near(r->gil_switches, (double)sum->switches);
	assert_near(r->gil_forced, (double)sum->forced);
	assert_true(sum->acquisitions >= (uint64_t)r->tasks);
	assert_true(sum->switches <= sum->acquisitions);
}

static void expect_times(const struct sample *s, const struct role_sample *r, const struct worker_sample *sum)
{
	assert_near(r->gil_held_fraction, sum->held_s / s->gil_span_s);
	assert_near(r->gil_waited_fraction, sum->wait_s / (r->tasks * s->gil_span_s));
	assert_near(r->gil_wait_s, sum->wait_s);
	assert_near(r->gil_longest_wait_s, sum->longest_wait_s);
	/* One of the workers waits at least as long as all together, percentile by percentile. */
	assert_true(sum->wait_p99_s <= sum->longest_wait_s);
	assert_true(sum->wait_p99_s >= hist_quantile(r->wait, 0.99) / 1e9);
	assert_non_null(r->wait);
	assert_int_equal(r->wait->count, sum->acquisitions);
	assert_near(clock_seconds(r->wait->sum_ns), sum->wait_s);
	assert_near(clock_seconds(r->wait->max_ns), r->gil_longest_wait_s);
	for (int i = 0; i < r->worker_count; i++)
		assert_true(r->worker[i].held_s + r->worker[i].wait_s <= s->gil_span_s);
}

static void expect_adds_up(const struct model *model, const struct sample *s)
{
	double held = 0;
	for (int i = 0; i < s->role_count; i++) {
		const struct role_sample *r = &s->role[i];
		assert_int_equal(r->worker_count, r->tasks);
		struct worker_sample sum = sum_of(r);
		assert_int_equal(sum.ops, r->ops);
		if (!model->has_lock) {
			expect_no_lock(s, r);
			continue;
		}
		expect_counts(r, &sum);
		expect_times(s, r, &sum);
		held += r->gil_held_fraction;
	}
	/* One holder at a time: what all roles held is at most all the time there was. */
	assert_true(held <= 1);
	assert_true(!model->has_lock || s->gil_span_s >= s->wall_s);
}

static void test_workers_add_up_to_their_role(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++)
		for (int is_window = 0; is_window < 2; is_window++) {
			struct execution x = busy_execution(all_models[i], is_window);
			struct sample s = run_whole(all_models[i], &x);
			expect_adds_up(all_models[i], &s);
			sample_release(&s);
		}
}

static void test_without_stats_counts_stay_and_times_do_not(void **state)
{
	(void)state;
	char error[100];
	const struct model *model = model_find("gil", error, sizeof(error));
	struct execution x = busy_execution(model, false);
	x.policy.has_stats = false;
	struct sample s = run_whole(model, &x);
	const struct role_sample *r = &s.role[0];
	struct worker_sample sum = sum_of(r);
	expect_counts(r, &sum);
	assert_true(s.gil_span_s > 0);
	assert_nan(r->gil_held_fraction);
	assert_nan(r->gil_waited_fraction);
	assert_nan(r->gil_wait_s);
	assert_nan(r->gil_longest_wait_s);
	assert_null(r->wait);
	for (int i = 0; i < r->worker_count; i++) {
		assert_nan(r->worker[i].held_s);
		assert_nan(r->worker[i].wait_s);
		assert_nan(r->worker[i].longest_wait_s);
	}
	sample_release(&s);
}

/* One task does all there is, the others want nothing. */
static enum step greedy_step(struct task *t)
{
	if (t->index > 0)
		return STEP_END;
	task_result(t, t->op);
	return STEP_DONE;
}

static const struct workload greedy = {.name = "greedy", .step = greedy_step, .value = op_itself};

/* Jain's index: equal work is 1; all of it by one of n is 1/n. */
static void test_fairness(void **state)
{
	(void)state;
	for (int i = 0; all_models[i] != NULL; i++) {
		int tasks = tasks_for(all_models[i], 4);
		struct execution x = execution_of(&tired, tasks, 100);
		struct sample s = run_whole(all_models[i], &x);
		assert_near(s.role[0].fairness, 1);
		sample_release(&s);
		x = execution_of(&greedy, tasks, 50);
		s = run_whole(all_models[i], &x);
		assert_true(s.role[0].ops > 0);
		assert_int_equal(s.role[0].worker[0].ops, s.role[0].ops);
		assert_near(s.role[0].fairness, 1.0 / tasks);
		sample_release(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_why_waits_end),
		cmocka_unit_test(test_a_task_may_stop_early),
		cmocka_unit_test(test_a_window_ends_waits),
		cmocka_unit_test(test_an_operation_may_say_its_latency),
		cmocka_unit_test(test_a_release_lets_others_in),
		cmocka_unit_test(test_a_release_is_harmless_without_a_lock),
		cmocka_unit_test(test_a_wrong_answer_is_found),
		cmocka_unit_test(test_failed_setups_say_why),
		cmocka_unit_test(test_a_refused_cell_is_unsupported),
		cmocka_unit_test(test_a_dead_process_ends_the_cell),
		cmocka_unit_test(test_a_loop_whose_tasks_wait_for_nothing_ends),
		cmocka_unit_test(test_companions),
		cmocka_unit_test(test_a_dead_companion_ends_the_cell),
		cmocka_unit_test(test_a_dead_companion_ends_a_window),
		cmocka_unit_test(test_workers_add_up_to_their_role),
		cmocka_unit_test(test_without_stats_counts_stay_and_times_do_not),
		cmocka_unit_test(test_fairness),
	};
	return cmocka_run_group_tests_name("models", tests, NULL, NULL);
}
