/*
 * expectation: the grammar of claims and of {placeholders}. Layer 3 (results); src/plan reads it so that a
 * mistake is found with the file, src/report judges it (claim.h).
 *
 *	MODEL[/MODEL] METRIC [workload=W] [role=R] [params~WORD] [policy=P] [workers=EXPR] [source=S] LOW..HIGH "text"
 *
 *	gil speedup workload=spin workers=2 0.90..1.05 "one lock, one core of bytecode"
 *	threads speedup workload=spin workers=cores 0.93*ceiling..1.03*ceiling "no lock: the machine's ceiling"
 *	uv/uv-pool lat_p99_s role=sleep 1.5.. "a call on the loop delays everybody"
 *
 * MODEL/MODEL is the first one's metric divided by the second one's. METRIC is a numeric column of
 * summary.csv. Either bound may be left out. EXPR: numbers (with k, M, KiB, ms ...), `cores` (usable CPUs),
 * `physical` (cores among them), `workers`, `ceiling` (of that many workers), joined by * and /.
 */
#ifndef GILBENCH_EXPECTATION_H
#define GILBENCH_EXPECTATION_H

#include <stdbool.h>
#include <stddef.h>

#include <gilbench/summary.h>

enum metric_unit {
	METRIC_RATIO,
	METRIC_SHARE, /* a part of a whole, 0 to 1, or a count for each of something: no speed, so no noise floor */
	METRIC_COUNT,
	METRIC_PER_S,
	METRIC_SECONDS,
	METRIC_BYTES,
};

/* A numeric column of summary.csv. */
struct metric {
	const char *name;
	enum metric_unit unit;
	bool has_interval;                                  /* given six samples */
	struct interval (*get)(const struct summary_row *); /* without an interval lo and hi are NAN */
};

const struct metric *metric_find(const char *name, char *error, size_t error_bytes);
/* "0.99", "12.3 ms", "4.0 MiB". Free it. */
char *metric_text(const struct metric *, double value);

/* Which cell is meant. Strings are "" where nothing was said. */
struct choice {
	char model[24];
	char workload[48], role[48], policy[64];
	char params[128]; /* words that must be among the cell's, separated by spaces */
	char workers[64]; /* EXPR without `workers` and `ceiling` */
	char source[16];  /* "live", "virtual", "cpython" */
};

/* Which number is meant: a metric of one cell, or of one divided by that of another. */
struct selection {
	const struct metric *metric;
	bool is_ratio;
	struct choice of, over;
};

struct expectation {
	struct selection selection;
	char low[64], high[64]; /* EXPR; "" where that side is open */
	char text[200];
};

/* 0, or -1 with one sentence. */
int expectation_parse(const char *text, struct expectation *, char *error, size_t error_bytes);
/* The part of it that a {placeholder} has: MODEL[/MODEL] METRIC and what selects. */
int selection_parse(const char *text, struct selection *, char *error, size_t error_bytes);
/* Are an answer's {placeholders} well formed? 0, or -1 with one sentence. */
int answer_check(const char *answer, char *error, size_t error_bytes);
/* What a placeholder means. {cores}, {ceiling workers=EXPR}, or a selection. */
enum placeholder_kind { PLACEHOLDER_CORES, PLACEHOLDER_CEILING, PLACEHOLDER_METRIC };
int placeholder_parse(const char *text, enum placeholder_kind *, struct selection *, char *error,
		      size_t error_bytes);

/* What the names of an EXPR stand for; NAN where that is not known. */
struct expression_names {
	double cores, physical, workers, ceiling;
};

/* Value of an EXPR (NAN where a name in it is not known): 0, or -1 with one sentence. */
int expression_value(const char *text, const struct expression_names *, double *value, char *error,
		     size_t error_bytes);

#endif
