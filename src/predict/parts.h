/*
 * parts: what the files of a prediction share. Layer 4, internal.
 */
#ifndef GILBENCH_PREDICT_PARTS_H
#define GILBENCH_PREDICT_PARTS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <gilbench/predict.h>
#include <gilbench/sim.h>
#include <gilbench/summary.h>

/* ---- cells and their rows ---- */

/* What was busy in a cell: means over its replicates. */
struct usage {
	double lock, loop, cores; /* shares of the time; NAN where there is none */
	double lock_queue;        /* tasks that want the lock, on average */
	/* Of the tasks' time: waiting for I/O, and computing. */
	double wait, work;
};

/* One point: a model with a number of workers. */
struct point {
	struct cell cell; /* strings are the request's and the model's */
	const struct model *model;
	struct sim_shape shape;
	int processes; /* of the operating system */
	struct sample *samples;
	unsigned count;
	struct usage usage;
	/* Of its first role, what goals are about: operations per second, and its p99. NAN: not simulated. */
	struct interval per_s;
	double p99_s;
	const struct summary_row *row; /* the same role's; NULL in a look at another profile */
	char error[256];
};

struct prediction {
	const struct predict_request *request;
	struct point *points; /* in the order of tables: model, policy, workers */
	size_t count;
	const struct point *alone; /* seq, one task; NULL where there is none */
	bool has_alone;            /* it was asked for as a model, too */
	struct sample *samples;    /* of all points together: bare copies share their histograms */
	struct summary summary;
	atomic_size_t done; /* points so far: added to by whoever has simulated one */
	pthread_t caller;
};

/* The summary's row of a point's role; NULL: there is none. */
const struct summary_row *prediction_row(const struct prediction *, const struct point *, const char *role);
/* "gil*4", "gil (fifo)" where several policies are compared. Free it. */
char *point_name(const struct prediction *, const struct point *);
/* "4 x 8": processes and the tasks of each. Free it. */
char *point_shape(const struct point *);
/* Does a factor that nobody measured stand behind it? */
bool point_is_assumed(const struct prediction *, const struct point *);
/* Same line of a chart: model and policy. */
bool point_same_curve(const struct point *, const struct point *);

/* ---- simulating ---- */

/* How well a cell is known before it is left. */
struct effort {
	double precision;     /* relative full width of the interval of its throughput */
	uint64_t ops;         /* of a replicate, about */
	uint64_t events;      /* of a replicate, at most, where that is two rounds of everybody */
	unsigned turns;       /* of everybody in it, where turns are taken */
	unsigned least, most; /* replicates */
};

int cast_tasks(const struct profile_cast *);
/* At least 1. */
uint64_t seconds_to_ns(double seconds);
/* One simulation, as it stands. 0; or -1 with the sentence in the point, and nothing to release. */
int point_run(struct point *, const struct simulation *, struct sample *, struct sim_counts *);
/* Window of the simulation and of the cell; and how long everybody takes for an operation. 0; or -1 likewise. */
int window_choose(const struct predict_request *, const struct effort *, struct simulation *, struct point *,
		  double *round_s);
/* Simulates one cell of the cast; fills samples, count, usage or error. Any thread may call it. */
void point_simulate(const struct predict_request *, const struct profile_cast *, const struct effort *,
		    struct point *);
void point_release(struct point *);
/* The cells of a request, without samples. 0, or -1 with one sentence. */
int points_list(const struct predict_request *, struct point **, size_t *count, char *error,
		size_t error_bytes);

/* ---- what it means: pure functions on rows ---- */

enum limit { LIMIT_LOCK, LIMIT_CORES, LIMIT_LOOP, LIMIT_WAIT, LIMIT_WORKERS, LIMIT_LOAD };

struct limits {
	enum limit first;
	double share; /* the number that says so */
	bool has_second;
	enum limit second; /* as full as the first */
	double second_share;
};

/* `rate_per_s` 0: closed loop. */
struct limits limits_of(const struct usage *, double throughput_per_s, double rate_per_s);

/* Workers at which the first of lock, loop and cores is full, were nothing ever late and no two asked at once:
 * N* = (Z+S)/S for each of them. INFINITY where nothing fills up; NAN for casts of several roles. */
double knee_by_profile(const struct predict_request *, const struct point *);

/* One line of a chart: its points, its best, its knee. */
struct curve {
	const struct point *first; /* `count` of them in a row */
	size_t count;
	const struct point
		*best; /* the least workers with its highest throughput; NULL: none could be simulated */
	const struct point *knee; /* the least workers with 95 % of it */
};
/* Returns how many; frees nothing of the points. */
size_t curves_of(const struct prediction *, struct curve **);

/* May it be deployed today? */
enum deploy { DEPLOY_TODAY, DEPLOY_NEW_PYTHON, DEPLOY_NEVER };
enum deploy model_deploy(const char *model);
/* "4 processes of 8 threads", "gunicorn --workers 4 --threads 8" ("" for none). Free both. */
void point_words(const struct point *, char **what, char **command);
/* Is `a` simpler than `b`: fewer processes, then tasks, then as docs/predict.md orders the kinds. */
bool point_is_simpler(const struct point *a, const struct point *b);

struct choice {
	const struct point *winner;    /* NULL: no shape reaches the goal */
	const struct point *runner_up; /* of another model; NULL: there is none */
	bool is_tie; /* what tells them apart is less than their intervals, or than what simulation is known to be off */
	const struct point *nearest; /* where there is no winner: the one that misses by least */
	const struct point *future;  /* one that needs a newer Python and would win; NULL: none */
};
/* Among `count` points in any order, one for each cell. */
void choose(const struct point *, size_t count, const struct predict_request *, struct choice *);
/* What does not count as less throughput: 0.05 where the goal is few workers. */
double goal_band(const struct predict_request *);
/* Relative lead of a over b in throughput: 0.03 is 3 % more. */
double point_lead(const struct point *a, const struct point *b);

/* ---- what would flip it ---- */

/* One number of the profile (or the rate), moved alone. */
struct flip {
	char name[80]; /* "gil", "web's 2nd wait", "the rate" */
	bool is_rate;
	double now;          /* seconds, or per second */
	double below, above; /* the choice holds between; NAN: as far as was looked */
	char below_winner[24], above_winner[24];
};
#define FLIPS_MAX (SEGMENT_MAX * 2)
/* `flips` has room for FLIPS_MAX; returns how many numbers were moved. */
int flips_find(const struct prediction *, const struct choice *, struct flip *flips);

/* ---- telling ---- */

/* A line or more of at most 100 columns. */
void page_put(FILE *, const char *text);
void table_print(const struct prediction *, FILE *);
/* Throughput over workers in characters. */
void picture_print(const struct prediction *, FILE *);
void limits_print(const struct prediction *, FILE *);
/* The recommendation. Free it. */
char *sentence_text(const struct prediction *, const struct choice *, const struct flip *, int flip_count);
/* How far to trust it. Free it. */
char *trust_text(const struct predict_request *);

#endif
