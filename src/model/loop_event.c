/*
 * loop_event: events and critical sections between tasks of one loop.
 *
 * Tasks take turns on one thread, so an event is a number and a queue, first come, first served; a signal is
 * an entry in the ready queue. A critical section needs nothing: nobody else runs until step returns.
 */
#include "model/loop.h"

static struct loop_task *loop_task_of(const struct task *t)
{
	const struct worker *w = (const struct worker *)t;
	struct loop *loop = w->lane->engine->model;
	return &loop->tasks[w - loop->engine->workers];
}

bool event_wait(struct loop_task *task, struct task_event *event)
{
	if (event->count > 0) {
		event->count--;
		return true;
	}
	task->event = event;
	task->next = NULL;
	if (event->last != NULL)
		loop_task_of(event->last)->next = task;
	else
		event->first = &task->worker->task;
	event->last = &task->worker->task;
	return false;
}

void event_leave(struct loop_task *task)
{
	struct task_event *event = task->event;
	if (event == NULL)
		return;
	struct loop_task *before = NULL, *at = loop_task_of(event->first);
	for (; at != task; at = at->next)
		before = at;
	struct task *next = task->next != NULL ? &task->next->worker->task : NULL;
	if (before != NULL)
		before->next = task->next;
	else
		event->first = next;
	if (event->last == &task->worker->task)
		event->last = before != NULL ? &before->worker->task : NULL;
	task->event = NULL;
}

static void signal_event(struct task *t, struct task_event *event)
{
	(void)t;
	if (event->first != NULL)
		loop_wake(loop_task_of(event->first), WAKE_EVENT);
	else
		event->count++;
}

static void no_break(struct task *t, unsigned ticks)
{
	(void)t, (void)ticks;
}

static void no_lock(struct task *t, struct task_mutex *m)
{
	(void)t, (void)m;
}

const struct task_ops loop_ops = {
	.eval_break = no_break, .lock = no_lock, .unlock = no_lock, .signal = signal_event};
