/*
 * costs_cells: the costs that a cell of a live model pays for. See costs_cells.h.
 *
 * Each is read off a cell that pays for little else, run as any other (`gilbench once`, so it can be run again by
 * hand). Processor time, not time, wherever it serves: a neighbour takes time, but not this process's time.
 *
 *	switch   two threads pass a token on ONE CPU: processor time for each switch, with the system call (to wake, to
 *	         wait) that makes a task give way: so it is in every switch but those at the end of a slice
 *	poll     processor time per wait that ended on a loop that little else keeps busy: waits are short, work is none.
 *	         They end a few at a time here. It is no constant: one wait at a time costs about four times that, and of
 *	         hundreds together each a quarter
 *	slice    two busy threads on one CPU that look at the clock: the median time without a gap
 */
#include <math.h>
#include <sched.h>
#include <stdio.h>

#include <gilbench/stats.h>

#include "driver/costs_cells.h"

/* A cell takes half a second. More than this is a machine that does not answer. */
#define DEADLINE_S 10

/* A cell, and how a cost is read off its sample: NAN when it does not say. */
struct probe {
	const char *cast, *params, *model;
	int workers;
	uint64_t ops;    /* batch, or */
	double window_s; /* window */
	bool is_on_one_cpu;
	double (*value_ns)(const struct sample *);
	uint64_t (*count)(const struct sample *);
};

/* ---- what a sample says ---- */

static double switches(const struct sample *s)
{
	return s->ctx_voluntary + s->ctx_involuntary;
}

static double ns_per_switch(const struct sample *s)
{
	return s->cpu_s * 1e9 / switches(s);
}

static uint64_t count_switches(const struct sample *s)
{
	return switches(s) > 0 ? (uint64_t)switches(s) : 0;
}

static double ns_per_op(const struct sample *s)
{
	return s->cpu_s * 1e9 / (double)s->role[0].ops;
}

static uint64_t count_ops(const struct sample *s)
{
	return s->role[0].ops;
}

/* Of the first role's latencies. */
static double median_ns(const struct sample *s)
{
	return s->role[0].latency != NULL ? hist_quantile_inside(s->role[0].latency, 0.5) : (double)NAN;
}

static uint64_t count_latencies(const struct sample *s)
{
	return s->role[0].latency != NULL ? s->role[0].latency->count : 0;
}

static const struct probe probes[COST_FREE] = {
	[COST_SWITCH] = {.cast = "handoff",
			 .params = "",
			 .model = "threads",
			 .workers = 2,
			 .ops = 20000,
			 .is_on_one_cpu = true,
			 .value_ns = ns_per_switch,
			 .count = count_switches},
	[COST_POLL] = {.cast = "mixed",
		       .params = "work_ms=0 wait_ms=0.02 spread=exp",
		       .model = "uv",
		       .workers = 16,
		       .window_s = 0.1,
		       .value_ns = ns_per_op,
		       .count = count_ops},
	[COST_SLICE] = {.cast = "turns",
			.params = "gap_ms=0.1 most_ms=100",
			.model = "threads",
			.workers = 2,
			.window_s = 0.25,
			.is_on_one_cpu = true,
			.value_ns = median_ns,
			.count = count_latencies},
};

/* The last CPU that may be used: the first is where machines put what serves devices. As --affinity takes it. */
static void last_cpu(char text[16])
{
	cpu_set_t cpus;
	int last = 0;
	CPU_ZERO(&cpus);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET(cpu, &cpus))
			last = cpu;
	snprintf(text, 16, "%d", last);
}

static struct cell cell_of(const struct probe *probe)
{
	return (struct cell){.experiment = "costs",
			     .cast = probe->cast,
			     .params = probe->params,
			     .model = probe->model,
			     .policy = "",
			     .workers = probe->workers,
			     .kind = probe->window_s > 0 ? CELL_WINDOW : CELL_BATCH,
			     .window_s = probe->window_s};
}

static void read_sample(const struct probe *probe, const struct sample *sample, struct cost_round *round)
{
	*round = (struct cost_round){.value_ns = (double)NAN};
	if (sample->status != SAMPLE_OK) {
		snprintf(round->reason, sizeof(round->reason), "%.190s", sample->error);
		return;
	}
	double value_ns = probe->value_ns(sample);
	if (value_ns > 0 && isfinite(value_ns))
		*round = (struct cost_round){.value_ns = value_ns, .count = probe->count(sample)};
	else
		snprintf(round->reason, sizeof(round->reason), "the cell ended before it had measured");
}

int costs_cell_run(enum cost cost, uint64_t seed, const struct calibration_ways *ways,
		   struct cost_round *round)
{
	const struct probe *probe = &probes[cost];
	struct cell cell = cell_of(probe);
	char cpu[16];
	last_cpu(cpu);
	struct request request = {.cell = &cell,
				  .ops = probe->ops,
				  .seed = seed,
				  .affinity = probe->is_on_one_cpu ? cpu : NULL,
				  .deadline_s = DEADLINE_S};
	struct sample sample;
	int status = ways->execute(ways->context, &request, &sample);
	if (status != 0)
		return status;
	read_sample(probe, &sample, round);
	sample_release(&sample);
	return 0;
}
