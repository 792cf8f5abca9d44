/*
 * samples: fake samples for tests of rows and of the stopping rule. Numbers are given, nothing runs.
 */
#ifndef TESTS_SAMPLES_H
#define TESTS_SAMPLES_H

#include <math.h>
#include <stdio.h>

#include <gilbench/sample.h>

static inline struct cell fake_cell_of(const char *model, int workers)
{
	return (struct cell){.experiment = "test",
			     .cast = "spin",
			     .params = "iterations=10",
			     .model = model,
			     .policy = "",
			     .workers = workers};
}

/* One role, 1000 operations, every other number known. */
static inline struct sample fake_sample(struct cell cell, unsigned block, double wall_s)
{
	struct sample s = {.cell = cell,
			   .block = block,
			   .wall_s = wall_s,
			   .cpu_s = 2 * wall_s,
			   .ctx_voluntary = 3,
			   .ctx_involuntary = NAN,
			   .rss_bytes = 4096,
			   .setup_s = 0.001,
			   .companion_cpu_s = NAN,
			   .gil_span_s = NAN,
			   .role_count = 1};
	struct role_sample *r = &s.role[0];
	snprintf(r->role, sizeof(r->role), "spin");
	snprintf(r->workload, sizeof(r->workload), "spin");
	r->tasks = cell.workers;
	r->ops = 1000;
	r->throughput_per_s = 1000 / wall_s;
	r->gil_held_fraction = r->gil_waited_fraction = r->gil_wait_s = r->gil_longest_wait_s = NAN;
	r->gil_acquisitions = r->gil_switches = r->gil_forced = NAN;
	r->fairness = 1;
	return s;
}

static inline struct sample fake_failure(struct cell cell, unsigned block, enum sample_status status)
{
	return (struct sample){.cell = cell, .block = block, .status = status, .wall_s = NAN, .cpu_s = NAN};
}

#endif
