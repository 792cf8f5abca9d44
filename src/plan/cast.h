/*
 * cast: what a wish's work is, resolved and in its one spelling. Layer 3 (results), inside src/plan.
 */
#ifndef GILBENCH_PLAN_CAST_H
#define GILBENCH_PLAN_CAST_H

#include "plan/cells.h"

struct planned_cast {
	int role_count;
	char *cast, *params; /* as cells have them */
	enum cell_kind kind;
	enum work_class class;
	bool is_stand_in;
	bool has_call; /* an operation makes native calls: a loop with a pool differs from one without */
	int tasks;     /* that the cast itself names; 0: the list of workers decides */
};

/* 0; or -1 with one sentence, and in `line` the line of the file that is to blame (0: the command line). */
int planned_cast_make(const struct wish *, struct planned_cast *, int *line, char *error, size_t error_bytes);
void planned_cast_release(struct planned_cast *);

#endif
