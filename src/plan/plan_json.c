/*
 * plan_json: a plan as one JSON object, and back.
 *
 *	{"options": {...}, "warnings": ["..."],     of a group "name" and "goal" only where it has one
 *	 "groups": [{"experiment", "cast", "params", "kind", "class", "rank", "baseline", "twin",
 *"is_stand_in"}], "cells":  [{"cell": {...}, "group", "ops", "seconds", "is_oversubscribed"}]}
 *
 * The order of the cells is kept, since the order of a block is a permutation of it: a resumed run goes on
 * where the first one stopped. The seed has 64 bits, which a JSON number does not keep in most readers, so it
 * travels as decimal text.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/planner.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#include "plan/cells.h"

static const char *const class_names[] = {
	[WORK_CPU] = "cpu", [WORK_WAIT] = "wait", [WORK_MIXED] = "mixed", [WORK_NOTHING] = "nothing"};

/* ---- writing ------------------------------------------------------------------------------------------- */

static json_t *options_to_json(const struct measure_options *o)
{
	char seed[24];
	snprintf(seed, sizeof(seed), "%" PRIu64, o->seed);
	json_t *object =
		json_pack("{s:i, s:i, s:f, s:f, s:f, s:f, s:I, s:f, s:s}", "min_samples", (int)o->min_samples,
			  "max_samples", (int)o->max_samples, "precision", o->precision, "min_time_s",
			  o->min_time_s, "budget_s", o->budget_s, "warmup_s", o->warmup_s, "ops",
			  (json_int_t)o->ops, "window_s", o->window_s, "seed", seed);
	if (o->affinity != NULL)
		json_object_set_new(object, "affinity", json_string(o->affinity));
	return object;
}

static json_t *goal_to_json(const struct goal *goal)
{
	return json_pack("{s:i, s:I, s:f}", "samples", (int)goal->samples, "ops", (json_int_t)goal->ops,
			 "seconds", goal->seconds);
}

static json_t *group_to_json(const struct group *g)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:b}", "experiment",
				   g->experiment, "cast", g->cast, "params", g->params, "kind",
				   cell_kind_name(g->kind), "class", class_names[g->class], "rank", g->rank,
				   "baseline", g->baseline, "twin", g->twin, "is_stand_in", g->is_stand_in);
	if (g->name != NULL)
		json_object_set_new(object, "name", json_string(g->name));
	if (g->goal.samples > 0)
		json_object_set_new(object, "goal", goal_to_json(&g->goal));
	return object;
}

static json_t *planned_to_json(const struct plan_cell *c)
{
	return json_pack("{s:o, s:i, s:I, s:f, s:b}", "cell", cell_to_json(&c->cell), "group", c->group,
			 "ops", (json_int_t)c->ops, "seconds", c->seconds, "is_oversubscribed",
			 c->is_oversubscribed);
}

json_t *plan_to_json(const struct plan *plan)
{
	json_t *warnings = json_array(), *groups = json_array(), *cells = json_array();
	for (size_t i = 0; i < plan->warning_count; i++)
		json_array_append_new(warnings, json_string(plan->warnings[i]));
	for (size_t i = 0; i < plan->group_count; i++)
		json_array_append_new(groups, group_to_json(&plan->groups[i]));
	for (size_t i = 0; i < plan->cell_count; i++)
		json_array_append_new(cells, planned_to_json(&plan->cells[i]));
	return json_pack("{s:o, s:o, s:o, s:o}", "options", options_to_json(&plan->options), "warnings",
			 warnings, "groups", groups, "cells", cells);
}

/* ---- reading ------------------------------------------------------------------------------------------- */

/* Each returns 0, or -1 with what is wrong in `error`. */
static int wrong(const char *what, char *error, size_t error_bytes)
{
	snprintf(error, error_bytes, "the plan cannot be read: %s", what);
	return -1;
}

static int read_options(struct measure_options *o, const json_t *object, char *error, size_t error_bytes)
{
	json_int_t ops;
	int min_samples, max_samples;
	const char *seed, *affinity = NULL;
	char *end;
	json_error_t why;
	/* Unpacking does not change the object. */
	json_t *from = (json_t *)(uintptr_t)object;
	if (json_unpack_ex(from, &why, 0, "{s:i, s:i, s:F, s:F, s:F, s:F, s:I, s:F, s:s, s?s}", "min_samples",
			   &min_samples, "max_samples", &max_samples, "precision", &o->precision,
			   "min_time_s", &o->min_time_s, "budget_s", &o->budget_s, "warmup_s", &o->warmup_s,
			   "ops", &ops, "window_s", &o->window_s, "seed", &seed, "affinity", &affinity) != 0)
		return wrong(why.text, error, error_bytes);
	errno = 0;
	o->seed = strtoull(seed, &end, 10);
	if (errno != 0 || *end != '\0' || end == seed || min_samples < 1 || max_samples < min_samples ||
	    ops < 0)
		return wrong("an option is out of range", error, error_bytes);
	o->min_samples = (unsigned)min_samples;
	o->max_samples = (unsigned)max_samples;
	o->ops = (uint64_t)ops;
	o->affinity = affinity != NULL ? xstrdup(affinity) : NULL;
	return 0;
}

/* No goal, where there is none or no sense in it. */
static struct goal read_goal(const json_t *object)
{
	json_int_t samples = json_integer_value(json_object_get(object, "samples"));
	json_int_t ops = json_integer_value(json_object_get(object, "ops"));
	if (samples < 1 || samples > UINT32_MAX || ops < 0)
		return (struct goal){0};
	return (struct goal){.samples = (unsigned)samples,
			     .ops = (uint64_t)ops,
			     .seconds = json_number_value(json_object_get(object, "seconds"))};
}

static int read_group(struct plan *plan, const json_t *object, size_t cells, char *error, size_t error_bytes)
{
	struct group g = {0};
	const char *kind, *class;
	int is_stand_in;
	size_t known = 0;
	json_error_t why;
	if (json_unpack_ex((json_t *)(uintptr_t)object, &why, 0,
			   "{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:b}", "experiment", &g.experiment,
			   "cast", &g.cast, "params", &g.params, "kind", &kind, "class", &class, "rank",
			   &g.rank, "baseline", &g.baseline, "twin", &g.twin, "is_stand_in",
			   &is_stand_in) != 0)
		return wrong(why.text, error, error_bytes);
	while (known < ARRAY_LEN(class_names) && strcmp(class_names[known], class) != 0)
		known++;
	if (known == ARRAY_LEN(class_names) || g.baseline < 0 || (size_t)g.baseline >= cells || g.twin < -1 ||
	    (g.twin >= 0 && (size_t)g.twin >= cells))
		return wrong("a group is out of range", error, error_bytes);
	g.class = (enum work_class)known;
	g.kind = strcmp(kind, cell_kind_name(CELL_WINDOW)) == 0 ? CELL_WINDOW : CELL_BATCH;
	g.is_stand_in = is_stand_in != 0;
	g.experiment = xstrdup(g.experiment);
	g.cast = xstrdup(g.cast);
	g.params = xstrdup(g.params);
	const char *name = json_string_value(json_object_get(object, "name"));
	g.name = name != NULL ? xstrdup(name) : NULL;
	g.goal = read_goal(json_object_get(object, "goal"));
	plan->groups[plan->group_count++] = g;
	return 0;
}

static int read_cell(struct plan *plan, const json_t *object, size_t groups, char *error, size_t error_bytes)
{
	struct plan_cell c = {0};
	json_t *cell, *strings = json_array();
	json_int_t ops;
	int is_oversubscribed, status = 0;
	json_error_t why;
	if (json_unpack_ex((json_t *)(uintptr_t)object, &why, 0, "{s:o, s:i, s:I, s:F, s:b}", "cell", &cell,
			   "group", &c.group, "ops", &ops, "seconds", &c.seconds, "is_oversubscribed",
			   &is_oversubscribed) != 0)
		status = wrong(why.text, error, error_bytes);
	else if (c.group < 0 || (size_t)c.group >= groups || ops < 0)
		status = wrong("a cell is out of range", error, error_bytes);
	else
		status = cell_from_json(cell, &c.cell, strings, error, error_bytes);
	if (status == 0) {
		c.ops = (uint64_t)ops;
		c.is_oversubscribed = is_oversubscribed != 0;
		plan_push(plan, &c);
	}
	json_decref(strings);
	return status;
}

static void read_warnings(struct plan *plan, const json_t *array)
{
	size_t i;
	json_t *warning;
	json_array_foreach (array, i, warning)
		plan_warn(plan, xstrdup(json_is_string(warning) ? json_string_value(warning) : ""));
}

static int read_plan(struct plan *plan, const json_t *object, char *error, size_t error_bytes)
{
	const json_t *groups = json_object_get(object, "groups"), *cells = json_object_get(object, "cells");
	size_t group_count = json_array_size(groups), cell_count = json_array_size(cells);
	if (group_count == 0 || cell_count == 0)
		return wrong("it has no cells", error, error_bytes);
	if (read_options(&plan->options, json_object_get(object, "options"), error, error_bytes) != 0)
		return -1;
	plan->groups = xcalloc(group_count, sizeof(plan->groups[0]));
	for (size_t i = 0; i < group_count; i++)
		if (read_group(plan, json_array_get(groups, i), cell_count, error, error_bytes) != 0)
			return -1;
	for (size_t i = 0; i < cell_count; i++)
		if (read_cell(plan, json_array_get(cells, i), group_count, error, error_bytes) != 0)
			return -1;
	read_warnings(plan, json_object_get(object, "warnings"));
	return 0;
}

int plan_from_json(struct plan *plan, const json_t *object, char *error, size_t error_bytes)
{
	*plan = (struct plan){0};
	int status = read_plan(plan, object, error, error_bytes);
	if (status != 0)
		plan_release(plan);
	return status;
}
