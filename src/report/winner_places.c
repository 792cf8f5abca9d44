/*
 * winner_places: see winner_places.h.
 *
 * The columns and lines of a map are the values that its cells have. Where some of them are profiles, which say their
 * numbers themselves, these make the map, and what else there is has to find a place in it: what a workload costs is
 * recorded, and never a round number, so its live cells stand in the nearest column, and its virtual ones, which would
 * be there twice, take no part.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "report/chart_axis.h"
#include "report/winner_places.h"

static bool row_belongs(const struct report *report, int experiment, const struct summary_row *row)
{
	return row_set(&report->experiments[experiment], row) >= 0 && row_is_ok(row) &&
	       strcmp(row->cell.model, "seq") != 0 && strchr(row->cell.cast, ',') == NULL &&
	       row->throughput_per_s.mid > 0;
}

static bool has_profiles(const struct report *report, int experiment)
{
	for (size_t i = 0; i < report->summary.count; i++)
		if (row_belongs(report, experiment, &report->summary.rows[i]) &&
		    params_have_profiles(report->summary.rows[i].cell.params))
			return true;
	return false;
}

/* ---- values ---- */

static bool is_same(double a, double b)
{
	return fabs(a - b) <= 1e-6 * fmax(fabs(a), fabs(b));
}

/* In ascending order, each once; those that do not fit are left out. */
static void value_add(double *values, int *count, double value)
{
	int at = 0;
	while (at < *count && values[at] < value && !is_same(values[at], value))
		at++;
	if (*count == MAP_SIDE_MAX || (at < *count && is_same(values[at], value)))
		return;
	memmove(&values[at + 1], &values[at], (size_t)(*count - at) * sizeof(values[0]));
	values[at] = value;
	(*count)++;
}

static int value_at(const double *values, int count, double value)
{
	for (int i = 0; i < count; i++)
		if (is_same(values[i], value))
			return i;
	return -1;
}

/* Outside of all, and farther from the last than that is from the one before it: -1. */
static int value_nearest(const double *values, int count, double value)
{
	int best = 0;
	for (int i = 1; i < count; i++)
		if (fabs(values[i] - value) < fabs(values[best] - value))
			best = i;
	double step = count < 2 ? 0 : best > 0 ? values[best] - values[best - 1] : values[1] - values[0];
	return count > 0 && fabs(values[best] - value) <= step ? best : -1;
}

/* ---- rows ---- */

/* Where a row lies on both axes; NAN where it takes no part. `makes` the map, or is a guest in it. */
struct spot {
	double x, y;
	bool makes;
};

static struct spot spot_of(const struct summary_row *row, const struct axis *x, const struct axis *y,
			   bool has_exact)
{
	struct spot spot = {.x = axis_value(x, row), .y = NAN};
	if (isfinite(spot.x))
		spot.y = axis_value(y, row);
	spot.makes = isfinite(spot.y) && (!has_exact || params_have_profiles(row->cell.params));
	return spot;
}

static void place_row(struct winner_places *p, size_t row, const struct spot *spot,
		      const struct chart_map *map)
{
	bool is_guest =
		isfinite(spot->y) && !spot->makes && p->report->summary.rows[row].cell.source == SOURCE_LIVE;
	p->column[row] = spot->makes ? value_at(map->x, map->columns, spot->x)
			 : is_guest  ? value_nearest(map->x, map->columns, spot->x)
				     : -1;
	p->line[row] = p->column[row] >= 0 ? value_at(map->y, map->rows, spot->y) : -1;
}

void winner_places_find(struct winner_places *p, const struct report *report, int experiment,
			struct chart_map *map, const char *x, const char *y)
{
	size_t count = report->summary.count;
	struct axis axis_x = axis_find(report, experiment, x), axis_y = axis_find(report, experiment, y);
	struct spot *spots = xcalloc(count, sizeof(*spots));
	bool has_exact = has_profiles(report, experiment);
	*p = (struct winner_places){report, xcalloc(count, sizeof(int)), xcalloc(count, sizeof(int))};
	for (size_t i = 0; i < count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		spots[i] = row_belongs(report, experiment, row) ? spot_of(row, &axis_x, &axis_y, has_exact)
								: (struct spot){NAN, NAN, false};
		if (!spots[i].makes)
			continue;
		value_add(map->x, &map->columns, spots[i].x);
		value_add(map->y, &map->rows, spots[i].y);
	}
	for (size_t i = 0; i < count; i++)
		place_row(p, i, &spots[i], map);
	free(spots);
}

void winner_places_release(struct winner_places *p)
{
	free(p->column);
	free(p->line);
}

bool winner_row_is_at(const struct winner_places *p, size_t row, int column, int line,
		      enum cell_source source)
{
	return p->column[row] == column && p->line[row] == line &&
	       p->report->summary.rows[row].cell.source == source;
}
