/*
 * planner: makes a plan out of experiments and options. Layer 3 (results).
 *
 *	struct plan plan = {.options = options};
 *	struct plan_request request = {.usable_cpus = 4, .physical_cores = 4, .models = "gil,threads"};
 *	if (plan_add_experiment(&plan, &experiment, &request, error, sizeof(error)) != 0 ||
 *	    plan_add_controls(&plan, &request, error, sizeof(error)) != 0)
 *		die_usage("%s", error);
 *	plan_finish(&plan, request.usable_cpus);
 *
 * A cell that two sources ask for within one experiment is in the plan once: casts, parameters, models and
 * policies are brought to one spelling first. Nothing here blocks or prints, but plan_print.
 */
#ifndef GILBENCH_PLANNER_H
#define GILBENCH_PLANNER_H

#include <stdio.h>

#include <jansson.h>

#include <gilbench/experiment.h>
#include <gilbench/plan.h>

/* Names of the cells that belong to no experiment file. */
#define EXPERIMENT_ADHOC    "adhoc"
#define EXPERIMENT_CONTROLS "controls"

/* The machine, and what was said on the command line: it overrides what an experiment says. Lists are as
 * typed; NULL where nothing was said. */
struct plan_request {
	int usable_cpus, physical_cores;
	const char *cast;     /* "spin", "echo:1,spin:2"; read by plan_add_adhoc only */
	const char *params;   /* "ms=5 spread=exp", added to what an experiment says */
	const char *models;   /* "gil,threads"; "default" */
	const char *policies; /* "py3", "py3,interval=1ms,fifo": a word with = goes on with the policy before
				 it */
	const char *workers;  /* "1,2,cores,2*cores"; "default" */
	double window_s;      /* 0: nothing was said */
	bool is_virtual;      /* everything in virtual time */
	const char *cores;    /* of virtual time: "1,2,4"; a group for each number */
};

/* Each adds cells and groups to `plan`. 0, or -1 with one sentence in `error`: "file:line: ..." where an
 * experiment file is to blame. After an error the plan may only be released. */
int plan_add_experiment(struct plan *, const struct experiment *, const struct plan_request *, char *error,
			size_t error_bytes);
int plan_add_adhoc(struct plan *, const struct plan_request *, char *error, size_t error_bytes);
/* Ceiling, pure wait and harness cost, as experiment "controls": call it after all others, its worker counts
 * follow theirs. Only what this program has (workloads `registers`, `sleep`, `null`) is added; nothing to a plan that
 * is all in virtual time, where there is no machine to be controlled. */
int plan_add_controls(struct plan *, const struct plan_request *, char *error, size_t error_bytes);

/* Completes a plan: `seq` where a batch group lacks it, each group's baseline and A/A twin (in virtual time, where the
 * same seed gives the same sample, a twin would say nothing), oversubscribed cells, warnings. Call once, last. */
void plan_finish(struct plan *, int usable_cpus);

/* Has it cells, and all of them in virtual time? */
bool plan_is_virtual(const struct plan *);

/* A warning of the plan. Takes the sentence over; the same one twice is said once. */
void plan_warn(struct plan *, char *sentence);
/* For plans that are made by hand. Adds a cell, with copies of its strings; its index. */
int plan_push(struct plan *, const struct plan_cell *);
/* "ms=5"; "rate=100 sleep.ms=5 hash.bytes=1048576": every parameter of a resolved cast, in its one spelling. Free it. */
struct execution;
char *plan_params_text(const struct execution *);

/* The default worker list of a class, sorted; returns how many (at most WORKERS_DEFAULT_MAX). */
#define WORKERS_DEFAULT_MAX 8
int plan_default_workers(enum work_class, int usable_cpus, int physical_cores, int out[WORKERS_DEFAULT_MAX]);

/* What --plan shows: options, cells, and the order of every block that will surely run. */
void plan_print(const struct plan *, FILE *);

/* For the manifest and --resume: everything in the plan, calibrated operations and seconds included. New
 * reference. */
json_t *plan_to_json(const struct plan *);
/* Back again. 0, or -1 with one sentence; then nothing needs to be released. */
int plan_from_json(struct plan *, const json_t *, char *error, size_t error_bytes);

#endif
