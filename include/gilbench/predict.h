/*
 * predict: one question for many models and numbers of workers, in virtual time, and what its answer means. Layer 4.
 *
 *	request --cells x replicates (sim.h)--> samples --summarise--> rows
 *	        --limits, knees, choice, flips--> a table, a picture, one sentence, and how far to trust it
 *
 *	struct prediction *p;
 *	if (predict_make(&request, &p, error, sizeof(error)) != 0)
 *		die_usage("%s", error);
 *	predict_print(p, stdout);
 *	predict_release(p);
 *
 * Everything that is printed was simulated, but for the knee that the profile alone gives (docs/predict.md). The same
 * request gives the same bytes: nothing here reads a clock, and nothing depends on which thread was first.
 */
#ifndef GILBENCH_PREDICT_H
#define GILBENCH_PREDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <gilbench/costs.h>
#include <gilbench/model.h>
#include <gilbench/profile.h>

/* The experiment that its rows in summary.csv name. */
#define EXPERIMENT_PREDICT "predict"

/* What the best shape is. */
enum predict_aim {
	AIM_WORKERS,    /* fewest processes, then tasks, within 5 % of the best throughput */
	AIM_THROUGHPUT, /* the most operations per second */
	AIM_LATENCY,    /* the most of them among those whose p99 is below a limit */
};

struct predict_goal {
	enum predict_aim aim;
	double p99_s; /* AIM_LATENCY */
};

/* "workers", "throughput", "p99<50ms": 0, or -1 with one sentence in `error`. */
int predict_goal_parse(const char *text, struct predict_goal *, char *error, size_t error_bytes);

/* How far simulation and live runs were apart, on the machine that the costs are of. */
#define TRUST_MODELS 8
struct predict_trust {
	bool is_known;
	double worst; /* relative difference in throughput: 0.04 */
	/* The same of each model that was compared; without a name: no more. */
	struct {
		char model[16];
		double worst;
	} of[TRUST_MODELS];
	int cores; /* of the machine: beyond that nothing was compared */
};

struct predict_request {
	const struct profile_cast *cast;
	bool has_tasks;    /* the cast says its tasks; else it is one role, and `workers` are its own */
	const char *title; /* the work for people: "profile gil:2ms+wait:10ms" */
	const char *work, *params;   /* what a cell's `cast` and `params` say */
	const struct model **models; /* in any order; ended by NULL */
	char **policies;             /* of models with a lock, each in its one spelling; ended by NULL */
	const int *workers;          /* ascending */
	int worker_count;
	/* A long list that nobody asked for: where a curve has long been flat, its cells are left out. */
	bool may_skip;
	int cores;
	struct costs costs;
	double rate_per_s; /* 0: closed loop */
	bool is_poisson;   /* operations are due at random moments, else regularly */
	double window_s; /* virtual time of a cell, all replicates together; 0: as long as a number of operations takes */
	uint64_t seed;
	struct predict_goal goal;
	struct predict_trust trust;
	int threads; /* to simulate with */
	/* NULL, or told now and then how many cells are done; by the thread that called. */
	void (*progress)(size_t done, size_t all);
};

struct prediction;

/* Simulates every cell; takes a second or so of all threads. The request, and all that it points to, must live as long
 * as the prediction. 0, or -1 with one sentence in `error`: a model with more processes than there are workers
 * anywhere, memory. */
int predict_make(const struct predict_request *, struct prediction **, char *error, size_t error_bytes);
void predict_release(struct prediction *);

/* Table, picture in characters, what limits each, recommendation, trust: 100 columns. */
void predict_print(const struct prediction *, FILE *);
/* The rows as summary.csv. Free it. */
char *predict_csv(const struct prediction *);
/* The same curves as DIR/NAME.png, .svg, and the .gp and .dat that drew them. 0; 1 without gnuplot, or -1 where it
 * cannot be written: then with one sentence in `error`. */
int predict_draw(const struct prediction *, const char *dir, const char *name, char *error,
		 size_t error_bytes);

/* What a comparison of live and virtual runs on this machine showed, kept beside its costs. A file of another machine
 * is as good as none. */
void predict_trust_load(struct predict_trust *);
/* Leaves `worst` to the models of a list (ended by NULL): shapes are taken for the model that they are made of, and
 * interp and free for threads. Models that were not compared, all of them perhaps, do not change it. */
void predict_trust_narrow(struct predict_trust *, const struct model *const *models);
/* 0, or -1 with one sentence in `error`. */
int predict_trust_store(const struct predict_trust *, char *error, size_t error_bytes);

#endif
