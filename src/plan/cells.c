/*
 * cells: one wish (a cast, parameters, lists of models, policies and workers) becomes cells of a plan.
 *
 *	cast, params --cast_resolve--> roles --> one spelling of both --> a group
 *	                                                |
 *	                          models x policies x workers --> cells, each once
 *
 * A mistake is blamed on the line that made it: the cast is resolved alone first, then with the file's
 * parameters, then with the command line's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/numlist.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "plan/cells.h"

/* Most workers of a cell: as many tasks as a cast may name. */
#define WORKERS_MAX 4096

/* A wish, resolved. */
struct making {
	struct plan *plan;
	const struct wish *wish;
	struct execution what; /* roles and their parameters */
	char *cast, *params;   /* in their one spelling */
	const struct model **models;
	char **policies;
	int workers[NUMLIST_MAX], worker_count;
	char *error;
	size_t error_bytes;
};

/* Puts "path:line: " before the sentence in m->error, where a file is to blame. */
static int blame(struct making *m, int line)
{
	if (line == 0 || m->wish->path == NULL)
		return -1;
	char *sentence = xstrdup(m->error);
	snprintf(m->error, m->error_bytes, "%s:%d: %s", m->wish->path, line, sentence);
	free(sentence);
	return -1;
}

static int resolve(struct making *m, const char *params, int line)
{
	const struct cell cell = {.cast = m->wish->cast.text,
				  .params = params,
				  .policy = "",
				  .workers = 1,
				  .kind = m->wish->window_s > 0 ? CELL_WINDOW : CELL_BATCH,
				  .window_s = m->wish->window_s};
	return cast_resolve(&cell, &m->what, m->error, m->error_bytes) == 0 ? 0 : blame(m, line);
}

static int resolve_cast(struct making *m)
{
	const struct wish *wish = m->wish;
	const char *params = wish->params.text != NULL ? wish->params.text : "";
	if (resolve(m, "", wish->cast.line) != 0 || resolve(m, params, wish->params.line) != 0)
		return -1;
	if (wish->more_params != NULL) {
		char *both = xasprintf("%s %s", params, wish->more_params);
		int status = resolve(m, both, 0);
		free(both);
		if (status != 0)
			return -1;
	}
	if (m->what.role_count == 1 || wish->window_s > 0)
		return 0;
	snprintf(m->error, m->error_bytes,
		 "the cast %s has several roles, which are counted over a time: say how long (%s)",
		 wish->cast.text, wish->cast.line > 0 ? "window = 3s" : "--window 3s");
	return blame(m, wish->cast.line);
}

/* "spin"; "echo:1,spin:2". */
static char *cast_text(const struct execution *what)
{
	char *text = xstrdup("");
	for (int i = 0; i < what->role_count; i++) {
		const struct role *role = &what->role[i];
		char *longer = what->role_count == 1 ? xstrdup(role->workload->name)
						     : xasprintf("%s%s%s:%d", text, i > 0 ? "," : "",
								 role->workload->name, role->tasks);
		free(text);
		text = longer;
	}
	return text;
}

/* "ms=5"; "rate=100 sleep.ms=5 hash.bytes=1048576". */
char *plan_params_text(const struct execution *what)
{
	char *text = what->rate_per_s > 0 ? xasprintf("rate=%.12g", what->rate_per_s) : xstrdup("");
	for (int i = 0; i < what->role_count; i++) {
		const struct role *role = &what->role[i];
		char *words = param_text(role->workload->params, role->param), *rest = NULL;
		for (char *word = strtok_r(words, " ", &rest); word != NULL;
		     word = strtok_r(NULL, " ", &rest)) {
			char *longer = xasprintf("%s%s%s%s%s", text, text[0] != '\0' ? " " : "",
						 what->role_count > 1 ? role->name : "",
						 what->role_count > 1 ? "." : "", word);
			free(text);
			text = longer;
		}
		free(words);
	}
	return text;
}

static int resolve_models(struct making *m)
{
	const struct wish *wish = m->wish;
	if (list_models(wish->models.text, m->what.role[0].workload, wish->usable_cpus, &m->models, m->error,
			m->error_bytes) != 0) {
		m->models = NULL;
		return blame(m, wish->models.line);
	}
	if (list_policies(wish->policies.text, &m->policies, m->error, m->error_bytes) != 0) {
		m->policies = NULL;
		return blame(m, wish->policies.line);
	}
	for (size_t i = 0; !wish->is_virtual && m->models[i] != NULL; i++) {
		if (!m->models[i]->is_virtual)
			continue;
		model_explain_virtual(m->models[i], m->error, m->error_bytes);
		return blame(m, wish->models.line);
	}
	for (size_t i = 0; m->what.role_count > 1 && m->models[i] != NULL; i++) {
		if (!m->models[i]->is_single)
			continue;
		snprintf(m->error, m->error_bytes,
			 "%s runs one task, so it cannot run the cast %s; take it off the list of models",
			 m->models[i]->name, m->cast);
		return blame(m, wish->models.line);
	}
	return 0;
}

/* Tasks that the cast itself names; 0 where --workers decides. */
static int tasks_of_cast(const struct making *m)
{
	int tasks = 0;
	for (int i = 0; i < m->what.role_count; i++)
		tasks += m->what.role[i].tasks;
	return m->what.role_count > 1 || strchr(m->wish->cast.text, ':') != NULL ? tasks : 0;
}

static enum work_class class_of(const struct making *m)
{
	return m->wish->has_class ? m->wish->class : m->what.role[0].workload->class;
}

static int resolve_workers(struct making *m)
{
	const struct wish *wish = m->wish;
	const struct numlist_name names[] = {
		{"cores", wish->usable_cpus}, {"physical", wish->physical_cores}, {NULL, 0}};
	const char *text = wish->workers.text;
	m->workers[0] = tasks_of_cast(m);
	m->worker_count = 1;
	if (m->workers[0] > 0) {
		if (text != NULL && wish->workers.line == 0)
			plan_warn(m->plan, xasprintf("the cast %s names its own tasks, so --workers does not "
						     "apply to it",
						     wish->cast.text));
		return 0;
	}
	if (text == NULL || strcmp(text, "default") == 0) {
		m->worker_count = plan_default_workers(class_of(m), wish->usable_cpus, wish->physical_cores,
						       m->workers);
		return 0;
	}
	m->worker_count = numlist_parse(text, names, 1, WORKERS_MAX, m->workers, m->error, m->error_bytes);
	return m->worker_count > 0 ? 0 : blame(m, wish->workers.line);
}

/* A shape that no number of workers is enough for would vanish from the plan. */
static int check_shapes(struct making *m)
{
	int most = 0;
	for (int w = 0; w < m->worker_count; w++)
		most = m->workers[w] > most ? m->workers[w] : most;
	for (size_t i = 0; m->models[i] != NULL; i++) {
		if (model_processes(m->models[i]->name) <= most)
			continue;
		snprintf(m->error, m->error_bytes,
			 "%s has more processes than there are workers (at most %d): each needs one of its "
			 "own",
			 m->models[i]->name, most);
		return blame(m, m->wish->models.line);
	}
	return 0;
}

/* ---- resolved: groups and cells ------------------------------------------------------------------------ */

static int find_group(const struct plan *plan, const struct cell *cell)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		if (cell_same_group(&plan->cells[i].cell, cell))
			return plan->cells[i].group;
	return -1;
}

static int push_group(struct making *m, const struct cell *cell)
{
	struct plan *plan = m->plan;
	bool is_stand_in = false;
	for (int i = 0; i < m->what.role_count; i++)
		is_stand_in |= m->what.role[i].workload->is_stand_in;
	plan->groups = xrealloc(plan->groups, plan->group_count + 1, sizeof(plan->groups[0]));
	plan->groups[plan->group_count] = (struct group){.experiment = xstrdup(cell->experiment),
							 .cast = xstrdup(cell->cast),
							 .params = xstrdup(cell->params),
							 .kind = cell->kind,
							 .class = class_of(m),
							 .rank = m->wish->rank,
							 .baseline = -1,
							 .twin = -1,
							 .is_stand_in = is_stand_in};
	return (int)plan->group_count++;
}

static void add_cell(struct making *m, const struct model *model, const char *policy, int workers)
{
	const struct cell cell = {.experiment = m->wish->experiment,
				  .cast = m->cast,
				  .params = m->params,
				  .model = model->name,
				  .policy = policy,
				  .workers = workers,
				  .kind = m->what.kind,
				  .window_s = m->wish->window_s,
				  .source = SOURCE_LIVE};
	for (size_t i = 0; i < m->plan->cell_count; i++)
		if (cell_equal(&m->plan->cells[i].cell, &cell))
			return;
	struct plan_cell planned = {.cell = cell, .group = find_group(m->plan, &cell)};
	if (planned.group < 0)
		planned.group = push_group(m, &cell);
	plan_push(m->plan, &planned);
}

/* Of a list of workers a shape has the cells in which each of its processes has one. */
static void add_model(struct making *m, const struct model *model)
{
	if (model->is_single)
		add_cell(m, model, "", 1);
	for (int w = 0; w < m->worker_count && !model->is_single; w++) {
		if (m->workers[w] < model_processes(model->name))
			continue;
		if (!model->has_lock)
			add_cell(m, model, "", m->workers[w]);
		for (size_t p = 0; model->has_lock && m->policies[p] != NULL; p++)
			add_cell(m, model, m->policies[p], m->workers[w]);
	}
}

/* The baseline of every batch group stands first, whether it was asked for or not. */
static void add_all(struct making *m)
{
	for (size_t i = 0; m->what.kind == CELL_BATCH && all_models[i] != NULL; i++)
		if (all_models[i]->is_single)
			add_model(m, all_models[i]);
	for (size_t i = 0; m->models[i] != NULL; i++)
		add_model(m, m->models[i]);
}

int wish_add(struct plan *plan, const struct wish *wish, char *error, size_t error_bytes)
{
	struct making m = {.plan = plan, .wish = wish, .error = error, .error_bytes = error_bytes};
	if (resolve_cast(&m) != 0)
		return -1;
	m.cast = cast_text(&m.what);
	m.params = plan_params_text(&m.what);
	int status = resolve_models(&m);
	if (status == 0)
		status = resolve_workers(&m);
	if (status == 0)
		status = check_shapes(&m);
	if (status == 0)
		add_all(&m);
	free(m.cast);
	free(m.params);
	free(m.models);
	list_free(m.policies);
	return status;
}
