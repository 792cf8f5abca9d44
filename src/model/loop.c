/*
 * loop: an event loop on libuv, for the models uv and uv-pool.
 *
 * A task is a coroutine: its step returns when it would wait, and is called again on a later turn of the loop
 * once what it waits for has come. One turn runs every task that was ready when the turn began:
 *
 *	         +------------------------ DONE, YIELD ---------------------+
 *	         v                                                          |
 *	  ready queue --(next turn)--> step --- WAIT ---> descriptor / heap / event queue
 *	         ^                      |  ^                                |
 *	         |                      |  +-- CALL, on the loop (uv): the call, and on with the step
 *	         |                      +-- CALL, in the pool (uv-pool): uv_queue_work --+
 *	         +-------------------------------- loop_wake ------------------+--------+
 *
 * A turn is an idle handle of libuv, which also keeps it from sleeping; without a ready task the handle is
 * off and libuv sleeps in epoll. A native call under `uv` runs on the loop, and every other task waits for it,
 * as it does in asyncio.
 *
 * The loop's thread is the starter's own: there is nobody to fork or to join. Under uv-pool, libuv's pool has
 * as many threads as there are tasks, and they exist before the gun is fired.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gilbench/util.h>

#include "model/loop.h"

/* libuv's own bound on the size of its pool. */
#define POOL_MAX 1024

static void run_task(struct loop_task *);

static void on_turn(uv_idle_t *idle)
{
	struct loop *loop = idle->data;
	struct loop_task *task = loop->ready_first;
	loop->ready_first = loop->ready_last = NULL;
	while (task != NULL) {
		/* Running it may put it back into the queue. */
		struct loop_task *next = task->next;
		run_task(task);
		task = next;
	}
	if (loop->ready_first == NULL) {
		loop->is_turning = false;
		uv_idle_stop(idle);
	}
}

static void make_ready(struct loop_task *task)
{
	struct loop *loop = task->loop;
	task->next = NULL;
	if (loop->ready_last != NULL)
		loop->ready_last->next = task;
	else
		loop->ready_first = task;
	loop->ready_last = task;
	if (!loop->is_turning) {
		loop->is_turning = true;
		uv_idle_start(&loop->turn, on_turn);
	}
}

static void end_task(struct loop_task *task)
{
	struct loop *loop = task->loop;
	worker_publish(task->worker);
	if (--loop->live > 0)
		return;
	timers_halt(loop);
	watch_halt(loop);
}

void loop_wake(struct loop_task *task, unsigned reasons)
{
	task->worker->task.woke = reasons;
	timers_remove(task);
	watch_stop(task);
	event_leave(task);
	make_ready(task);
}

/* Every wait ends; tasks that are ready or in the pool end when their time comes. */
void loop_stop(struct loop *loop)
{
	loop->is_stopped = true;
	timers_halt(loop);
	for (int i = 0; i < loop->engine->task_count; i++) {
		struct loop_task *task = &loop->tasks[i];
		if (task->heap_place != 0 || task->watch != NULL || task->event != NULL)
			loop_wake(task, WAKE_STOP);
	}
}

static void on_called(uv_work_t *work, int status)
{
	(void)status;
	struct loop_task *task = work->data;
	task->is_in_pool = false;
	make_ready(task);
}

static void call_in_pool(uv_work_t *work)
{
	struct loop_task *task = work->data;
	task->worker->task.call.fn(&task->worker->task);
}

/* True: the call has been made, and the step may go on. */
static bool call(struct loop_task *task)
{
	task->has_call = false;
	if (!task->loop->has_pool) {
		task->worker->task.call.fn(&task->worker->task);
		return true;
	}
	task->is_in_pool = true;
	task->work.data = task;
	if (uv_queue_work(&task->loop->uv, &task->work, call_in_pool, on_called) != 0)
		die("uv_queue_work");
	return false;
}

static bool wait_for_fd(struct loop_task *task, int fd, short events)
{
	int result = watch_start(task, fd, events);
	if (result == -1)
		loop_wake(task, WAKE_FD);
	if (result != -2)
		return true;
	job_fail(task->worker->task.job, "two tasks wait for descriptor %d at the same time", fd);
	return false;
}

/* False: it can never be waited for. */
static bool begin_wait(struct loop_task *task, const struct task_wait *wait)
{
	if (wait->event != NULL && event_wait(task, wait->event)) {
		loop_wake(task, WAKE_EVENT);
		return true;
	}
	if (wait->deadline_ns != 0) {
		task->deadline_ns = wait->deadline_ns;
		timers_add(task);
	}
	return wait->event != NULL || wait->fd < 0 || wait_for_fd(task, wait->fd, wait->events);
}

/* Calls `step` until the task must give way. False: it has ended. */
static bool advance(struct loop_task *task)
{
	struct worker *w = task->worker;
	struct task *t = &w->task;
	if (task->has_call && !call(task))
		return true;
	for (;;) {
		worker_reset_wants(t);
		switch (t->job->workload->step(t)) {
		case STEP_DONE:
			if (!worker_done(w)) {
				loop_stop(task->loop);
				return false;
			}
			if (!worker_claim(w))
				return false;
			make_ready(task);
			return true;
		case STEP_YIELD:
			make_ready(task);
			return true;
		case STEP_WAIT:
			return begin_wait(task, &t->wait);
		case STEP_CALL:
			task->has_call = true;
			if (t->call.fd >= 0)
				return wait_for_fd(task, t->call.fd, t->call.events);
			if (!call(task))
				return true;
			break;
		case STEP_END:
			return false;
		}
	}
}

static void run_task(struct loop_task *task)
{
	if (task->loop->is_stopped || !advance(task))
		end_task(task);
}

/* ---- the crew --------------------------------------------------------------------------------------- */

static void nothing(uv_work_t *work)
{
	(void)work;
}

static void was_nothing(uv_work_t *work, int status)
{
	(void)work, (void)status;
}

/* The pool starts all its threads when it gets its first work, and returns when they run. */
static int start_pool(struct loop *loop)
{
	char size[16];
	uv_work_t work;
	int threads = loop->engine->task_count < POOL_MAX ? loop->engine->task_count : POOL_MAX;
	snprintf(size, sizeof(size), "%d", threads);
	setenv("UV_THREADPOOL_SIZE", size, 1);
	int error = uv_queue_work(&loop->uv, &work, nothing, was_nothing);
	if (error == 0)
		uv_run(&loop->uv, UV_RUN_DEFAULT);
	return error;
}

static void tasks_prepare(struct loop *loop)
{
	struct engine *e = loop->engine;
	loop->tasks = xcalloc((size_t)e->task_count, sizeof(struct loop_task));
	for (int i = 0; i < e->task_count; i++)
		loop->tasks[i] = (struct loop_task){.worker = &e->workers[i], .loop = loop};
	loop->stop.loop = loop;
	loop->live = e->task_count;
}

static int open_loop(struct loop *loop)
{
	int error = uv_loop_init(&loop->uv);
	if (error == 0)
		error = timers_open(loop);
	if (error == 0) {
		loop->turn.data = loop;
		error = uv_idle_init(&loop->uv, &loop->turn);
	}
	if (error == 0 && loop->has_pool)
		error = start_pool(loop);
	return error;
}

static int start(struct engine *e)
{
	struct loop *loop = e->model;
	loop->engine = e;
	timer_slack_set(1);
	tasks_prepare(loop);
	int error = open_loop(loop);
	if (error != 0) {
		snprintf(e->error, sizeof(e->error), "the event loop could not be made: %s",
			 strerror(-error));
		return error;
	}
	for (int i = 0; i < e->task_count; i++)
		if (worker_setup(&e->workers[i]) != 0)
			break;
	return 0;
}

static void begin_tasks(struct loop *loop)
{
	for (int i = 0; i < loop->engine->task_count; i++) {
		struct loop_task *task = &loop->tasks[i];
		worker_begin(task->worker);
		if (worker_claim(task->worker))
			make_ready(task);
		else
			end_task(task);
	}
	if (loop->engine->execution->kind == CELL_WINDOW) {
		loop->stop.deadline_ns = loop->engine->gun->stop_ns;
		timers_add(&loop->stop);
	}
}

static void work(struct engine *e)
{
	struct loop *loop = e->model;
	struct usage before;
	usage_read(RUSAGE_SELF, &before);
	begin_tasks(loop);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	usage_since(RUSAGE_SELF, &before, &e->starter_usage);
	if (loop->live == 0)
		return;
	/* Nothing left that could wake anybody. */
	job_fail(e->lane[0].job, "%d tasks wait for what never comes", loop->live);
	for (int i = 0; i < e->task_count; i++)
		if (!e->workers[i].slot->has_published)
			worker_publish(&e->workers[i]);
}

static void close_handle(uv_handle_t *handle, void *unused)
{
	(void)unused;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void join(struct engine *e)
{
	struct loop *loop = e->model;
	for (int i = 0; i < e->task_count; i++)
		worker_teardown(&e->workers[i]);
	uv_walk(&loop->uv, close_handle, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_loop_close(&loop->uv);
	close(loop->timers.fd);
	free(loop->timers.heap);
	for (int i = 0; i < loop->watch_count; i++)
		free(loop->watches[i]);
	free(loop->watches);
	free(loop->tasks);
}

static const struct crew crew = {
	.ops = &loop_ops, .shares_histogram = true, .start = start, .work = work, .join = join};

int loop_run(const struct execution *execution, struct sample *sample, bool has_pool)
{
	struct loop *loop = xcalloc(1, sizeof(*loop));
	loop->has_pool = has_pool;
	int error = engine_run(execution, sample, &crew, NULL, loop);
	free(loop);
	return error;
}
