/*
 * charts: which pictures a run gives.
 *
 * An experiment says its charts, one a line. Kinds over workers give one picture per [cells] section, since
 * sections are different work; where a set has a single number of workers, and for seconds and columns of cells, there
 * is one picture of rows for the whole experiment, so that sections stand beside each other, unless rows would be
 * too many. A column over x takes all sections into one picture; a trade-off is of one kind of work.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/parts.h"
#include "report/text.h"

/* "speedup"; "lat_p99_s echo over spin". Free it. */
static char *line_name(const struct chart_line *line)
{
	static const char *const kinds[] = {
		[CHART_SPEEDUP] = "speedup", [CHART_LATENCY] = "latency", [CHART_SECONDS] = "seconds",
		[CHART_MEMORY] = "memory",   [CHART_SETUP] = "setup",     [CHART_TRADEOFF] = "tradeoff",
		[CHART_WINNER] = "winner",   [CHART_OVERLAY] = "overlay",
	};
	if (line->kind == CHART_OVERLAY)
		return xasprintf("%s %s %s%s%s", kinds[line->kind], line->metric, line->role,
				 line->x[0] != '\0' ? " over " : "", line->x);
	if (line->kind == CHART_TRADEOFF || line->kind == CHART_WINNER)
		return xasprintf("%s %s %s", kinds[line->kind], line->x, line->y);
	return xasprintf("%s %s%s%s", line->kind == CHART_METRIC ? line->metric : kinds[line->kind],
			 line->role, line->x[0] != '\0' ? " over " : "", line->x);
}

struct chart *chart_new(struct report *report, struct placed_chart place, enum chart_kind kind,
			const char *name)
{
	size_t n = report->chart_count++;
	report->charts = xrealloc(report->charts, n + 1, sizeof(struct chart));
	report->places = xrealloc(report->places, n + 1, sizeof(struct placed_chart));
	report->charts[n] = (struct chart){
		.name = text_slug(name),
		.kind = kind,
		.series = xcalloc(CHART_SERIES_MAX, sizeof(struct chart_series)),
	};
	report->places[n] = place;
	return &report->charts[n];
}

struct chart *chart_add(struct report *report, int experiment, int set, const struct chart_line *line)
{
	const struct experiment *e = &report->experiments[experiment];
	char *kind = line_name(line);
	char *name = set >= 0 && e->set_count > 1 ? xasprintf("%s %s %s", e->name, e->sets[set].name, kind)
						  : xasprintf("%s %s", e->name, kind);
	struct chart *chart = chart_new(report, (struct placed_chart){experiment, set}, line->kind, name);
	chart->line = line;
	free(name);
	free(kind);
	return chart;
}

void chart_drop_last(struct report *report)
{
	chart_release(&report->charts[--report->chart_count]);
}

/* Two sets, or two parameters of an ad-hoc run, may give the same file name: number the later one. */
static void name_make_unique(struct report *report)
{
	struct chart *last = &report->charts[report->chart_count - 1];
	for (size_t i = 0; i + 1 < report->chart_count; i++)
		if (strcmp(report->charts[i].name, last->name) == 0) {
			char *name = xasprintf("%s-%zu", last->name, report->chart_count);
			free(last->name);
			last->name = name;
			return;
		}
}

/* Keep the chart that was just filled, or drop it. */
static void chart_settle(struct report *report, bool has_data)
{
	if (!has_data) {
		chart_drop_last(report);
		return;
	}
	const struct placed_chart *place = &report->places[report->chart_count - 1];
	chart_words(report, &report->charts[report->chart_count - 1], place->experiment, place->set);
	name_make_unique(report);
}

/* Most numbers of workers that one model of the set was measured at. */
static int worker_counts(const struct report *report, int experiment, int set)
{
	const struct experiment *e = &report->experiments[experiment];
	int least = 0, most = 0;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (row_set(e, row) != set || strcmp(row->cell.model, "seq") == 0)
			continue;
		least = least == 0 || row->cell.workers < least ? row->cell.workers : least;
		most = row->cell.workers > most ? row->cell.workers : most;
	}
	return most > least ? 2 : most > 0;
}

static bool has_several_roles(const struct cell_set *set)
{
	return strchr(set->cast.text, ',') != NULL;
}

static bool is_over_workers(const struct report *report, int experiment, enum chart_kind kind)
{
	if (kind != CHART_LATENCY)
		return kind != CHART_SECONDS && kind != CHART_METRIC;
	const struct experiment *e = &report->experiments[experiment];
	for (size_t s = 0; s < e->set_count; s++)
		if (worker_counts(report, experiment, (int)s) > 1 && !has_several_roles(&e->sets[s]))
			return true;
	return false;
}

/* Rows of all sets in one picture when they fit, else one picture per set. */
static void charts_of_rows(struct report *report, int experiment, const struct chart_line *line)
{
	const struct experiment *e = &report->experiments[experiment];
	chart_settle(report, chart_of_cells(report, chart_add(report, experiment, -1, line), experiment, -1));
	if (report->chart_count == 0 || e->set_count < 2 ||
	    report->charts[report->chart_count - 1].series_count < CHART_SERIES_MAX)
		return;
	chart_drop_last(report);
	for (size_t s = 0; s < e->set_count; s++)
		chart_settle(report, chart_of_cells(report, chart_add(report, experiment, (int)s, line),
						    experiment, (int)s));
}

/* Over x one picture of all sections; else one for each whose cells have several numbers of workers. */
static void charts_of_sources(struct report *report, int experiment, const struct chart_line *line)
{
	const struct experiment *e = &report->experiments[experiment];
	if (line->x[0] != '\0')
		chart_settle(report,
			     chart_sources(report, chart_add(report, experiment, -1, line), experiment, -1));
	for (size_t s = 0; line->x[0] == '\0' && s < e->set_count; s++)
		if (worker_counts(report, experiment, (int)s) > 1)
			chart_settle(report,
				     chart_sources(report, chart_add(report, experiment, (int)s, line),
						   experiment, (int)s));
}

static void charts_over_workers(struct report *report, int experiment, const struct chart_line *line)
{
	const struct experiment *e = &report->experiments[experiment];
	for (size_t s = 0; s < e->set_count; s++)
		chart_settle(report, chart_over_workers(report, chart_add(report, experiment, (int)s, line),
							experiment, (int)s));
}

/* One picture for sections that are the same work; of the whole experiment where they all are. */
static void charts_of_tradeoffs(struct report *report, int experiment, const struct chart_line *line)
{
	const struct experiment *e = &report->experiments[experiment];
	bool is_one = true;
	for (int s = 0; s < (int)e->set_count; s++)
		is_one &= sets_are_alike(e, s, 0);
	for (int s = 0; s < (int)e->set_count; s++) {
		int earlier = 0, set = is_one ? -1 : s;
		while (!sets_are_alike(e, s, earlier))
			earlier++;
		if (earlier == s)
			chart_settle(report, chart_tradeoff(report, chart_add(report, experiment, set, line),
							    experiment, set));
	}
}

void charts_make(struct report *report)
{
	for (int e = 0; e < (int)report->experiment_count; e++)
		for (size_t k = 0; k < report->experiments[e].chart_count; k++) {
			const struct chart_line *line = &report->experiments[e].charts[k];
			if (line->kind == CHART_TRADEOFF)
				charts_of_tradeoffs(report, e, line);
			else if (line->kind == CHART_OVERLAY)
				charts_of_sources(report, e, line);
			else if (line->kind == CHART_WINNER)
				chart_settle(report, chart_winner(report, chart_add(report, e, -1, line), e));
			else if (line->kind == CHART_METRIC && line->x[0] != '\0')
				chart_settle(report, chart_over_x(report, chart_add(report, e, -1, line), e));
			else if (is_over_workers(report, e, line->kind))
				charts_over_workers(report, e, line);
			else
				charts_of_rows(report, e, line);
		}
}
