/*
 * selected: finds the row (or the two rows) that a selection means, and their number.
 *
 * A selection must mean one cell. Where several match and differ in more than the policy, none is taken:
 * which one the writer had in mind cannot be known. Rows that differ in the policy alone are the same
 * question under other rules; the first policy of the plan answers it.
 *
 * The interval of MODEL/MODEL is the quotient of the ends that lie farthest apart. It is wider than need be,
 * since the blocks' pairing is lost in a summary, so what it decides is decided.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/planner.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "report/selected.h"

static const struct metric quotient = {"ratio", METRIC_RATIO, true, NULL};

static bool says(const char *wanted, const char *is)
{
	return wanted[0] == '\0' || strcmp(wanted, is) == 0;
}

/* Is each word of `wanted` a whole word of `params`? */
static bool has_words(const char *params, const char *wanted)
{
	while (*(wanted += strspn(wanted, " ")) != '\0') {
		size_t length = strcspn(wanted, " ");
		const char *at = params;
		for (; *(at += strspn(at, " ")) != '\0'; at += strcspn(at, " "))
			if (strcspn(at, " ") == length && strncmp(at, wanted, length) == 0)
				break;
		if (*at == '\0')
			return false;
		wanted += length;
	}
	return true;
}

/* Workers of an EXPR, on the machine of this cell: in virtual time, the one that is imagined. */
static double workers_of(const struct choice *c, const struct claim_machine *machine, const struct cell *cell)
{
	int cores = cell_cores(cell);
	const struct expression_names names = {cores > 0 ? cores : machine->usable_cpus,
					       cores > 0 ? cores : machine->physical_cores, NAN, NAN};
	char error[200];
	double workers = NAN;
	if (c->workers[0] != '\0' &&
	    expression_value(c->workers, &names, &workers, error, sizeof(error)) != 0)
		return NAN;
	return floor(workers);
}

/* An interpreter answers where it is asked for: it stands beside the cells that a claim is about. */
static bool is_source(const struct choice *c, enum cell_source source)
{
	return says(c->source, cell_source_name(source)) && (*c->source != '\0' || source != SOURCE_CPYTHON);
}

static bool matches(const struct summary_row *row, const struct choice *c, const char *experiment,
		    const struct claim_machine *machine)
{
	double workers = workers_of(c, machine, &row->cell);
	return strcmp(row->cell.experiment, experiment) == 0 && strcmp(row->cell.model, c->model) == 0 &&
	       says(c->workload, row->workload) && says(c->role, row->role) &&
	       says(c->policy, row->cell.policy) && is_source(c, row->cell.source) &&
	       has_words(row->cell.params, c->params) &&
	       (isnan(workers) || row->cell.workers == (int)workers);
}

static bool differ_in_policy_only(const struct summary_row *a, const struct summary_row *b)
{
	return cell_same_group(&a->cell, &b->cell) && a->cell.workers == b->cell.workers &&
	       strcmp(a->role, b->role) == 0;
}

/* The one row, or NULL with *why set. */
static const struct summary_row *find_row(const struct choice *c, const char *experiment,
					  const struct claim_machine *machine, const struct summary *summary,
					  char **why)
{
	static const struct cell live = {.source = SOURCE_LIVE};
	double workers = workers_of(c, machine, &live);
	const struct summary_row *found = NULL;
	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		if (!matches(row, c, experiment, machine))
			continue;
		if (found == NULL) {
			found = row;
		} else if (!differ_in_policy_only(found, row)) {
			*why = xasprintf("several cells of %s match; say which with workload=, params~, "
					 "workers= or source=",
					 c->model);
			return NULL;
		}
	}
	if (found == NULL && isnan(workers))
		*why = xasprintf("no such cell of %s was measured", c->model);
	else if (found == NULL)
		*why = xasprintf("no such cell of %s was measured at %.0f workers", c->model, workers);
	return found;
}

static struct interval value_of(const struct metric *metric, const struct summary_row *row, char **why)
{
	bool is_measured = strcmp(row->status, "ok") == 0 || strcmp(row->status, "few") == 0;
	struct interval value = {NAN, NAN, NAN};
	if (is_measured)
		value = metric->get(row);
	if (!is_measured)
		*why = xasprintf("the cell of %s is %s", row->cell.model, row->status);
	else if (isnan(value.mid))
		*why = xasprintf("%s has no %s here", row->cell.model, metric->name);
	return value;
}

static struct interval divide(const struct interval *a, const struct interval *b, char **why)
{
	if (!(b->mid > 0)) {
		*why = xstrdup("the divisor is not above zero");
		return (struct interval){NAN, NAN, NAN};
	}
	return (struct interval){a->mid / b->mid, a->lo / b->hi, b->lo > 0 ? a->hi / b->lo : (double)NAN};
}

/* "spin, 2 workers"; "echo, py2, 3 workers" */
static char *cell_name(const struct choice *c, const struct summary_row *row)
{
	return xasprintf("%s%s%s%s%s, %d worker%s", row->role, c->params[0] != '\0' ? ", " : "", c->params,
			 c->policy[0] != '\0' ? ", " : "", c->policy, row->cell.workers,
			 row->cell.workers == 1 ? "" : "s");
}

/* "gil speedup (spin, 2 workers)"; "uv/uv-pool lat_p99_s (sleep, 9 workers)". */
static char *name_of(const struct selection *s, const struct selected *found)
{
	char *over = xasprintf("%s%s", s->is_ratio ? "/" : "", s->over.model), *name;
	char *where = found->row != NULL ? cell_name(&s->of, found->row) : NULL;
	char *second = found->over != NULL ? cell_name(&s->over, found->over) : NULL;
	bool is_elsewhere = where != NULL && second != NULL && strcmp(where, second) != 0;
	name = where == NULL ? xasprintf("%s%s %s", s->of.model, over, s->metric->name)
			     : xasprintf("%s%s %s (%s%s%s)", s->of.model, over, s->metric->name, where,
					 is_elsewhere ? " over " : "", is_elsewhere ? second : "");
	free(over);
	free(where);
	free(second);
	return name;
}

static void find_value(const struct selection *s, struct selected *out)
{
	out->value = value_of(s->metric, out->row, &out->why);
	if (out->why != NULL || !s->is_ratio)
		return;
	out->metric = &quotient;
	struct interval over = value_of(s->metric, out->over, &out->why);
	out->value =
		out->why == NULL ? divide(&out->value, &over, &out->why) : (struct interval){NAN, NAN, NAN};
}

void selected_find(const struct selection *s, const char *experiment, const struct summary *summary,
		   const struct claim_machine *machine, struct selected *out)
{
	*out = (struct selected){.metric = s->metric, .value = {NAN, NAN, NAN}};
	out->row = find_row(&s->of, experiment, machine, summary, &out->why);
	if (out->row != NULL && s->is_ratio)
		out->over = find_row(&s->over, experiment, machine, summary, &out->why);
	if (out->why == NULL)
		find_value(s, out);
	out->name = name_of(s, out);
}

void selected_release(struct selected *s)
{
	free(s->name);
	free(s->why);
	*s = (struct selected){0};
}

char *interval_text(const struct metric *metric, const struct interval *value)
{
	char *mid = metric_text(metric, value->mid);
	if (isnan(value->mid) || !interval_exists(value))
		return mid;
	char *lo = metric_text(metric, value->lo), *hi = metric_text(metric, value->hi);
	char *text = xasprintf("%s (%s to %s)", mid, lo, hi);
	free(mid);
	free(lo);
	free(hi);
	return text;
}

struct interval ceiling_at(const struct summary *summary, int workers)
{
	static const struct choice any = {.model = "fork", .workload = "registers"};
	static const struct claim_machine none = {.usable_cpus = 0};
	for (size_t i = 0; i < summary->count; i++)
		if (summary->rows[i].cell.workers == workers &&
		    matches(&summary->rows[i], &any, EXPERIMENT_CONTROLS, &none))
			return summary->rows[i].speedup;
	return (struct interval){NAN, NAN, NAN};
}
