/*
 * fake_model: steps a workload's tasks in turn, on one thread, with no lock, so that tests of workloads need
 * no model. Time is never waited for longer than the workload itself asks. Workloads with a companion need a
 * real model.
 *
 *	struct cell_run *run = start("spin", "iterations=10", 2, 7);	2 tasks, 7 operations
 *	run_all(run);
 *	assert_int_equal(actual_sum(run), expected_sum(run));
 *	finish(run);
 */
#ifndef TESTS_FAKE_MODEL_H
#define TESTS_FAKE_MODEL_H

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/workload.h>

#define TASKS_MAX 8

struct cell_run {
	struct job job;
	double param[PARAM_MAX];
	struct task task[TASKS_MAX];
	enum step last[TASKS_MAX];
	uint64_t claimed, ops, done;
	unsigned steps_call; /* how often a step asked for a native call */
	char scratch[32];
};

static _Atomic uint32_t quiet; /* the breaker of tasks that nobody wants to hear of */

static void no_break(struct task *t, unsigned ticks)
{
	(void)t, (void)ticks;
}
static void no_lock(struct task *t, struct task_mutex *m)
{
	(void)t, (void)m;
}
static void count_signal(struct task *t, struct task_event *event)
{
	(void)t;
	event->count++;
}
static const struct task_ops fake_ops = {
	.eval_break = no_break, .lock = no_lock, .unlock = no_lock, .signal = count_signal};

/* `name` and its parameters "a=1 b=2"; shared memory, setup and tasks ready to step. */
static struct cell_run *start(const char *name, const char *params, int tasks, uint64_t ops)
{
	struct cell_run *run = xcalloc(1, sizeof(*run));
	char error[256], *words = xstrdup(params), *rest = NULL;
	const struct workload *w = workload_find(name);
	assert_non_null(w);
	param_defaults(w->params, run->param);
	for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		assert_int_equal(param_set(w->params, run->param, word, error, sizeof(error)), 0);
	free(words);
	strcpy(run->scratch, "gilbench-test-XXXXXX");
	assert_non_null(mkdtemp(run->scratch));
	run->job = (struct job){.workload = w,
				.param = run->param,
				.tasks = tasks,
				.ops = ops,
				.seed = 7,
				.scratch = run->scratch};
	run->ops = ops;
	if (w->shared_bytes != NULL) {
		/* Exactly as many bytes as asked for, so that a sanitizer sees one too many. */
		size_t bytes = w->shared_bytes(&run->job);
		assert_int_equal(posix_memalign(&run->job.shared, 64, bytes), 0);
		memset(run->job.shared, 0, bytes);
	}
	if (w->setup != NULL)
		assert_int_equal(w->setup(&run->job), 0);
	for (int i = 0; i < tasks; i++) {
		run->task[i] =
			(struct task){.job = &run->job, .index = i, .breaker = &quiet, .ops = &fake_ops};
		run->task[i].state = w->task_bytes > 0 ? xcalloc(1, w->task_bytes) : NULL;
		run->last[i] = STEP_DONE;
		if (w->task_setup != NULL)
			assert_int_equal(w->task_setup(&run->task[i]), 0);
	}
	return run;
}

/* May this task be stepped? A wait that is not over yet: no. */
static bool is_ready(struct cell_run *run, int i)
{
	struct task *t = &run->task[i];
	if (run->last[i] != STEP_WAIT)
		return true;
	struct pollfd one = {.fd = t->wait.fd, .events = t->wait.events};
	t->woke = 0;
	if (t->wait.event != NULL && t->wait.event->count > 0) {
		t->wait.event->count--;
		t->woke = WAKE_EVENT;
	} else if (t->wait.fd >= 0 && poll(&one, 1, 0) > 0) {
		t->woke = WAKE_FD;
	} else if (t->wait.deadline_ns != 0 && clock_now_ns() >= t->wait.deadline_ns) {
		t->woke = WAKE_DEADLINE;
	}
	return t->woke != 0;
}

/* One step of one task: false when it has ended or must go on waiting. */
static bool advance(struct cell_run *run, int i)
{
	struct task *t = &run->task[i];
	if (run->last[i] == STEP_END || !is_ready(run, i))
		return false;
	if (run->last[i] == STEP_DONE) {
		if (run->claimed == run->ops) {
			run->last[i] = STEP_END;
			return false;
		}
		t->op = run->claimed++;
		t->phase = 0;
	}
	t->wait = (struct task_wait){.fd = -1};
	run->last[i] = run->job.workload->step(t);
	if (run->last[i] == STEP_CALL) {
		run->steps_call++;
		t->call.fn(t);
	}
	run->done += run->last[i] == STEP_DONE;
	return true;
}

/* Step the tasks in turn until all have ended; a cell that stands still for 10 s fails. */
static void run_all(struct cell_run *run)
{
	uint64_t last_move_ns = clock_now_ns();
	for (bool all_ended = false; !all_ended;) {
		all_ended = true;
		for (int i = 0; i < run->job.tasks; i++) {
			if (advance(run, i))
				last_move_ns = clock_now_ns();
			all_ended = all_ended && run->last[i] == STEP_END;
		}
		assert_true(clock_now_ns() - last_move_ns < 10 * (uint64_t)NS_PER_S);
	}
}

static uint64_t expected_sum(const struct cell_run *run)
{
	uint64_t sum = 0;
	for (uint64_t op = 0; op < run->ops; op++)
		sum += (run->job.workload->value(&run->job, op) + 1) * result_weight(op);
	return sum;
}

static uint64_t actual_sum(const struct cell_run *run)
{
	uint64_t sum = 0;
	for (int i = 0; i < run->job.tasks; i++)
		sum += run->task[i].sum;
	return sum;
}

static int check(struct cell_run *run)
{
	const struct workload *w = run->job.workload;
	return w->check != NULL ? w->check(&run->job, run->done) : 0;
}

static void finish(struct cell_run *run)
{
	const struct workload *w = run->job.workload;
	for (int i = 0; i < run->job.tasks; i++) {
		if (w->task_teardown != NULL)
			w->task_teardown(&run->task[i]);
		free(run->task[i].state);
	}
	if (w->teardown != NULL)
		w->teardown(&run->job);
	if (strcmp(w->name, "files") == 0)
		for (int i = 0; i < run->job.tasks; i++) {
			char *path = xasprintf("%s/task-%d", run->job.scratch, i);
			unlink(path);
			free(path);
		}
	rmdir(run->job.scratch);
	free(run->job.shared);
	free(run);
}

#endif
