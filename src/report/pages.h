/*
 * pages: the sections of the report, each a function that adds blocks to the document. Layer 4, internal.
 */
#ifndef GILBENCH_REPORT_PAGES_H
#define GILBENCH_REPORT_PAGES_H

#include "report/doc.h"
#include "report/parts.h"

/* First page: context, warnings, the two charts, one sentence per experiment, the matrix, the box, how to
 * repeat. */
void page_first(struct doc *, const struct report *);
void page_matrix(struct doc *, const struct report *);
void page_box(struct doc *, const struct report *);
void page_repeat(struct doc *, const struct report *);
/* Question, setup, code, results, conclusions. */
void page_experiment(struct doc *, const struct report *, int experiment);
void page_results(struct doc *, const struct report *, int experiment);
/* Most rows of a table that somebody may read; longer ones are left to summary.csv. The exact value does not matter. */
#define TABLE_ROWS_MAX 250
/* Has the experiment more? */
bool experiment_is_long(const struct report *, int experiment);
/* What the lock did. Adds nothing where no cell of the experiment was under one. */
void page_lock(struct doc *, const struct report *, int experiment);
/* Laws of scaling beside every curve over workers that has enough points. Adds nothing where none has. */
void page_fits(struct doc *, const struct report *, int experiment);
/* Virtual time, and the real CPython, beside what was measured. Adds nothing where the experiment has no pairs. */
void page_witness(struct doc *, const struct report *, int experiment);
/* Is the row's cast measured with other parameters, too? Then its table needs a column for them. */
bool row_has_other_params(const struct report *, int experiment, const struct summary_row *);
/* The simulated lock beside real interpreters: what agrees, the table, the pictures. */
void page_validation(struct doc *, const struct report *);
/* What was done so that an operation takes the same time here and in an interpreter. */
void page_fit_say(struct doc *, const struct contender *);
/* Cells that failed, and the command that repeats each. Adds nothing when there are none. */
void page_failures(struct doc *, const struct report *);
/* Noise floor, harness cost, ceiling, wait control, hyperfine. */
void page_trust(struct doc *, const struct report *);
void page_hyperfine(struct doc *, const struct report *);
void page_machine(struct doc *, const struct report *);

/* Charts of one experiment (all sets), in order; the two of the first page. */
const struct chart *page_chart(const struct report *, enum work_class, enum chart_kind);
void page_chart_put(struct doc *, const struct report *, const struct chart *, bool is_beside);
/* "threads + GIL (`gil`)" */
char *model_words(const struct report *, const char *model);
/* A table's cell with that. */
void model_cell(struct doc *, const struct report *, const char *model);
/* "faster", "slower" ...: the verdict on a ratio against the noise floor of its group or run, marked. */
const char *verdict_words(const struct report *, const struct summary_row *);
/* The row's 95 % interval in its table cell. */
const char *status_words(const struct summary_row *);

#endif
