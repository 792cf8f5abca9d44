/*
 * trace_place: where the files of a trace go, and what they are called. Layer 5.
 */
#ifndef GILBENCH_CLI_TRACE_PLACE_H
#define GILBENCH_CLI_TRACE_PLACE_H

#include <stdint.h>

#include <gilbench/cell.h>

struct trace_place {
	char *dir;   /* exists */
	char *plots; /* exists */
	char *name;  /* file stem: "timeline-convoy-py3" */
};

/* `dir` NULL: the standard place. `preset` NULL: named by its cast. Makes both folders; where they cannot be made or
 * written to, the program ends with one sentence and status 2. */
void trace_place_make(struct trace_place *, const char *dir, const char *preset, const struct cell *,
		      uint64_t seed);
void trace_place_release(struct trace_place *);

#endif
