/*
 * numlist: lists of whole numbers as people type them. Layer 0.
 *
 *     1,2,4      1-8      1-32:4 (step)      1,2,cores,2*cores
 */
#ifndef GILBENCH_NUMLIST_H
#define GILBENCH_NUMLIST_H

#include <stddef.h>

/* Most numbers in one list. The exact value does not matter. */
#define NUMLIST_MAX 64

/* A name that stands for a number in a list: {"cores", 4}. */
struct numlist_name {
	const char *name;
	int value;
};

/*
 * Read `text`; `names` (ended by .name = NULL) may be NULL. Numbers must lie in [min, max]; they come back
 * sorted, without repeats. Returns how many, or -1 with one sentence in `error`.
 */
int numlist_parse(const char *text, const struct numlist_name *names, int min, int max, int out[NUMLIST_MAX],
		  char *error, size_t error_bytes);

#endif
