/*
 * loop: tasks as coroutines on one libuv loop. Layer 3 (execution); private to loop*.c.
 */
#ifndef GILBENCH_MODEL_LOOP_H
#define GILBENCH_MODEL_LOOP_H

#include <uv.h>

#include "model/engine.h"

struct loop;

/* A task on the loop is in exactly one place: the ready queue, a wait (any of heap, watch, event queue), the
 * pool, or ended. */
struct loop_task {
	struct worker *worker; /* NULL: the stop of a window, which waits in the heap like a task */
	struct loop *loop;
	struct loop_task *next; /* in the ready queue or in an event's queue */
	uint64_t deadline_ns;
	size_t heap_place; /* from 1; 0: not in the heap */
	struct watch *watch;
	struct task_event *event;
	bool has_call; /* what it waits for is its call's descriptor: the call comes next */
	bool is_in_pool;
	uv_work_t work;
};

/* All durations of one loop: a binary heap over one timerfd. See loop_timers.c. */
struct timers {
	struct loop_task **heap; /* heap[1] ends first */
	size_t count, room;
	int fd;
	uint64_t armed_ns; /* what the timerfd is set to; 0: nothing */
	uv_poll_t poll;
};

/* One descriptor number that was ever waited for. See loop_watch.c. */
struct watch {
	uv_poll_t poll;
	int fd;
	struct loop_task *waiter;
};

struct loop {
	struct engine *engine;
	uv_loop_t uv;
	uv_async_t lost; /* where there are companions */
	uv_idle_t turn;  /* active while a task is ready: then libuv does not sleep */
	bool is_turning;
	bool has_pool;
	int pool_threads;
	int pool_error; /* why these threads cannot be had: -errno, or 0 */
	bool is_stopped;
	int live; /* tasks that have not ended */
	struct loop_task *ready_first, *ready_last;
	struct loop_task *tasks; /* in the order of engine->workers */
	struct loop_task stop;
	struct timers timers;
	struct watch **watches; /* by descriptor number; NULL where none was waited for */
	int watch_count;
};

/* loop.c: a wait of `task` has ended for these reasons (enum wake); whatever else it waited for is undone,
 * and it runs on a later turn. */
void loop_wake(struct loop_task *task, unsigned reasons);
/* Into the ready queue. */
void loop_ready(struct loop_task *task);
/* Claims the task's next operation; it runs on a later turn, when it is due. False: none is left. */
bool loop_begin(struct loop_task *task);
/* The task performs no more operations. */
void loop_end(struct loop_task *task);
/* The window has ended. */
void loop_stop(struct loop *);

/* loop_timers.c */
int timers_open(struct loop *);
void timers_add(struct loop_task *);
void timers_remove(struct loop_task *);
void timers_halt(struct loop *);

/* loop_watch.c: 0, or -1 when the descriptor cannot be waited for because it is always ready, or -2 because
 * another task waits for it. */
int watch_start(struct loop_task *, int fd, short events);
void watch_stop(struct loop_task *);
void watch_halt(struct loop *);

/* loop_event.c: events and critical sections on a loop. */
extern const struct task_ops loop_ops;
/* True: it passes at once. False: the task is in the event's queue. */
bool event_wait(struct loop_task *, struct task_event *);
void event_leave(struct loop_task *);

#endif
