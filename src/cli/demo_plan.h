/*
 * demo_plan: what the demo measures. Layer 5, internal to the demo.
 *
 * Two panels of the same 200 operations: 5 ms of computing each, then 5 ms of waiting each, so that `seq`
 * takes one second in both. Cells stand in reading order: the two of the ceiling, the rows of the first
 * panel, the rows of the second.
 */
#ifndef GILBENCH_CLI_DEMO_PLAN_H
#define GILBENCH_CLI_DEMO_PLAN_H

#include <stddef.h>

#include <gilbench/experiment.h>
#include <gilbench/plan.h>

#include "cli/demo_screen.h"

#define DEMO_EXPERIMENT "demo"
/* One second of 5 ms. */
#define DEMO_OPS   200
#define DEMO_OP_MS 5
/* Blocks: the least with a 95 % interval. */
#define DEMO_BLOCKS 6
/* Cells before the first panel: one and N processes of register arithmetic. */
#define DEMO_CEILING_CELLS 2

/* The models of the rows, from top to bottom. */
extern const char *const demo_models[DEMO_ROWS];

/* 4 where there are as many physical cores, else 2. */
int demo_workers(int physical_cores);
/* Which row a cell of the plan is; false for those of the ceiling. */
bool demo_place(size_t cell, int *panel, int *row);
/* `iterations_per_s`: how fast `spin` goes here. Release with plan_release. */
void demo_plan_make(struct plan *, int workers, uint64_t seed, double iterations_per_s);
/* What the report is told about the demo; release with experiment_release. */
void demo_experiment(struct experiment *, int workers);

#endif
