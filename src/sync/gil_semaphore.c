/*
 * gil_semaphore: the simulated lock on a POSIX semaphore, as CPython 2.7's on Linux.
 *
 * A semaphore of value 1 is all there is: taking is sem_wait, dropping is sem_post, and the kernel wakes one waiter,
 * who competes with whoever comes by. It knows no holder, no order and no request, which is why no policy that needs
 * one of them may choose it (gil_policy_text.c).
 *
 * It matters: glibc's sem_post does not enter the kernel unless somebody sleeps, and its sem_wait takes a semaphore
 * that is free in one atomic step. So a thread that drops and takes at once mostly wins, while it wakes a waiter for
 * nothing with every drop; that, on two cores, is what made CPython 2 slower with two threads than with one. A mutex
 * with a condition variable gives other figures (docs/policies.md).
 *
 * What the holder alone writes (last_holder, switch_number, the tick count) is protected by the semaphore itself.
 *
 * Source: CPython 2.7, Python/thread_pthread.h, PyThread_acquire_lock and PyThread_release_lock under USE_SEMAPHORES.
 */
#include <errno.h>

#include "sync/gil_lock.h"

/* gcc 12's ThreadSanitizer knows sem_wait and sem_post: they order what the holder writes. */
void gil_semaphore_take(struct gil_thread *me)
{
	while (sem_wait(&me->gil->semaphore) != 0 && errno == EINTR)
		;
	me->switches += logic_grant(&me->gil->logic, &me->party);
	me->acquisitions++;
}

void gil_semaphore_drop(struct gil_thread *me)
{
	me->gil->logic.is_locked = false;
	sem_post(&me->gil->semaphore);
}
