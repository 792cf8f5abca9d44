/*
 * gil: a simulated global interpreter lock. Layer 1.
 *
 * A lock is an object; several may live in one process; there is no file-scope state. What a lock does is
 * data, struct gil_policy. After fork the child must not use the parent's lock.
 *
 * Source: CPython 3.11 Python/ceval_gil.h (take_gil, drop_gil), reached through A. Pitrou's design of 2009.
 */
#ifndef GILBENCH_GIL_H
#define GILBENCH_GIL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gil_policy {
	char name[16];        /* "py3" */
	uint64_t interval_ns; /* a waiter that has waited this long asks the holder to drop; CPython: 5 ms */
};

/* "py3", "py3,interval=1ms": 0, or -1 with one sentence in `error`. */
int gil_policy_parse(const char *text, struct gil_policy *, char *error, size_t error_bytes);
/* Canonical text, "py3" or "py3,interval=1ms". Free it. */
char *gil_policy_text(const struct gil_policy *);

struct gil;

/* One thread's relation to one lock. Written by its own thread only; read after join. */
struct gil_thread {
	struct gil *gil;
	bool is_accounting; /* read the clock at take and drop */
	uint64_t taken_at_ns;
	uint64_t held_ns; /* time inside */
	uint64_t wait_ns; /* time from asking to having */
	uint64_t longest_wait_ns;
	uint64_t acquisitions;
	uint64_t switches; /* acquisitions after another thread had it */
	uint64_t forced;   /* drops that were asked for */
};

struct gil *gil_new(const struct gil_policy *);
void gil_free(struct gil *);
void gil_thread_init(struct gil_thread *, struct gil *, bool is_accounting);
/* Blocks until this thread holds the lock. Must not hold it. */
void gil_take(struct gil_thread *);
/* Lets it go. Must hold it. Blocks while a drop was asked of this thread and nobody else has taken it yet. */
void gil_drop(struct gil_thread *);
/* The drop request: not 0 when the holder should call gil_checkpoint. */
const _Atomic uint32_t *gil_breaker(const struct gil *);
/* Give the lock away and take it again if that was asked. Must hold it. */
void gil_checkpoint(struct gil_thread *, unsigned ticks);

#endif
