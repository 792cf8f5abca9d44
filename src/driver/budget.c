/*
 * budget: who takes part in the next block.
 *
 * Without a budget: every group that is not finished. With one, the time left is dealt out in whole blocks,
 * anew before each block, from what samples really took:
 *
 *   1. one block to every group, whatever it takes (a cell has at least one sample);
 *   2. up to min_samples, rank 0 first, then 1, 2 ...: so the largest rank gives way first;
 *   3. up to max_samples, in the same order.
 *
 * Where the time ends within a rank, its first groups get the rest, and larger ranks get nothing more.
 * A group with a goal is finished when that is reached; any other when it is precise (group_is_precise).
 * Whoever got at least one block takes part in the next. Time that a group saved by being precise early is
 * dealt out again by itself.
 */
#include <stdlib.h>

#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "driver/loop.h"

/* What a rank was dealt is an estimate: so much of it is kept from larger ranks. As blocks are done, less of
 * it is left, and they come to their share. */
#define SAFETY 0.1

enum dealt { DEALT_NONE, DEALT_SOME, DEALT_ALL_TIME };

struct deal {
	const struct loop *loop;
	bool *is_finished;
	double *cost_s;     /* per group: one block of it */
	unsigned *assigned; /* per group */
	double rest_s;
};

/* Has this cell done its share? One that cannot be measured does not hold up the others. */
static bool has_reached(const struct loop *loop, size_t cell, const struct goal *goal)
{
	const struct driver *driver = loop->driver;
	const struct cell *of = &loop->plan->cells[cell].cell;
	uint64_t ops = 0;
	double seconds = 0;
	for (size_t i = 0; i < driver->sample_count; i++) {
		const struct sample *sample = &driver->samples[i];
		if (sample->status != SAMPLE_OK || !cell_equal(&sample->cell, of))
			continue;
		ops += sample->role_count > 0 ? sample->role[0].ops : 0;
		seconds += of->window_s;
	}
	return loop->pace[cell].is_out || loop->pace[cell].has_failed || ops >= goal->ops ||
	       (of->kind == CELL_WINDOW && seconds >= goal->seconds);
}

static bool has_reached_goal(const struct loop *loop, size_t g)
{
	const struct goal *goal = &loop->plan->groups[g].goal;
	if (loop->blocks[g] < goal->samples)
		return false;
	for (size_t i = 0; i < loop->plan->cell_count; i++)
		if (loop->plan->cells[i].group == (int)g && !has_reached(loop, i, goal))
			return false;
	return true;
}

static bool is_finished(const struct loop *loop, size_t g)
{
	const struct driver *driver = loop->driver;
	const struct measure_options *options = &loop->plan->options;
	unsigned blocks = loop->blocks[g];
	if (blocks >= loop->block_limit)
		return true;
	if (loop->plan->groups[g].goal.samples > 0)
		return has_reached_goal(loop, g);
	if (blocks < options->min_samples || !is_look(blocks))
		return false;
	const struct cell *member = &loop->plan->cells[loop->plan->groups[g].baseline].cell;
	return group_is_precise(driver->samples, driver->sample_count, member, options->precision);
}

/* In every round a group gets one block: so those of one rank get equally many. */
static bool needs_more(const struct deal *deal, size_t g, int rank, unsigned level)
{
	return deal->loop->plan->groups[g].rank == rank && !deal->is_finished[g] &&
	       deal->loop->blocks[g] + deal->assigned[g] < level;
}

/* One more block for each group of this rank that is below the level, while there is time. */
static enum dealt deal_one(struct deal *deal, int rank, unsigned level, bool is_forced)
{
	enum dealt dealt = DEALT_NONE;
	for (size_t g = 0; g < deal->loop->plan->group_count; g++) {
		if (!needs_more(deal, g, rank, level))
			continue;
		if (deal->cost_s[g] > deal->rest_s && !is_forced)
			return DEALT_ALL_TIME;
		deal->rest_s -= deal->cost_s[g];
		deal->assigned[g]++;
		dealt = DEALT_SOME;
	}
	return dealt;
}

static int highest_rank(const struct plan *plan)
{
	int highest = 0;
	for (size_t g = 0; g < plan->group_count; g++)
		if (plan->groups[g].rank > highest)
			highest = plan->groups[g].rank;
	return highest;
}

static void deal_out(struct deal *deal)
{
	const struct loop *loop = deal->loop;
	unsigned least = loop->plan->options.min_samples;
	const unsigned levels[] = {1, least < loop->block_limit ? least : loop->block_limit,
				   loop->block_limit};
	for (size_t level = 0; level < ARRAY_LEN(levels); level++) {
		for (int rank = 0; rank <= highest_rank(loop->plan); rank++) {
			double before_s = deal->rest_s;
			enum dealt dealt;
			do
				dealt = deal_one(deal, rank, levels[level], level == 0);
			while (dealt == DEALT_SOME);
			if (dealt == DEALT_ALL_TIME)
				return;
			deal->rest_s -= SAFETY * (before_s - deal->rest_s);
		}
	}
}

void choose_groups(const struct loop *loop, bool *is_active)
{
	const struct plan *plan = loop->plan;
	double budget_s = plan->options.budget_s;
	struct deal deal = {
		.loop = loop,
		.is_finished = xcalloc(plan->group_count, sizeof(bool)),
		.cost_s = xcalloc(plan->group_count, sizeof(double)),
		.assigned = xcalloc(plan->group_count, sizeof(unsigned)),
		.rest_s = budget_s - loop->driver->reserve_s - loop_elapsed_s(loop),
	};
	for (size_t i = 0; i < plan->cell_count; i++)
		if (!loop->pace[i].is_out)
			deal.cost_s[plan->cells[i].group] += loop_expected_s(loop, i);
	for (size_t g = 0; g < plan->group_count; g++)
		deal.is_finished[g] = is_finished(loop, g);
	if (budget_s > 0)
		deal_out(&deal);
	for (size_t g = 0; g < plan->group_count; g++)
		is_active[g] = budget_s > 0 ? deal.assigned[g] > 0 : !deal.is_finished[g];
	free(deal.assigned);
	free(deal.cost_s);
	free(deal.is_finished);
}

bool is_past_budget(const struct loop *loop, size_t next_cell)
{
	double budget_s = loop->plan->options.budget_s;
	if (budget_s <= 0 || !loop_has_sample(loop, next_cell, 0))
		return false;
	return loop_elapsed_s(loop) + loop_expected_s(loop, next_cell) > budget_s - loop->driver->reserve_s;
}
