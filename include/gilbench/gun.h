/*
 * gun: one start and one finish for all workers of a cell, threads and processes alike. Layer 1.
 *
 * The gun lies in shared memory (shm.h). Workers come to the line and sleep; the starter waits until all are
 * there, reads the clock, and fires. A worker that is done stands at the finish until it is released, so that
 * the starter can look at memory and usage while everybody still exists.
 *
 *	starter                                 worker
 *	gun_init(gun)
 *	... create workers ...                  if (!gun_arrive(gun)) leave
 *	gun_wait_line(gun, n, 100 ms)           work, from gun->start_ns to gun->stop_ns
 *	gun_fire(gun, 0)
 *	gun_wait_finish(gun, n, 100 ms)         gun_finish(gun)
 *	... look ...
 *	gun_release(gun)                        leave
 */
#ifndef GILBENCH_GUN_H
#define GILBENCH_GUN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct gun {
	/* Futex words; see gun.c for who writes which. */
	_Atomic uint32_t at_line, fired, finished, released;
	/* Written by the starter before it fires; read by workers after gun_arrive. */
	uint64_t start_ns; /* the clock, read before firing */
	uint64_t stop_ns;  /* when a window ends; UINT64_MAX for a batch */
};

void gun_init(struct gun *);

/* The starter. The waits return true when all `workers` are there, false after `timeout_ns` (look whether a
 * worker has died, then wait again). */
bool gun_wait_line(struct gun *, unsigned workers, uint64_t timeout_ns);
/* window_ns 0: a batch. Returns the start. */
uint64_t gun_fire(struct gun *, uint64_t window_ns);
/* Instead of firing: everybody at the line leaves. */
void gun_call_off(struct gun *);
bool gun_wait_finish(struct gun *, unsigned workers, uint64_t timeout_ns);
void gun_release(struct gun *);

/* A worker. Blocks until the gun is fired (true) or the race is called off (false). */
bool gun_arrive(struct gun *);
/* Somebody who is no worker and is not waited for: as gun_arrive, but nobody counts it. */
bool gun_watch(struct gun *);
/* Blocks until released. */
void gun_finish(struct gun *);

#endif
