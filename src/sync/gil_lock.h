/*
 * gil_lock: the lock as its own files see it. Private to src/sync.
 */
#ifndef GILBENCH_SYNC_GIL_LOCK_H
#define GILBENCH_SYNC_GIL_LOCK_H

#include <pthread.h>
#include <semaphore.h>

#include "sync/gil_logic.h"

struct gil {
	pthread_mutex_t mutex;
	pthread_cond_t cond[GIL_CLASSES]; /* the lock became free, or another's */

	pthread_mutex_t switch_mutex;
	pthread_cond_t switch_cond; /* last_holder may have changed */

	struct gil_logic logic;

	sem_t semaphore; /* 1: free; GIL_PRIMITIVE_SEMAPHORE only */

	/* The timer, GIL_SLICE_QUANTUM only. */
	pthread_t timer;
	pthread_cond_t timer_cond; /* timer_must_end has changed */
	bool has_timer, timer_must_end;
};

/* Whose waits have a monotonic deadline: they must not change their length when somebody sets the wall clock. */
void gil_cond_init(pthread_cond_t *);

/* gil_semaphore.c */
void gil_semaphore_take(struct gil_thread *);
void gil_semaphore_drop(struct gil_thread *);

/* gil_timer.c: the thread starts with the first thread that may take the lock, and ends with the lock. */
void gil_timer_start(struct gil *);
void gil_timer_end(struct gil *);

#endif
