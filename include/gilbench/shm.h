/*
 * shm: memory that a cell's processes share. Layer 1.
 *
 * One anonymous shared mapping, cut into pieces from front to back; nothing is ever given back singly. Made
 * before any fork, it lies at the same address in every process, so pointers into it are good in all of them.
 * Pages that nobody touches cost nothing. Not to be called by two threads at once.
 *
 *	struct arena arena;
 *	if (arena_open(&arena, bytes) == 0)
 *		slots = arena_take(&arena, count * sizeof(*slots));
 *	arena_close(&arena);
 */
#ifndef GILBENCH_SHM_H
#define GILBENCH_SHM_H

#include <stddef.h>

/* Two cache lines: adjacent-line prefetch makes neighbours of 64 bytes disturb each other. */
#define SHM_LINE_BYTES 128

struct arena {
	char *base;
	size_t bytes, used;
};

/* 0, or -errno. The memory is zeroed. */
int arena_open(struct arena *, size_t bytes);
/* `bytes` zeroed bytes that begin at a line of their own. Never NULL: room is checked by an assertion that
 * survives NDEBUG, for the caller has added up arena_room() of all pieces before. */
void *arena_take(struct arena *, size_t bytes);
/* What a piece of `bytes` takes up in an arena. */
size_t arena_room(size_t bytes);
void arena_close(struct arena *);

#endif
