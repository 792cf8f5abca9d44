/*
 * shm: arenas of shared memory. See shm.h. Linux-only in nothing but the habit of overcommitting: a large
 * arena reserves addresses, and pages appear when they are touched.
 */
#include <errno.h>
#include <sys/mman.h>

#include <gilbench/shm.h>
#include <gilbench/util.h>

size_t arena_room(size_t bytes)
{
	return (bytes + SHM_LINE_BYTES - 1) / SHM_LINE_BYTES * SHM_LINE_BYTES;
}

int arena_open(struct arena *arena, size_t bytes)
{
	*arena = (struct arena){.bytes = arena_room(bytes > 0 ? bytes : 1)};
	void *base = mmap(NULL, arena->bytes, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		return -errno;
	arena->base = base;
	return 0;
}

void *arena_take(struct arena *arena, size_t bytes)
{
	size_t room = arena_room(bytes);
	errno = 0;
	if (room > arena->bytes - arena->used)
		die("an arena of %zu bytes has no room for %zu more", arena->bytes, room);
	void *piece = arena->base + arena->used;
	arena->used += room;
	return piece;
}

void arena_close(struct arena *arena)
{
	if (arena->base != NULL)
		munmap(arena->base, arena->bytes);
	*arena = (struct arena){0};
}
