/*
 * precision: may a group stop? See group_is_precise in stats.h.
 *
 * Looking at the data to decide when to stop biases what is then reported: an interval is narrow most easily
 * when it happens to have missed. Where half of the processes run in a slower mode, 95 % intervals judged
 * naively at 6, 12, 24 and 48 blocks cover the truth 90 times in 100. Three things keep it in bounds:
 *
 * - few looks (is_look), so there are few chances;
 * - a whole group stops or goes on, so no cell is favoured for its own luck;
 * - stopping is judged on the 99.5 % interval, the 95 % one is reported. A fluke that fools the narrow
 * interval once in 20 times fools the wide one once in 200. Up to 12 blocks the wide one is [least,
 * greatest].
 *
 * The price is more blocks before a noisy group may stop; up to 12 blocks, the default, there is none: the
 * first look is the same under both rules and the second is the end.
 *
 * `gilbench selftest` measures what is left; docs/method.md has the figures.
 */
#include <stdlib.h>

#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "stats/cells.h"
#include "stats/pairs.h"
#include "stats/precision.h"

bool is_look(unsigned blocks)
{
	while (blocks > STATS_LEAST && blocks % 2 == 0)
		blocks /= 2;
	return blocks == STATS_LEAST;
}

static bool is_sound(const struct cell_samples *of)
{
	for (size_t i = 0; i < of->count; i++)
		if (of->samples[i]->status != SAMPLE_OK)
			return false;
	return true;
}

static bool role_is_precise(const struct cell_samples *of, const struct cell_samples *baseline, int role,
			    double precision, double miss)
{
	double *here = xcalloc(of->count, sizeof(*here)), *base = xcalloc(of->count, sizeof(*base));
	throughput_pairs(of->samples, of->count, baseline != NULL ? baseline->samples : NULL,
			 baseline != NULL ? baseline->count : 0, role, here, base);
	struct interval rate = median_interval_at(here, of->count, miss);
	bool is_precise = interval_width(&rate) < precision;
	if (is_precise && baseline != NULL && baseline != of && is_sound(baseline)) {
		struct interval ratio = ratio_interval_at(here, base, of->count, miss);
		is_precise = interval_width(&ratio) < precision;
	}
	free(here);
	free(base);
	return is_precise;
}

static bool cell_is_precise(const struct cell_table *group, const struct cell_samples *of, double precision,
			    double miss)
{
	int roles = of->samples[0]->role_count;
	/* Roles run beside each other and have no `seq`. */
	const struct cell_samples *baseline = roles == 1 ? cells_baseline(group, of->cell) : NULL;
	for (int role = 0; role < roles; role++)
		if (!role_is_precise(of, baseline, role, precision, miss))
			return false;
	return true;
}

/* Blocks begun. The driver asks after whole blocks, so begun is done. */
static unsigned block_count(const struct cell_table *group)
{
	unsigned blocks = 0;
	for (size_t c = 0; c < group->count; c++)
		for (size_t i = 0; i < group->cells[c].count; i++)
			if (group->cells[c].samples[i]->block >= blocks)
				blocks = group->cells[c].samples[i]->block + 1;
	return blocks;
}

bool group_is_precise_at(const struct sample *samples, size_t count, const struct cell *member,
			 double precision, double miss)
{
	struct cell_table group = cells_collect(samples, count, member);
	bool is_precise = is_look(block_count(&group));
	for (size_t i = 0; is_precise && i < group.count; i++) {
		const struct cell_samples *of = &group.cells[i];
		if (!of->cell->is_twin && is_sound(of))
			is_precise = cell_is_precise(&group, of, precision, miss);
	}
	cells_release(&group);
	return is_precise;
}

bool group_is_precise(const struct sample *samples, size_t count, const struct cell *member, double precision)
{
	return group_is_precise_at(samples, count, member, precision, STATS_STOP_MISS);
}
