/*
 * profile_share: which part of an operation is spent how: numbers that a chart can have on an axis. Layer 2 (data).
 *
 *	cpu_share     computing, of all of its time: gil, hold and free
 *	lock_share    what a GIL is held for: gil and hold
 *	free_share    native code that lets go of the lock
 *	wait_share    everything else: wait, block and client
 */
#ifndef GILBENCH_PROFILE_SHARE_H
#define GILBENCH_PROFILE_SHARE_H

#include <gilbench/profile.h>

/* Their names, ended by NULL. */
extern const char *const profile_share_names[];
/* "CPU time, % of a request's length": what an axis says; NULL where there is no such share. */
const char *profile_share_label(const char *name);
/* 0 to 1, from the segments' means; NAN where there is no such share. */
double profile_share(const struct profile *, const char *name);

#endif
