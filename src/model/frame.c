/*
 * frame: one run of one cell, the same for every model. See engine.h for the order of things.
 *
 * What the clock sees. The workers exist, have done their task_setup and sleep at the line; the clock is
 * read; then the gun is fired. Reading it after the gun would make two threads on two cores look more than
 * twice as fast, since they are already running when it is read. The end is the latest time that a worker
 * itself stamped, not the time at which the starter noticed.
 *
 * What memory is. All workers still stand at the finish, with all that they allocated, when the proportional
 * set sizes are read. Companions are not counted.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "model/engine.h"

/* Between two looks for the dead while waiting at the line or the finish. Long enough to cost nothing beside
 * the work, short enough that nobody waits for a cell that has died. */
#define LOOK_PERIOD_NS (50ull * NS_PER_MS)

/* Until the next look: a window's end is one. */
static uint64_t look_period_ns(const struct engine *e)
{
	uint64_t now = clock_now_ns(), stop_ns = e->gun->stop_ns;
	return stop_ns > now && stop_ns - now < LOOK_PERIOD_NS ? stop_ns - now : LOOK_PERIOD_NS;
}

/* True when all are there; false when one has died. */
static bool wait_for_all(struct engine *e, bool (*all)(struct gun *, unsigned, uint64_t))
{
	while (!all(e->gun, (unsigned)e->at_line, look_period_ns(e))) {
		if (e->crew->has_lost != NULL && e->crew->has_lost(e))
			return false;
		/* More than once, for a signal that comes just before a system call interrupts nothing. */
		if (e->crew->interrupt != NULL && clock_now_ns() >= e->gun->stop_ns)
			e->crew->interrupt(e);
	}
	return true;
}

static void mark(struct engine *e, enum sample_status status, const char *sentence)
{
	e->sample->status = status;
	snprintf(e->sample->error, sizeof(e->sample->error), "%s", sentence);
}

static void read_memory(struct engine *e)
{
	e->sample->rss_bytes = usage_pss_bytes(getpid());
	if (e->crew->workers_rss != NULL)
		e->sample->rss_bytes += e->crew->workers_rss(e);
}

/* From the gun to the finish. */
static void race(struct engine *e)
{
	uint64_t window_ns = e->execution->kind == CELL_WINDOW ? e->execution->window_ns : 0;
	companions_note(e);
	companions_watch(e);
	uint64_t start_ns = gun_fire(e->gun, window_ns);
	if (e->execution->trace != NULL)
		e->execution->trace->start_ns = start_ns;
	if (e->crew->work != NULL)
		e->crew->work(e);
	bool are_there = wait_for_all(e, gun_wait_finish);
	companions_unwatch(e);
	if (!are_there || companions_have_lost(e)) {
		mark(e, SAMPLE_CRASHED, e->error);
		return;
	}
	e->sample->companion_cpu_s = companions_cpu_s(e);
	read_memory(e);
}

/* Workers are made, run and collected. */
static int run_crew(struct engine *e)
{
	uint64_t before_ns = clock_now_ns();
	int error = e->crew->start(e);
	if (error != 0)
		return error;
	bool is_lost = !wait_for_all(e, gun_wait_line);
	e->sample->setup_s = clock_seconds(clock_now_ns() - before_ns);
	if (is_lost || lanes_error(e) != NULL) {
		if (!is_lost)
			snprintf(e->error, sizeof(e->error), "%.200s", lanes_error(e));
		gun_call_off(e->gun);
		e->crew->join(e);
		return -ECHILD;
	}
	race(e);
	gun_release(e->gun);
	e->crew->join(e);
	if (e->sample->status == SAMPLE_OK)
		companions_settle(e);
	return 0;
}

/* A workload's setup did not succeed: it refused this cell (0), or something failed (-errno). */
static int give_up(struct engine *e)
{
	snprintf(e->error, sizeof(e->error), "%.200s", lanes_error(e));
	for (int i = 0; i < e->lane_count; i++) {
		if (!e->lane[i].job->is_refused)
			continue;
		mark(e, SAMPLE_UNSUPPORTED, e->error);
		return 0;
	}
	return -EIO;
}

static int run_cell(struct engine *e)
{
	int error = arena_prepare(e);
	if (error == 0)
		error = scratch_make(e);
	if (error != 0)
		return error;
	error = lanes_setup(e) == 0 ? run_crew(e) : give_up(e);
	if (error == 0 && e->sample->status == SAMPLE_OK)
		answer_fill(e);
	lanes_teardown(e);
	return error;
}

/* Why this cell cannot be run under this model, or NULL. */
static const char *unsupported(struct engine *e)
{
	if (e->crew->is_one_task && e->task_count > 1)
		return "one after the other means one task: a cast of several needs another model";
	for (int i = 0; i < e->lane_count; i++) {
		const struct role *role = e->lane[i].role;
		if ((role->workload->needs & NEEDS_TWO_TASKS) == 0 || role->tasks >= 2)
			continue;
		snprintf(e->error, sizeof(e->error), "%s needs at least two tasks", role->name);
		return e->error;
	}
	return NULL;
}

static void roll_call(struct engine *e)
{
	e->lane_count = e->execution->role_count;
	for (int i = 0; i < e->lane_count; i++) {
		const struct role *role = &e->execution->role[i];
		e->lane[i] = (struct lane){.engine = e, .role = role, .first = e->task_count};
		e->task_count += role->tasks;
	}
}

static void sample_begin(struct engine *e)
{
	struct sample *s = e->sample;
	s->status = SAMPLE_OK;
	s->error[0] = '\0';
	s->ops_asked = e->execution->kind == CELL_BATCH ? e->execution->ops : 0;
	s->is_throttled = 0;
	s->wall_s = s->cpu_s = s->ctx_voluntary = s->ctx_involuntary = NAN;
	s->rss_bytes = s->setup_s = NAN;
	s->companion_cpu_s = 0;
	s->gil_span_s = NAN;
	s->role_count = 0;
}

int engine_run(const struct execution *execution, struct sample *sample, const struct crew *crew,
	       struct gil *gil, void *model)
{
	struct engine e = {

		.execution = execution, .sample = sample, .crew = crew, .gil = gil, .model = model};
	sample_begin(&e);
	roll_call(&e);
	const char *reason = unsupported(&e);
	if (reason != NULL) {
		mark(&e, SAMPLE_UNSUPPORTED, reason);
		return 0;
	}
	signals_catch_wake();
	int error = run_cell(&e);
	if (error != 0)
		mark(&e, SAMPLE_CRASHED, e.error);
	companions_end(&e);
	scratch_remove(&e);
	arena_dismiss(&e);
	return error;
}
