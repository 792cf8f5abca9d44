/*
 * gil_timer: the thread that ends turns by the clock, for policies with slice=quantum.
 *
 * Ruby's waiters do not watch the time; one timer does, for all. It looks every tick_ns and asks the holder to let go
 * when that has run for its quantum and somebody waits (logic_tick). So a turn ends up to one tick late.
 *
 * The thread sleeps on a condition under the lock's mutex, which it needs for looking anyway; gil_timer_end wakes it,
 * so that no lock waits for a tick to die. It does nothing but look: its time is no worker's.
 *
 * Ticks come at multiples of tick_ns after the start, however long a look took. A machine that slept through some
 * gives one look, not many.
 */
#include <errno.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/util.h>

#include "sync/gil_lock.h"

static void *timer_main(void *arg)
{
	struct gil *gil = arg;
	const uint64_t tick_ns = gil->logic.policy.tick_ns;
	uint64_t next_ns = clock_now_ns() + tick_ns;
	pthread_mutex_lock(&gil->mutex);
	while (!gil->timer_must_end) {
		const struct timespec until = clock_timespec(next_ns);
		if (pthread_cond_timedwait(&gil->timer_cond, &gil->mutex, &until) != ETIMEDOUT)
			continue;
		bool was_asked = gil->timer_ring == NULL || logic_is_asked(&gil->logic);
		logic_tick(&gil->logic);
		gil_trace_request(gil->timer_ring, &gil->logic, was_asked);
		uint64_t now = clock_now_ns();
		while (next_ns <= now)
			next_ns += tick_ns;
	}
	pthread_mutex_unlock(&gil->mutex);
	return NULL;
}

void gil_timer_start(struct gil *gil)
{
	pthread_mutex_lock(&gil->mutex);
	if (!gil->has_timer) {
		int error = pthread_create(&gil->timer, NULL, timer_main, gil);
		if (error != 0)
			die("the lock's timer: a thread could not be made: %s", strerror(error));
		gil->has_timer = true;
	}
	pthread_mutex_unlock(&gil->mutex);
}

void gil_timer_end(struct gil *gil)
{
	if (!gil->has_timer)
		return;
	pthread_mutex_lock(&gil->mutex);
	gil->timer_must_end = true;
	pthread_cond_signal(&gil->timer_cond);
	pthread_mutex_unlock(&gil->mutex);
	pthread_join(gil->timer, NULL);
}
