/*
 * cells: from a wish in words to cells of a plan. Layer 3 (results), inside src/plan.
 */
#ifndef GILBENCH_PLAN_CELLS_H
#define GILBENCH_PLAN_CELLS_H

#include <stdbool.h>
#include <stddef.h>

#include <gilbench/model.h>
#include <gilbench/planner.h>

/* Cells of one cast and one set of parameters. A setting's line is 0 where it was said on the command line.
 */
struct wish {
	const char *experiment;
	const char *path; /* of the experiment file, for messages; may be NULL */
	struct setting cast, params, models, policies, workers; /* text NULL: the default */
	const char *more_params;                                /* from the command line; NULL: none */
	double window_s;                                        /* 0: batch */
	bool has_class;
	enum work_class class; /* else the workload's own */
	int rank;
	int usable_cpus, physical_cores;
	bool is_lenient; /* models that cannot run it are left out, instead of refused */
	bool is_virtual; /* in virtual time: models that exist nowhere else are allowed */
	int cores; /* of virtual time: the machine's, which usable_cpus and physical_cores are then, too */
};

int wish_add(struct plan *, const struct wish *, char *error, size_t error_bytes);

/* What a wish is made of. Lists of pointers end with NULL; free the array only (texts: and each text). */
int list_models(const char *text, bool has_call, int cores, const struct model ***, char *error,
		size_t error_bytes);
int list_policies(const char *text, char ***, char *error, size_t error_bytes);
void list_free(char **);

#endif
