/*
 * virtual: from a request to a simulation. See virtual.h.
 *
 *	params --virtual_words_read--> cores, rate, arrivals
 *	          `-- the rest -----> profiles as written, or the recording of the workload
 *	model, policy, kind, seed --> sim_run --> sample
 *
 * A sample is a function of the cell, its seed and the costs, so whoever has these has the sample again. Windows begin
 * when the system has run for a while (VIRTUAL_WARMUP_SHARE), as nobody watches a queue that has only just opened.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/sim.h>
#include <gilbench/util.h>
#include <gilbench/virtual.h>

#include "driver/execute.h"
#include "driver/recordings.h"
#include "driver/virtual_ahead.h"

/* About a minute. The exact value does not matter. */
#define SEGMENTS_MOST 5e8

static int from_recording(const struct virtual_runner *runner, const struct cell *cell, const char *work,
			  struct profile_cast *out, char *error, size_t error_bytes)
{
	const struct recording *recording = recording_find(runner, cell->cast, work);
	if (recording == NULL || recording->error != NULL) {
		snprintf(error, error_bytes, "%s",
			 recording != NULL ? recording->error : "it was not recorded");
		return -1;
	}
	*out = recording->profiles;
	if (out->count == 1)
		out->role[0].tasks = cell->workers;
	return 0;
}

/* What there is to simulate, whose roles may be the recording's: only a cast that was read here is released. */
struct work {
	struct virtual_words words;
	struct profile_cast cast;
	bool is_own;
};

static int find_work(const struct virtual_runner *runner, const struct cell *cell, struct work *out,
		     char *error, size_t error_bytes)
{
	char *rest;
	if (virtual_words_read(cell->params, &out->words, &rest, error, error_bytes) != 0)
		return -1;
	out->is_own = params_have_profiles(rest);
	int status = out->is_own ? profile_cast_read(cell->cast, rest, cell->workers, &out->cast, error,
						     error_bytes)
				 : from_recording(runner, cell, rest, &out->cast, error, error_bytes);
	free(rest);
	return status;
}

/* Segments of all operations, at most: a role's operations go no faster than its tasks, or the cores, let them. */
static double segments_of(const struct request *request, const struct work *work)
{
	double segments = 0;
	for (int i = 0; i < work->cast.count; i++) {
		const struct profile_role *role = &work->cast.role[i];
		const struct profile *p = &role->profile;
		double computes_s = profile_seconds(p, SEGMENT_GIL) + profile_seconds(p, SEGMENT_HOLD) +
				    profile_seconds(p, SEGMENT_FREE);
		double per_s = fmin(role->tasks / profile_seconds(p, SEGMENT_KINDS),
				    fmax(work->words.cores, 1) / computes_s);
		double ops = request->cell->kind == CELL_WINDOW ? per_s * request->cell->window_s
								: (double)request->ops;
		segments += ops * (double)p->count;
	}
	return segments;
}

/* A simulation hears no signal: one that takes minutes could not be ended. */
static int check_size(const struct request *request, const struct work *work, char *error, size_t error_bytes)
{
	double segments = segments_of(request, work);
	if (segments <= SEGMENTS_MOST)
		return 0;
	snprintf(error, error_bytes,
		 "%.3g segments would be simulated, and %.3g are the most: choose a shorter window, or fewer "
		 "operations",
		 segments, SEGMENTS_MOST);
	return -1;
}

static int make_simulation(const struct virtual_runner *runner, const struct request *request,
			   const struct work *work, struct simulation *s, char *error, size_t error_bytes)
{
	const struct cell *cell = request->cell;
	uint64_t window_ns = (uint64_t)(cell->window_s * NS_PER_S);
	*s = (struct simulation){
		.cast = &work->cast,
		.costs = runner->costs,
		.cores = work->words.cores > 0 ? work->words.cores : 1,
		.kind = cell->kind,
		.ops = request->ops,
		.window_ns = window_ns,
		.warmup_ns = runner->trace == NULL ? (uint64_t)((double)window_ns * VIRTUAL_WARMUP_SHARE) : 0,
		.rate_per_s = work->words.rate_per_s,
		.is_poisson = work->words.is_poisson,
		.seed = request->seed,
		.has_latency = true,
		.trace = runner->trace};
	if (sim_shape_parse(cell->model, &s->shape, error, error_bytes) != 0)
		return -1;
	return gil_policy_parse(cell->policy[0] != '\0' ? cell->policy : "py3", &s->policy, error,
				error_bytes);
}

static int simulate(const struct virtual_runner *runner, const struct request *request,
		    const struct work *work, struct sample *sample)
{
	struct simulation s;
	if (check_size(request, work, sample->error, sizeof(sample->error)) != 0 ||
	    make_simulation(runner, request, work, &s, sample->error, sizeof(sample->error)) != 0)
		return -EINVAL;
	return sim_run(&s, sample, NULL);
}

/* A sample always has its cell and its seed, whatever the simulator left of them. */
static void take_sample(const struct virtual_runner *runner, const struct request *request,
			struct sample *sample)
{
	struct work work = {.is_own = false};
	char error[sizeof(sample->error)];
	*sample = execute_blank(request);
	if (find_work(runner, request->cell, &work, error, sizeof(error)) != 0) {
		sample->status = SAMPLE_UNSUPPORTED;
		snprintf(sample->error, sizeof(sample->error), "%s", error);
		return;
	}
	int status = simulate(runner, request, &work, sample);
	if (status != 0)
		sample->status = status == -ENOMEM ? SAMPLE_CRASHED : SAMPLE_UNSUPPORTED;
	sample->cell = *request->cell;
	sample->seed = request->seed;
	sample->ops_asked = request->ops;
	if (work.is_own)
		profile_cast_release(&work.cast);
}

int virtual_execute(void *context, const struct request *request, struct sample *sample)
{
	struct virtual_runner *runner = context;
	if (request->cell->source != SOURCE_VIRTUAL)
		return execute_process(NULL, request, sample);
	if (!virtual_ahead_take(runner, request, take_sample, sample))
		take_sample(runner, request, sample);
	return 0;
}
