/*
 * blocking: performing operations in a thread that may block: seq, threads, gil, fork.
 *
 * One loop serves them all; what differs is whether there is a simulated lock to let go of before anything
 * that may block or take long without it:
 *
 *	step returns   without a lock        with one
 *	STEP_DONE      count, claim          the same; then a checkpoint, the lock stays held
 *	STEP_WAIT      wait                  drop, wait, take
 *	STEP_CALL      poll, call            drop, poll, call, take: one release
 *	STEP_YIELD     sched_yield           drop, take
 *
 * Waits end at the cell's stop at the latest. So does a call that blocks on a descriptor: it is made without polling
 * first, as an interpreter's recvfrom is, and ended by a signal (crew->interrupt). Sleeps are absolute (CLOCK_MONOTONIC), so a late start does not
 * make a sleep longer.
 *
 * Timer slack. The kernel may end a sleep up to 50 us late (the default slack of every thread), which is 1 %
 * of a 5 ms wait. A loop's timerfd has no slack. So that models do not differ by that alone, the sleeps here
 * have none either. The lock's own timed wait keeps the default, for CPython never changes it and its 5 ms
 * interval is in truth 5.05 ms and more: a thread under the lock sets its slack around its own waits only.
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <semaphore.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>

#include "model/engine.h"

/* The kernel's smallest and its default timer slack (prctl(2)). */
#define SLACK_LEAST_NS   1u
#define SLACK_DEFAULT_NS 50000u

void timer_slack_set(unsigned long ns)
{
	prctl(PR_SET_TIMERSLACK, ns, 0, 0, 0);
}

static void lock_let_go(struct worker *w)
{
	if (w->gil.gil != NULL)
		gil_drop(&w->gil);
}

static void lock_get_back(struct worker *w)
{
	if (w->gil.gil != NULL)
		gil_take(&w->gil);
}

/* ---- waits; all return WAKE_... bits, 0 when `until_ns` came first or the cell is lost -------------- */

static bool is_lost(const struct worker *w)
{
	return atomic_load(&w->lane->engine->is_lost);
}

static unsigned sleep_until(const struct worker *w, uint64_t until_ns)
{
	const struct timespec until = clock_timespec(until_ns);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR && !is_lost(w))
		;
	return 0;
}

/* gcc 12's ThreadSanitizer knows sem_post, sem_wait and sem_timedwait, but not sem_clockwait: it is told of
 * the edge from the post. */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#define CLOCKWAIT_ACQUIRED(sem) __tsan_acquire(sem)
#else
#define CLOCKWAIT_ACQUIRED(sem) ((void)(sem))
#endif

static unsigned event_until(const struct worker *w, struct task_event *event, uint64_t until_ns)
{
	const struct timespec until = clock_timespec(until_ns);
	int result;
	do
		result = until_ns == UINT64_MAX ? sem_wait(&event->sem)
						: sem_clockwait(&event->sem, CLOCK_MONOTONIC, &until);
	while (result != 0 && errno == EINTR && !is_lost(w));
	if (result != 0)
		return 0;
	CLOCKWAIT_ACQUIRED(&event->sem);
	return WAKE_EVENT;
}

static unsigned fd_until(const struct worker *w, int fd, short events, uint64_t until_ns)
{
	struct pollfd poller = {.fd = fd, .events = events};
	for (;;) {
		uint64_t now = until_ns == UINT64_MAX ? 0 : clock_now_ns();
		const struct timespec left = clock_timespec(until_ns > now ? until_ns - now : 0);
		int ready = ppoll(&poller, 1, until_ns == UINT64_MAX ? NULL : &left, NULL);
		if (ready > 0)
			return WAKE_FD;
		if (ready == 0)
			return 0;
		/* Anything but a signal is the descriptor's fault: the step finds out when it uses it. */
		if (errno != EINTR)
			return WAKE_FD;
		if (is_lost(w))
			return 0;
	}
}

static unsigned wait_for(struct worker *w, const struct task_wait *wait)
{
	uint64_t deadline_ns = wait->deadline_ns != 0 ? wait->deadline_ns : UINT64_MAX;
	uint64_t until_ns = deadline_ns < w->stop_ns ? deadline_ns : w->stop_ns;
	unsigned woke = wait->event != NULL ? event_until(w, wait->event, until_ns)
			: wait->fd >= 0     ? fd_until(w, wait->fd, wait->events, until_ns)
					    : sleep_until(w, until_ns);
	if (woke != 0)
		return woke;
	return until_ns == w->stop_ns || is_lost(w) ? WAKE_STOP : WAKE_DEADLINE;
}

/* ---- what a step asked for; false: the window has ended, or the cell is lost --------------------------------------------- */

static bool perform_wait(struct worker *w)
{
	const struct task_wait wait = w->task.wait;
	lock_let_go(w);
	worker_note_wait(w, &wait);
	if (w->gil.gil != NULL)
		timer_slack_set(SLACK_LEAST_NS);
	w->task.woke = wait_for(w, &wait);
	if (w->gil.gil != NULL)
		timer_slack_set(SLACK_DEFAULT_NS);
	worker_note(w, TRACE_WOKE, false);
	lock_get_back(w);
	return !(w->task.woke & WAKE_STOP);
}

static bool perform_call(struct worker *w)
{
	const struct task_call call = w->task.call;
	/* It would block beyond the end. If it blocks already, the starter's signal ends it. */
	if (call.fd >= 0 && (clock_now_ns() >= w->stop_ns || is_lost(w)))
		return false;
	lock_let_go(w);
	worker_note_call(w, &call);
	call.fn(&w->task);
	worker_note(w, TRACE_RETURN, false);
	lock_get_back(w);
	return true;
}

static void perform_yield(struct worker *w)
{
	if (w->gil.gil == NULL) {
		sched_yield();
		return;
	}
	gil_drop(&w->gil);
	gil_take(&w->gil);
}

/* The next operation is claimed, and it is due. */
static bool begin_operation(struct worker *w)
{
	if (!worker_claim(w))
		return false;
	uint64_t until_ns = worker_early_until(w);
	if (until_ns == 0)
		return true;
	w->task.wait = (struct task_wait){.fd = -1, .deadline_ns = until_ns};
	return perform_wait(w);
}

/* True while operations go on; `step` has just returned `next`. */
static bool obey(struct worker *w, enum step next)
{
	/* It may wait for the next operation to be begun, which only another worker can do. */
	if (next != STEP_DONE)
		worker_claim_singly(w);
	switch (next) {
	case STEP_DONE:
		return worker_done(w) && begin_operation(w);
	case STEP_WAIT:
		return perform_wait(w);
	case STEP_CALL:
		return perform_call(w);
	case STEP_YIELD:
		perform_yield(w);
		return !is_lost(w);
	case STEP_END:
		break;
	}
	return false;
}

void blocking_run(struct worker *w)
{
	struct task *t = &w->task;
	enum step (*step)(struct task *) = t->job->workload->step;
	worker_begin(w);
	lock_get_back(w);
	if (begin_operation(w)) {
		do {
			worker_reset_wants(t);
			enum step next = step(t);
			if (!obey(w, next))
				break;
			/* Every return from step is a checkpoint. */
			task_checkpoint(t, 1);
		} while (true);
	}
	lock_let_go(w);
}

void blocking_life(struct worker *w, int who)
{
	struct gun *gun = w->lane->engine->gun;
	timer_slack_set(w->gil.gil == NULL ? SLACK_LEAST_NS : SLACK_DEFAULT_NS);
	worker_setup(w);
	if (gun_arrive(gun)) {
		usage_read(who, &w->usage_before);
		blocking_run(w);
		usage_since(who, &w->usage_before, &w->slot->usage);
		worker_publish(w);
		gun_finish(gun);
	}
	worker_teardown(w);
}

/* ---- verbs ------------------------------------------------------------------------------------------ */

/* Without a lock nothing ever asks, but in a hostile build every checkpoint does. */
static void yield_now(struct task *t, unsigned ticks)
{
	(void)t, (void)ticks;
	sched_yield();
}

/* Only a lock that is not free is waited for. */
static int lock_and_note(struct worker *w, struct task_mutex *m)
{
	int error = pthread_mutex_trylock(&m->mutex);
	if (error != EBUSY)
		return error;
	worker_note(w, TRACE_WAIT, true);
	error = pthread_mutex_lock(&m->mutex);
	worker_note(w, TRACE_WOKE, false);
	return error;
}

static void lock_mutex(struct task *t, struct task_mutex *m)
{
	struct worker *w = (struct worker *)t;
	int error = w->ring != NULL ? lock_and_note(w, m) : pthread_mutex_lock(&m->mutex);
	/* A process that died inside left what it was doing half done; the cell is lost anyway and the
	 * starter will say so, but the others must come to their end. */
	if (error == EOWNERDEAD)
		pthread_mutex_consistent(&m->mutex);
}

static void unlock_mutex(struct task *t, struct task_mutex *m)
{
	(void)t;
	pthread_mutex_unlock(&m->mutex);
}

static void post(struct task *t, struct task_event *event)
{
	(void)t;
	sem_post(&event->sem);
}

const struct task_ops blocking_ops = {
	.eval_break = yield_now, .lock = lock_mutex, .unlock = unlock_mutex, .signal = post};
