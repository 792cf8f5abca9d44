/*
 * virtual_cell: what a cell of virtual time says in its parameters, beside the work. Layer 2 (data).
 *
 *	cast "mixed"          params "rate=100 work_ms=1 wait_ms=10 cores=64 arrivals=random"
 *	cast "profile"        params "profile=gil:2ms+wait:exp(10ms) cores=8"
 *	cast "io:4,cpu:1"     params "io.profile=gil:1ms+wait:10ms cpu.profile=gil:5ms cores=8"
 *
 * So a cell describes itself, and groups, sets, axes and claims work on it as on any other. Where the work is a
 * workload, it is recorded; where it is a profile, it is this text and no more. What the machine costs is no part of a
 * cell: costs are the whole run's.
 */
#ifndef GILBENCH_VIRTUAL_CELL_H
#define GILBENCH_VIRTUAL_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include <gilbench/cell.h>
#include <gilbench/profile.h>

/* Most cores of a machine that is simulated. */
#define VIRTUAL_CORES_MAX 65536

/* The machine and the load of a virtual cell. */
struct virtual_words {
	int cores;         /* 0: not said */
	double rate_per_s; /* 0: closed loop */
	bool is_poisson;   /* arrivals=random; else regular */
};

/* Takes `cores`, `rate` and `arrivals` out of parameters. `rest` gets the others in their order, without blanks at its
 * ends; free it. 0, or -1 with one sentence, and nothing to free. */
int virtual_words_read(const char *params, struct virtual_words *, char **rest, char *error,
		       size_t error_bytes);
/* The one spelling of both together. Free it. */
char *virtual_words_text(const struct virtual_words *, const char *rest);

/* The usable CPUs that a cell of virtual time runs on; 0 of any other. */
int cell_cores(const struct cell *);

/* Is the work of these parameters written as profiles? */
bool params_have_profiles(const char *params);
/* Cast and parameters of the roles of a cast: "io:4,cpu:1", "io.profile=... cpu.profile=...". One role alone has
 * neither its tasks nor its name in them: workers and cast say these. Free both. */
void profile_cast_words(const struct profile_cast *, char **cast, char **params);
/* And back; `workers` are the tasks of one role alone. 0, or -1 with one sentence; release what was read. */
int profile_cast_read(const char *cast, const char *params, int workers, struct profile_cast *, char *error,
		      size_t error_bytes);

#endif
