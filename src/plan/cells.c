/*
 * cells: one wish (a cast, parameters, lists of models, policies and workers) becomes cells of a plan.
 *
 *	cast, params --planned_cast_make--> one spelling of both --> a group
 *	                                                |
 *	                          models x policies x workers --> cells, each once
 *
 * A mistake is blamed on the line that made it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/numlist.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "plan/cast.h"
#include "plan/cells.h"

/* Most workers of a cell: as many tasks as a cast may name. */
#define WORKERS_MAX 4096

/* A wish, resolved. */
struct making {
	struct plan *plan;
	const struct wish *wish;
	struct planned_cast what;
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

static int resolve_cast(struct making *m)
{
	int line;
	return planned_cast_make(m->wish, &m->what, &line, m->error, m->error_bytes) == 0 ? 0
											  : blame(m, line);
}

/* A model that cannot run this wish: its sentence is in m->error. */
static bool is_refused(struct making *m, const struct model *model)
{
	bool is_single = m->what.role_count > 1 && model->is_single;
	if (model->is_virtual && !m->wish->is_virtual)
		model_explain_virtual(model, m->error, m->error_bytes);
	else if (is_single)
		snprintf(m->error, m->error_bytes,
			 "%s runs one task, so it cannot run the cast %s; take it off the list of models",
			 model->name, m->what.cast);
	return is_single || (model->is_virtual && !m->wish->is_virtual);
}

static int resolve_models(struct making *m)
{
	const struct wish *wish = m->wish;
	if (list_models(wish->models.text, m->what.has_call, wish->usable_cpus, &m->models, m->error,
			m->error_bytes) != 0) {
		m->models = NULL;
		return blame(m, wish->models.line);
	}
	if (list_policies(wish->policies.text, &m->policies, m->error, m->error_bytes) != 0) {
		m->policies = NULL;
		return blame(m, wish->policies.line);
	}
	size_t kept = 0;
	for (size_t i = 0; m->models[i] != NULL; i++) {
		bool is_out = is_refused(m, m->models[i]);
		if (is_out && !wish->is_lenient)
			return blame(m, wish->models.line);
		m->models[kept] = m->models[i];
		kept += !is_out;
	}
	m->models[kept] = NULL;
	return 0;
}

static int resolve_workers(struct making *m)
{
	const struct wish *wish = m->wish;
	const struct numlist_name names[] = {
		{"cores", wish->usable_cpus}, {"physical", wish->physical_cores}, {NULL, 0}};
	const char *text = wish->workers.text;
	m->workers[0] = m->what.tasks;
	m->worker_count = 1;
	if (m->what.tasks > 0) {
		if (text != NULL && wish->workers.line == 0)
			plan_warn(m->plan, xasprintf("the cast %s names its own tasks, so --workers does not "
						     "apply to it",
						     wish->cast.text));
		return 0;
	}
	if (text == NULL || strcmp(text, "default") == 0) {
		m->worker_count = plan_default_workers(m->what.class, wish->usable_cpus, wish->physical_cores,
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
	plan->groups = xrealloc(plan->groups, plan->group_count + 1, sizeof(plan->groups[0]));
	plan->groups[plan->group_count] = (struct group){.experiment = xstrdup(cell->experiment),
							 .cast = xstrdup(cell->cast),
							 .params = xstrdup(cell->params),
							 .kind = cell->kind,
							 .class = m->what.class,
							 .rank = m->wish->rank,
							 .baseline = -1,
							 .twin = -1,
							 .is_stand_in = m->what.is_stand_in};
	return (int)plan->group_count++;
}

static void add_cell(struct making *m, const struct model *model, const char *policy, int workers)
{
	const struct cell cell = {.experiment = m->wish->experiment,
				  .cast = m->what.cast,
				  .params = m->what.params,
				  .model = model->name,
				  .policy = policy,
				  .workers = workers,
				  .kind = m->what.kind,
				  .window_s = m->wish->window_s,
				  .source = m->wish->is_virtual ? SOURCE_VIRTUAL : SOURCE_LIVE};
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
	int status = resolve_models(&m);
	if (status == 0)
		status = resolve_workers(&m);
	if (status == 0)
		status = check_shapes(&m);
	if (status == 0)
		add_all(&m);
	planned_cast_release(&m.what);
	free(m.models);
	list_free(m.policies);
	return status;
}
