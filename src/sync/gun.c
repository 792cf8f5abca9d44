/*
 * gun: starting gun and finish line on futexes. See gun.h.
 *
 * Problem: threads and processes must start by the very same mechanism, or the two are not comparable; and
 * the clock must be read before anybody can run. A pthread barrier would do the first, but whoever arrives
 * last fires it, and then the starter's clock is read when half of the workers are already running.
 *
 * Each word has one kind of writer, and one kind of sleeper:
 *
 *	word      written by                  slept on by     meaning
 *	at_line   each worker, once (+1)      the starter     workers at the line
 *	fired     the starter, once           workers         0 wait, 1 run, 2 called off
 *	finished  each worker, once (+1)      the starter     workers at the finish
 *	released  the starter, once           workers         0 stay, 1 leave
 *
 * All accesses are sequentially consistent: none is in a timed region's inner loop. The edges that matter:
 * what the starter wrote before `fired` (start_ns, stop_ns, set-up) is visible to a worker that has seen it;
 * what a worker wrote before its `finished` (slots, histograms) is visible to a starter that has counted it.
 *
 * Futexes are used in their shared form, so the words work across processes. A signal or a changed word ends
 * a futex wait early; every wait therefore looks again. A worker that dies before it is counted is not
 * noticed here: the starter's waits time out so that it can look for the dead.
 */
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <gilbench/clock.h>
#include <gilbench/gun.h>

enum { FIRED_NOT_YET, FIRED_RUN, FIRED_CALLED_OFF };

/* Sleep while *word is `seen`; until deadline_ns of CLOCK_MONOTONIC, or for good when that is 0. May wake for
 * no reason. */
static void futex_sleep(_Atomic uint32_t *word, uint32_t seen, uint64_t deadline_ns)
{
	struct timespec until = clock_timespec(deadline_ns);
	/* FUTEX_WAIT_BITSET takes an absolute time, FUTEX_WAIT a length: absolute needs no sum after a
	 * wake-up. */
	syscall(SYS_futex, word, FUTEX_WAIT_BITSET, seen, deadline_ns != 0 ? &until : NULL, NULL,
		FUTEX_BITSET_MATCH_ANY);
}

static void futex_wake_all(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE, INT_MAX, NULL, NULL, 0);
}

static bool wait_count(_Atomic uint32_t *word, unsigned wanted, uint64_t timeout_ns)
{
	uint64_t deadline_ns = clock_now_ns() + timeout_ns;
	for (uint32_t seen; (seen = atomic_load(word)) < wanted;) {
		if (clock_now_ns() >= deadline_ns)
			return false;
		futex_sleep(word, seen, deadline_ns);
	}
	return true;
}

static uint32_t wait_set(_Atomic uint32_t *word)
{
	uint32_t seen;
	while ((seen = atomic_load(word)) == 0)
		futex_sleep(word, 0, 0);
	return seen;
}

static void count_in(_Atomic uint32_t *word)
{
	atomic_fetch_add(word, 1);
	futex_wake_all(word);
}

static void set(_Atomic uint32_t *word, uint32_t value)
{
	atomic_store(word, value);
	futex_wake_all(word);
}

void gun_init(struct gun *gun)
{
	atomic_init(&gun->at_line, 0);
	atomic_init(&gun->fired, FIRED_NOT_YET);
	atomic_init(&gun->finished, 0);
	atomic_init(&gun->released, 0);
	gun->start_ns = 0;
	gun->stop_ns = UINT64_MAX;
}

bool gun_wait_line(struct gun *gun, unsigned workers, uint64_t timeout_ns)
{
	return wait_count(&gun->at_line, workers, timeout_ns);
}

uint64_t gun_fire(struct gun *gun, uint64_t window_ns)
{
	uint64_t start_ns = clock_now_ns();
	gun->start_ns = start_ns;
	gun->stop_ns = window_ns != 0 ? start_ns + window_ns : UINT64_MAX;
	set(&gun->fired, FIRED_RUN);
	return start_ns;
}

void gun_call_off(struct gun *gun)
{
	set(&gun->fired, FIRED_CALLED_OFF);
}

bool gun_wait_finish(struct gun *gun, unsigned workers, uint64_t timeout_ns)
{
	return wait_count(&gun->finished, workers, timeout_ns);
}

void gun_release(struct gun *gun)
{
	set(&gun->released, 1);
}

bool gun_watch(struct gun *gun)
{
	return wait_set(&gun->fired) == FIRED_RUN;
}

bool gun_arrive(struct gun *gun)
{
	count_in(&gun->at_line);
	return gun_watch(gun);
}

void gun_finish(struct gun *gun)
{
	count_in(&gun->finished);
	wait_set(&gun->released);
}
