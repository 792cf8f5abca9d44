/*
 * experiments: from what was typed to experiment files. Layer 5.
 */
#ifndef GILBENCH_CLI_EXPERIMENTS_H
#define GILBENCH_CLI_EXPERIMENTS_H

#include <stddef.h>

#include <gilbench/experiment.h>

struct experiment_list {
	struct experiment *items;
	size_t count;
};

/* Each word is a shipped experiment's name, `all`, or the path of an .ini file. Anything else ends the
 * program with one sentence that says what would be right, and status 2. */
void experiments_load(struct experiment_list *, char **words, size_t count);
void experiments_release(struct experiment_list *);

#endif
