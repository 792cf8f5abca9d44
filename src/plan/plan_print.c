/*
 * plan_print: what --plan shows. The blocks that follow the least number have their order too, but whether
 * they run depends on the intervals by then, so they are counted and not listed.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/planner.h>
#include <gilbench/util.h>

static void print_block(const struct plan *plan, unsigned block, unsigned *order, FILE *out)
{
	plan_order(plan, block, order);
	fprintf(out, "\nblock %u\n", block + 1);
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct plan_cell *planned = &plan->cells[order[i]];
		char *label = cell_label(&planned->cell);
		fprintf(out, "%5zu  %s%s\n", i + 1, label,
			planned->is_oversubscribed ? " (more than the usable CPUs)" : "");
		free(label);
	}
}

void plan_print(const struct plan *plan, FILE *out)
{
	const struct measure_options *o = &plan->options;
	fprintf(out, "%zu cells in %zu groups, %u to %u blocks, seed %" PRIu64 "\n", plan->cell_count,
		plan->group_count, o->min_samples, o->max_samples, o->seed);
	for (size_t i = 0; i < plan->warning_count; i++)
		fprintf(out, "warning: %s\n", plan->warnings[i]);
	unsigned *order = xcalloc(plan->cell_count, sizeof(order[0]));
	for (unsigned block = 0; block < o->min_samples; block++)
		print_block(plan, block, order, out);
	free(order);
}
