/*
 * hyperfine: a second opinion on a few cells.
 *
 * A sample is timed from inside, by the process that does the work. hyperfine times the same command from
 * outside, start and end of the process included, with a clock and a loop that we did not write. Both must
 * agree but for a few milliseconds; the report says how far they do.
 *
 * Timed: the baseline and the largest `threads` cell within the usable CPUs of the first group of computing
 * work.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/clock.h>
#include <gilbench/log.h>
#include <gilbench/planner.h>
#include <gilbench/util.h>

#include "driver/child.h"
#include "driver/hyperfine.h"
#include "driver/tool.h"

/* Runs of one command: enough for a median; hyperfine's own least is 2. */
#define RUNS_MIN 3
#define RUNS_MAX 10

/* Share of a budget, and its most: two commands, RUNS_MAX times 0.15 s. */
#define RESERVE_SHARE 0.05
#define RESERVE_MAX_S 4.0

/* A hung command must not hang the run: expected time times this, and a fixed time. */
#define DEADLINE_FACTOR  20
#define DEADLINE_FIXED_S 20.0

/* Most commands. */
#define COMMANDS_MAX 2

double hyperfine_reserve_s(const struct plan *plan)
{
	double share = plan->options.budget_s * RESERVE_SHARE;
	return share < RESERVE_MAX_S ? share : RESERVE_MAX_S;
}

static bool is_wanted(const struct plan *plan, const struct group *group)
{
	return plan->cells[group->baseline].cell.source == SOURCE_LIVE && group->class == WORK_CPU &&
	       group->kind == CELL_BATCH && strcmp(group->experiment, EXPERIMENT_CONTROLS) != 0;
}

/* What hung or crashed for the driver would do so again, and cost its deadline again. */
static bool has_succeeded(const struct session *session, size_t cell)
{
	const struct driver *driver = &session->driver;
	for (size_t i = 0; i < driver->sample_count; i++)
		if (driver->samples[i].status == SAMPLE_OK &&
		    cell_equal(&driver->samples[i].cell, &session->plan->cells[cell].cell))
			return true;
	return false;
}

/* Indices of the cells to time; returns how many. */
static size_t choose_cells(const struct session *session, size_t cells[COMMANDS_MAX])
{
	const struct plan *plan = session->plan;
	size_t count = 0;
	int threads = -1, g = 0;
	while (g < (int)plan->group_count && !is_wanted(plan, &plan->groups[g]))
		g++;
	if (g == (int)plan->group_count || !has_succeeded(session, (size_t)plan->groups[g].baseline))
		return 0;
	cells[count++] = (size_t)plan->groups[g].baseline;
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct plan_cell *cell = &plan->cells[i];
		if (cell->group == g && strcmp(cell->cell.model, "threads") == 0 &&
		    !cell->is_oversubscribed && has_succeeded(session, i))
			threads = (int)i;
	}
	if (threads >= 0)
		cells[count++] = (size_t)threads;
	return count;
}

/* The command with this program's own path in place of its name. */
static char *whole_command(const struct plan *plan, size_t cell)
{
	struct request request = {.cell = &plan->cells[cell].cell,
				  .ops = plan->cells[cell].ops,
				  .seed = plan_sample_seed(plan, cell, 0),
				  .affinity = plan->options.affinity};
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	self[length > 0 ? length : 0] = '\0';
	char *command = execute_command(&request);
	char *whole = xasprintf("'%s'%s", self, command + strlen("gilbench"));
	free(command);
	return whole;
}

static unsigned affordable_runs(const struct session *session, double once_s)
{
	double budget_s = session->plan->options.budget_s;
	double rest_s = budget_s - session->driver.elapsed_s;
	if (budget_s <= 0 || rest_s > RUNS_MAX * once_s)
		return RUNS_MAX;
	return rest_s > 0 ? (unsigned)(rest_s / once_s) : 0;
}

/* 0 when hyperfine ended well. Its answer is a file; it says nothing on the pipe. */
static int time_commands(const struct session *session, char *const commands[], size_t count, unsigned runs,
			 double expected_s)
{
	char *path = xasprintf("%s/hyperfine.json", session->dir), *times = xasprintf("%u", runs), *text;
	const char *argv[10 + COMMANDS_MAX] = {"hyperfine", "-N",  "--style",       "none",
					       "--runs",    times, "--export-json", path};
	struct child child;
	char complaint[200];
	size_t used = 8, length;
	int status = -1;
	for (size_t i = 0; i < count; i++)
		argv[used++] = commands[i];
	double deadline_s = expected_s * DEADLINE_FACTOR + DEADLINE_FIXED_S;
	if (child_start(&child, "hyperfine", (char *const *)(uintptr_t)argv, 0) == 0) {
		enum child_end end = child_listen(&child, clock_now_ns() + (uint64_t)(deadline_s * 1e9), 0,
						  &text, &length, &status);
		child_finish(&child, complaint, sizeof(complaint));
		free(text);
		status = end == CHILD_EXITED ? status : -1;
	}
	if (status != 0)
		unlink(path);
	free(times);
	free(path);
	return status;
}

static const char *run(const struct session *session)
{
	const struct plan *plan = session->plan;
	size_t cells[COMMANDS_MAX], count = choose_cells(session, cells);
	char *version = tool_output((const char *const[]){"hyperfine", "--version", NULL});
	char *commands[COMMANDS_MAX];
	double once_s = 0;
	if (version == NULL)
		return "absent";
	free(version);
	for (size_t i = 0; i < count; i++)
		once_s += plan->cells[cells[i]].seconds;
	unsigned runs = affordable_runs(session, once_s);
	if (count == 0 || runs < RUNS_MIN)
		return "skipped";
	log_progress("timing %zu whole commands with hyperfine", count);
	for (size_t i = 0; i < count; i++)
		commands[i] = whole_command(plan, cells[i]);
	int status = time_commands(session, commands, count, runs, once_s * runs);
	for (size_t i = 0; i < count; i++)
		free(commands[i]);
	log_progress_end();
	return status == 0 ? "hyperfine.json" : "skipped";
}

void hyperfine_run(struct session *session)
{
	uint64_t started_ns = clock_now_ns();
	json_object_set_new(session->manifest, "hyperfine", json_string(run(session)));
	session->driver.elapsed_s += clock_seconds(clock_now_ns() - started_ns);
}
