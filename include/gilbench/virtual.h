/*
 * virtual: takes samples in virtual time, for the driver and for commands that run one cell. Layer 4.
 *
 *	struct virtual_runner runner = {.costs = costs};
 *	virtual_record(&runner, &plan);
 *	session.driver.execute = virtual_execute;     and virtual_command, with &runner as context
 *	session.more = json_pack("{s:o}", VIRTUAL_KEY, virtual_to_json(&runner));
 *
 * A cell whose work is a workload is simulated from a recording, one for each cast and its parameters, whatever the
 * cores, the load and the model; what cannot be recorded gives samples that are unsupported and say why. Cells that are
 * not in virtual time go to the real executor, so that one plan may have both.
 */
#ifndef GILBENCH_VIRTUAL_H
#define GILBENCH_VIRTUAL_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include <gilbench/costs.h>
#include <gilbench/driver.h>
#include <gilbench/profile.h>
#include <gilbench/trace.h>

/* Key of the manifest: costs, where they come from, recordings. A run that is gone on with takes them from there. */
#define VIRTUAL_KEY "virtual"

/* Before its window begins, a cell runs for this share of it: a queue is not empty when one looks. */
#define VIRTUAL_WARMUP_SHARE 0.1

struct recording {
	char *cast, *params; /* of the work, without the machine and the load */
	struct profile_cast profiles;
	char *error; /* NULL, or why there are none */
};

struct virtual_runner {
	struct costs costs;
	struct trace *trace; /* NULL, or where the next sample's tasks record what they do */
	/* NULL, or where requests come from, in its order: then samples are simulated before they are asked for, on all
	 * processors. Must live as long as the runner. */
	const struct plan *plan;
	struct recording *recordings;
	size_t recording_count;
	struct virtual_ahead *ahead; /* its own */
};

/* Records every workload of the plan's virtual cells that is not recorded yet. Runs it, live: takes about a second for
 * each. */
void virtual_record(struct virtual_runner *, const struct plan *);
/* The same for one cell. */
void virtual_record_cell(struct virtual_runner *, const struct cell *);
/* An execute_fn; the context is a runner. Never blocks, unless the cell is live. */
int virtual_execute(void *runner, const struct request *, struct sample *);
/* The `gilbench once` command that repeats a sample; costs that were given are in it. Free it. */
char *virtual_command(void *runner, const struct request *);

/* Rounds what is no whole number to six places, as a manifest keeps it: a run that is gone on with has the very same
 * costs. Call it before the first sample. */
void virtual_round_costs(struct costs *);
/* New reference; and back: 0, or -1 with one sentence, and nothing to release. */
json_t *virtual_to_json(const struct virtual_runner *);
int virtual_from_json(struct virtual_runner *, const json_t *, char *error, size_t error_bytes);
void virtual_release(struct virtual_runner *);

#endif
