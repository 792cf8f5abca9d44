/*
 * cell: one point of an experiment, as plain text and numbers. Layer 2.
 *
 * A cell is data that can be printed, stored and read back on another machine; nothing in it points to code.
 * Strings are owned by whoever made the cell (a plan, a loaded run) and live as long as that does.
 */
#ifndef GILBENCH_CELL_H
#define GILBENCH_CELL_H

#include <stdbool.h>
#include <stdint.h>

enum cell_kind { CELL_BATCH, CELL_WINDOW };

/* Where a sample came from. */
enum cell_source { SOURCE_LIVE, SOURCE_VIRTUAL, SOURCE_CPYTHON };

struct cell {
	const char *experiment; /* "cpu-scaling", "adhoc", "controls" */
	const char *cast; /* "spin", "echo:1,spin:2": workloads, with tasks where there are several roles */
	const char
		*params; /* of a one-role cast "iterations=75000"; of several roles "ROLE.name=value ..." */
	const char *model;
	const char *policy; /* "" without a lock, else "py3" or "py3,interval=1ms" */
	int workers;        /* tasks in all */
	enum cell_kind kind;
	double window_s; /* CELL_WINDOW: length */
	enum cell_source source;
	bool is_twin; /* the A/A twin of its group's baseline: same work, other name */
};

const char *cell_kind_name(enum cell_kind);
const char *cell_source_name(enum cell_source);

/* Same cell (source and twin included)? */
bool cell_equal(const struct cell *, const struct cell *);
/* Same group: experiment, cast, parameters, kind (a group is what shares one baseline). */
bool cell_same_group(const struct cell *, const struct cell *);
/* "cpu-scaling: spin, gil (py3), 4 workers" for messages. Free it. */
char *cell_label(const struct cell *);

#endif
