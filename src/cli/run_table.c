/*
 * run_table: what `run` prints at its end, one block of lines per group.
 *
 *	cpu-scaling: spin, iterations=75000                       noise floor 1.3 %
 *	  model     workers   n   median   95 % interval        speed-up               verdict
 *	  gil             2  12   141 ms   [140 ms, 143 ms]     0.97x [0.96, 0.98]     slower
 *
 * Median: of a batch the time it took, of a window the operations per second. Speed-up: over `seq`, within
 * the same blocks. Verdict: `faster` and `slower` only where the whole interval lies beyond the noise floor,
 * which is how far two runs of the very same cell differ here.
 *
 * A group with cells under a lock has a second block, what the lock did to them:
 *
 *	  under the lock  workers  held                    waited                  switches/s  forced/s  longest wait  fairness
 *	  gil (py3)             2  99.2 % [98.1, 99.4]     49.8 % [49.1, 50.2]            197       195       11.2 ms     0.998
 *
 * Medians over the samples, but for the longest wait, which is that of all of them.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/registry.h>
#include <gilbench/virtual_cell.h>
#include <gilbench/virtual_models.h>

#include "cli/run_table.h"
#include "report/text.h"

/* Most models that the end explains. The exact value does not matter. */
#define MODELS_MAX 32

static void print_heading(const struct summary_row *row, FILE *to)
{
	fprintf(to, "\n%s: %s%s%s", row->cell.experiment, row->cell.cast,
		row->cell.params[0] != '\0' ? ", " : "", row->cell.params);
	int cores = cell_cores(&row->cell);
	if (cores > 0)
		fprintf(to, "   (virtual time, %d core%s)", cores, cores == 1 ? "" : "s");
	else if (isfinite(row->noise_floor))
		fprintf(to, "   (noise floor %s)", text_percent(row->noise_floor).text);
	bool is_window = row->cell.kind == CELL_WINDOW;
	fprintf(to, "\n  %-24s %7s %4s  %-10s %-22s %-24s %s\n", is_window ? "model, role" : "model",
		"workers", "n", is_window ? "per second" : "median", is_window ? "" : "95 % interval",
		"speed-up", "verdict");
}

static const char *verdict_of(const struct summary_row *row)
{
	if (strcmp(row->status, "ok") != 0 && strcmp(row->status, "few") != 0)
		return row->status;
	if (strcmp(row->cell.model, "seq") == 0)
		return "baseline";
	if (!isfinite(row->speedup.mid))
		return row->status[0] == 'f' ? "few" : "";
	if (strcmp(row->status, "few") == 0)
		return "few samples";
	return verdict_name(ratio_verdict(&row->speedup, row->noise_floor));
}

/* "gil (py3), sleep"; "gil*4 (py3) 4 x 2"; "fork (cpython)": which one is said at the end. */
static void row_name(const struct summary_row *row, char *name, size_t bytes)
{
	const char *policy =
		row->cell.source == SOURCE_CPYTHON ? cell_source_name(SOURCE_CPYTHON) : row->cell.policy;
	bool has_policy = policy[0] != '\0', is_window = row->cell.kind == CELL_WINDOW;
	char *shape = model_shape_text(row->cell.model, row->cell.workers);
	snprintf(name, bytes, "%s%s%s%s%s%s%s%s", row->cell.model, has_policy ? " (" : "", policy,
		 has_policy ? ")" : "", shape != NULL ? " " : "", shape != NULL ? shape : "",
		 is_window ? ", " : "", is_window ? row->role : "");
	free(shape);
}

static void print_row(const struct summary_row *row, FILE *to)
{
	char name[128], interval[2 * NUMBER_TEXT_BYTES + 8] = "";
	bool is_window = row->cell.kind == CELL_WINDOW;
	row_name(row, name, sizeof(name));
	const struct interval *main = is_window ? &row->throughput_per_s : &row->wall_s;
	struct number_text (*words)(double) = is_window ? text_count : text_seconds;
	if (interval_exists(main))
		snprintf(interval, sizeof(interval), "[%s, %s]", words(main->lo).text, words(main->hi).text);
	fprintf(to, "  %-24s %7d %4u  %-10s %-22s %-24s %s\n", name, row->workers, row->samples,
		words(main->mid).text, interval,
		isfinite(row->speedup.mid) ? text_ratio_interval(&row->speedup).text : "", verdict_of(row));
}

/* ---- under the lock ---- */

/* Was it under a lock, and was something measured? Controls ask nothing of the lock. */
static bool has_lock(const struct summary_row *row)
{
	return isfinite(row->gil_switches) && strcmp(row->cell.experiment, "controls") != 0;
}

static void print_lock_row(const struct summary_row *row, FILE *to)
{
	char name[128];
	row_name(row, name, sizeof(name));
	fprintf(to, "  %-24s %7d  ", name, row->workers);
	text_put(to, text_share_interval(&row->gil_held_fraction).text, -24);
	text_put(to, text_share_interval(&row->gil_waited_fraction).text, -24);
	text_put(to, text_count(row->gil_switches_per_s).text, 10);
	text_put(to, text_count(row->gil_forced_per_s).text, 10);
	text_put(to, text_seconds(row->gil_longest_wait_s).text, 14);
	fprintf(to, "%10.3f\n", row->fairness.mid);
}

/* Of the rows of one group. True when there was something to say. */
static bool print_lock_block(const struct summary_row *rows, size_t count, FILE *to)
{
	bool has_heading = false;
	for (size_t i = 0; i < count; i++) {
		if (!has_lock(&rows[i]))
			continue;
		if (!has_heading)
			fprintf(to, "  %-24s %7s  %-24s%-24s%10s%10s%14s%10s\n", "under the lock", "workers",
				"held", "waited", "switches/s", "forced/s", "longest wait", "fairness");
		has_heading = true;
		print_lock_row(&rows[i], to);
	}
	return has_heading;
}

static size_t group_length(const struct summary *summary, size_t first)
{
	size_t end = first;
	while (end < summary->count && cell_same_group(&summary->rows[first].cell, &summary->rows[end].cell))
		end++;
	return end - first;
}

static void print_failures(const struct summary *summary, FILE *to)
{
	bool has_heading = false;
	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		if (strcmp(row->status, "ok") == 0 || strcmp(row->status, "few") == 0 ||
		    strcmp(row->status, "unsupported") == 0)
			continue;
		if (!has_heading)
			fputs("\nfailed:\n", to);
		has_heading = true;
		fprintf(to, "  %s: %s (%s), %s, %d worker%s\n", row->status, row->cell.experiment,
			row->cell.cast, row->cell.model, row->cell.workers,
			row->cell.workers == 1 ? "" : "s");
	}
}

static void print_models(const struct summary *summary, FILE *to)
{
	const struct model *used[MODELS_MAX], *model;
	size_t count = 0;
	char error[256];
	for (size_t i = 0; i < summary->count; i++) {
		size_t at = 0;
		model = model_find(summary->rows[i].cell.model, error, sizeof(error));
		if (model == NULL || count == MODELS_MAX)
			continue;
		while (at < count && model_place(used[at]->name) < model_place(model->name))
			at++;
		if (at < count && used[at] == model)
			continue;
		memmove(&used[at + 1], &used[at], (count - at) * sizeof(used[0]));
		used[at] = model;
		count++;
	}
	fputs("\n", to);
	for (size_t i = 0; i < count; i++)
		fprintf(to, "%-8s %s\n", used[i]->name, used[i]->label);
}

static void print_how_to_read_lock(FILE *to)
{
	fputs("\nheld: the share of the time for which some task of the row had the lock. waited: the share "
	      "of its "
	      "tasks' own\ntime spent asking for it; 100 % is every one of them waiting all the time.\n",
	      to);
}

void run_table_print(const struct summary *summary, FILE *to)
{
	bool has_locks = false;
	for (size_t first = 0, length; first < summary->count; first += length) {
		const struct summary_row *rows = &summary->rows[first];
		length = group_length(summary, first);
		print_heading(rows, to);
		for (size_t i = 0; i < length; i++)
			print_row(&rows[i], to);
		has_locks |= print_lock_block(rows, length, to);
	}
	if (has_locks)
		print_how_to_read_lock(to);
	print_models(summary, to);
	print_failures(summary, to);
}
