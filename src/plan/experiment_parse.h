/*
 * experiment_parse: an experiment file while it is being read. Layer 3 (results), inside src/plan.
 */
#ifndef GILBENCH_PLAN_EXPERIMENT_PARSE_H
#define GILBENCH_PLAN_EXPERIMENT_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include <gilbench/experiment.h>

#include "plan/ini_lines.h"

struct parse {
	struct experiment *experiment;
	struct ini_entry entry; /* being read */
	bool is_in_cells;
	bool has_experiment, has_class, has_rank, has_source;
	int chart_lines[CHART_MAX]; /* where each chart was asked for */
	char *error;
	size_t error_bytes;
};

/* Puts "path:line: " and the sentence into p->error; returns -1. */
int parse_fail(struct parse *, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Takes the pair that is being read: 0, or -1 with the sentence in p->error. */
int parse_key(struct parse *);

/* The keys of virtual time: 0, or -1 with the sentence in p->error. */
int parse_source(struct parse *);
int parse_profile(struct parse *, struct cell_set *);
/* When the whole file has been read: may the section say what it says? Its profiles become its cast and parameters. */
int parse_check_virtual(struct parse *, struct cell_set *);

/* One `chart =` value: 0, or -1 with one sentence. */
int chart_line_parse(const char *text, struct chart_line *, char *error, size_t error_bytes);
/* Are the names that it says among the experiment's roles, policies' fields and parameters? The same. */
int chart_line_check(const struct chart_line *, const struct experiment *, char *error, size_t error_bytes);

#endif
