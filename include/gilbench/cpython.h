/*
 * cpython: cells in a real interpreter, by scripts/cpython/cell.py. Layer 4.
 *
 *	struct cpython python;
 *	if (cpython_probe("python3", &python, error, sizeof(error)) != 0)
 *		...
 *	cpython_execute(&python, &request, &sample);
 *	cpython_release(&python);
 *
 * A cell is the same as for the models: cast, params, model, workers, batch or window; its `policy` is
 * "cpython-3.11.7", with the interpreter's own settings where they are not its standard: ",interval=1ms" (switch
 * interval) or, before Python 3.2, ",check=1000" (check interval). The interpreter is started as with -E: no PYTHON...
 * variable reaches it, but a fixed hash seed, and that it must write no bytecode beside the scripts.
 */
#ifndef GILBENCH_CPYTHON_H
#define GILBENCH_CPYTHON_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include <gilbench/driver.h>

struct cpython {
	char *path;       /* the interpreter itself, where a shim was named */
	char version[32]; /* "3.11.7" */
	int major, minor;
	bool has_gil; /* it runs with its lock */
	bool is_free_threaded_build;
	bool has_asyncio;         /* with coroutines */
	char *implementation;     /* "CPython" */
	double switch_interval_s; /* NAN before Python 3.2 */
	/* What its scripts offer: name -> {"params": {name: standard value, or "word|word"}, "on_loop": bool}; NULL: it was
	 * not asked. */
	json_t *workloads;
	const char *
		client_command; /* the caller's: NULL, or echo's client; scripts/cpython/echo.py says how it is spoken to */
};

/* Asks a program, by path or by name, which Python it is. 0; or one sentence in `error` and -ENOENT (there is no
 * such program, or the scripts are not there), -EINVAL (it is no Python, or too old), -EINTR (a signal asked to stop),
 * another -errno (it could not be started). Blocks until it has answered, at most 20 s. */
int cpython_probe(const char *path_or_name, struct cpython *, char *error, size_t error_bytes);
void cpython_release(struct cpython *);

/* One sample in that interpreter: the contract of execute_fn. */
int cpython_execute(const struct cpython *, const struct request *, struct sample *);
/* The command that repeats it, as one types it. Free it. */
char *cpython_command(const struct cpython *, const struct request *);

#endif
