/*
 * check: what cannot be simulated, in one sentence.
 */
#include <errno.h>
#include <stdio.h>

#include "sim/engine.h"

static int refuse(struct sample *sample, const char *sentence)
{
	snprintf(sample->error, sizeof(sample->error), "%s", sentence);
	return -EINVAL;
}

int64_t sim_tasks(const struct simulation *what)
{
	int64_t tasks = 0;
	for (int i = 0; i < what->cast->count; i++)
		tasks += what->cast->role[i].tasks;
	return tasks;
}

static int check_shape(const struct simulation *what, int64_t tasks, struct sample *sample)
{
	if (what->shape.model == SIM_SEQ && tasks != 1)
		return refuse(sample, "seq runs one task");
	if (what->shape.processes <= tasks)
		return 0;
	snprintf(sample->error, sizeof(sample->error),
		 "%d processes cannot share %d task%s: a process needs one at least", what->shape.processes,
		 (int)tasks, tasks == 1 ? "" : "s");
	return -EINVAL;
}

static int check_times(const struct simulation *what, struct sample *sample)
{
	const int64_t longest = INT64_MAX / 4;
	if (what->kind == CELL_BATCH && (what->ops == 0 || what->cast->count != 1))
		return refuse(sample, "a batch is one role and one operation at least");
	if (what->kind == CELL_WINDOW && (what->window_ns == 0 || what->window_ns > (uint64_t)longest ||
					  what->warmup_ns > (uint64_t)longest))
		return refuse(sample, "a window is from 1 ns to 73 years");
	if (!(what->rate_per_s >= 0) || what->rate_per_s > 1e9)
		return refuse(sample, "a rate is from 0 to 10^9 per second");
	return 0;
}

int sim_check(const struct simulation *what, struct sample *sample)
{
	int64_t tasks = sim_tasks(what);
	if (what->cores < 1 || what->cores > SIM_CORES_MAX)
		return refuse(sample, "from 1 to 65536 cores can be simulated");
	if (what->cast->count < 1 || what->cast->count > ROLE_MAX || tasks < 1 || tasks > SIM_TASKS_MAX)
		return refuse(sample, "from 1 to 1000000 tasks can be simulated");
	if (what->costs.slice_ns <= 0)
		return refuse(sample, "a time slice is longer than 0");
	int error = check_times(what, sample);
	return error != 0 ? error : check_shape(what, tasks, sample);
}
