/*
 * cell_options: the command line of commands that run one cell in their own process. Layer 5.
 *
 *	struct cell_options cell;
 *	cell_options_standard(&cell, "once", "seq");
 *	struct argp_child children[] = {{&cell_argp, 0, NULL, 0}, {0}};   and, on ARGP_KEY_INIT:
 *	state->child_inputs[0] = &cell;
 *	cell_options_resolve(&cell, &execution);
 *	cell_options_release(&cell);
 *
 * A wrong value ends the program with one sentence and status 2.
 */
#ifndef GILBENCH_CLI_CELL_OPTIONS_H
#define GILBENCH_CLI_CELL_OPTIONS_H

#include <argp.h>
#include <stdint.h>

#include <gilbench/cell.h>
#include <gilbench/model.h>

struct cell_options {
	const char *command; /* its name, for sentences; the cell's experiment too */
	struct cell cell;    /* cast NULL: not said; `kind` follows from the window */
	const struct model *model;
	uint64_t seed;

	/* cell_options.c's own. */
	char *params, *policy;
	const char *gil_stats; /* NULL: as the policy says */
	const char *affinity;  /* NULL: none */
};

extern const struct argp cell_argp;

/* `model` is the one that is taken where none is said. */
void cell_options_standard(struct cell_options *, const char *command, const char *model);
/* What follows from several options together, and the cell turned to code: all of `execution` but `ops` and
 * `has_latency`. Pins the process if --affinity asks for that. */
void cell_options_resolve(struct cell_options *, struct execution *);
void cell_options_release(struct cell_options *);

#endif
