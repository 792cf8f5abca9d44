/*
 * measuring: what the commands that measure into a run directory share. Layer 5.
 */
#ifndef GILBENCH_CLI_MEASURING_H
#define GILBENCH_CLI_MEASURING_H

#include <stdbool.h>

#include <gilbench/driver.h>
#include <gilbench/store.h>

#include "cli/options.h"

/* The command as it was typed, for the manifest. Free it. */
char *measuring_command(int argc, char **argv);
/* Where the run directory is or will be. Free it. */
char *measuring_dir(const struct options *, uint64_t seed);
/* Loads the run that --resume names, and its plan. On a mistake, also when it is another command's run than
 * `program`: one sentence, exit status 2. */
void measuring_resume(const struct options *, const char *program, struct run *, struct plan *);

/* A driver's on_sample: results/latest points to a run as soon as it has a sample, so that a killed one is resumed
 * by that name. */
struct measuring_link {
	const char *dir;
	bool is_made;
};
void measuring_link(void *link, const struct plan *, size_t cell, const struct sample *);

#endif
