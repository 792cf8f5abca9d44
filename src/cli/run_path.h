/*
 * run_path: the RUN argument of commands that read a run. Layer 5.
 */
#ifndef GILBENCH_CLI_RUN_PATH_H
#define GILBENCH_CLI_RUN_PATH_H

#include <gilbench/store.h>

/* Load the run named on the command line (NULL: results/latest). Accepts a directory, a bundle, or the bare
 * name of a folder in results/. On a mistake: one sentence, the nearest name in results/, exit status 2. */
void run_path_load(struct run *, const char *argument);

#endif
