/*
 * enumerate: an experiment's answer in words, from this run's numbers alone.
 *
 * A file may say how to put it (answer = ... {placeholders}); a picture of one of several sets, or a file
 * without an answer, gets the plain enumeration: at N workers, every model with its number and interval.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/parts.h"
#include "report/text.h"

static bool row_counts(const struct report *report, int experiment, int set, const struct summary_row *row)
{
	int of = row_set(&report->experiments[experiment], row);
	return of >= 0 && (set < 0 || of == set) && row_is_ok(row) && strcmp(row->cell.model, "seq") != 0;
}

/* The number of workers that the sentence is about: for computing the usable CPUs, where that was measured;
 * else the most. */
int answer_workers(const struct report *report, int experiment, int set)
{
	bool is_cpu = report->experiments[experiment].class == WORK_CPU;
	int most = 0;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (!row_counts(report, experiment, set, row))
			continue;
		if (is_cpu && row->cell.workers == row_cores(report, row))
			return row->cell.workers;
		most = row->cell.workers > most ? row->cell.workers : most;
	}
	return most;
}

/* The number that a chart of this kind shows, or the nearest that the row has. Free it. */
static char *answer_value(const struct summary_row *row, enum chart_kind kind)
{
	bool has_roles = strchr(row->cell.cast, ',') != NULL;
	switch (kind) {
	case CHART_SPEEDUP:
	case CHART_SECONDS:
		/* Wall times of cells that did different numbers of operations say nothing side by side. */
		if (isfinite(row->speedup.mid))
			return xstrdup(text_ratio_interval(&row->speedup).text);
		break;
	case CHART_MEMORY:
		return xstrdup(text_bytes_interval(&row->rss_bytes).text);
	case CHART_SETUP:
		return xstrdup(text_seconds_interval(&row->setup_s).text);
	case CHART_LATENCY:
	case CHART_METRIC:
	case CHART_TRADEOFF:
	case CHART_WINNER:
	case CHART_OVERLAY:
		break;
	}
	if (!isfinite(row->lat_p99_s))
		return xstrdup(text_seconds_interval(&row->wall_s).text);
	/* The middle stands beside the lines; two lines of words have room for one number with its interval. */
	struct interval p99 = row->lat_p99_iv;
	p99.mid = row->lat_p99_s;
	return xasprintf("%s%sp99 %s", has_roles ? row->role : "", has_roles ? " " : "",
			 text_seconds_interval(&p99).text);
}

static void answer_add(FILE *to, const struct report *report, const struct summary_row *row,
		       enum chart_kind kind, int *count)
{
	char *value = answer_value(row, kind), *name = cell_words(report, &row->cell);
	fprintf(to, "%s%s %s", *count > 0 ? "; " : "", name, value);
	(*count)++;
	free(value);
	free(name);
}

/* Of several roles the sentence is about the one that is drawn, or the first that the cast names. */
static bool is_its_role(const struct summary_row *row, const char *role)
{
	if (*role != '\0')
		return strcmp(row->role, role) == 0;
	return strchr(row->cell.cast, ',') == NULL ||
	       strncmp(row->cell.cast, row->role, strlen(row->role)) == 0;
}

/* Most models that one sentence takes. */
#define ANSWER_MAX 8

char *answer_enumerated(const struct report *report, int experiment, int set, const struct chart_line *line)
{
	int workers = answer_workers(report, experiment, set), count = 0;
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);

	fprintf(to, "At %d worker%s: ", workers, workers == 1 ? "" : "s");
	for (size_t i = 0; i < report->summary.count && count < ANSWER_MAX; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (row_counts(report, experiment, set, row) && row->cell.workers == workers &&
		    is_its_role(row, line->role))
			answer_add(to, report, row, line->kind, &count);
	}
	fputs(count > 0 ? "." : "nothing was measured to the end.", to);
	fclose(to);
	return text;
}

char *answer_text(const struct report *report, int experiment, int set)
{
	const struct experiment *e = &report->experiments[experiment];
	bool is_whole = set < 0 || e->set_count == 1;
	struct claim_machine machine = report_machine(report);
	char *written = is_whole ? answer_expand(e, &report->summary, &machine) : NULL;
	if (written != NULL)
		return written;
	/* Over all sets the enumeration is that of the first. */
	static const struct chart_line speedup = {.kind = CHART_SPEEDUP};
	return answer_enumerated(report, experiment, set < 0 ? 0 : set,
				 e->chart_count > 0 ? &e->charts[0] : &speedup);
}
