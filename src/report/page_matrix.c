/*
 * page_matrix: every speed-up at a glance. One row per workload with its parameters, one column per model;
 * each row says at how many workers.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

void model_cell(struct doc *doc, const struct report *report, const char *model)
{
	char *words = model_words(report, model);
	doc_cell(doc, "%s", words);
	free(words);
}

char *model_words(const struct report *report, const char *model)
{
	return xasprintf("%s (" MARK_CODE "%s" MARK_CODE ")", model_legend(report->run, model), model);
}

const char *verdict_words(const struct report *report, const struct summary_row *row)
{
	double floor = isfinite(row->noise_floor) ? row->noise_floor : report->facts.floor;
	if (!isfinite(row->speedup.mid))
		return "";
	if (strcmp(row->cell.model, "seq") == 0)
		return "baseline";
	return verdict_name(ratio_verdict(&row->speedup, floor));
}

const char *status_words(const struct summary_row *row)
{
	return strcmp(row->status, "ok") == 0    ? "ok"
	       : strcmp(row->status, "few") == 0 ? "few samples"
						 : row->status;
}

/* Models that have a speed-up somewhere, in the order of tables. */
static int models_used(const struct report *report, const char *models[CHART_SERIES_MAX])
{
	int count = 0;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		int at = 0;
		if (strcmp(row->cell.model, "seq") == 0 || strcmp(row->cell.experiment, "controls") == 0 ||
		    !isfinite(row->speedup.mid))
			continue;
		while (at < count && strcmp(models[at], row->cell.model) != 0)
			at++;
		if (at < count || count == CHART_SERIES_MAX)
			continue;
		for (; at > 0 &&
		       model_rank(report->run, models[at - 1]) > model_rank(report->run, row->cell.model);
		     at--)
			models[at] = models[at - 1];
		models[at] = row->cell.model;
		count++;
	}
	return count;
}

static const struct summary_row *matrix_find(const struct report *report, int experiment, int set,
					     const char *model, int workers)
{
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (row_set(&report->experiments[experiment], row) == set && row->cell.workers == workers &&
		    strcmp(row->cell.model, model) == 0)
			return row;
	}
	return NULL;
}

static void matrix_cell(struct doc *doc, const struct report *report, const struct summary_row *row)
{
	if (row == NULL) {
		doc_cell(doc, "-");
		return;
	}
	if (!row_is_ok(row)) {
		doc_cell(doc, MARK_BAD "%s" MARK_BAD, row->status);
		return;
	}
	if (!isfinite(row->speedup.mid)) {
		doc_cell(doc, "-");
		return;
	}
	bool is_few = strcmp(row->status, "few") == 0;
	doc_cell(doc, "%s, %s", text_ratio_interval(&row->speedup).text,
		 is_few ? "few samples" : verdict_words(report, row));
}

/* A cell of several roles has no `seq`, so its whole row would be empty. */
static bool row_has_speedup(const struct report *report, int e, int set)
{
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (row_set(&report->experiments[e], row) == set && strcmp(row->cell.model, "seq") != 0 &&
		    (isfinite(row->speedup.mid) || !row_is_ok(row)))
			return true;
	}
	return false;
}

static void matrix_row(struct doc *doc, const struct report *report, int e, int set,
		       const char *const *models, int n)
{
	const struct cell_set *cells = &report->experiments[e].sets[set];
	const struct summary_row *any = NULL;
	int workers = answer_workers(report, e, set);
	for (int m = 0; m < n && any == NULL; m++)
		any = matrix_find(report, e, set, models[m], workers);
	if (any == NULL || !row_has_speedup(report, e, set))
		return;
	doc_cell(doc, MARK_CODE "%s" MARK_CODE " %s", cells->cast.text, any->cell.params);
	doc_cell(doc, "%d", workers);
	for (int m = 0; m < n; m++)
		matrix_cell(doc, report, matrix_find(report, e, set, models[m], workers));
}

void page_matrix(struct doc *doc, const struct report *report)
{
	const char *models[CHART_SERIES_MAX];
	char align[TABLE_COLUMNS_MAX + 1] = "lrllllllllllllll";
	int count = models_used(report, models);
	if (count > TABLE_COLUMNS_MAX - 2)
		count = TABLE_COLUMNS_MAX - 2;
	if (count == 0)
		return;
	align[count + 2] = '\0';
	doc_text(doc, "Speed-up over " MARK_CODE "seq" MARK_CODE
		      " (ratio of throughput, median over blocks), its 95 %% "
		      "interval, and the verdict against the noise floor of its group. Each row "
		      "says at how many workers.");
	doc_table(doc, align);
	doc_cell(doc, "workload");
	doc_cell(doc, "workers");
	for (int m = 0; m < count; m++) {
		char *words = model_words(report, models[m]);
		doc_cell(doc, "%s", words);
		free(words);
	}
	for (size_t e = 0; e < report->experiment_count; e++)
		for (size_t s = 0; s < report->experiments[e].set_count; s++)
			matrix_row(doc, report, (int)e, (int)s, models, count);
}
