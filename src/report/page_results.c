/*
 * page_results: the table of one experiment, a row per cell and role.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "report/pages.h"
#include "report/text.h"

/* The columns of a table of results. Those that would say nothing are left out. */
enum column {
	COLUMN_WORKLOAD,
	COLUMN_MODEL,
	COLUMN_PARAMS,
	COLUMN_ROLE,
	COLUMN_POLICY,
	COLUMN_WORKERS,
	COLUMN_SAMPLES,
	COLUMN_WALL,
	COLUMN_THROUGHPUT,
	COLUMN_CORES,
	COLUMN_P50,
	COLUMN_P99,
	COLUMN_COMPANION,
	COLUMN_MEMORY,
	COLUMN_SETUP,
	COLUMN_LOST,
	COLUMN_SPEEDUP,
	COLUMN_VERDICT,
	COLUMN_STATUS,
	COLUMN_COUNT,
};

static const struct {
	const char *title;
	char align;
} columns[COLUMN_COUNT] = {
	[COLUMN_WORKLOAD] = {"workload", 'l'},
	[COLUMN_MODEL] = {"model", 'l'},
	[COLUMN_PARAMS] = {"parameters", 'l'},
	[COLUMN_ROLE] = {"role", 'l'},
	[COLUMN_POLICY] = {"policy", 'l'},
	[COLUMN_WORKERS] = {"workers", 'r'},
	[COLUMN_SAMPLES] = {"n", 'r'},
	[COLUMN_WALL] = {"wall, median [95 %]", 'r'},
	[COLUMN_THROUGHPUT] = {"operations/s", 'r'},
	[COLUMN_CORES] = {"cores used", 'r'},
	[COLUMN_P50] = {"p50", 'r'},
	[COLUMN_P99] = {"p99", 'r'},
	[COLUMN_COMPANION] = {"helper's CPU time", 'r'},
	[COLUMN_MEMORY] = {"memory (PSS)", 'r'},
	[COLUMN_SETUP] = {"set-up", 'r'},
	[COLUMN_LOST] = {"lost updates", 'r'},
	[COLUMN_SPEEDUP] = {"speed-up [95 %]", 'l'},
	[COLUMN_VERDICT] = {"verdict", 'l'},
	[COLUMN_STATUS] = {"status", 'l'},
};

bool row_has_other_params(const struct report *report, int experiment, const struct summary_row *row)
{
	for (size_t k = 0; k < report->summary.count; k++) {
		const struct summary_row *other = &report->summary.rows[k];
		if (row_set(&report->experiments[experiment], other) >= 0 &&
		    strcmp(other->cell.cast, row->cell.cast) == 0 &&
		    strcmp(other->cell.params, row->cell.params) != 0)
			return true;
	}
	return false;
}

static bool has_chart(const struct experiment *experiment, enum chart_kind kind)
{
	for (size_t i = 0; i < experiment->chart_count; i++)
		if (experiment->charts[i].kind == kind)
			return true;
	return false;
}

static void columns_choose(const struct report *report, int experiment, bool shown[COLUMN_COUNT])
{
	static const enum column always[] = {COLUMN_WORKLOAD, COLUMN_MODEL, COLUMN_WORKERS,
					     COLUMN_SAMPLES,  COLUMN_WALL,  COLUMN_THROUGHPUT,
					     COLUMN_CORES,    COLUMN_STATUS};
	const struct experiment *e = &report->experiments[experiment];
	for (size_t i = 0; i < ARRAY_LEN(always); i++)
		shown[always[i]] = true;
	shown[COLUMN_MEMORY] = has_chart(e, CHART_MEMORY);
	shown[COLUMN_SETUP] = has_chart(e, CHART_SETUP);
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (row_set_of_any(e, row) < 0)
			continue;
		shown[COLUMN_PARAMS] |= row_has_other_params(report, experiment, row);
		shown[COLUMN_ROLE] |= strcmp(row->role, row->workload) != 0;
		shown[COLUMN_POLICY] |= *row->cell.policy != '\0' && strcmp(row->cell.policy, "py3") != 0;
		shown[COLUMN_P50] |= isfinite(row->lat_p50_s);
		shown[COLUMN_COMPANION] |= row->companion_cpu_s > 0;
		shown[COLUMN_LOST] |= row->lost_ops > 0;
		shown[COLUMN_SPEEDUP] |= isfinite(row->speedup.mid);
	}
	shown[COLUMN_P99] = shown[COLUMN_P50];
	shown[COLUMN_VERDICT] = shown[COLUMN_SPEEDUP];
}

static void results_header(struct doc *doc, const bool shown[COLUMN_COUNT])
{
	char align[COLUMN_COUNT + 1] = "";
	for (int c = 0, n = 0; c < COLUMN_COUNT; c++)
		if (shown[c])
			align[n++] = columns[c].align;
	doc_table(doc, align);
	for (int c = 0; c < COLUMN_COUNT; c++)
		if (shown[c])
			doc_cell(doc, "%s", columns[c].title);
}

/* The columns that are one number with a unit. */
static struct number_text results_number(enum column column, const struct summary_row *row)
{
	switch (column) {
	case COLUMN_WALL:
		return text_seconds_interval(&row->wall_s);
	case COLUMN_THROUGHPUT:
		return text_count_interval(&row->throughput_per_s);
	case COLUMN_CORES:
		return text_plain(row->cores_used);
	case COLUMN_P50:
		return text_seconds(row->lat_p50_s);
	case COLUMN_P99:
		return text_seconds(row->lat_p99_s);
	case COLUMN_COMPANION:
		return text_seconds(row->companion_cpu_s);
	case COLUMN_MEMORY:
		return text_bytes_interval(&row->rss_bytes);
	case COLUMN_SETUP:
		return text_seconds_interval(&row->setup_s);
	default:
		return text_count(row->lost_ops);
	}
}

static bool is_oversubscribed(const struct report *report, const struct summary_row *row)
{
	int cores = row_cores(report, row);
	return cores > 0 && row->cell.workers > cores;
}

static void results_cell(struct doc *doc, const struct report *report, enum column column,
			 const struct summary_row *row)
{
	const char *mark = row_is_ok(row) ? "" : MARK_BAD;
	bool is_over = is_oversubscribed(report, row);
	char *shape;
	switch (column) {
	case COLUMN_WORKLOAD:
		doc_cell(doc, "%s", row->workload);
		break;
	case COLUMN_MODEL:
		model_cell(doc, report, row->cell.model);
		break;
	case COLUMN_PARAMS:
		doc_cell(doc, "%s", row->cell.params);
		break;
	case COLUMN_ROLE:
		doc_cell(doc, "%s", row->role);
		break;
	case COLUMN_POLICY:
		doc_cell(doc, "%s", row->cell.policy);
		break;
	case COLUMN_WORKERS:
		shape = model_shape_text(row->cell.model, row->cell.workers);
		doc_cell(doc, "%d%s%s%s", row->workers, shape != NULL ? " = " : "",
			 shape != NULL ? shape : "", is_over ? " (over)" : "");
		free(shape);
		break;
	case COLUMN_SAMPLES:
		doc_cell(doc, "%u", row->samples);
		break;
	case COLUMN_SPEEDUP:
		doc_cell(doc, "%s", text_ratio_interval(&row->speedup).text);
		break;
	case COLUMN_VERDICT:
		doc_cell(doc, "%s", verdict_words(report, row));
		break;
	case COLUMN_STATUS:
		doc_cell(doc, "%s%s%s", mark, status_words(row), mark);
		break;
	default:
		doc_cell(doc, "%s", results_number(column, row).text);
	}
}

static void results_row(struct doc *doc, const struct report *report, const bool shown[COLUMN_COUNT],
			const struct summary_row *row)
{
	for (int c = 0; c < COLUMN_COUNT; c++)
		if (shown[c])
			results_cell(doc, report, (enum column)c, row);
}

static int count_rows(const struct report *report, int experiment)
{
	int count = 0;
	for (size_t i = 0; i < report->summary.count; i++)
		count += row_set_of_any(&report->experiments[experiment], &report->summary.rows[i]) >= 0;
	return count;
}

bool experiment_is_long(const struct report *report, int experiment)
{
	return count_rows(report, experiment) > TABLE_ROWS_MAX;
}

void page_results(struct doc *doc, const struct report *report, int experiment)
{
	const struct experiment *e = &report->experiments[experiment];
	bool shown[COLUMN_COUNT] = {false};
	double floor = NAN;
	bool has_over = false;

	if (experiment_is_long(report, experiment)) {
		doc_text(doc, "The numbers of its %d rows are in " MARK_CODE "summary.csv" MARK_CODE ".",
			 count_rows(report, experiment));
		return;
	}
	columns_choose(report, experiment, shown);
	results_header(doc, shown);
	for (size_t set = 0; set < e->set_count; set++)
		for (size_t i = 0; i < report->summary.count; i++) {
			const struct summary_row *row = &report->summary.rows[i];
			if (row_set_of_any(e, row) != (int)set)
				continue;
			results_row(doc, report, shown, row);
			floor = fmax(floor, row->noise_floor);
			has_over |= is_oversubscribed(report, row);
		}
	const char *over = has_over ? " (over): more workers than usable CPUs." : "";
	if (experiment_is_virtual(report, experiment))
		doc_text(doc,
			 "Virtual time has no noise: samples differ by their seeds alone. A ratio within %s "
			 "of 1 is "
			 "called the same.%s",
			 text_percent(floor).text, over);
	else
		doc_text(doc, "Noise floor of these cells: %s%s.%s", text_percent(floor).text,
			 isfinite(floor) ? "; a ratio nearer to 1 is called the same" : " (too few samples)",
			 over);
}
