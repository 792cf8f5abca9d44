/*
 * ini_lines: an ini text, entry by entry, each with the line it stands on. Layer 3 (results), inside
 * src/plan.
 */
#ifndef GILBENCH_PLAN_INI_LINES_H
#define GILBENCH_PLAN_INI_LINES_H

#include <stddef.h>

/* One `name = value`; a section's beginning has name NULL and value NULL. Valid during the call only. */
struct ini_entry {
	const char *path;
	int line;
	const char *section, *name, *value;
};

/* Calls `use` for every section and every pair, in order, until it returns other than 0 (having put its own
 * "path:line: ..." into `error`). 0, or -1 with one sentence in `error`. */
int ini_lines_read(const char *path, const char *text,
		   int (*use)(void *user, const struct ini_entry *, char *error, size_t error_bytes),
		   void *user, char *error, size_t error_bytes);

#endif
