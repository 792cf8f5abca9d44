/*
 * report: the pipeline from a loaded run to its report: summary, experiments, claims, charts, pages.
 *
 * Everything comes from the run directory alone, so that a report can be made again on another machine, of a
 * run that was interrupted, and without gnuplot; what is missing is said where it would have stood.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/counterpart.h>
#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

/* All charts together; a report is promised in 10 s, of which the rest needs a fraction. */
#define DRAW_SECONDS 9.0

static void plots_choose(struct report *report, const char *plots_dir)
{
	if (plots_dir == NULL) {
		plots_place(report->run->path, &report->plots_dir, &report->plots_link);
		return;
	}
	char *there = realpath(plots_dir, NULL);
	report->plots_dir = xstrdup(plots_dir);
	report->plots_link = there != NULL ? there : xstrdup(plots_dir);
}

/* NULL where there is none, or none that can be read: then it is said where other files' faults are. */
static struct validation *validation_of(struct report *report, const struct run *run)
{
	struct validation *validation = xcalloc(1, sizeof(*validation));
	char error[256];
	if (validation_read(validation, run, error, sizeof(error)) == 0)
		return validation;
	report->unreadable = *error != '\0' ? xstrdup(error) : NULL;
	free(validation);
	return NULL;
}

static struct contender *python_of(const struct run *run)
{
	struct contender *python = xcalloc(1, sizeof(*python));
	if (contender_from_json(json_object_get(run->manifest, COUNTERPART_KEY), python) == 0)
		return python;
	free(python);
	return NULL;
}

struct report *report_make(const struct run *run, const char *plots_dir)
{
	struct report *report = xcalloc(1, sizeof(*report));
	double least = manifest_number(run, "options.min_samples");
	report->run = run;
	summarise(run->samples, run->sample_count,
		  isfinite(least) && least > 0 ? (unsigned)least : STATS_LEAST, &report->summary);
	facts_read(&report->facts, run, &report->summary);
	report->validation = validation_of(report, run);
	report->python = python_of(run);
	experiments_read(report);
	claims_read(report);
	plots_choose(report, plots_dir);
	charts_make(report);
	charts_overlay(report);
	return report;
}

int report_draw(struct report *report, char *error, size_t error_bytes)
{
	int failure = report->chart_count > 0 ? plots_make(report->plots_dir) : 0;
	for (size_t i = 0; i < report->chart_count && failure == 0; i++)
		failure = chart_write(&report->charts[i], report->plots_dir);
	if (failure != 0) {
		snprintf(error, error_bytes, "cannot write charts into %s: %s", report->plots_dir,
			 strerror(-failure));
		return -1;
	}
	report->has_gnuplot =
		charts_draw(report->charts, report->chart_count, report->plots_dir, DRAW_SECONDS) != -ENOENT;
	return 0;
}

static void doc_fill(struct doc *doc, const struct report *report)
{
	page_first(doc, report);
	if (report->experiment_count > 0)
		doc_heading(doc, 2, "experiments", "Experiments");
	for (size_t e = 0; e < report->experiment_count; e++)
		page_experiment(doc, report, (int)e);
	page_failures(doc, report);
	page_trust(doc, report);
}

/* Write one text of the run directory and free it. */
static int write_text(const struct report *report, const char *file, char *text, char *error,
		      size_t error_bytes)
{
	int failure = run_write_text(report->run->path, file, text);
	free(text);
	if (failure == 0)
		return 0;
	snprintf(error, error_bytes, "cannot write %s/%s: %s", report->run->path, file, strerror(-failure));
	return -1;
}

int report_write(struct report *report, char *error, size_t error_bytes)
{
	struct doc doc = {0};
	doc_fill(&doc, report);
	int failure = write_text(report, "summary.csv", summary_csv(&report->summary), error, error_bytes);
	if (failure == 0)
		failure = write_text(report, "report.md", doc_markdown(&doc), error, error_bytes);
	if (failure == 0)
		failure = write_text(report, "report.html", doc_html(&doc), error, error_bytes);
	doc_release(&doc);
	return failure;
}

const char *report_plots_dir(const struct report *report)
{
	return report->plots_dir;
}

void report_release(struct report *report)
{
	claims_release(report);
	if (report->validation != NULL)
		validation_release(report->validation);
	free(report->validation);
	if (report->python != NULL)
		contender_release(report->python);
	free(report->python);
	for (size_t i = 0; i < report->experiment_count; i++)
		experiment_release(&report->experiments[i]);
	for (size_t i = 0; i < report->chart_count; i++)
		chart_release(&report->charts[i]);
	summary_release(&report->summary);
	free(report->experiments);
	free(report->unreadable);
	free(report->facts.context);
	free(report->charts);
	free(report->places);
	free(report->plots_dir);
	free(report->plots_link);
	free(report);
}
