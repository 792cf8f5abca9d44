/*
 * demo_plan: see demo_plan.h. Made by hand and not by the planner, for the demo has its own order and knows
 * beforehand how many operations a cell does.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/planner.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "cli/demo_plan.h"

const char *const demo_models[DEMO_ROWS] = {"seq", "gil", "uv", "threads", "fork"};

/* The ceiling, then the panels. */
#define GROUPS (1 + DEMO_PANELS)

/* Operations of a millisecond of one sample of the ceiling: short, for the first row waits for two of them.
 */
#define CEILING_OPS 160

/* Within this the last sample ends; charts come on top, and in all the demo takes at most 45 s. */
#define BUDGET_S 39.0

/* What starting a process adds to a sample, about. The exact value does not matter. */
#define PROCESS_S 0.02

int demo_workers(int physical_cores)
{
	return physical_cores >= 4 ? 4 : 2;
}

bool demo_place(size_t cell, int *panel, int *row)
{
	if (cell < DEMO_CEILING_CELLS)
		return false;
	*panel = (int)(cell - DEMO_CEILING_CELLS) / DEMO_ROWS;
	*row = (int)(cell - DEMO_CEILING_CELLS) % DEMO_ROWS;
	return *panel < DEMO_PANELS;
}

static void add_group(struct plan *plan, const char *experiment, const char *cast, char *params,
		      enum work_class class)
{
	plan->groups[plan->group_count++] = (struct group){
		.experiment = xstrdup(experiment),
		.cast = xstrdup(cast),
		.params = params,
		.kind = CELL_BATCH,
		.class = class,
		.baseline = (int)plan->cell_count,
		.twin = -1,
		.is_stand_in = workload_find(cast)->is_stand_in,
	};
}

/* To the last group. */
static void add_cell(struct plan *plan, const char *model, int workers, uint64_t ops, double seconds)
{
	const struct group *group = &plan->groups[plan->group_count - 1];
	bool is_seq = strcmp(model, "seq") == 0;
	plan->cells[plan->cell_count++] = (struct plan_cell){
		.cell = {.experiment = xstrdup(group->experiment),
			 .cast = xstrdup(group->cast),
			 .params = xstrdup(group->params),
			 .model = xstrdup(model),
			 .policy = xstrdup(strcmp(model, "gil") == 0 ? "py3" : ""),
			 .workers = is_seq ? 1 : workers,
			 .kind = CELL_BATCH},
		.group = (int)plan->group_count - 1,
		.ops = ops,
		.seconds = seconds + PROCESS_S,
	};
}

static void add_panel(struct plan *plan, int panel, int workers, double iterations)
{
	if (panel == DEMO_COMPUTING)
		add_group(plan, DEMO_EXPERIMENT, "spin", xasprintf("iterations=%.0f", iterations), WORK_CPU);
	else
		add_group(plan, DEMO_EXPERIMENT, "sleep", xasprintf("ms=%d", DEMO_OP_MS), WORK_WAIT);
	for (int row = 0; row < DEMO_ROWS; row++)
		add_cell(plan, demo_models[row], workers, DEMO_OPS, DEMO_OPS * DEMO_OP_MS / 1e3);
}

void demo_plan_make(struct plan *plan, int workers, uint64_t seed, double iterations_per_s)
{
	/* Rounded, so that it can be read and typed. */
	double iterations = fmax(1000, round(iterations_per_s * DEMO_OP_MS / 1e6) * 1000);
	*plan = (struct plan){
		.options = {.min_samples = DEMO_BLOCKS,
			    .max_samples = DEMO_BLOCKS,
			    .precision = 0.02,
			    .min_time_s = 0.1,
			    .budget_s = BUDGET_S,
			    .seed = seed},
		.cells = xcalloc(DEMO_CEILING_CELLS + DEMO_PANELS * DEMO_ROWS, sizeof(*plan->cells)),
		.groups = xcalloc(GROUPS, sizeof(*plan->groups)),
	};
	add_group(plan, EXPERIMENT_CONTROLS, "registers", xstrdup("rounds=900000"), WORK_CPU);
	add_cell(plan, "seq", 1, CEILING_OPS, CEILING_OPS / 1e3);
	add_cell(plan, "fork", workers, CEILING_OPS, CEILING_OPS / 1e3);
	for (int panel = 0; panel < DEMO_PANELS; panel++)
		add_panel(plan, panel, workers, iterations);
}

void demo_experiment(struct experiment *experiment, int workers)
{
	char error[256];
	char *text = xasprintf("[experiment]\n"
			       "title = The demo\n"
			       "question = What do %d workers gain when they compute, and when they wait?\n"
			       "class = cpu\n"
			       "models = gil,uv,threads,fork\n"
			       "workers = %d\n"
			       "chart = seconds\n"
			       "[cells computing]\n"
			       "cast = spin\n"
			       "[cells waiting]\n"
			       "cast = sleep\n"
			       "params = ms=%d\n",
			       workers, workers, DEMO_OP_MS);
	if (experiment_parse(experiment, DEMO_EXPERIMENT ".ini", text, error, sizeof(error)) != 0)
		die("%s", error);
	free(text);
}
