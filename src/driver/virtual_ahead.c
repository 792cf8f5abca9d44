/*
 * virtual_ahead: see virtual_ahead.h.
 *
 * The driver takes one sample after the other, as it must where they are measured. A sample of virtual time is a function
 * of its cell, its seed and the costs, and which come next is known: the order of a block is the plan's. So whoever is
 * asked for one simulates the next few as well, on as many threads as there are processors, and keeps them:
 *
 *	request --> is it kept? --> yes: hand it over
 *	                        `-> no: this one, and of the rest of its block the next few --pool_run--> keep, hand over
 *
 * A guess that is wrong costs time and nothing else: what nobody asked for is thrown away. From the second block on only
 * cells are guessed that were asked for in the block before, for groups leave a run when they are precise.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/host.h>
#include <gilbench/pool.h>
#include <gilbench/util.h>

#include "driver/virtual_ahead.h"

/* For each processor, so that a long one at the end leaves few others idle. The exact value does not matter. */
#define AHEAD_PER_CPU 4
#define AHEAD_MAX     256

struct piece {
	size_t cell;
	unsigned block;
	uint64_t ops;
	struct sample sample;
};

struct virtual_ahead {
	struct piece piece[AHEAD_MAX]; /* kept, or being made; `count` of them */
	size_t count;
	unsigned block;     /* of the latest request */
	unsigned *asked_in; /* of each cell: the latest block, and 1 */
};

/* ---- which request is it ---- */

/* The cell of the plan, or its number of cells. */
static size_t cell_of(const struct plan *plan, const struct request *request)
{
	size_t i = 0;
	while (i < plan->cell_count && &plan->cells[i].cell != request->cell)
		i++;
	return i;
}

static bool find_block(const struct virtual_runner *runner, size_t cell, uint64_t seed, unsigned *block)
{
	const struct measure_options *o = &runner->plan->options;
	unsigned blocks = o->max_samples > o->min_samples ? o->max_samples : o->min_samples;
	for (unsigned i = 0; i < blocks; i++) {
		*block = (runner->ahead->block + i) % blocks;
		if (plan_sample_seed(runner->plan, cell, *block) == seed)
			return true;
	}
	return false;
}

/* ---- what comes next ---- */

static struct virtual_ahead *ahead_of(struct virtual_runner *runner)
{
	if (runner->ahead == NULL) {
		runner->ahead = xcalloc(1, sizeof(*runner->ahead));
		runner->ahead->asked_in = xcalloc(runner->plan->cell_count, sizeof(unsigned));
	}
	return runner->ahead;
}

static void forget_all(struct virtual_ahead *ahead)
{
	for (size_t i = 0; i < ahead->count; i++)
		sample_release(&ahead->piece[i].sample);
	ahead->count = 0;
}

static void add(struct virtual_ahead *ahead, const struct plan *plan, size_t cell, unsigned block)
{
	ahead->piece[ahead->count++] =
		(struct piece){.cell = cell, .block = block, .ops = plan->cells[cell].ops};
}

/* Will it be asked for, and can it be simulated? A batch whose operations are not known yet cannot. */
static bool is_likely(const struct virtual_ahead *ahead, const struct plan *plan, size_t cell, unsigned block)
{
	const struct plan_cell *c = &plan->cells[cell];
	return c->cell.source == SOURCE_VIRTUAL && (c->cell.kind == CELL_WINDOW || c->ops > 0) &&
	       (block == 0 || ahead->asked_in[cell] >= block);
}

/* The cell itself, and what follows it in its block. */
static void choose(struct virtual_ahead *ahead, const struct plan *plan, size_t cell, unsigned block)
{
	unsigned *order = xcalloc(plan->cell_count, sizeof(*order));
	size_t most = (size_t)host_usable_cpus() * AHEAD_PER_CPU, at = 0;
	plan_order(plan, block, order);
	while (order[at] != cell)
		at++;
	add(ahead, plan, cell, block);
	for (at++; at < plan->cell_count && ahead->count < most && ahead->count < AHEAD_MAX; at++)
		if (is_likely(ahead, plan, order[at], block))
			add(ahead, plan, order[at], block);
	free(order);
}

/* ---- making them ---- */

struct making {
	const struct virtual_runner *runner;
	simulate_fn *simulate;
};

static void make_piece(void *context, size_t index)
{
	const struct making *m = context;
	const struct plan *plan = m->runner->plan;
	struct piece *piece = &m->runner->ahead->piece[index];
	const struct request request = {.cell = &plan->cells[piece->cell].cell,
					.ops = piece->ops,
					.seed = plan_sample_seed(plan, piece->cell, piece->block)};
	m->simulate(m->runner, &request, &piece->sample);
}

/* The sample becomes the caller's. */
static bool take(struct virtual_ahead *ahead, size_t cell, unsigned block, uint64_t ops,
		 struct sample *sample)
{
	for (size_t i = 0; i < ahead->count; i++) {
		struct piece *piece = &ahead->piece[i];
		if (piece->cell != cell || piece->block != block || piece->ops != ops)
			continue;
		*sample = piece->sample;
		*piece = ahead->piece[--ahead->count];
		return true;
	}
	return false;
}

bool virtual_ahead_take(struct virtual_runner *runner, const struct request *request, simulate_fn *simulate,
			struct sample *sample)
{
	const struct plan *plan = runner->plan;
	size_t cell = plan != NULL && runner->trace == NULL ? cell_of(plan, request) : 0;
	unsigned block;
	if (plan == NULL || runner->trace != NULL || cell == plan->cell_count ||
	    request->ops != plan->cells[cell].ops)
		return false;
	struct virtual_ahead *ahead = ahead_of(runner);
	if (!find_block(runner, cell, request->seed, &block))
		return false;
	ahead->block = block;
	ahead->asked_in[cell] = block + 1;
	if (take(ahead, cell, block, request->ops, sample))
		return true;
	struct making making = {runner, simulate};
	forget_all(ahead);
	choose(ahead, plan, cell, block);
	pool_run(make_piece, &making, ahead->count, host_usable_cpus());
	return take(ahead, cell, block, request->ops, sample);
}

void virtual_ahead_release(struct virtual_runner *runner)
{
	if (runner->ahead == NULL)
		return;
	forget_all(runner->ahead);
	free(runner->ahead->asked_in);
	free(runner->ahead);
	runner->ahead = NULL;
}
