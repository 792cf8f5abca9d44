/*
 * driver: the loop over blocks. See driver.h.
 *
 *	calibrate -> fit into the budget -> [ choose groups -> one block in seeded order ]... -> end
 *
 * A block is a pure function of seed and number (plan_order), and whether a group goes on is a function of
 * the samples so far, so a resumed run needs no other record than its samples: it enters the last block that
 * has any, and skips what is there.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/log.h>
#include <gilbench/util.h>

#include "driver/calibrate.h"
#include "driver/loop.h"

static void find_earlier(struct loop *loop, const struct sample *sample)
{
	for (size_t i = 0; i < loop->plan->cell_count; i++) {
		if (sample->block >= loop->block_limit ||
		    !cell_equal(&loop->plan->cells[i].cell, &sample->cell))
			continue;
		loop->has_sample[i * loop->block_limit + sample->block] = true;
		loop->pace[i].is_out |=
			sample->status == SAMPLE_UNSUPPORTED || sample->status == SAMPLE_TIMEOUT;
	}
}

static struct loop loop_start(struct driver *driver)
{
	struct plan *plan = driver->plan;
	const struct measure_options *options = &plan->options;
	struct loop loop = {.driver = driver, .plan = plan, .room = driver->sample_count};
	loop.block_limit =
		options->max_samples > options->min_samples ? options->max_samples : options->min_samples;
	loop.pace = xcalloc(plan->cell_count, sizeof(*loop.pace));
	loop.blocks = xcalloc(plan->group_count, sizeof(*loop.blocks));
	loop.has_sample = xcalloc(plan->cell_count * loop.block_limit, sizeof(*loop.has_sample));
	for (size_t i = 0; i < driver->sample_count; i++)
		find_earlier(&loop, &driver->samples[i]);
	loop.started_s = loop_now_s(&loop);
	return loop;
}

static void loop_end(struct loop *loop)
{
	loop->driver->elapsed_s = loop_elapsed_s(loop);
	free(loop->has_sample);
	free(loop->blocks);
	free(loop->pace);
}

/* The block at which a run goes on: the last one that has any sample. Blocks before it are complete. */
static unsigned first_block(struct loop *loop)
{
	unsigned first = 0;
	for (size_t i = 0; i < loop->driver->sample_count; i++)
		if (loop->driver->samples[i].block > first)
			first = loop->driver->samples[i].block;
	for (size_t g = 0; g < loop->plan->group_count; g++) {
		for (unsigned block = 0; block < first; block++) {
			bool took_part = false;
			for (size_t i = 0; i < loop->plan->cell_count && !took_part; i++)
				took_part = loop->plan->cells[i].group == (int)g &&
					    loop_has_sample(loop, i, block);
			loop->blocks[g] += took_part;
		}
	}
	return first;
}

/* What is still to come at most: groups may be precise earlier. */
struct outlook {
	double seconds, samples;
};

static struct outlook look_ahead(const struct loop *loop)
{
	struct outlook ahead = {0};
	double budget_s = loop->plan->options.budget_s, rest_s = budget_s - loop_elapsed_s(loop);
	for (size_t i = 0; i < loop->plan->cell_count; i++) {
		for (unsigned block = 0; block < loop->block_limit && !loop->pace[i].is_out; block++) {
			if (loop_has_sample(loop, i, block))
				continue;
			ahead.seconds += loop_expected_s(loop, i);
			ahead.samples++;
		}
	}
	if (budget_s <= 0 || rest_s >= ahead.seconds)
		return ahead;
	rest_s = rest_s > 0 ? rest_s : 0;
	return (struct outlook){.seconds = rest_s, .samples = ahead.samples * rest_s / ahead.seconds};
}

static void show_progress(const struct loop *loop, size_t cell)
{
	char *label = cell_label(&loop->plan->cells[cell].cell);
	struct outlook ahead = look_ahead(loop);
	bool is_long = ahead.seconds >= 120;
	size_t done = loop->driver->sample_count;
	log_progress("%zu/%.0f  at most %.0f %s left  %s", done + 1,
		     fmax((double)done + ahead.samples, (double)done + 1),
		     is_long ? ahead.seconds / 60 : ahead.seconds, is_long ? "min" : "s", label);
	free(label);
}

static int take_sample(struct loop *loop, size_t cell, unsigned block)
{
	struct sample sample;
	show_progress(loop, cell);
	int status = loop_execute(loop, cell, block, loop->plan->cells[cell].ops, &sample, NULL);
	return status != 0 ? status : loop_record(loop, cell, block, &sample);
}

/* One block of the active groups. 0, -EINTR, the disk's -errno; 1 when the budget is used up. */
static int run_block(struct loop *loop, unsigned block, const bool *is_active)
{
	size_t count = loop->plan->cell_count;
	unsigned *order = xcalloc(count, sizeof(*order));
	plan_order(loop->plan, block, order);
	int status = 0;
	for (size_t i = 0; i < count && status == 0; i++) {
		size_t cell = block == 0 && loop->driver->is_first_in_order ? i : order[i];
		if (!is_active[loop->plan->cells[cell].group] || loop->pace[cell].is_out ||
		    loop_has_sample(loop, cell, block))
			continue;
		if (driver_is_stopped())
			status = -EINTR;
		else if (is_past_budget(loop, cell))
			status = 1;
		else
			status = take_sample(loop, cell, block);
	}
	free(order);
	return status;
}

static bool any(const bool *flags, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (flags[i])
			return true;
	return false;
}

static int run_blocks(struct loop *loop)
{
	size_t groups = loop->plan->group_count;
	bool *is_active = xcalloc(groups, sizeof(*is_active));
	int status = 0;
	for (unsigned block = first_block(loop); block < loop->block_limit && status == 0; block++) {
		choose_groups(loop, is_active);
		if (!any(is_active, groups))
			break;
		status = run_block(loop, block, is_active);
		for (size_t g = 0; g < groups; g++)
			loop->blocks[g] += is_active[g];
	}
	free(is_active);
	return status < 0 ? status : 0;
}

/* Samples that are thrown away, until --warmup has passed. */
static int warm_up(struct loop *loop)
{
	double end_s = loop_now_s(loop) + loop->plan->options.warmup_s;
	for (size_t i = 0; loop->plan->cell_count > 0 && loop_now_s(loop) < end_s; i++) {
		struct sample sample;
		size_t cell = i % loop->plan->cell_count;
		if (loop->pace[cell].is_out)
			continue;
		log_progress("warming up");
		int status = loop_execute(loop, cell, 0, loop->plan->cells[cell].ops, &sample, NULL);
		if (status != 0)
			return status;
		sample_release(&sample);
	}
	return 0;
}

static double one_block_s(const struct loop *loop)
{
	double sum = 0;
	for (size_t i = 0; i < loop->plan->cell_count; i++)
		sum += loop->plan->cells[i].seconds;
	return sum;
}

/* 0, or -ENOSPC's cousin: -1 when the budget cannot hold one sample a cell. */
static int fit_into_budget(struct loop *loop)
{
	struct driver *driver = loop->driver;
	double budget_s = loop->plan->options.budget_s, least_s;
	double rest_s = budget_s - driver->reserve_s - loop_elapsed_s(loop);
	if (budget_s <= 0 || one_block_s(loop) <= rest_s)
		return 0;
	/* A tenth for what drifts. */
	bool is_scaled = scale_to_fit(loop, rest_s * 0.9, &least_s) == 0;
	if (!is_scaled && driver->is_budget_soft) {
		log_warn("one sample of each cell takes about %.0f s: there is no bound but --budget",
			 least_s);
		loop->plan->options.budget_s = 0;
		return 0;
	}
	if (!is_scaled) {
		double needed_s = (least_s / 0.9 + loop_elapsed_s(loop) + driver->reserve_s) * 1.1;
		snprintf(driver->error, sizeof(driver->error),
			 "--budget %.4gs does not hold one sample of each of the %zu cells; the least is "
			 "about "
			 "%.0fs (or choose fewer cells with --model, --workers)",
			 budget_s, loop->plan->cell_count, needed_s + 1);
		return -1;
	}
	driver->is_scaled = true;
	loop_warn(loop->plan,
		  "the budget of %.4g s does not hold one block: operations per sample were scaled down, and "
		  "samples are shorter than %.4g s",
		  budget_s, loop->plan->options.min_time_s);
	log_warn("%s", loop->plan->warnings[loop->plan->warning_count - 1]);
	return 0;
}

static enum driver_end end_of(struct driver *driver, int status)
{
	if (status == 0)
		return DRIVER_DONE;
	if (status == -EINTR)
		return DRIVER_INTERRUPTED;
	snprintf(driver->error, sizeof(driver->error),
		 "cannot write to %s: %s; what was measured before is kept", driver->dir, strerror(-status));
	return DRIVER_NO_DISK;
}

enum driver_end driver_run(struct driver *driver)
{
	bool is_resumed = driver->sample_count > 0;
	struct loop loop = loop_start(driver);
	enum driver_end end;
	int status = calibrate(&loop);
	driver->calibration_s = loop_now_s(&loop) - loop.started_s;
	if (status == 0 && !is_resumed && fit_into_budget(&loop) != 0) {
		end = DRIVER_NO_BUDGET;
	} else {
		if (status == 0 && driver->on_calibrated != NULL)
			driver->on_calibrated(driver->calibrated_context, driver);
		if (status == 0)
			status = warm_up(&loop);
		if (status == 0)
			status = run_blocks(&loop);
		end = end_of(driver, status);
	}
	log_progress_end();
	loop_end(&loop);
	return end;
}

void driver_release(struct driver *driver)
{
	for (size_t i = 0; i < driver->sample_count; i++)
		sample_release(&driver->samples[i]);
	free(driver->samples);
	driver->samples = NULL;
	driver->sample_count = 0;
}
