/*
 * companion_watch: a companion that dies ends the cell at once, under the models whose workers are threads or
 * tasks of a loop. (Worker processes can be killed, and fork.c does so.)
 *
 * Threads cannot be ended from outside, so they are asked: no operation is left to claim, and whoever waits
 * is woken and finds `is_lost`, which ends its wait as the end of a window does. One thread looks after this;
 * it sleeps until a companion ends or the cell does, and so costs the measurement nothing. A cell without
 * companions has no such thread.
 *
 *	asleep --- the cell ends ---------------------------------> gone
 *	   |                                                          ^
 *	   +------ a companion died --> wake all, every 50 ms --------+
 *
 * Waking is repeated because a signal that comes between a worker's look at `is_lost` and its system call
 * wakes nobody.
 *
 * What it does not do: a native function that waits for ever in its own loop is not left; the driver's
 * deadline ends that cell.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model/engine.h"

static void on_wake(int signal_number)
{
	(void)signal_number;
}

/* Without SA_RESTART: a system call that waits ends with EINTR. */
void signals_catch_wake(void)
{
	struct sigaction action = {.sa_handler = on_wake};
	sigemptyset(&action.sa_mask);
	sigaction(WAKE_SIGNAL, &action, NULL);
}

void worker_interrupt(const struct worker *w)
{
	if (w->pid != 0)
		kill(w->pid, WAKE_SIGNAL);
	else
		pthread_kill(w->thread, WAKE_SIGNAL);
}

static void give_up(struct engine *e)
{
	/* Before the wakings: who is woken must see it. */
	atomic_store(&e->is_lost, true);
	for (int i = 0; i < e->lane_count; i++)
		atomic_store(&e->lane[i].claims->next, CLAIMS_END);
}

/* True when a companion has died; false when the cell has ended. */
static bool await_loss(struct engine *e, struct pollfd *fds, int count)
{
	for (;;) {
		if (poll(fds, (nfds_t)count, -1) < 0 && errno != EINTR)
			return false;
		if (fds[0].revents != 0)
			return false;
		if (companions_have_lost(e))
			return true;
		/* It returned in peace. */
		for (int i = 1; i < count; i++)
			if (fds[i].revents != 0)
				fds[i].fd = -1;
	}
}

static void *watch(void *engine)
{
	struct engine *e = engine;
	struct pollfd fds[COMPANION_MAX + 1] = {{.fd = e->watch_end_fd, .events = POLLIN}};
	for (int i = 0; i < e->companion_count; i++)
		fds[i + 1] = (struct pollfd){.fd = e->companion[i].pidfd, .events = POLLIN};
	if (!await_loss(e, fds, e->companion_count + 1))
		return NULL;
	give_up(e);
	do
		e->crew->wake_all(e);
	while (poll(fds, 1, WAKE_PERIOD_NS / NS_PER_MS) == 0);
	return NULL;
}

static void open_pidfds(struct engine *e)
{
	for (int i = 0; i < e->companion_count; i++)
		e->companion[i].pidfd = (int)syscall(SYS_pidfd_open, e->companion[i].pid, 0);
}

static void close_pidfds(struct engine *e)
{
	for (int i = 0; i < e->companion_count; i++)
		if (e->companion[i].pidfd >= 0)
			close(e->companion[i].pidfd);
}

void companions_watch(struct engine *e)
{
	if (e->companion_count == 0 || e->crew->wake_all == NULL)
		return;
	e->watch_end_fd = eventfd(0, EFD_CLOEXEC);
	if (e->watch_end_fd < 0)
		return;
	open_pidfds(e);
	/* No thread, no watch: then the driver's deadline ends a cell whose companion died. */
	e->is_watched = pthread_create(&e->watcher, NULL, watch, e) == 0;
	if (e->is_watched)
		return;
	close_pidfds(e);
	close(e->watch_end_fd);
}

void companions_unwatch(struct engine *e)
{
	if (!e->is_watched)
		return;
	eventfd_write(e->watch_end_fd, 1);
	pthread_join(e->watcher, NULL);
	e->is_watched = false;
	close_pidfds(e);
	close(e->watch_end_fd);
}
