/*
 * parts: what the files of the report share. Layer 4, internal.
 */
#ifndef GILBENCH_REPORT_PARTS_H
#define GILBENCH_REPORT_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <jansson.h>

#include <gilbench/claim.h>
#include <gilbench/experiment.h>
#include <gilbench/profile.h>
#include <gilbench/report.h>
#include <gilbench/store.h>
#include <gilbench/summary.h>
#include <gilbench/validate.h>

#include "report/chart.h"

/* The manifest's facts that several places print; strings are the manifest's or static, never NULL. */
struct facts {
	const char *run, *started, *finished, *status, *command, *resume;
	char *context;      /* the machine in one line; owned */
	const char *commit; /* "" when not known */
	const char *compiler, *cflags;
	const char *machine; /* CPU model, for footers */
	bool is_dirty, is_scaled;
	int usable, cores; /* 0: not known */
	double floor;      /* noise floor of the run; NAN: not known */
	char seed[24];
};

/* One chart and where it belongs. */
struct placed_chart {
	int experiment, set; /* set -1: of the whole experiment; experiment -1: of the validation */
};

struct report {
	const struct run *run;
	struct facts facts;
	struct summary summary;
	struct experiment *experiments;
	size_t experiment_count;
	char *unreadable; /* sentences on experiment files that could not be read, one per line; NULL: none */
	struct judgement **judgements; /* per experiment: one per claim */
	struct validation *validation; /* NULL: this run is none */
	struct contender *python;      /* beside the live cells; NULL: none was */
	char *plots_dir, *plots_link;  /* link: relative from the run directory */
	struct chart *charts;
	struct placed_chart *places;
	size_t chart_count;
	bool has_gnuplot;
};

/* " · CPU, n usable CPUs · date · commit": the end of every footer. */
void facts_machine(FILE *to, const struct facts *);
void facts_read(struct facts *, const struct run *, const struct summary *);
/* A number of the manifest by "a.b.c", NAN when absent; a string, `otherwise` when absent. */
double manifest_number(const struct run *, const char *path);
const char *manifest_text(const struct run *, const char *path, const char *otherwise);
/* Manifest's words for a model, else the table of looks. */
const char *model_legend(const struct run *, const char *model);
const char *model_label(const struct run *, const char *model);
/* The legend, with the policy where the run has several of that model in the cell's group. Free it. */
char *cell_words(const struct report *, const struct cell *);
/* The policy's look where cell_words would say the policy, else the model's. */
const struct look *cell_look(const struct report *, const struct cell *);
/* Place of a model in tables and legends: 0 to models_known - 1, or RANK_UNKNOWN, after all that are known. */
#define RANK_UNKNOWN 1000
int model_rank(const struct run *, const char *model);
int models_known(const struct run *);

/* The experiments of the manifest, and one made up for rows that belong to none (an ad-hoc run). */
void experiments_read(struct report *);
/* Which set of the experiment the row belongs to, or -1: it is another experiment's, or the real CPython's, which is
 * shown only where sources are beside each other. */
int row_set(const struct experiment *, const struct summary_row *);
/* The same, the real CPython's rows included. */
int row_set_of_any(const struct experiment *, const struct summary_row *);
bool row_is_ok(const struct summary_row *);
/* Are compiled stand-ins for interpreted code among the experiment's workloads? */
bool experiment_has_stand_ins(const struct report *, const struct experiment *);

/* What one operation of the row's role costs: false where the run does not know; else release the profile. The report may
 * be NULL: then only what the row itself says is known. */
bool row_profile(const struct report *, const struct summary_row *, struct profile *);
/* The usable CPUs that it ran on; 0: not known. */
int row_cores(const struct report *, const struct summary_row *);

/* Are all its cells in virtual time? All of the run's? */
bool experiment_is_virtual(const struct report *, int experiment);
bool report_is_virtual(const struct report *);
/* Were workloads recorded for them, which did run here? */
bool report_has_recordings(const struct report *);
/* The usable CPUs of the cells of an experiment, or of one of its sets; 0 where they differ. */
int experiment_cores(const struct report *, int experiment, int set);
/* "switch=2us ... (costs: switch was measured on this machine; ...)". Free it. */
char *virtual_costs_words(const struct report *);
/* What a reader must know of an experiment's virtual time. Free it. */
char *virtual_paragraph(const struct report *, int experiment);

/* Fills charts and places. */
void charts_make(struct report *);
/* An empty one, at the end; and the last one taken off again. */
struct chart *chart_new(struct report *, struct placed_chart, enum chart_kind, const char *name);
void chart_drop_last(struct report *);
struct chart *chart_add(struct report *, int experiment, int set, const struct chart_line *);
/* The ways to fill one; false when there is nothing to draw. Set -1: of the whole experiment. */
bool chart_over_workers(struct report *, struct chart *, int experiment, int set);
bool chart_of_cells(struct report *, struct chart *, int experiment, int set);
bool chart_over_x(struct report *, struct chart *, int experiment);
bool chart_tradeoff(struct report *, struct chart *, int experiment, int set);
bool chart_sources(struct report *, struct chart *, int experiment, int set);
bool chart_winner(struct report *, struct chart *, int experiment);
/* Are the two sections the same work, and differ in what is run on it alone? */
bool sets_are_alike(const struct experiment *, int a, int b);
/* Words: after the series are there. */
void chart_words(struct report *, struct chart *, int experiment, int set);
/* Both sides of every figure of a validation in one picture each. */
void charts_overlay(struct report *);
/* Judges every claim of every experiment. */
void claims_read(struct report *);
void claims_release(struct report *);
/* How many claims came out which way. */
struct claim_counts {
	int all, of[CLAIM_UNDECIDED + 1];
};
struct claim_counts claims_count(const struct report *, int experiment);
struct claim_machine report_machine(const struct report *);

/* The number of workers that a sentence about the experiment (or one of its sets, unless -1) is about. */
int answer_workers(const struct report *, int experiment, int set);
/* The measured answer of an experiment or one of its sets in a sentence or two. Free it. */
char *answer_text(const struct report *, int experiment, int set);
/* The same as a plain enumeration of the models' numbers, those that this chart shows. Free it. */
char *answer_enumerated(const struct report *, int experiment, int set, const struct chart_line *);

#endif
