/*
 * chart_winner: a map over two numbers of the cells: at each place the model with the most operations per second, each
 * at its best number of workers, and its lead over the next (winner.h).
 *
 * Every model that was run takes part, but `seq`, which is the baseline: what nobody can deploy (interp, free) is in a
 * map only where the experiment's list of models has it. Casts of several roles are no requests, and take no part.
 *
 * Virtual cells decide, where there are some, for real cores have no gil*P; what was measured at the same place says
 * whether it agrees, as far as it goes. What a lead must be: virtual cells are as good as their check against live ones;
 * for live ones that is the noise floor.
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
#include "report/winner_places.h"

/* Virtual throughput is checked to come so near to live throughput. */
#define CHECKED_ERROR 0.05

struct filling {
	const struct report *report;
	struct chart_map *map;
	struct winner_places places;
};

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

/* ---- one place ---- */

static struct contestant contestant_of(const struct summary_row *row)
{
	bool is_fork = strcmp(row->cell.model, "fork") == 0;
	return (struct contestant){.model = row->cell.model,
				   .processes = is_fork ? row->workers : model_processes(row->cell.model),
				   .workers = row->workers,
				   .rank = model_simplicity(row->cell.model),
				   .per_s = row->throughput_per_s};
}

/* All rows of one source at one place; returns what a lead must be. */
static double contest_fill(const struct filling *f, int column, int line, enum cell_source source,
			   struct contest *contest)
{
	double error = source == SOURCE_VIRTUAL ? CHECKED_ERROR : 0;
	*contest = (struct contest){.count = 0};
	for (size_t i = 0; i < f->report->summary.count; i++) {
		const struct summary_row *row = &f->report->summary.rows[i];
		if (!winner_row_is_at(&f->places, i, column, line, source))
			continue;
		struct contestant contestant = contestant_of(row);
		error = fmax(error, row->noise_floor);
		contest_add(contest, &contestant, error);
	}
	return error;
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

static void box_write(const struct filling *f, struct map_box *box, const struct contest *contest,
		      double error)
{
	struct contest_result result = contest_judge(contest, error);
	box->look = look_of(f->map, contest->contestant[result.winner].model);
	box->lead = result.lead.mid;
	box->is_tie = result.tied > 0;
	snprintf(box->name, sizeof(box->name), "%s", contest->contestant[result.winner].model);
	margin_write(contest, &result, box->margin, sizeof(box->margin));
}

static void box_add(const struct filling *f, int column, int line)
{
	struct contest virtual, live;
	double error = contest_fill(f, column, line, SOURCE_VIRTUAL, &virtual);
	double live_error = contest_fill(f, column, line, SOURCE_LIVE, &live);
	struct map_box box = {.column = column, .row = line};
	if (virtual.count + live.count == 0)
		return;
	if (virtual.count > 0)
		box_write(f, &box, &virtual, error);
	else
		box_write(f, &box, &live, live_error);
	if (live.count > 0)
		box.frame = contests_agree(&virtual, error, &live, live_error) ? FRAME_AGREES : FRAME_DIFFERS;
	if (box.look < 0)
		return;
	struct chart_map *map = f->map;
	map->box[map->count++] = box;
	map->look[box.look].boxes++;
	map->has_ties |= box.is_tie;
	map->has_frame[box.frame] = true;
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

static void frames_say(FILE *to, const struct chart_map *map)
{
	int measured = 0, agree = 0;
	for (size_t i = 0; i < map->count; i++) {
		measured += map->box[i].frame != FRAME_NONE;
		agree += map->box[i].frame == FRAME_AGREES;
	}
	if (measured > 0)
		fprintf(to, "; of %d that were measured %d agree%s", measured, agree, agree == 1 ? "s" : "");
}

/* "Named in 98 places: gil 30, gil*P 40, ...; ties: 50; the largest lead is uv*8's, ×3.1." Free it. */
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
	fprintf(to, "; ties: %d", ties_of(map));
	if (best != NULL)
		fprintf(to, "; the largest lead is that of %s, %s", best->name, best->margin);
	frames_say(to, map);
	fputs(".", to);
	fclose(to);
	return text;
}

static void map_fill(struct filling *f, int experiment, const struct chart_line *line)
{
	struct chart_map *map = f->map;
	winner_places_find(&f->places, f->report, experiment, map, line->x, line->y);
	for (size_t i = 0; i < f->report->summary.count; i++)
		if (f->places.line[i] >= 0)
			look_add(f, f->report->summary.rows[i].cell.model);
	map->box = xcalloc((size_t)map->columns * (size_t)map->rows, sizeof(struct map_box));
	for (int row = 0; row < map->rows; row++)
		for (int column = 0; column < map->columns; column++)
			box_add(f, column, row);
	winner_places_release(&f->places);
}

bool chart_winner(struct report *report, struct chart *chart, int experiment)
{
	struct filling f = {.report = report, .map = xcalloc(1, sizeof(struct chart_map))};
	chart->layout = LAYOUT_MAP;
	chart->floor = NAN;
	chart->map = f.map;
	map_fill(&f, experiment, chart->line);
	if (f.map->count == 0)
		return false;
	struct axis x = axis_find(report, experiment, chart->line->x),
		    y = axis_find(report, experiment, chart->line->y);
	chart->said = numbers_said(f.map);
	chart->x_label = axis_label(&x);
	chart->y_label = axis_label(&y);
	return true;
}
