/*
 * counterpart: the real CPython beside the live cells of any plan. Layer 4.
 *
 *	counterparts_plan(&plan, &contender);                a cell of the interpreter for each live one that it can do
 *	validate_fit_spin(&contender, ...);
 *	struct counterparts sides = {.python = &contender, .others = virtual_execute, .others_context = &runner};
 *	session.driver.execute = counterparts_execute        and counterparts_command, with &sides as context
 *	session.more = json_pack("{s:o}", COUNTERPART_KEY, contender_to_json(&contender));
 *
 * Such a cell has the parameters of its live cell, and so its group, its section and its place in every picture. What
 * the interpreter is handed is another text: its own parameters only, and interpreted work so much longer or shorter
 * that an operation takes the same time on both sides, as the fit says (validate.h).
 */
#ifndef GILBENCH_COUNTERPART_H
#define GILBENCH_COUNTERPART_H

#include <stddef.h>

#include <jansson.h>

#include <gilbench/cpython.h>
#include <gilbench/driver.h>
#include <gilbench/plan.h>
#include <gilbench/validate.h>

/* Key of the manifest: the interpreter and its fit, as contender_to_json has it. */
#define COUNTERPART_KEY "python"

/* Adds the cells, after plan_finish; how many. What the interpreter cannot do is a warning of the plan. Its probe must
 * have said what it offers. */
size_t counterparts_plan(struct plan *, const struct contender *);
/* The parameters of a live cell as this interpreter is handed them, or NULL with the end of a sentence in `error`: why
 * it cannot do them. Free it. */
char *counterpart_params(const struct contender *, const struct cell *live, char *error, size_t error_bytes);

/* "CPython 3.11.7", of a run's manifest; lives as long as that. */
const char *counterpart_label(const json_t *manifest);

/* Context of the executor. */
struct counterparts {
	const struct contender *python;
	/* Whoever executes all other cells, with its context, and the command that repeats one. */
	execute_fn *others;
	void *others_context;
	char *(*others_command)(void *context, const struct request *);
	/* NULL: cpython_execute. Fakes are for tests. */
	int (*execute)(const struct cpython *, const struct request *, struct sample *);
};

/* An execute_fn and a driver's `command`: by the cell's source. */
int counterparts_execute(void *counterparts, const struct request *, struct sample *);
char *counterparts_command(void *counterparts, const struct request *);

#endif
