/*
 * page_fits: laws of scaling beside each curve that has enough points for one, a row per curve.
 *
 * A curve is what one experiment says of one role under one model, policy and parameters from one source, over workers.
 * Three laws stand beside one another, because none of them explains: the USL, Amdahl's, and a lock that is asked for at
 * random. How far each is off, and in which pattern, is printed with the coefficients, and what they do not say below
 * the table.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/scaling.h>
#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

/* Columns that name the curve and would say the same in every row are left out. */
enum column {
	COLUMN_WORKLOAD,
	COLUMN_MODEL,
	COLUMN_PARAMS,
	COLUMN_POLICY,
	COLUMN_SOURCE,
	COLUMN_POINTS,
	COLUMN_GAMMA,
	COLUMN_ALPHA,
	COLUMN_BETA,
	COLUMN_MOST,
	COLUMN_USL_OFF,
	COLUMN_PATTERN,
	COLUMN_AMDAHL,
	COLUMN_AMDAHL_OFF,
	COLUMN_LOCK,
	COLUMN_LOCK_OFF,
	COLUMN_COUNT,
};

static const struct {
	const char *title;
	char align;
} columns[COLUMN_COUNT] = {
	[COLUMN_WORKLOAD] = {"role", 'l'},
	[COLUMN_MODEL] = {"model", 'l'},
	[COLUMN_PARAMS] = {"parameters", 'l'},
	[COLUMN_POLICY] = {"policy", 'l'},
	[COLUMN_SOURCE] = {"source", 'l'},
	[COLUMN_POINTS] = {"workers", 'r'},
	[COLUMN_GAMMA] = {"USL: one worker, operations/s", 'r'},
	[COLUMN_ALPHA] = {"alpha", 'r'},
	[COLUMN_BETA] = {"beta", 'r'},
	[COLUMN_MOST] = {"most at", 'r'},
	[COLUMN_USL_OFF] = {"off by", 'r'},
	[COLUMN_PATTERN] = {"pattern", 'l'},
	[COLUMN_AMDAHL] = {"Amdahl: sigma", 'r'},
	[COLUMN_AMDAHL_OFF] = {"off by", 'r'},
	[COLUMN_LOCK] = {"lock: share held", 'r'},
	[COLUMN_LOCK_OFF] = {"off by", 'r'},
};

/* Most points of a curve that are fitted: the first ones. The exact value does not matter. */
#define POINTS_MAX 128

struct curve {
	const struct summary_row *row; /* its first */
	double workers[POINTS_MAX], per_s[POINTS_MAX];
	size_t count;
	struct scaling_fit fit[SCALING_LAWS];
};

static bool is_same_curve(const struct summary_row *a, const struct summary_row *b)
{
	return cell_same_group(&a->cell, &b->cell) && strcmp(a->cell.model, b->cell.model) == 0 &&
	       strcmp(a->cell.policy, b->cell.policy) == 0 && a->cell.source == b->cell.source &&
	       strcmp(a->role, b->role) == 0;
}

/* All points of the curve that begins with this row; none where it began before. */
static void curve_collect(const struct report *report, size_t first, struct curve *curve)
{
	const struct summary_row *rows = report->summary.rows;
	curve->row = &rows[first];
	curve->count = 0;
	for (size_t i = 0; i < first; i++)
		if (is_same_curve(&rows[i], &rows[first]))
			return;
	for (size_t i = first; i < report->summary.count && curve->count < POINTS_MAX; i++) {
		double per_s = rows[i].throughput_per_s.mid;
		if (!is_same_curve(&rows[i], &rows[first]) || !row_is_ok(&rows[i]) || !(per_s > 0))
			continue;
		curve->workers[curve->count] = rows[i].workers;
		curve->per_s[curve->count++] = per_s;
	}
}

static bool curve_fit(struct curve *curve)
{
	static const enum scaling_law laws[] = {SCALING_USL, SCALING_AMDAHL, SCALING_LOCK};
	char error[160];
	for (size_t i = 0; i < ARRAY_LEN(laws); i++)
		if (scaling_fit(laws[i], curve->workers, curve->per_s, curve->count, &curve->fit[laws[i]],
				error, sizeof(error)) != 0)
			return false;
	return true;
}

/* The curves of one experiment that can be fitted. Free them. */
static struct curve *curves_of(const struct report *report, int experiment, size_t *count)
{
	struct curve *curves = xcalloc(report->summary.count + 1, sizeof(*curves));
	*count = 0;
	for (size_t i = 0; i < report->summary.count; i++) {
		if (row_set(&report->experiments[experiment], &report->summary.rows[i]) < 0)
			continue;
		curve_collect(report, i, &curves[*count]);
		*count += curve_fit(&curves[*count]);
	}
	return curves;
}

static void columns_choose(const struct report *report, int experiment, const struct curve *curves,
			   size_t count, bool shown[COLUMN_COUNT])
{
	for (int c = 0; c < COLUMN_COUNT; c++)
		shown[c] = c <= COLUMN_MODEL || c >= COLUMN_POINTS;
	for (size_t i = 0; i < count; i++) {
		const struct cell *cell = &curves[i].row->cell;
		shown[COLUMN_PARAMS] |= row_has_other_params(report, experiment, curves[i].row);
		shown[COLUMN_POLICY] |= *cell->policy != '\0' && strcmp(cell->policy, "py3") != 0;
		shown[COLUMN_SOURCE] |= cell->source != SOURCE_LIVE;
	}
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

/* "0.0277 ± 0.0091" (its standard error); on a bound of its range there is none. */
static void coefficient_cell(struct doc *doc, const struct scaling_coefficient *c)
{
	if (isfinite(c->error))
		doc_cell(doc, "%.3g\u00a0±\u00a0%.1g", c->value, c->error);
	else
		doc_cell(doc, "%.3g", c->value);
}

/* Residual standard error as a share of the curve's mean throughput. */
static void off_cell(struct doc *doc, const struct curve *curve, enum scaling_law law)
{
	double sum = 0;
	for (size_t i = 0; i < curve->count; i++)
		sum += curve->per_s[i];
	doc_cell(doc, "%s", text_share(curve->fit[law].residual_error * (double)curve->count / sum).text);
}

/* Measured above the USL (+) or below it (-), worker by worker; as good as on it (0). */
static void pattern_cell(struct doc *doc, const struct curve *curve)
{
	char signs[POINTS_MAX + 1];
	for (size_t i = 0; i < curve->count; i++) {
		double off = curve->per_s[i] / scaling_rate(&curve->fit[SCALING_USL], curve->workers[i]) - 1;
		signs[i] = fabs(off) < 0.001 ? '0' : off > 0 ? '+' : '-';
	}
	signs[curve->count] = '\0';
	doc_cell(doc, MARK_CODE "%s" MARK_CODE, signs);
}

static void points_cell(struct doc *doc, const struct curve *curve)
{
	double least = curve->workers[0], most = curve->workers[0];
	for (size_t i = 1; i < curve->count; i++) {
		least = fmin(least, curve->workers[i]);
		most = fmax(most, curve->workers[i]);
	}
	doc_cell(doc, "%g to %g (%zu)", least, most, curve->count);
}

/* The columns that name the curve. */
static void name_cell(struct doc *doc, const struct report *report, enum column column,
		      const struct summary_row *row)
{
	switch (column) {
	case COLUMN_WORKLOAD:
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
		doc_cell(doc, "%s", cell_source_name(row->cell.source));
		break;
	}
}

static void fit_cell(struct doc *doc, enum column column, const struct curve *curve)
{
	const struct scaling_fit *usl = &curve->fit[SCALING_USL];
	switch (column) {
	case COLUMN_POINTS:
		points_cell(doc, curve);
		break;
	case COLUMN_GAMMA:
		doc_cell(doc, "%s", text_count(usl->gamma.value).text);
		break;
	case COLUMN_ALPHA:
		coefficient_cell(doc, &usl->alpha);
		break;
	case COLUMN_BETA:
		coefficient_cell(doc, &usl->beta);
		break;
	case COLUMN_MOST:
		doc_cell(doc, "%s", text_plain(usl->most_workers).text);
		break;
	case COLUMN_PATTERN:
		pattern_cell(doc, curve);
		break;
	case COLUMN_AMDAHL:
		coefficient_cell(doc, &curve->fit[SCALING_AMDAHL].alpha);
		break;
	case COLUMN_LOCK:
		coefficient_cell(doc, &curve->fit[SCALING_LOCK].alpha);
		break;
	default:
		off_cell(doc, curve,
			 column == COLUMN_USL_OFF      ? SCALING_USL
			 : column == COLUMN_AMDAHL_OFF ? SCALING_AMDAHL
						       : SCALING_LOCK);
		break;
	}
}

static void how_to_read(struct doc *doc)
{
	doc_text(doc, "Coefficients, with their standard errors, describe the workers that were measured; "
		      "they are not "
		      "causes, and beyond those workers they are a guess. A curve that bends at the number "
		      "of cores "
		      "bends because of the machine. The USL is gamma N / (1 + alpha (N-1) + beta N (N-1)), "
		      "Amdahl's "
		      "law the same without beta; the lock is one that each operation holds for that share "
		      "of the time "
		      "it takes alone, asked for at random (machine repairman).");
	doc_text(doc,
		 "Such a lock bends more sharply than the USL can draw: fitted to its exact curve for a "
		 "share of "
		 "0.1, from 1 to 8 workers, without any cost of coherency, the USL returns alpha 0.003 and "
		 "beta "
		 "0.0018, neither of which is there. Off by: residual standard error over mean throughput. "
		 "Pattern: from few workers to many, measured above the USL (+), below (-), within 0.1 %% "
		 "(0); "
		 "signs in runs mean another law than this one.");
}

void page_fits(struct doc *doc, const struct report *report, int experiment)
{
	bool shown[COLUMN_COUNT];
	size_t count;
	struct curve *curves = curves_of(report, experiment, &count);
	if (count > 0) {
		doc_text(doc, MARK_STRONG "Laws of scaling fitted to these curves" MARK_STRONG);
		columns_choose(report, experiment, curves, count, shown);
		table_header(doc, shown);
		for (size_t i = 0; i < count; i++)
			for (int c = 0; c < COLUMN_COUNT; c++) {
				if (!shown[c])
					continue;
				if (c < COLUMN_POINTS)
					name_cell(doc, report, (enum column)c, curves[i].row);
				else
					fit_cell(doc, (enum column)c, &curves[i]);
			}
		how_to_read(doc);
	}
	free(curves);
}
