/*
 * scratch: an empty folder per test program, removed at its end.
 */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <gilbench/util.h>

static char scratch_path[256];

static inline int scratch_make(void **state)
{
	(void)state;
	const char *base = getenv("TMPDIR");
	snprintf(scratch_path, sizeof(scratch_path), "%s/gilbench-test-XXXXXX", base != NULL ? base : "/tmp");
	return mkdtemp(scratch_path) == NULL ? -1 : 0;
}

static inline int scratch_remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static inline int scratch_remove(void **state)
{
	(void)state;
	return nftw(scratch_path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path in it. Free it. */
static inline char *scratch(const char *name)
{
	return xasprintf("%s/%s", scratch_path, name);
}

static inline void scratch_write(const char *name, const char *text)
{
	char *path = scratch(name);
	FILE *file = fopen(path, "w");
	if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
		die("writing %s", path);
	free(path);
}

#endif
