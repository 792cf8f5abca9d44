/*
 * sim: one cell in virtual time: a deterministic discrete-event simulator. Layer 3 (execution).
 *
 *	struct simulation s = {.cast = &cast, .policy = policy, .costs = costs, .cores = 64,
 *			       .kind = CELL_WINDOW, .window_ns = UINT64_C(60) * NS_PER_S, .seed = 1, .has_latency = true};
 *	sim_shape_parse("gil*4", &s.shape, error, sizeof(error));
 *	if (sim_run(&s, &sample, &counts) != 0)
 *		... sample.error ...
 *
 * It fills in the same sample as a live model does. The same simulation gives the same sample on every machine and
 * with every compiler: whole nanoseconds, own random variates, no library function that may round otherwise. Several
 * may run at the same time in several threads; there is no file-scope state. Never blocks, never sleeps; takes memory
 * for its tasks (about 300 bytes each) and processor time for its events (about 60 ns each).
 *
 * What is simulated and what is not: src/sim/sim.c.
 */
#ifndef GILBENCH_SIM_H
#define GILBENCH_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <gilbench/costs.h>
#include <gilbench/gil.h>
#include <gilbench/profile.h>
#include <gilbench/sample.h>
#include <gilbench/trace.h>

/* How tasks are executed. The first six are live models too. */
enum sim_model {
	SIM_SEQ,     /* one task */
	SIM_GIL,     /* threads of P processes, a lock in each (P is 1, or written gil*P) */
	SIM_THREADS, /* threads, no lock */
	SIM_FORK,    /* a process for each */
	SIM_UV,      /* tasks of P event loops, each a process (P is 1, or written uv*P) */
	SIM_UV_POOL, /* one loop, and a pool of as many threads as tasks for `free` and `block` */
	SIM_INTERP,  /* threads, each with an interpreter and a lock of its own (PEP 684) */
	SIM_FREE,    /* threads without a lock, interpreted time longer by costs.free_factor (PEP 703) */
};

struct sim_shape {
	enum sim_model model;
	int processes; /* gil*P, uv*P; 1 for all others */
};

/* "gil", "gil*4", "interp": 0, or -1 with one sentence in `error` that suggests the nearest. */
int sim_shape_parse(const char *model, struct sim_shape *, char *error, size_t error_bytes);

/* Most of what a simulation may have. */
#define SIM_CORES_MAX 65536
#define SIM_TASKS_MAX 1000000

/* Up to so many tasks in all a sample says what each of them did; beyond, a role's sums are what there is: nobody reads
 * thousands of lines, and each task would need a histogram (20 KiB). */
#define SIM_WORKERS_MAX 64

struct simulation {
	const struct profile_cast *cast; /* roles with their tasks; must live while it runs */
	struct sim_shape shape;
	struct gil_policy policy; /* of every lock, where the model has locks */
	struct costs costs;
	int cores; /* 1 .. SIM_CORES_MAX */
	enum cell_kind kind;
	uint64_t ops;       /* CELL_BATCH: operations in all, of the first role (there must be but one) */
	uint64_t window_ns; /* CELL_WINDOW */
	uint64_t warmup_ns; /* runs before the window begins, and is not counted */
	double rate_per_s; /* CELL_WINDOW: the first role's operations are due at this rate; 0: closed loop */
	bool is_poisson;   /* they are due at random moments; else regularly, as in the live models */
	uint64_t seed;
	bool has_latency;
	struct trace *trace; /* NULL, or where tasks record what they do, as live tasks do; times since 0 */
};

/* What a simulation cost, and what was busy. Of the window alone, but for `events`. */
struct sim_counts {
	uint64_t events;  /* segments ended, locks granted, tasks woken */
	double lock_busy; /* share of the time for which the busiest lock was held; NAN without locks */
	double loop_busy; /* share of the time for which the busiest loop was not asleep; NAN without loops */
	double core_busy; /* share of all cores' time in use: work, switches, clients */
	/* Where tasks were, task-seconds: in a segment's own time, wanting the lock, wanting a core or a loop, and waking
	 * up. They add up to tasks * window. */
	double in_work_s, in_wait_s, in_lock_s, in_ready_s, in_latency_s;
	double lock_held_s; /* of all locks: time in which somebody held it; over tasks, held_s adds up to the same */
};

/* 0, or -errno with one sentence in sample->error: -EINVAL (a shape with more processes than tasks, ...), -ENOMEM (which
 * says how many tasks would fit). Fills every field of `sample` but cell, block, order, seed; `counts` may be NULL.
 * A sample's histograms and workers are owned by it: sample_release. */
int sim_run(const struct simulation *, struct sample *, struct sim_counts *counts);

#endif
