/*
 * report: charts, report.md, report.html and summary.csv of a run directory. Layer 4. Never measures.
 *
 *	struct report *report = report_make(&run, NULL);
 *	report_draw(report);
 *	if (report_write(report, error, sizeof(error)) != 0) ...
 *	fputs(report_screen(report), stdout);
 *	report_release(report);
 *
 * Blocks while gnuplot runs (seconds); starts child processes and reaps them.
 */
#ifndef GILBENCH_REPORT_H
#define GILBENCH_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include <gilbench/store.h>

struct report;

/* Samples to rows, experiments and claims judged. `run` must live as long as the report. `plots_dir` NULL:
 * the standard place (plots/NAME beside results/, else DIR/plots). Never NULL. */
struct report *report_make(const struct run *run, const char *plots_dir);
/* Write every chart's .gp and .dat and draw them where gnuplot is. 0, or -1 with one sentence. */
int report_draw(struct report *, char *error, size_t error_bytes);
/* Write summary.csv, report.md and report.html into the run directory. 0, or -1 with one sentence. */
int report_write(struct report *, char *error, size_t error_bytes);
/* One screen: the claims and their judgement, where the report lies. Free it. */
char *report_screen(const struct report *);
const char *report_plots_dir(const struct report *);
void report_release(struct report *);

/* Where the charts of a run directory go: beside results/ in plots/NAME for a run in the standard place with its
 * standard name, else inside the run (it was put there with -o, or moved). `link` is the same place as seen from the
 * run. Free both. */
void plots_place(const char *run_dir, char **dir, char **link);
/* mkdir -p. 0 or -errno. */
int plots_make(const char *dir);

/*
 * Pack the run directory with its report and charts into one .tar.gz that report_make can read back anywhere:
 * NAME/{manifest.json,samples.jsonl,summary.csv,report.md,report.html,plots/...}. 0, or -1 with one sentence.
 */
int report_bundle(const struct run *, const char *file, char *error, size_t error_bytes);

#endif
