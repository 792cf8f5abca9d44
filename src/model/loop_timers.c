/*
 * loop_timers: every duration of one loop, in one heap over one timerfd.
 *
 * Why not libuv's own timers: they count whole milliseconds from a clock that is read once per turn, so
 * a 5 ms sleep takes between 4 and 6 ms. A timerfd takes an absolute time in nanoseconds.
 *
 * The timerfd is set to the heap's first deadline. When a deadline is taken out before its time the
 * timerfd keeps its setting; it then fires once for nothing and is set anew. It is watched from the
 * first duration on, so that a loop without durations makes no system call for them, and while the heap
 * is empty it does not keep the loop alive (unref), so that a loop whose tasks wait for nothing ends.
 *
 *	        heap[1]              children of i: 2i, 2i + 1; a parent never ends after its child
 *	       /       \             loop_task.heap_place is i: a task can be taken out
 *	  heap[2]     heap[3]        from the middle
 */
#include <errno.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <gilbench/util.h>

#include "model/loop.h"

static void put(struct timers *t, size_t place, struct loop_task *task)
{
	t->heap[place] = task;
	task->heap_place = place;
}

static void sift_up(struct timers *t, size_t place, struct loop_task *task)
{
	for (; place > 1 && t->heap[place / 2]->deadline_ns > task->deadline_ns; place /= 2)
		put(t, place, t->heap[place / 2]);
	put(t, place, task);
}

static void sift_down(struct timers *t, size_t place, struct loop_task *task)
{
	for (size_t child; (child = 2 * place) <= t->count; place = child) {
		if (child < t->count && t->heap[child + 1]->deadline_ns < t->heap[child]->deadline_ns)
			child++;
		if (t->heap[child]->deadline_ns >= task->deadline_ns)
			break;
		put(t, place, t->heap[child]);
	}
	put(t, place, task);
}

static void arm(struct timers *t, uint64_t deadline_ns)
{
	const struct itimerspec when = {.it_value = clock_timespec(deadline_ns)};
	t->armed_ns = deadline_ns;
	/* Setting it also takes back an expiry that was not read. */
	if (timerfd_settime(t->fd, TFD_TIMER_ABSTIME, &when, NULL) != 0)
		die("timerfd_settime");
}

static void on_expiry(uv_poll_t *poll, int status, int events)
{
	(void)status, (void)events;
	struct loop *loop = poll->data;
	struct timers *t = &loop->timers;
	uint64_t now = clock_now_ns();
	while (t->count > 0 && t->heap[1]->deadline_ns <= now) {
		struct loop_task *task = t->heap[1];
		if (task == &loop->stop) {
			loop_stop(loop);
			return;
		}
		loop_wake(task, WAKE_DEADLINE);
	}
	arm(t, t->count > 0 ? t->heap[1]->deadline_ns : 0);
	if (t->count == 0)
		uv_unref((uv_handle_t *)poll);
}

int timers_open(struct loop *loop)
{
	struct timers *t = &loop->timers;
	t->fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (t->fd < 0)
		return -errno;
	/* One place per task, one for the stop; the heap counts from 1. */
	t->room = (size_t)loop->engine->task_count + 2;
	t->heap = xcalloc(t->room, sizeof(struct loop_task *));
	t->poll.data = loop;
	return uv_poll_init(&loop->uv, &t->poll, t->fd);
}

void timers_add(struct loop_task *task)
{
	struct timers *t = &task->loop->timers;
	sift_up(t, ++t->count, task);
	if (t->armed_ns == 0 || task->deadline_ns < t->armed_ns)
		arm(t, task->deadline_ns);
	if (!uv_is_active((uv_handle_t *)&t->poll))
		uv_poll_start(&t->poll, UV_READABLE, on_expiry);
	uv_ref((uv_handle_t *)&t->poll);
}

void timers_remove(struct loop_task *task)
{
	struct timers *t = &task->loop->timers;
	size_t place = task->heap_place;
	if (place == 0)
		return;
	task->heap_place = 0;
	struct loop_task *last = t->heap[t->count--];
	if (last == task)
		return;
	if (place > 1 && t->heap[place / 2]->deadline_ns > last->deadline_ns)
		sift_up(t, place, last);
	else
		sift_down(t, place, last);
}

void timers_halt(struct loop *loop)
{
	uv_poll_stop(&loop->timers.poll);
}
