/*
 * cells: see cells.h.
 *
 * A run has hundreds of cells and thousands of samples; a linear search per sample takes milliseconds.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "stats/cells.h"
#include "stats/pairs.h"

static struct cell_samples *find_or_add(struct cell_table *table, const struct cell *cell)
{
	for (size_t i = 0; i < table->count; i++)
		if (cell_equal(table->cells[i].cell, cell))
			return &table->cells[i];
	table->cells = xrealloc(table->cells, table->count + 1, sizeof(*table->cells));
	struct cell_samples *added = &table->cells[table->count++];
	*added = (struct cell_samples){.cell = cell};
	return added;
}

struct cell_table cells_collect(const struct sample *samples, size_t count, const struct cell *member)
{
	struct cell_table table = {0};
	for (size_t i = 0; i < count; i++) {
		if (member != NULL && !cell_same_group(&samples[i].cell, member))
			continue;
		struct cell_samples *of = find_or_add(&table, &samples[i].cell);
		of->samples = xrealloc(of->samples, of->count + 1, sizeof(*of->samples));
		of->samples[of->count++] = &samples[i];
	}
	return table;
}

void cells_release(struct cell_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		free(table->cells[i].samples);
	free(table->cells);
	*table = (struct cell_table){0};
}

/* Samples of several interpreters may be in one group; each has its own baseline. */
static bool same_interpreter(const struct cell *a, const struct cell *b)
{
	size_t length = strcspn(a->policy, ",");
	return a->source != SOURCE_CPYTHON ||
	       (length == strcspn(b->policy, ",") && strncmp(a->policy, b->policy, length) == 0);
}

const struct cell_samples *cells_baseline(const struct cell_table *table, const struct cell *cell)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct cell *other = table->cells[i].cell;
		if (is_baseline(other) && !other->is_twin && other->source == cell->source &&
		    cell_same_group(other, cell) && same_interpreter(other, cell))
			return &table->cells[i];
	}
	return NULL;
}

const struct cell_samples *cells_original(const struct cell_table *table, const struct cell *twin)
{
	struct cell wanted = *twin;
	wanted.is_twin = false;
	for (size_t i = 0; i < table->count; i++)
		if (cell_equal(table->cells[i].cell, &wanted))
			return &table->cells[i];
	return NULL;
}
