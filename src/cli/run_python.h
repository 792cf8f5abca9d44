/*
 * run_python: `run --python PY`, the real CPython beside the live cells. Layer 5.
 *
 *	struct run_python python = {.path = "python3"};
 *	run_python_plan(&python, &plan);              or, of a run that is gone on with, run_python_resume
 *	status = run_python_fit(&python, &runner);    0, or an exit status
 *	run_python_use(&python, &session, more);
 */
#ifndef GILBENCH_CLI_RUN_PYTHON_H
#define GILBENCH_CLI_RUN_PYTHON_H

#include <gilbench/counterpart.h>
#include <gilbench/session.h>
#include <gilbench/virtual.h>

struct run_python {
	const char *path; /* as typed; NULL: nobody asked for one */
	bool is_used;     /* some cell of the plan is its */
	struct contender contender;
	struct counterparts sides;
	char *client;
	double fit_s; /* what fitting took */
};

/* Probes the interpreter and adds its cells, after plan_finish. Does nothing without a path. */
void run_python_plan(struct run_python *, struct plan *);
/* The interpreter and the fit of the earlier part, where it has any. */
void run_python_resume(struct run_python *, const struct run *earlier);
/* Makes an operation as long on both sides: measures for two or three seconds, once per run. 0, or an exit status. */
int run_python_fit(struct run_python *, struct virtual_runner *, bool is_resumed);
/* The session's executor, and what the manifest says of the interpreter, which is added to `more`. */
void run_python_use(struct run_python *, struct session *, json_t *more);
void run_python_release(struct run_python *);

#endif
