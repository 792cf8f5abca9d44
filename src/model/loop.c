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
 * A turn is an idle handle of libuv, which also keeps it from sleeping; without a ready task the handle
 * is off and libuv sleeps in epoll. A native call under `uv` runs on the loop, and every other task
 * waits for it, as it does in asyncio.
 */
#include <gilbench/util.h>

#include "model/loop.h"

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

void loop_ready(struct loop_task *task)
{
	struct loop *loop = task->loop;
	worker_note(task->worker, TRACE_ASK, false);
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

void loop_end(struct loop_task *task)
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
	loop_ready(task);
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
	loop_ready(task);
}

static void make_call(struct worker *w)
{
	worker_note_call(w, &w->task.call);
	w->task.call.fn(&w->task);
	worker_note(w, TRACE_RETURN, false);
}

static void call_in_pool(uv_work_t *work)
{
	struct loop_task *task = work->data;
	make_call(task->worker);
	/* In the pool it wants the loop from here on, whenever that hears of it. */
	worker_note(task->worker, TRACE_ASK, false);
}

/* For the trace: its turn on the loop ends here. What it does next is recorded after it. */
static void give_way(struct loop_task *task)
{
	worker_note(task->worker, TRACE_DROP, false);
}

/* True: the call has been made, and the step may go on. */
static bool call(struct loop_task *task)
{
	task->has_call = false;
	if (!task->loop->has_pool) {
		make_call(task->worker);
		return true;
	}
	give_way(task);
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
	worker_note_wait(task->worker, wait);
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

bool loop_begin(struct loop_task *task)
{
	if (!worker_claim(task->worker))
		return false;
	task->deadline_ns = worker_early_until(task->worker);
	if (task->deadline_ns != 0)
		timers_add(task);
	else
		loop_ready(task);
	return true;
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
			give_way(task);
			return loop_begin(task);
		case STEP_YIELD:
			give_way(task);
			loop_ready(task);
			return true;
		case STEP_WAIT:
			give_way(task);
			return begin_wait(task, &t->wait);
		case STEP_CALL:
			task->has_call = true;
			if (t->call.fd >= 0) {
				give_way(task);
				worker_note(w, TRACE_WAIT, false);
				return wait_for_fd(task, t->call.fd, t->call.events);
			}
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
	bool may_run = !task->loop->is_stopped;
	if (may_run)
		worker_note(task->worker, TRACE_TAKE, false);
	if (!may_run || !advance(task))
		loop_end(task);
}
