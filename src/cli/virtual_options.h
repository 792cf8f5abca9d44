/*
 * virtual_options: the command line's part that is about virtual time. Layer 5.
 *
 *	struct argp_child children[] = {{&virtual_argp, 0, NULL, 0}, {0}};   and, on ARGP_KEY_INIT:
 *	state->child_inputs[0] = &options;       zeroed before
 *	virtual_options_costs(&options, &costs);
 *	virtual_options_release(&options);
 *
 * A wrong value ends the program with one sentence and status 2.
 */
#ifndef GILBENCH_CLI_VIRTUAL_OPTIONS_H
#define GILBENCH_CLI_VIRTUAL_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include <gilbench/costs.h>
#include <gilbench/profile.h>

struct virtual_options {
	bool is_virtual;               /* --virtual */
	const char *cores;             /* --cores, as typed; NULL */
	struct profile_cast *profiles; /* every --profile; NULL */
	char *costs;                   /* every --cost, separated by blanks; NULL */
};

extern const struct argp virtual_argp;

/* One of them that needs --virtual where that is not said, or NULL. */
const char *virtual_options_without(const struct virtual_options *);
/* Those of this machine, where they are known, with what was said. */
void virtual_options_costs(const struct virtual_options *, struct costs *);
/* The profiles as cast and parameters, these before `more` (may be NULL). Free both. */
void virtual_options_work(const struct virtual_options *, const char *more, char **cast, char **params);
/* The tasks of the one profile, where they were said; else 0. */
int virtual_options_tasks(const struct virtual_options *);
void virtual_options_release(struct virtual_options *);

#endif
