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
#include <gilbench/virtual.h>

#include "cli/virtual_options.h"

struct cell_options {
	const char *command; /* its name, for sentences; the cell's experiment too */
	struct cell cell;    /* cast NULL: not said; `kind` follows from the window */
	const struct model *model;
	uint64_t seed;
	struct virtual_options virtual;

	/* cell_options.c's own. */
	char *params, *policy, *cast;
	bool has_workers;      /* said */
	const char *gil_stats; /* NULL: as the policy says */
	const char *affinity;  /* NULL: none */
};

extern const struct argp cell_argp;

/* `model` is the one that is taken where none is said. */
void cell_options_standard(struct cell_options *, const char *command, const char *model);
/* What follows from several options together, and the cell turned to code: all of `execution` but `ops` and
 * `has_latency`. Pins the process if --affinity asks for that. In virtual time roles that are profiles have no workload:
 * what runs is the runner's. */
void cell_options_resolve(struct cell_options *, struct execution *);
/* In virtual time (cell.source says so): costs, and the recording of a workload. Release it. */
void cell_options_runner(const struct cell_options *, struct virtual_runner *);
void cell_options_release(struct cell_options *);

#endif
