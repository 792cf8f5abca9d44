/*
 * calibrate: how many operations a sample of each cell does.
 *
 * Wanted: a sample lasts at least min_time, gives every task at least 10 operations, and does a multiple of
 * the workers, so that none idles at the end. Found by probes: short samples that are thrown away. A group's
 * baseline is probed from 3 operations upward; the others start from its rate, and so need one probe, and one
 * to see whether the first was disturbed.
 *
 * Probes are short, so the rate is known to some ten per cent; the margin covers that, at the price of
 * samples that are a little longer than they must be. What a sample did is counted, not assumed: a wrong rate
 * costs time, never truth.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/planner.h>
#include <gilbench/util.h>

#include "driver/calibrate.h"

/* A probe this long outlasts thread start and the first wake-ups by far. The exact value does not matter. */
#define PROBE_S 0.02

/* Shorter probes are repeated with more operations: below this, one hiccup is half of the result. */
#define PROBE_LEAST_S 0.004

/* Under a budget, calibration may take about this share of it. */
#define PROBE_BUDGET_SHARE 0.1

/* Longer probes are not repeated. */
#define PROBE_REPEAT_MAX_S 0.06

/* A probe of one operation per task is mostly its start and its end. */
#define PROBE_OPS_PER_TASK 3

/* More than this is not a neighbour: the work waits now and then. */
#define DISTURBANCE_MAX 2.0

/* Each probe grows at most so much: an early operation may be much cheaper than the rest. */
#define PROBE_GROWTH_MAX 1000.0

/* Most probes of one cell; a cell of 60 ns operations needs four. */
#define PROBES_MAX 8

/* Samples are planned this much longer than min_time. */
#define MARGIN 1.15

/* Fewer operations per task say nothing about a steady state. */
#define OPS_PER_TASK_MIN 10

/* In virtual time a sample is longer, since that costs little, and a longer one has less of a beginning and an end: so
 * many times as long, but at least and at most so many operations (and some for each task), which take about 10 ms. What
 * they take here must not decide: on every machine it is the same sample. The exact values do not matter. */
#define VIRTUAL_LONGER       100
#define VIRTUAL_OPS_MIN      5000
#define VIRTUAL_OPS_MAX      50000
#define VIRTUAL_OPS_PER_TASK 100
/* Before a window of virtual time has been simulated, that it takes so long is as good a guess as any. */
#define VIRTUAL_S 0.01

/* 2^53: a number of operations must survive a JSON number. */
#define OPS_MAX 0x1p53

static uint64_t multiple_up(double ops, uint64_t step)
{
	double steps = ceil(ops / (double)step);
	return (steps < 1 ? 1 : (uint64_t)steps) * step;
}

static double probe_length_s(const struct plan *plan)
{
	double share = plan->options.budget_s * PROBE_BUDGET_SHARE / (double)plan->cell_count;
	if (plan->options.budget_s > 0 && share < PROBE_S)
		return share < PROBE_LEAST_S ? PROBE_LEAST_S : share;
	return PROBE_S;
}

/* The probe gave no rate: the cell keeps the least number of operations, and what it said is its sample of
 * block 0 (asking again would say the same and, when it hung, cost its deadline again). */
static int keep_failure(struct loop *loop, size_t cell, struct sample *sample)
{
	struct plan_cell *target = &loop->plan->cells[cell];
	if (target->ops == 0)
		target->ops = (uint64_t)target->cell.workers * OPS_PER_TASK_MIN;
	return loop_record(loop, cell, 0, sample);
}

static bool is_virtual(const struct plan_cell *cell)
{
	return cell->cell.source == SOURCE_VIRTUAL;
}

/* The rate without the neighbours that slowed this probe. Computing cannot need more than its own processor
 * time, spread over the cores it can use: all of them without a lock and in processes, else at least one. */
static double undisturbed_rate(const struct loop *loop, size_t cell, uint64_t ops,
			       const struct sample *sample)
{
	const struct plan_cell *target = &loop->plan->cells[cell];
	double seen = (double)ops / sample->wall_s;
	if (is_virtual(target))
		return seen;
	if (loop->plan->groups[target->group].class != WORK_CPU || !(sample->cpu_s > 0))
		return seen;
	bool is_parallel =
		strcmp(target->cell.model, "threads") == 0 || strcmp(target->cell.model, "fork") == 0;
	int cpus = host_usable_cpus(), workers = target->cell.workers;
	double cores = is_parallel ? (workers < cpus ? workers : cpus) : 1;
	return fmin(fmax(seen, (double)ops / sample->cpu_s * cores), DISTURBANCE_MAX * seen);
}

/* One probe. 0, -EINTR, or the disk's -errno; 1 when the cell failed. A neighbour can only make a probe slow:
 * of several the fastest counts, or samples would turn out too short. */
static int probe_once(struct loop *loop, size_t cell, uint64_t ops, double *wall_s)
{
	struct pace *pace = &loop->pace[cell];
	struct sample sample;
	double elapsed_s, earlier = pace->ops_per_s > 0 ? pace->s_per_op : (double)NAN;
	int status = loop_execute(loop, cell, 0, ops, &sample, &elapsed_s);
	if (status != 0)
		return status;
	if (sample.status != SAMPLE_OK || !(sample.wall_s > 0)) {
		status = keep_failure(loop, cell, &sample);
		return status != 0 ? status : 1;
	}
	*wall_s = sample.wall_s;
	pace->ops_per_s = fmax(pace->ops_per_s, undisturbed_rate(loop, cell, ops, &sample));
	/* What a sample of virtual time takes here is its events. */
	double here_s = is_virtual(&loop->plan->cells[cell]) ? elapsed_s : sample.wall_s;
	pace->s_per_op = here_s / (double)ops;
	if (isfinite(earlier))
		pace->s_per_op = (pace->s_per_op + earlier) / 2;
	pace->overhead_s = fmax(elapsed_s - here_s, 0);
	sample_release(&sample);
	return 0;
}

/* Probe until one is long enough, and once more where there is time. Returns as probe_once does. */
static int probe(struct loop *loop, size_t cell, double rate)
{
	uint64_t workers = (uint64_t)loop->plan->cells[cell].cell.workers;
	double length_s = probe_length_s(loop->plan), wall_s = 0;
	double ops = fmax(rate * length_s, PROBE_OPS_PER_TASK * (double)workers);
	uint64_t whole = workers;
	int status = 0;
	for (int i = 0; i < PROBES_MAX && wall_s < PROBE_LEAST_S; i++) {
		whole = multiple_up(fmin(ops, OPS_MAX), workers);
		/* Shorter probes than the last were warmed up less: their rate is forgotten. */
		loop->pace[cell].ops_per_s = 0;
		status = probe_once(loop, cell, whole, &wall_s);
		if (status != 0)
			return status;
		ops = (double)whole * fmin(PROBE_GROWTH_MAX, length_s / wall_s);
	}
	/* Under a short budget, or where operations are slow, one has to do. */
	if (length_s >= PROBE_S && wall_s < PROBE_REPEAT_MAX_S)
		status = probe_once(loop, cell, whole, &wall_s);
	return status;
}

/* The same work is run live too: what is compared should be as long, for a beginning that is one operation in fifty is no
 * small part of a 99th percentile. */
static bool has_live_pair(const struct plan *plan, const struct cell *cell)
{
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct cell *live = &plan->cells[i].cell;
		if (live->source == SOURCE_LIVE && !live->is_twin && live->workers == cell->workers &&
		    live->kind == cell->kind && strcmp(live->experiment, cell->experiment) == 0 &&
		    strcmp(live->cast, cell->cast) == 0 && strcmp(live->model, cell->model) == 0 &&
		    strcmp(live->policy, cell->policy) == 0)
			return true;
	}
	return false;
}

static void settle(struct loop *loop, size_t cell)
{
	struct plan_cell *target = &loop->plan->cells[cell];
	const struct pace *pace = &loop->pace[cell];
	uint64_t workers = (uint64_t)target->cell.workers;
	if (target->ops == 0) {
		double wanted = pace->ops_per_s * loop->plan->options.min_time_s * MARGIN;
		uint64_t per_task = OPS_PER_TASK_MIN;
		if (is_virtual(target) && !has_live_pair(loop->plan, &target->cell)) {
			wanted = fmin(fmax(wanted * VIRTUAL_LONGER, VIRTUAL_OPS_MIN), VIRTUAL_OPS_MAX);
			per_task = VIRTUAL_OPS_PER_TASK;
		}
		target->ops = multiple_up(fmin(wanted, OPS_MAX), workers);
		if (target->ops < workers * per_task)
			target->ops = workers * per_task;
	}
	target->seconds = (double)target->ops * pace->s_per_op + pace->overhead_s;
}

/* --ops is about the work that was asked for; the controls must say what the machine can do whatever N is. */
static uint64_t given_ops(const struct loop *loop, const struct cell *cell)
{
	return strcmp(cell->experiment, EXPERIMENT_CONTROLS) != 0 ? loop->plan->options.ops : 0;
}

/* A window, or a given number of operations without a budget, needs no probe. */
static bool needs_probe(const struct loop *loop, const struct plan_cell *target)
{
	if (target->cell.kind == CELL_WINDOW || target->seconds > 0)
		return false;
	return target->ops == 0 || loop->plan->options.budget_s > 0;
}

/* What a process start takes, about, before any was measured: for windows only. */
#define PROCESS_S 0.01

static int calibrate_cell(struct loop *loop, size_t cell, double rate)
{
	struct plan_cell *target = &loop->plan->cells[cell];
	if (target->cell.kind == CELL_BATCH && given_ops(loop, &target->cell) > 0)
		target->ops = given_ops(loop, &target->cell);
	if (target->cell.kind == CELL_WINDOW && target->seconds <= 0)
		target->seconds = is_virtual(target) ? VIRTUAL_S : target->cell.window_s + PROCESS_S;
	if (!needs_probe(loop, target) || loop_has_sample(loop, cell, 0))
		return 0;
	char *label = cell_label(&target->cell);
	log_progress("calibrating %zu/%zu  %s", cell + 1, loop->plan->cell_count, label);
	free(label);
	int status = probe(loop, cell, rate);
	if (status == 0)
		settle(loop, cell);
	return status < 0 ? status : 0;
}

static void copy_to_twin(struct loop *loop, const struct group *group)
{
	if (group->twin < 0)
		return;
	const struct plan_cell *baseline = &loop->plan->cells[group->baseline];
	struct plan_cell *twin = &loop->plan->cells[group->twin];
	twin->ops = baseline->ops;
	twin->seconds = baseline->seconds;
	loop->pace[group->twin] = loop->pace[group->baseline];
}

int calibrate(struct loop *loop)
{
	struct plan *plan = loop->plan;
	int status = 0;
	for (size_t g = 0; g < plan->group_count && status == 0; g++) {
		const struct group *group = &plan->groups[g];
		status = calibrate_cell(loop, (size_t)group->baseline, 0);
		copy_to_twin(loop, group);
	}
	for (size_t i = 0; i < plan->cell_count && status == 0; i++) {
		const struct group *group = &plan->groups[plan->cells[i].group];
		if ((int)i != group->baseline && (int)i != group->twin)
			status = calibrate_cell(loop, i, loop->pace[group->baseline].ops_per_s);
	}
	return status;
}

/* ---- a budget that one block does not fit ---- */

/* A cell may shrink when its operations were not given, and when that gains something. */
static bool can_shrink(const struct loop *loop, size_t cell)
{
	const struct cell *target = &loop->plan->cells[cell].cell;
	return target->kind == CELL_BATCH && target->source != SOURCE_VIRTUAL &&
	       given_ops(loop, target) == 0 && loop->pace[cell].ops_per_s > 0;
}

/* Operations at `factor` of the calibrated ones, at least one per task. */
static uint64_t shrunk_ops(const struct plan_cell *cell, double factor)
{
	uint64_t workers = (uint64_t)cell->cell.workers;
	double steps = floor((double)cell->ops * factor / (double)workers);
	return steps < 1 ? workers : (uint64_t)steps * workers;
}

static double shrunk_s(const struct loop *loop, size_t cell, double factor)
{
	const struct plan_cell *target = &loop->plan->cells[cell];
	if (!can_shrink(loop, cell))
		return target->seconds;
	return (double)shrunk_ops(target, factor) * loop->pace[cell].s_per_op + loop->pace[cell].overhead_s;
}

static double block_s(const struct loop *loop, double factor)
{
	double sum = 0;
	for (size_t i = 0; i < loop->plan->cell_count; i++)
		sum += shrunk_s(loop, i, factor);
	return sum;
}

int scale_to_fit(struct loop *loop, double rest_s, double *least_s)
{
	double low = 0, high = 1;
	*least_s = block_s(loop, 0);
	if (*least_s > rest_s)
		return -1;
	/* Halving: 20 steps find the factor to a millionth. */
	for (int i = 0; i < 20; i++) {
		double middle = (low + high) / 2;
		if (block_s(loop, middle) <= rest_s)
			low = middle;
		else
			high = middle;
	}
	for (size_t i = 0; i < loop->plan->cell_count; i++) {
		double seconds = shrunk_s(loop, i, low);
		if (can_shrink(loop, i))
			loop->plan->cells[i].ops = shrunk_ops(&loop->plan->cells[i], low);
		loop->plan->cells[i].seconds = seconds;
	}
	return 0;
}
