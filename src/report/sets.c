/*
 * sets: which rows of the summary belong to which part of which experiment.
 *
 * A row carries its cast and every parameter written out; a [cells] section says its cast and only the
 * parameters it sets, as a person types them (1MiB, 1048576). A row belongs to the section of its cast whose
 * assignments all hold in it, and of several to the one that says most; where several say as much, they differ in
 * the window, as for policies that need a longer one.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/param.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "report/parts.h"

static bool same_value(const char *a, const char *b)
{
	double x, y;
	if (strcmp(a, b) == 0)
		return true;
	/* Printed values are rounded to a few digits. */
	return param_number(a, &x) == 0 && param_number(b, &y) == 0 && fabs(x - y) <= 1e-6 * fabs(x);
}

/* Does `params` ("a=1 b=2") hold the assignment `name=value`? */
static bool has_assignment(const char *params, const char *assignment)
{
	size_t name = strcspn(assignment, "=") + 1;
	char *copy = xstrdup(params), *rest = copy, *word;
	bool is_found = false;
	while (!is_found && (word = strsep(&rest, " ")) != NULL)
		is_found = strlen(word) >= name && strncmp(word, assignment, name) == 0 &&
			   same_value(word + name, assignment + name);
	free(copy);
	return is_found;
}

/* How many assignments the set makes, or -1 when one of them does not hold. */
static int set_match(const struct cell_set *set, const struct cell *cell)
{
	int count = 0;
	if (strcmp(set->cast.text, cell->cast) != 0)
		return -1;
	char *copy = xstrdup(set->params.text != NULL ? set->params.text : ""), *rest = copy, *word;
	while (count >= 0 && (word = strsep(&rest, " ,")) != NULL)
		if (*word != '\0')
			count = has_assignment(cell->params, word) ? count + 1 : -1;
	free(copy);
	return count;
}

/* Was it this section's window? The command line's may have been another. */
static bool has_window(const struct cell_set *set, const struct cell *cell)
{
	return fabs(set->window_s - cell->window_s) <= 1e-9;
}

int row_set(const struct experiment *experiment, const struct summary_row *row)
{
	return row->cell.source != SOURCE_CPYTHON ? row_set_of_any(experiment, row) : -1;
}

int row_set_of_any(const struct experiment *experiment, const struct summary_row *row)
{
	int best = -1, best_count = -1;
	if (strcmp(row->cell.experiment, experiment->name) != 0)
		return -1;
	for (size_t i = 0; i < experiment->set_count; i++) {
		const struct cell_set *set = &experiment->sets[i];
		int count = set_match(set, &row->cell);
		if (count > best_count || (count >= 0 && count == best_count && has_window(set, &row->cell) &&
					   !has_window(&experiment->sets[best], &row->cell))) {
			best = (int)i;
			best_count = count;
		}
	}
	return best;
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

bool sets_are_alike(const struct experiment *e, int a, int b)
{
	return same_text(e->sets[a].cast.text, e->sets[b].cast.text) &&
	       same_text(e->sets[a].params.text, e->sets[b].params.text);
}

bool row_is_ok(const struct summary_row *row)
{
	return strcmp(row->status, "ok") == 0 || strcmp(row->status, "few") == 0;
}

bool experiment_has_stand_ins(const struct report *report, const struct experiment *experiment)
{
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		const struct workload *workload = workload_find(row->workload);
		if (strcmp(row->cell.experiment, experiment->name) == 0 && workload != NULL &&
		    workload->is_stand_in)
			return true;
	}
	return false;
}

static struct experiment *experiment_new(struct report *report)
{
	report->experiments =
		xrealloc(report->experiments, report->experiment_count + 1, sizeof(struct experiment));
	struct experiment *experiment = &report->experiments[report->experiment_count++];
	*experiment = (struct experiment){0};
	return experiment;
}

static struct experiment *experiment_named(const struct report *report, const char *name)
{
	for (size_t i = 0; i < report->experiment_count; i++)
		if (strcmp(report->experiments[i].name, name) == 0)
			return &report->experiments[i];
	return NULL;
}

/* What was measured without an experiment file is an experiment too: one set per cast and parameters. */
static void experiment_from_row(struct report *report, const struct summary_row *row)
{
	struct experiment *experiment = experiment_named(report, row->cell.experiment);
	const struct workload *workload = workload_find(row->workload);
	bool has_speedup = row->cell.kind == CELL_BATCH;

	if (experiment == NULL) {
		experiment = experiment_new(report);
		experiment->name = xstrdup(row->cell.experiment);
		experiment->title = xstrdup("A measurement of its own");
		experiment->question = xasprintf(
			has_speedup ? "What do more workers do for %s?"
				    : "How long does an operation of %s take, and under which model?",
			row->cell.cast);
		experiment->class = workload != NULL ? workload->class : WORK_MIXED;
		experiment->charts[0].kind = has_speedup ? CHART_SPEEDUP : CHART_LATENCY;
		experiment->chart_count = 1;
	}
	experiment->sets = xrealloc(experiment->sets, experiment->set_count + 1, sizeof(struct cell_set));
	experiment->sets[experiment->set_count++] = (struct cell_set){
		.name = xstrdup(row->cell.cast),
		.cast.text = xstrdup(row->cell.cast),
		.params.text = xstrdup(row->cell.params),
		.window_s = row->cell.window_s,
	};
}

/* Rows of a validation are compared across its two sides, in a section of their own. */
static bool is_validated(const struct report *report, const struct summary_row *row)
{
	return report->validation != NULL &&
	       strncmp(row->cell.experiment, VALIDATE_PREFIX, strlen(VALIDATE_PREFIX)) == 0;
}

/* Controls are read by their own sections; experiments of the manifest have their rows already. */
static void experiments_from_rows(struct report *report)
{
	size_t from_files = report->experiment_count;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		const struct experiment *known = experiment_named(report, row->cell.experiment);
		bool is_from_file = known != NULL && known < report->experiments + from_files;
		if (strcmp(row->cell.experiment, "controls") != 0 && !is_from_file &&
		    !is_validated(report, row) && (known == NULL || row_set_of_any(known, row) < 0))
			experiment_from_row(report, row);
	}
}

/* What a short budget never gives up comes first; of one rank, in the order of the run. */
static void experiments_by_rank(struct report *report)
{
	for (size_t i = 1; i < report->experiment_count; i++) {
		struct experiment moved = report->experiments[i];
		size_t k = i;
		for (; k > 0 && report->experiments[k - 1].rank > moved.rank; k--)
			report->experiments[k] = report->experiments[k - 1];
		report->experiments[k] = moved;
	}
}

static void note_unreadable(struct report *report, const char *error)
{
	char *longer = xasprintf("%s%s%s", report->unreadable != NULL ? report->unreadable : "",
				 report->unreadable != NULL ? "; " : "", error);
	free(report->unreadable);
	report->unreadable = longer;
}

void experiments_read(struct report *report)
{
	const json_t *list = json_object_get(report->run->manifest, "experiments"), *entry;
	size_t i;
	json_array_foreach (list, i, entry) {
		const char *path = json_string_value(json_object_get(entry, "path"));
		const char *name = json_string_value(json_object_get(entry, "name"));
		const char *text = json_string_value(json_object_get(entry, "text"));
		char error[512];
		struct experiment read = {0};
		if (text == NULL || *text == '\0')
			continue;
		if (experiment_parse(&read, path != NULL ? path : name, text, error, sizeof(error)) != 0) {
			note_unreadable(report, error);
			continue;
		}
		if (name != NULL && strcmp(read.name, name) != 0) {
			free(read.name);
			read.name = xstrdup(name);
		}
		*experiment_new(report) = read;
	}
	experiments_by_rank(report);
	experiments_from_rows(report);
}
