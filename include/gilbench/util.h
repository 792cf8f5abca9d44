/*
 * util: what every file needs and libc lacks. Layer 0.
 *
 * Nothing here keeps state; everything may be called after fork and from any thread.
 */
#ifndef GILBENCH_UTIL_H
#define GILBENCH_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* Exit statuses of the program (design: "What a user gets"). */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_MEASUREMENT = 1, /* a measurement failed, timed out or gave a wrong answer */
	EXIT_USAGE = 2,
	EXIT_REGRESSION = 3,
	EXIT_INTERRUPTED = 130,
};

/* Print "gilbench: <sentence>[: strerror]" on stderr and exit with EXIT_MEASUREMENT. For what cannot go on:
 * name the failing call. errno is appended when it is not 0. */
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A user's mistake: print "gilbench: <sentence>" on stderr and exit with EXIT_USAGE. */
_Noreturn void die_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Allocation that cannot fail: they die() instead. Free with free(). */
void *xcalloc(size_t count, size_t bytes);
void *xrealloc(void *old, size_t count, size_t bytes);
char *xstrdup(const char *text);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The name most like `word` (edit distance at most a third of its length, at least 1), or NULL. */
const char *nearest_name(const char *word, const char *const names[], size_t count);

/* splitmix64: a good 64-bit mix of one number; and the next number of a seeded sequence. Here, because the simulator
 * draws millions a second. Sources: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
static inline uint64_t mix64(uint64_t x)
{
	x ^= x >> 30;
	x *= 0xbf58476d1ce4e5b9u;
	x ^= x >> 27;
	x *= 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

static inline uint64_t random_next(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	return mix64(*state);
}

/* A whole file as a NUL-ended string (free it), or NULL with errno set. `length` may be NULL. */
char *read_file(const char *path, size_t *length);
/* First line of a small file without its newline, into `line`. 0 or -errno. */
int read_line(const char *path, char *line, size_t bytes);

/* The folder that holds bench/, scripts/ and bench/experiments/: $GILBENCH_DATADIR, else the tree that the
 * program was built in, else PREFIX/share/gilbench. Never NULL; computed anew at each call (free it). */
char *data_dir(void);

#endif
