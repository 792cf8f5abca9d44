/*
 * param: the knobs of a workload, as a table in its own file. Layer 0.
 *
 * A knob is a number whose unit is in its name (`ms`, `bytes`, `work_us`; whole unless it is a time), or one
 * word of a short list. A row says everything that help, parsing and limits need. Values travel as an array
 * of double in the order of the table; a choice is the index of its word.
 */
#ifndef GILBENCH_PARAM_H
#define GILBENCH_PARAM_H

#include <stdbool.h>
#include <stddef.h>

/* Most knobs of one workload. The exact value does not matter. */
#define PARAM_MAX 12

struct param {
	const char *name;    /* NULL ends the table */
	double standard;     /* the default, in the unit of the name */
	double min, max;     /* limits, both allowed */
	const char *choices; /* "lock|none" for a word instead of a number, else NULL */
	const char *help;    /* one line, no full stop */
};

/* Number of rows; 0 for NULL. */
int param_count(const struct param *table);
void param_defaults(const struct param *table, double values[PARAM_MAX]);
/* Set one `name=value` (numbers take k M G, KiB MiB GiB). Returns 0, or -1 with one sentence in `error` that
 * says what was wrong, suggests the nearest name, and gives the limits. */
int param_set(const struct param *table, double values[PARAM_MAX], const char *assignment, char *error,
	      size_t error_bytes);
/* Every value as "name=value name=value" in table order: what the `params` column holds. Free it. */
char *param_text(const struct param *table, const double values[PARAM_MAX]);
/* A number with k M G KiB MiB GiB: 0, or -1 when it is none. */
int param_number(const char *text, double *value);
/* A duration with a unit (ns us ms s m h; a bare number is seconds), in seconds: 0, or -1. */
int param_duration(const char *text, double *seconds);

#endif
