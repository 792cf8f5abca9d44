/*
 * page_lock: what the simulated lock did to the cells of one experiment, a row per cell and role under it.
 *
 * Numbers are medians over the samples with their 95 % interval where they have one; the longest wait is that of all
 * samples, and p99 is of all their waits together. How to read held against waited is said below the table.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

/* The columns; of those that name the cell, the ones that would say the same in every row are left out. */
enum column {
	COLUMN_CAST,
	COLUMN_ROLE,
	COLUMN_MODEL,
	COLUMN_PARAMS,
	COLUMN_POLICY,
	COLUMN_WORKERS,
	COLUMN_HELD,
	COLUMN_WAITED,
	COLUMN_SWITCHES,
	COLUMN_FORCED,
	COLUMN_LONGEST,
	COLUMN_P99,
	COLUMN_FAIRNESS,
	COLUMN_COUNT,
};

static const struct {
	const char *title;
	char align;
} columns[COLUMN_COUNT] = {
	[COLUMN_CAST] = {"cast", 'l'},
	[COLUMN_ROLE] = {"role", 'l'},
	[COLUMN_MODEL] = {"model", 'l'},
	[COLUMN_PARAMS] = {"parameters", 'l'},
	[COLUMN_POLICY] = {"policy", 'l'},
	[COLUMN_WORKERS] = {"workers", 'r'},
	[COLUMN_HELD] = {"held [95 %]", 'r'},
	[COLUMN_WAITED] = {"waited [95 %]", 'r'},
	[COLUMN_SWITCHES] = {"switches/s", 'r'},
	[COLUMN_FORCED] = {"forced/s", 'r'},
	[COLUMN_LONGEST] = {"longest wait", 'r'},
	[COLUMN_P99] = {"p99 wait [95 %]", 'r'},
	[COLUMN_FAIRNESS] = {"fairness [95 %]", 'r'},
};

/* A row of this experiment that was measured under a lock. */
static bool row_belongs(const struct report *report, int experiment, const struct summary_row *row)
{
	return row_set(&report->experiments[experiment], row) >= 0 && row_is_ok(row) &&
	       isfinite(row->gil_switches);
}

/* False when no row belongs. */
static bool columns_choose(const struct report *report, int experiment, bool shown[COLUMN_COUNT])
{
	const struct summary_row *first = NULL;
	for (int c = 0; c < COLUMN_COUNT; c++)
		shown[c] = c == COLUMN_ROLE || c >= COLUMN_POLICY;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (!row_belongs(report, experiment, row))
			continue;
		first = first != NULL ? first : row;
		shown[COLUMN_CAST] |= strcmp(row->cell.cast, row->role) != 0;
		shown[COLUMN_MODEL] |= strcmp(row->cell.model, first->cell.model) != 0;
		shown[COLUMN_PARAMS] |= row_has_other_params(report, experiment, row);
	}
	return first != NULL;
}

static void table_header(struct doc *doc, const bool shown[COLUMN_COUNT])
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

/* Of an index that is nearly 1 the third digit tells. */
static struct number_text fairness_text(const struct interval *iv)
{
	struct number_text out;
	int used = snprintf(out.text, sizeof(out.text), "%.3f", iv->mid);
	if (interval_exists(iv))
		snprintf(out.text + used, sizeof(out.text) - (size_t)used, " [%.3f,\u00a0%.3f]", iv->lo,
			 iv->hi);
	return out;
}

static struct number_text number_of(enum column column, const struct summary_row *row)
{
	switch (column) {
	case COLUMN_WORKERS:
		return text_plain(row->workers);
	case COLUMN_HELD:
		return text_share_interval(&row->gil_held_fraction);
	case COLUMN_WAITED:
		return text_share_interval(&row->gil_waited_fraction);
	case COLUMN_SWITCHES:
		return text_count(row->gil_switches_per_s);
	case COLUMN_FORCED:
		return text_count(row->gil_forced_per_s);
	case COLUMN_LONGEST:
		return text_seconds(row->gil_longest_wait_s);
	case COLUMN_P99:
		return text_seconds_interval(&row->gil_wait_p99_s);
	default:
		return fairness_text(&row->fairness);
	}
}

static void table_cell(struct doc *doc, const struct report *report, enum column column,
		       const struct summary_row *row)
{
	switch (column) {
	case COLUMN_CAST:
		doc_cell(doc, MARK_CODE "%s" MARK_CODE, row->cell.cast);
		break;
	case COLUMN_ROLE:
		doc_cell(doc, "%s", row->role);
		break;
	case COLUMN_MODEL:
		model_cell(doc, report, row->cell.model);
		break;
	case COLUMN_PARAMS:
		doc_cell(doc, "%s", row->cell.params);
		break;
	case COLUMN_POLICY:
		doc_cell(doc, "%s", row->cell.policy);
		break;
	default:
		doc_cell(doc, "%s", number_of(column, row).text);
	}
}

void page_lock(struct doc *doc, const struct report *report, int experiment)
{
	bool shown[COLUMN_COUNT];
	if (experiment_is_long(report, experiment) || !columns_choose(report, experiment, shown))
		return;
	doc_text(doc, MARK_STRONG "Under the lock" MARK_STRONG);
	table_header(doc, shown);
	for (size_t set = 0; set < report->experiments[experiment].set_count; set++)
		for (size_t i = 0; i < report->summary.count; i++) {
			const struct summary_row *row = &report->summary.rows[i];
			if (!row_belongs(report, experiment, row) ||
			    row_set(&report->experiments[experiment], row) != (int)set)
				continue;
			for (int c = 0; c < COLUMN_COUNT; c++)
				if (shown[c])
					table_cell(doc, report, (enum column)c, row);
		}
	doc_text(doc, "Held is the share of the time for which some task of the row had the lock (over a "
		      "cell's roles "
		      "100 %% at most); waited is the share of its tasks' own time that they spent asking "
		      "for it. Two "
		      "tasks that only compute hold 100 %% and wait 50 %%; little held and much waited is a "
		      "task that "
		      "the lock starves.");
}
