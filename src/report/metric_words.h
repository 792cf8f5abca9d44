/*
 * metric_words: a column of summary.csv as axes and names say it. Layer 4, internal to the report.
 */
#ifndef GILBENCH_REPORT_METRIC_WORDS_H
#define GILBENCH_REPORT_METRIC_WORDS_H

#include <gilbench/expectation.h>

#include "report/text.h"

/* "latency, p99"; the column's own name where there is no better one. */
const char *metric_words(const struct metric *);
/* "29.1/s", "5.12 ms", "0.98"; with its interval where there is one. */
struct number_text metric_number(const struct metric *, double);
struct number_text metric_number_interval(const struct metric *, const struct interval *);
/* The unit that an axis up to `max` reads best in: its size, and its name ("" for plain numbers). */
double metric_axis_unit(const struct metric *, double max, const char **name);

#endif
