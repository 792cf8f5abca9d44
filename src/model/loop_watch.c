/*
 * loop_watch: waiting for descriptors on a loop.
 *
 * libuv binds a handle to a descriptor number for the handle's life, and workloads open and close descriptors
 * as they please, so numbers come back for other files and other tasks. So there is one handle per number,
 * kept until the cell ends, and active only while a task waits: it is stopped before the task can run again,
 * that is, before anybody can close the descriptor.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "model/loop.h"

static void on_ready(uv_poll_t *poll, int status, int events)
{
	/* An error is the descriptor's: the step finds out when it uses it. */
	(void)status, (void)events;
	struct watch *watch = poll->data;
	loop_wake(watch->waiter, WAKE_FD);
}

static void make_room(struct loop *loop, int fd)
{
	int count = fd + 1 > 2 * loop->watch_count ? fd + 1 : 2 * loop->watch_count;
	if (fd < loop->watch_count)
		return;
	loop->watches = xrealloc(loop->watches, (size_t)count, sizeof(struct watch *));
	for (int i = loop->watch_count; i < count; i++)
		loop->watches[i] = NULL;
	loop->watch_count = count;
}

/* The handle of a descriptor number; NULL when it cannot be watched: a regular file, which is always ready.
 */
static struct watch *watch_of(struct loop *loop, int fd)
{
	make_room(loop, fd);
	if (loop->watches[fd] != NULL)
		return loop->watches[fd];
	struct watch *watch = xcalloc(1, sizeof(*watch));
	watch->fd = fd;
	watch->poll.data = watch;
	if (uv_poll_init(&loop->uv, &watch->poll, fd) != 0) {
		free(watch);
		return NULL;
	}
	loop->watches[fd] = watch;
	return watch;
}

int watch_start(struct loop_task *task, int fd, short events)
{
	struct watch *watch = watch_of(task->loop, fd);
	if (watch == NULL)
		return -1;
	if (watch->waiter != NULL)
		return -2;
	int wanted = (events & POLLIN ? UV_READABLE : 0) | (events & POLLOUT ? UV_WRITABLE : 0);
	if (uv_poll_start(&watch->poll, wanted, on_ready) != 0)
		return -1;
	watch->waiter = task;
	task->watch = watch;
	return 0;
}

void watch_stop(struct loop_task *task)
{
	if (task->watch == NULL)
		return;
	uv_poll_stop(&task->watch->poll);
	task->watch->waiter = NULL;
	task->watch = NULL;
}

void watch_halt(struct loop *loop)
{
	for (int i = 0; i < loop->watch_count; i++)
		if (loop->watches[i] != NULL && loop->watches[i]->waiter != NULL)
			watch_stop(loop->watches[i]->waiter);
}
