/*
 * arena: the memory of one cell, and the workloads' own set-up and taking down. See engine.h for the layout.
 *
 * The same shared mapping is used under every model, threads included, so that a comparison of models is not
 * one of kinds of memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "model/engine.h"

static size_t shared_bytes(const struct lane *lane, const struct job *job)
{
	const struct workload *w = lane->role->workload;
	return w->shared_bytes != NULL ? w->shared_bytes(job) : 0;
}

static struct job job_of(const struct engine *e, struct lane *lane)
{
	return (struct job){.workload = lane->role->workload,
			    .param = lane->role->param,
			    .tasks = lane->role->tasks,
			    .ops = e->execution->kind == CELL_BATCH ? e->execution->ops : 0,
			    /* A load falls on the first role; the others are what it meets. */
			    .rate_per_s = lane == e->lane ? e->execution->rate_per_s : 0,
			    .seed = e->execution->seed,
			    .scratch = e->scratch,
			    .has_processes = e->crew->has_processes,
			    .harness = lane};
}

/* What the clients of a lane count goes here: none where the tasks are their own clients. */
static size_t clients_bytes(const struct lane *lane, size_t each_bytes)
{
	return lane->role->workload->has_client ? (size_t)lane->role->tasks * each_bytes : 0;
}

bool engine_has_lock_times(const struct engine *e)
{
	return e->gil != NULL && e->execution->policy.has_stats;
}

static size_t waits_bytes(const struct engine *e)
{
	return engine_has_lock_times(e) ? (size_t)e->task_count * sizeof(struct hist) : 0;
}

static size_t arena_bytes(struct engine *e)
{
	size_t bytes = arena_room(sizeof(struct gun)) + arena_room(sizeof(uint32_t)) +
		       arena_room((size_t)e->task_count * sizeof(struct slot)) +
		       arena_room((size_t)e->hist_count * sizeof(struct hist)) + arena_room(waits_bytes(e)) +
		       arena_room(COMPANION_MAX * sizeof(uint32_t));
	for (int i = 0; i < e->lane_count; i++) {
		struct job job = job_of(e, &e->lane[i]);
		bytes += arena_room(sizeof(struct job)) + arena_room(sizeof(struct claims)) +
			 arena_room(shared_bytes(&e->lane[i], &job)) +
			 arena_room(clients_bytes(&e->lane[i], sizeof(struct client))) +
			 arena_room(clients_bytes(&e->lane[i], sizeof(struct hist)));
	}
	return bytes;
}

static void lane_prepare(struct engine *e, struct lane *lane)
{
	lane->job = arena_take(&e->arena, sizeof(struct job));
	*lane->job = job_of(e, lane);
	lane->job->shared = arena_take(&e->arena, shared_bytes(lane, lane->job));
	lane->claims = arena_take(&e->arena, sizeof(struct claims));
	atomic_init(&lane->claims->next, 0);
	if (!lane->role->workload->has_client)
		return;
	lane->clients = arena_take(&e->arena, clients_bytes(lane, sizeof(struct client)));
	lane->client_hists = arena_take(&e->arena, clients_bytes(lane, sizeof(struct hist)));
	for (int i = 0; i < lane->role->tasks; i++)
		hist_reset(&lane->client_hists[i]);
}

/* What a task without a lock polls: constant, so no order matters. In a hostile build every checkpoint is
 * one. */
#ifdef GILBENCH_HOSTILE
static const _Atomic uint32_t no_lock_breaker = 1;
#else
static const _Atomic uint32_t no_lock_breaker = 0;
#endif

static void worker_prepare(struct engine *e, struct lane *lane, int index)
{
	int task = lane->first + index;
	struct worker *w = &e->workers[task];
	size_t bytes = lane->role->workload->task_bytes;
	w->lane = lane;
	w->claims = lane->claims;
	w->limit = e->execution->kind == CELL_BATCH ? e->execution->ops : CLAIMS_END;
	w->slot = &e->slots[task];
	w->claims_runs = e->crew->claims_runs;
	w->run_length = 1;
	if (e->execution->trace != NULL)
		w->ring = &e->execution->trace->ring[task];
	w->reads_clock = e->execution->has_latency || e->execution->kind == CELL_WINDOW || w->ring != NULL;
	if (e->hist_count > 0)
		w->hist = &e->hists[e->crew->shares_histogram ? (int)(lane - e->lane) : task];
	w->task = (struct task){
		.job = lane->job, .index = index, .ops = e->crew->ops, .breaker = &no_lock_breaker};
	w->task.state = bytes > 0 ? aligned_alloc(SHM_LINE_BYTES, arena_room(bytes)) : NULL;
	if (bytes > 0 && w->task.state == NULL)
		die("%zu bytes for a task", bytes);
	if (bytes > 0)
		memset(w->task.state, 0, arena_room(bytes));
}

static struct worker *workers_new(int count)
{
	size_t bytes = (size_t)count * sizeof(struct worker);
	struct worker *workers = aligned_alloc(SHM_LINE_BYTES, bytes);
	if (workers == NULL)
		die("aligned_alloc of %zu bytes", bytes);
	memset(workers, 0, bytes);
	return workers;
}

/* What a lock's waits take is left out of the memory of a worker as far as can be: no other model has them. */
static void hists_prepare(struct engine *e)
{
	e->hists = arena_take(&e->arena, (size_t)e->hist_count * sizeof(struct hist));
	for (int i = 0; i < e->hist_count; i++)
		hist_reset(&e->hists[i]);
	if (!engine_has_lock_times(e))
		return;
	e->waits = arena_take(&e->arena, waits_bytes(e));
	for (int i = 0; i < e->task_count; i++)
		hist_reset_zeroed(&e->waits[i]);
}

int arena_prepare(struct engine *e)
{
	if (e->execution->has_latency)
		e->hist_count = e->crew->shares_histogram ? e->lane_count : e->task_count;
	int error = arena_open(&e->arena, arena_bytes(e));
	if (error != 0) {
		snprintf(e->error, sizeof(e->error), "%zu bytes of shared memory could not be had: %s",
			 e->arena.bytes, strerror(-error));
		return error;
	}
	e->gun = arena_take(&e->arena, sizeof(struct gun));
	gun_init(e->gun);
	e->failed = arena_take(&e->arena, sizeof(uint32_t));
	e->slots = arena_take(&e->arena, (size_t)e->task_count * sizeof(struct slot));
	hists_prepare(e);
	_Atomic uint32_t *states = arena_take(&e->arena, COMPANION_MAX * sizeof(uint32_t));
	for (int i = 0; i < COMPANION_MAX; i++)
		e->companion[i].state = &states[i];
	e->workers = workers_new(e->task_count);
	for (int i = 0; i < e->lane_count; i++) {
		lane_prepare(e, &e->lane[i]);
		for (int index = 0; index < e->lane[i].role->tasks; index++)
			worker_prepare(e, &e->lane[i], index);
	}
	return 0;
}

void arena_dismiss(struct engine *e)
{
	for (int i = 0; e->workers != NULL && i < e->task_count; i++)
		free(e->workers[i].task.state);
	free(e->workers);
	arena_close(&e->arena);
}

int lanes_setup(struct engine *e)
{
	for (int i = 0; i < e->lane_count; i++) {
		struct lane *lane = &e->lane[i];
		const struct workload *w = lane->role->workload;
		if (w->setup != NULL && w->setup(lane->job) != 0)
			return -1;
		lane->is_set_up = true;
	}
	return 0;
}

void lanes_teardown(struct engine *e)
{
	for (int i = e->lane_count - 1; i >= 0; i--) {
		struct lane *lane = &e->lane[i];
		const struct workload *w = lane->role->workload;
		if (lane->is_set_up && w->teardown != NULL)
			w->teardown(lane->job);
	}
}

const char *lanes_error(const struct engine *e)
{
	for (int i = 0; i < e->lane_count; i++)
		if (e->lane[i].job != NULL && e->lane[i].job->error[0] != '\0')
			return e->lane[i].job->error;
	return NULL;
}
