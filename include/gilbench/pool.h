/*
 * pool: many independent pieces of work on several threads. Layer 0.
 *
 *	pool_run(simulate_one, cells, cell_count, host_usable_cpus());
 *
 * Results go where the caller keeps them, by index, so that nothing depends on which piece was finished first.
 */
#ifndef GILBENCH_POOL_H
#define GILBENCH_POOL_H

#include <stddef.h>

/* Calls `work(context, i)` once for each i below `count`, up to `threads` of them at a time, the smallest first; blocks
 * until all have returned. `work` shares nothing that it writes. Threads that cannot be had are done without. */
void pool_run(void (*work)(void *context, size_t index), void *context, size_t count, int threads);

#endif
