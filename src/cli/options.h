/*
 * options: the command line that every measuring command shares. Layer 5.
 *
 *	struct options options;
 *	options_standard(&options);
 *	struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};   and, on ARGP_KEY_INIT:
 *	state->child_inputs[0] = &options;
 *	options_complete(&options);
 *
 * A wrong value ends the program with one sentence and status 2.
 */
#ifndef GILBENCH_CLI_OPTIONS_H
#define GILBENCH_CLI_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include <gilbench/plan.h>
#include <gilbench/planner.h>

#include "cli/virtual_options.h"

struct options {
	struct measure_options measure;
	const char *cast, *models, *policies, *workers; /* as typed; NULL: not said */
	char *params;                                   /* all --param, separated by spaces; NULL */
	const char *dir;                                /* -o; NULL */
	const char *resume;                             /* NULL */
	bool is_plan_only, is_fast;
	bool has_budget; /* said, not the standard one */
	bool has_samples, has_seed;
	struct virtual_options virtual;
	/* options.c's own: what profiles make of the work. */
	char *own_cast, *own_workers;
};

extern const struct argp options_argp;
/* Without what to measure: for commands that know it. */
extern const struct argp options_how_argp;

void options_standard(struct options *);
/* What follows from several options together. Call after parsing, before a plan is made: it pins the process
 * if --affinity asks for that. */
void options_complete(struct options *);
/* What the planner wants to know of them, and of this machine. */
struct plan_request options_request(const struct options *);
void options_release(struct options *);
/* Name an option that --resume forbids, or NULL: a resumed run measures what it was planned to. */
const char *options_beside_resume(const struct options *);

#endif
