/*
 * loop: taking one sample, and keeping it.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/clock.h>
#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#include "driver/loop.h"

/* A sample is given up after this many times its expected length, and a fixed time for a machine that pauses.
 */
#define DEADLINE_FACTOR  20
#define DEADLINE_FIXED_S 10.0

/* Before calibration nothing is expected: an operation may be a wait of a minute. */
#define DEADLINE_UNKNOWN_S 300.0

/* Overrides all of these, in seconds: for tests, and for work that hangs now and then. */
#define DEADLINE_VARIABLE "GILBENCH_DEADLINE_S"

double loop_now_s(const struct loop *loop)
{
	if (loop->driver->now_s != NULL)
		return loop->driver->now_s(loop->driver->context);
	return clock_seconds(clock_now_ns());
}

double loop_elapsed_s(const struct loop *loop)
{
	return loop->driver->used_s + loop_now_s(loop) - loop->started_s;
}

double loop_expected_s(const struct loop *loop, size_t cell)
{
	const struct pace *pace = &loop->pace[cell];
	return pace->taken > 0 ? pace->spent_s / pace->taken : loop->plan->cells[cell].seconds;
}

bool loop_has_sample(const struct loop *loop, size_t cell, unsigned block)
{
	return loop->has_sample[cell * loop->block_limit + block];
}

static double deadline_s(const struct loop *loop, size_t cell)
{
	const char *given = getenv(DEADLINE_VARIABLE);
	double given_s = given != NULL ? strtod(given, NULL) : 0,
	       expected_s = loop->plan->cells[cell].seconds;
	if (given_s > 0)
		return given_s;
	return expected_s > 0 ? expected_s * DEADLINE_FACTOR + DEADLINE_FIXED_S : DEADLINE_UNKNOWN_S;
}

static struct request make_request(const struct loop *loop, size_t cell, unsigned block, uint64_t ops)
{
	return (struct request){
		.cell = &loop->plan->cells[cell].cell,
		.ops = ops,
		.seed = plan_sample_seed(loop->plan, cell, block),
		.affinity = loop->plan->options.affinity,
		.deadline_s = deadline_s(loop, cell),
	};
}

int loop_execute(struct loop *loop, size_t cell, unsigned block, uint64_t ops, struct sample *sample,
		 double *elapsed_s)
{
	struct driver *driver = loop->driver;
	struct request request = make_request(loop, cell, block, ops);
	long throttled = host_throttled();
	double started_s = loop_now_s(loop);
	int status = driver->execute != NULL ? driver->execute(driver->context, &request, sample)
					     : execute_process(NULL, &request, sample);
	if (elapsed_s != NULL)
		*elapsed_s = loop_now_s(loop) - started_s;
	if (status == 0) {
		sample->is_throttled = request.cell->source != SOURCE_VIRTUAL && host_throttled() > throttled;
		loop->pace[cell].last_s = loop_now_s(loop) - started_s;
	}
	return status;
}

/* Say what failed and how to see it again, once per cell; the summary counts the rest. */
static void report_failure(struct loop *loop, size_t cell, unsigned block, const struct sample *sample)
{
	if (loop->pace[cell].has_failed)
		return;
	loop->pace[cell].has_failed = true;
	struct request request = make_request(loop, cell, block, sample->ops_asked);
	struct driver *driver = loop->driver;
	char *command = driver->command != NULL ? driver->command(driver->context, &request)
						: execute_command(&request);
	char *label = cell_label(&sample->cell);
	const char *status = sample_status_name(sample->status);
	loop_warn(loop->plan, "%s: %s, %s; to repeat it: %s", label, status, sample->error, command);
	log_warn("%s: %s, %s; to repeat it: %s", label, status, sample->error, command);
	free(command);
	free(label);
}

static void note_status(struct loop *loop, size_t cell, unsigned block, const struct sample *sample)
{
	struct pace *pace = &loop->pace[cell];
	pace->spent_s += pace->last_s;
	pace->taken++;
	pace->is_out |= sample->status == SAMPLE_UNSUPPORTED || sample->status == SAMPLE_TIMEOUT;
	if (sample->status != SAMPLE_OK && sample->status != SAMPLE_UNSUPPORTED) {
		loop->driver->failed++;
		report_failure(loop, cell, block, sample);
	}
}

/* Its numbers; histograms of thousands of samples would not fit. */
static void keep(struct loop *loop, const struct sample *sample)
{
	struct driver *driver = loop->driver;
	if (driver->sample_count == loop->room) {
		loop->room = loop->room * 2 + 64;
		driver->samples = xrealloc(driver->samples, loop->room, sizeof(*driver->samples));
	}
	driver->samples[driver->sample_count++] = *sample;
}

int loop_record(struct loop *loop, size_t cell, unsigned block, struct sample *sample)
{
	struct driver *driver = loop->driver;
	sample->block = block;
	sample->order = (unsigned)driver->sample_count;
	int status = driver->dir != NULL ? run_append_sample(driver->dir, sample) : 0;
	if (status == 0) {
		note_status(loop, cell, block, sample);
		if (driver->on_sample != NULL)
			driver->on_sample(driver->hook_context, loop->plan, cell, sample);
		loop->has_sample[cell * loop->block_limit + block] = true;
	}
	sample_release(sample);
	if (status == 0)
		keep(loop, sample);
	return status;
}

void loop_warn(struct plan *plan, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	plan->warnings = xrealloc(plan->warnings, plan->warning_count + 1, sizeof(*plan->warnings));
	plan->warnings[plan->warning_count++] = xstrdup(text);
}
