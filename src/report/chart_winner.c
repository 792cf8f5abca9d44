/*
 * chart_winner: a map over two numbers of the cells: at each place the model with the most operations per second, each
 * at its best number of workers, and its lead over the next (winner.h).
 *
 * Every model that was run takes part, but `seq`, which is the baseline: what nobody can deploy (interp, free) is in a
 * map only where the experiment's list of models has it. Places with live cells are judged by these alone, for what is
 * measured beats what is computed; all others by virtual ones. Casts of several roles are no requests, and take no part.
 *
 * What a lead must be: virtual cells are as good as their check against live ones; for live ones that is the noise
 * floor.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "report/chart_axis.h"
#include "report/chart_map.h"
#include "report/parts.h"
#include "report/text.h"
#include "report/winner.h"

/* Virtual throughput is checked to come so near to live throughput. */
#define CHECKED_ERROR 0.05

struct filling {
	const struct report *report;
	struct chart_map *map;
	int experiment;
	struct axis x, y;
	double *at_x, *at_y; /* of each row of the summary; NAN where it takes no part */
};

static bool row_belongs(const struct filling *f, const struct summary_row *row)
{
	return row_set(&f->report->experiments[f->experiment], row) >= 0 && row_is_ok(row) &&
	       strcmp(row->cell.model, "seq") != 0 && strchr(row->cell.cast, ',') == NULL &&
	       row->throughput_per_s.mid > 0;
}

/* ---- the places ---- */

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
	if (!isfinite(value) || *count == MAP_SIDE_MAX || (at < *count && is_same(values[at], value)))
		return;
	memmove(&values[at + 1], &values[at], (size_t)(*count - at) * sizeof(values[0]));
	values[at] = value;
	(*count)++;
}

/* The legend's entry of a model; -1: it has none. */
static int look_of(const struct chart_map *map, const char *model)
{
	for (int i = 0; i < map->look_count; i++)
		if (map->look[i].look == look_find(model))
			return i;
	return -1;
}

/* In the order of tables, each once: models of one look are one kind. */
static void look_add(const struct filling *f, const char *model)
{
	struct chart_map *map = f->map;
	int at = 0;
	if (look_of(map, model) >= 0 || map->look_count == MAP_LOOKS_MAX)
		return;
	while (at < map->look_count && map->look[at].place < model_place(model))
		at++;
	memmove(&map->look[at + 1], &map->look[at], (size_t)(map->look_count - at) * sizeof(map->look[0]));
	map->look_count++;
	struct map_look *added = &map->look[at];
	bool is_shape = model_processes(model) > 1;
	*added = (struct map_look){.look = look_find(model), .place = model_place(model)};
	snprintf(added->words, sizeof(added->words), "%.*s%s: %s", (int)strcspn(model, "*"), model,
		 is_shape ? "*P" : "", is_shape ? added->look->legend : model_legend(f->report->run, model));
}

static void places_find(const struct filling *f)
{
	for (size_t i = 0; i < f->report->summary.count; i++) {
		const struct summary_row *row = &f->report->summary.rows[i];
		f->at_x[i] = row_belongs(f, row) ? axis_value(&f->x, row) : NAN;
		f->at_y[i] = isfinite(f->at_x[i]) ? axis_value(&f->y, row) : NAN;
		if (!isfinite(f->at_y[i]))
			continue;
		value_add(f->map->x, &f->map->columns, f->at_x[i]);
		value_add(f->map->y, &f->map->rows, f->at_y[i]);
		look_add(f, row->cell.model);
	}
}

/* ---- one place ---- */

static bool is_here(const struct filling *f, size_t row, int column, int line)
{
	return isfinite(f->at_y[row]) && is_same(f->at_x[row], f->map->x[column]) &&
	       is_same(f->at_y[row], f->map->y[line]);
}

static bool is_measured(const struct filling *f, int column, int line)
{
	for (size_t i = 0; i < f->report->summary.count; i++)
		if (f->report->summary.rows[i].cell.source == SOURCE_LIVE && is_here(f, i, column, line))
			return true;
	return false;
}

static struct contestant contestant_of(const struct summary_row *row)
{
	bool is_fork = strcmp(row->cell.model, "fork") == 0;
	return (struct contestant){.model = row->cell.model,
				   .processes = is_fork ? row->workers : model_processes(row->cell.model),
				   .workers = row->workers,
				   .rank = model_place(row->cell.model),
				   .per_s = row->throughput_per_s};
}

/* All rows of one place; *error becomes what a lead must be. */
static void contest_fill(const struct filling *f, int column, int line, enum cell_source source,
			 struct contest *contest, double *error)
{
	*error = source == SOURCE_VIRTUAL ? CHECKED_ERROR : 0;
	for (size_t i = 0; i < f->report->summary.count; i++) {
		const struct summary_row *row = &f->report->summary.rows[i];
		if (row->cell.source != source || !is_here(f, i, column, line))
			continue;
		struct contestant contestant = contestant_of(row);
		if (source == SOURCE_LIVE)
			*error = fmax(*error, row->noise_floor);
		contest_add(contest, &contestant, *error);
	}
}

/* "+35 %"; "×2.4" from twice on; of a tie whom it is with. */
static void margin_write(const struct contest *contest, const struct contest_result *result, char *text,
			 size_t bytes)
{
	double lead = result->lead.mid;
	if (result->tied == 1)
		snprintf(text, bytes, "= %s", contest->contestant[result->partner].model);
	else if (result->tied > 1)
		snprintf(text, bytes, "%d tied", result->tied + 1);
	else if (lead < 2)
		snprintf(text, bytes, "+%.0f\u00a0%%", (lead - 1) * 100);
	else if (isfinite(lead))
		snprintf(text, bytes, "×%.*f", lead < 9.95 ? 1 : 0, lead);
}

static void box_add(const struct filling *f, int column, int line)
{
	struct contest contest = {.count = 0};
	bool has_live = is_measured(f, column, line);
	double error;
	contest_fill(f, column, line, has_live ? SOURCE_LIVE : SOURCE_VIRTUAL, &contest, &error);
	struct contest_result result = contest_judge(&contest, error);
	int look = result.winner >= 0 ? look_of(f->map, contest.contestant[result.winner].model) : -1;
	if (look < 0)
		return;
	struct chart_map *map = f->map;
	struct map_box *box = &map->box[map->count++];
	*box = (struct map_box){.column = column,
				.row = line,
				.look = look,
				.lead = result.lead.mid,
				.is_tie = result.tied > 0,
				.is_measured = has_live};
	snprintf(box->name, sizeof(box->name), "%s", contest.contestant[result.winner].model);
	margin_write(&contest, &result, box->margin, sizeof(box->margin));
	map->look[look].boxes++;
	map->has_ties |= box->is_tie;
	map->has_measured |= has_live;
}

/* ---- the map ---- */

/* Of the clear leads. */
static const struct map_box *largest_lead(const struct chart_map *map)
{
	const struct map_box *best = NULL;
	for (size_t i = 0; i < map->count; i++)
		if (!map->box[i].is_tie && isfinite(map->box[i].lead) &&
		    (best == NULL || map->box[i].lead > best->lead))
			best = &map->box[i];
	return best;
}

static int ties_of(const struct chart_map *map)
{
	int ties = 0;
	for (size_t i = 0; i < map->count; i++)
		ties += map->box[i].is_tie;
	return ties;
}

/* "Named in 98 places: gil 30, gil*P 40, ...; 50 are ties; the largest lead is uv*8's, ×3.1." Free it. */
static char *numbers_said(const struct chart_map *map)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	const struct map_box *best = largest_lead(map);
	fprintf(to, "Of %zu places: ", map->count);
	for (int i = 0; i < map->look_count; i++)
		fprintf(to, "%s%.*s in %d", i > 0 ? ", " : "", (int)strcspn(map->look[i].words, ":"),
			map->look[i].words, map->look[i].boxes);
	fprintf(to, "; %d of them are ties", ties_of(map));
	if (best != NULL)
		fprintf(to, "; the largest lead is that of %s, %s", best->name, best->margin);
	fputs(".", to);
	fclose(to);
	return text;
}

static void map_fill(struct filling *f)
{
	struct chart_map *map = f->map;
	f->at_x = xcalloc(f->report->summary.count, sizeof(double));
	f->at_y = xcalloc(f->report->summary.count, sizeof(double));
	places_find(f);
	map->box = xcalloc((size_t)map->columns * (size_t)map->rows, sizeof(struct map_box));
	for (int line = 0; line < map->rows; line++)
		for (int column = 0; column < map->columns; column++)
			box_add(f, column, line);
	free(f->at_x);
	free(f->at_y);
}

bool chart_winner(struct report *report, struct chart *chart, int experiment)
{
	struct filling f = {.report = report,
			    .map = xcalloc(1, sizeof(struct chart_map)),
			    .experiment = experiment,
			    .x = axis_find(report, experiment, chart->line->x),
			    .y = axis_find(report, experiment, chart->line->y)};
	chart->layout = LAYOUT_MAP;
	chart->floor = NAN;
	chart->map = f.map;
	map_fill(&f);
	if (f.map->count == 0)
		return false;
	chart->said = numbers_said(f.map);
	chart->x_label = axis_label(&f.x);
	chart->y_label = axis_label(&f.y);
	return true;
}
