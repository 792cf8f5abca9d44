/*
 * cell: names and comparisons of cells. See cell.h.
 */
#include <string.h>

#include <gilbench/cell.h>
#include <gilbench/util.h>

const char *cell_kind_name(enum cell_kind kind)
{
	return kind == CELL_WINDOW ? "window" : "batch";
}

const char *cell_source_name(enum cell_source source)
{
	static const char *const names[] = {"live", "virtual", "cpython"};
	return names[source];
}

bool cell_same_group(const struct cell *a, const struct cell *b)
{
	return strcmp(a->experiment, b->experiment) == 0 && strcmp(a->cast, b->cast) == 0 &&
	       strcmp(a->params, b->params) == 0 && a->kind == b->kind;
}

bool cell_equal(const struct cell *a, const struct cell *b)
{
	return cell_same_group(a, b) && strcmp(a->model, b->model) == 0 &&
	       strcmp(a->policy, b->policy) == 0 && a->workers == b->workers && a->source == b->source &&
	       a->is_twin == b->is_twin;
}

char *cell_label(const struct cell *cell)
{
	bool has_policy = cell->policy[0] != '\0';
	return xasprintf("%s: %s%s%s%s, %s%s%s%s, %d worker%s%s", cell->experiment, cell->cast,
			 cell->params[0] != '\0' ? " (" : "", cell->params,
			 cell->params[0] != '\0' ? ")" : "", cell->model, has_policy ? " (" : "",
			 cell->policy, has_policy ? ")" : "", cell->workers, cell->workers == 1 ? "" : "s",
			 cell->is_twin ? ", A/A twin" : "");
}
