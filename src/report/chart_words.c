/*
 * chart_words: title, subtitle, footer and the text for people who do not see the picture.
 *
 * A picture gets separated from its report, so it carries what is needed to judge it: how many samples, which
 * interval, which machine, how many CPUs, when, which commit, which run, and whether compiled code stood for
 * Python.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart_px.h"
#include "report/parts.h"
#include "report/text.h"

struct span {
	unsigned least, most;
};

static struct span samples_span(const struct report *report, int experiment, int set)
{
	struct span span = {0, 0};
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		int of = row_set(&report->experiments[experiment], row);
		if (of < 0 || (set >= 0 && of != set) || !row_is_ok(row))
			continue;
		span.least = span.most == 0 || row->samples < span.least ? row->samples : span.least;
		span.most = row->samples > span.most ? row->samples : span.most;
	}
	return span;
}

static bool has_few(const struct chart *chart)
{
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++)
			if (chart->series[i].point[k].is_few)
				return true;
	return false;
}

static bool has_intervals(const struct chart *chart)
{
	for (int i = 0; i < chart->series_count; i++)
		for (int k = 0; k < chart->series[i].count; k++)
			if (interval_exists(&chart->series[i].point[k].y))
				return true;
	return false;
}

static bool is_of_latency(const struct chart *chart)
{
	return chart->kind == CHART_LATENCY ||
	       (chart->kind == CHART_METRIC && strncmp(chart->line->metric, "lat_", 4) == 0);
}

static void footer_how(FILE *to, const struct report *report, const struct chart *chart, int experiment,
		       int set)
{
	struct span n = samples_span(report, experiment, set);
	if (n.least == n.most)
		fprintf(to, "n = %u sample%s", n.most, n.most == 1 ? "" : "s");
	else
		fprintf(to, "n = %u to %u samples", n.least, n.most);
	bool is_latency = is_of_latency(chart), is_tradeoff = chart->kind == CHART_TRADEOFF;
	fputs(chart->kind == CHART_WINNER
		      ? " per cell, medians, each model at its best number of workers · a tie: the lead's 95 "
			"% "
			"interval includes 1, or it is below the noise floor, in virtual time below 5 %"
	      : is_tradeoff ? " per point, medians against percentiles of all operations"
	      : is_latency  ? " per point, percentiles of all operations"
			    : " per point, medians",
	      to);
	if (has_intervals(chart))
		fprintf(to, " with 95 %% intervals%s", is_latency || is_tradeoff ? " (bootstrap)" : "");
	if (chart->kind == CHART_SPEEDUP && isfinite(chart->floor))
		fprintf(to, " · grey band: noise floor ±%s", text_percent(chart->floor).text);
	if (has_few(chart))
		fprintf(to, " · %s?: too few samples for an interval",
			chart->key == NULL ? "hollow with " : "");
}

void facts_machine(FILE *to, const struct facts *f)
{
	fprintf(to, " · %s, %d usable CPU%s", f->machine, f->usable, f->usable == 1 ? "" : "s");
	/* The date is the first ten characters of an ISO time. */
	if (*f->started != '\0')
		fprintf(to, " · %.10s", f->started);
	if (*f->commit != '\0')
		fprintf(to, " · commit %.10s%s", f->commit, f->is_dirty ? " + changes" : "");
}

/* Are there cells of both kinds? */
static bool has_virtual(const struct report *report, int experiment)
{
	for (size_t i = 0; i < report->summary.count; i++)
		if (row_set(&report->experiments[experiment], &report->summary.rows[i]) >= 0 &&
		    report->summary.rows[i].cell.source == SOURCE_VIRTUAL)
			return true;
	return false;
}

/* Of what is imagined, the machine and the date say nothing; the costs do. */
static void footer_virtual(FILE *to, const struct report *report, const char *words)
{
	char *costs = virtual_costs_words(report);
	fprintf(to, " · virtual time%s: %s", words, costs);
	free(costs);
}

static void footer_where(FILE *to, const struct report *report, int experiment)
{
	const struct facts *f = &report->facts;
	bool is_virtual = experiment_is_virtual(report, experiment);
	if (has_virtual(report, experiment))
		footer_virtual(to, report,
			       is_virtual && !report_has_recordings(report) ? ", nothing was run" : "");
	if (!is_virtual)
		facts_machine(to, f);
	else if (*f->commit != '\0')
		fprintf(to, " · commit %.10s%s", f->commit, f->is_dirty ? " + changes" : "");
	fprintf(to, " · run %s", report->facts.run);
	if (experiment_has_stand_ins(report, &report->experiments[experiment]))
		fputs(" · compiled stand-ins for Python code", to);
}

static char *footer_text(const struct report *report, const struct chart *chart, int experiment, int set,
			 bool has_hidden_bars)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	footer_how(to, report, chart, experiment, set);
	if (has_hidden_bars)
		fputs(" · bars smaller than their marker are hidden by it", to);
	footer_where(to, report, experiment);
	fclose(to);
	char *wrapped = text_wrap(text, FOOTER_COLUMNS, FOOTER_LINES);
	free(text);
	return wrapped;
}

static char *title_text(const struct report *report, int experiment, int set)
{
	const struct experiment *e = &report->experiments[experiment];
	const char *question = e->question != NULL ? e->question : e->title;
	const char *time = experiment_is_virtual(report, experiment) ? "Virtual time: " : "";
	if (set >= 0 && e->set_count > 1)
		return xasprintf("%s%s (%s)", time, question, e->sets[set].name);
	return xasprintf("%s%s", time, question);
}

/* The file's own answer belongs to its first chart; others, those of single sets, and where the file has none get their
 * numbers. Free it. */
static char *chart_answer(const struct report *report, const struct chart *chart, int experiment, int set)
{
	const struct experiment *e = &report->experiments[experiment];
	bool is_first = chart->line == &e->charts[0], is_whole = set < 0 || e->set_count == 1;
	if (is_whole && is_first && (e->answer != NULL || chart->said == NULL))
		return answer_text(report, experiment, set);
	if (chart->said != NULL)
		return xstrdup(chart->said);
	return answer_enumerated(report, experiment, set < 0 ? 0 : set, chart->line);
}

void chart_words(struct report *report, struct chart *chart, int experiment, int set)
{
	char *title = title_text(report, experiment, set),
	     *answer = chart_answer(report, chart, experiment, set);
	struct chart_frame frame;

	chart->title = text_wrap(title, TITLE_COLUMNS, TITLE_LINES);
	chart->subtitle = text_wrap(answer, SUBTITLE_COLUMNS, SUBTITLE_LINES);
	chart->alt = xasprintf("%s %s. %s", title, chart->y_label, answer);
	/* How tall the footer is moves the frame a little; bars are judged with the shorter one. */
	chart->footer = footer_text(report, chart, experiment, set, false);
	chart_frame(chart, &frame);
	if (chart_has_hidden_bars(chart, &frame)) {
		free(chart->footer);
		chart->footer = footer_text(report, chart, experiment, set, true);
	}
	free(title);
	free(answer);
}
