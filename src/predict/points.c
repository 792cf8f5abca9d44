/*
 * points: which cells a request means, and what is read off one.
 *
 * Every model with every number of workers that has a worker for each of its processes, models with a lock under every
 * policy. One task alone (`seq`) stands first, whether it was asked for or not: it is what speed-ups are of.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "predict/parts.h"

struct list {
	const struct predict_request *request;
	struct point *points;
	size_t count;
};

/* Up to so many workers, and so many times those that fill what limits the model, no cell is left out. */
#define SKIP_ABOVE 64
#define SKIP_KNEES 8

static void push(struct list *list, const struct model *model, const char *policy, int workers)
{
	const struct predict_request *r = list->request;
	struct point point = {
		.cell = {.experiment = EXPERIMENT_PREDICT,
			 .cast = r->work,
			 .params = r->params,
			 .model = model->name,
			 .policy = policy,
			 .workers = workers,
			 .kind = CELL_WINDOW,
			 .source = SOURCE_VIRTUAL},
		.model = model,
		.processes = strcmp(model->name, "fork") == 0 ? workers : model_processes(model->name),
		.per_s = {NAN, NAN, NAN},
		.p99_s = NAN,
	};
	/* A name in the table of models is one that the simulator knows. */
	if (sim_shape_parse(model->name, &point.shape, point.error, sizeof(point.error)) != 0)
		die("%s", point.error);
	if (list->request->may_skip && workers > SKIP_ABOVE &&
	    workers > SKIP_KNEES * knee_by_profile(list->request, &point))
		return;
	list->points = xrealloc(list->points, list->count + 1, sizeof(*list->points));
	list->points[list->count++] = point;
}

static void push_curve(struct list *list, const struct model *model, const char *policy)
{
	for (int w = 0; w < list->request->worker_count; w++)
		if (list->request->workers[w] >= model_processes(model->name))
			push(list, model, policy, list->request->workers[w]);
}

static void push_model(struct list *list, const struct model *model)
{
	if (!model->has_lock)
		push_curve(list, model, "");
	for (size_t p = 0; model->has_lock && list->request->policies[p] != NULL; p++)
		push_curve(list, model, list->request->policies[p]);
}

static int check_model(const struct predict_request *r, const struct model *model, char *error,
		       size_t error_bytes)
{
	int most = r->workers[r->worker_count - 1], processes = model_processes(model->name);
	if (model->is_single && r->cast->count > 1)
		snprintf(error, error_bytes,
			 "%s runs one task, so it cannot run several roles; take it off the list of models",
			 model->name);
	else if (processes > most)
		snprintf(error, error_bytes,
			 "%s has %d processes and needs as many workers at least; there are %d at most",
			 model->name, processes, most);
	else
		return 0;
	return -1;
}

static int by_place(const void *one, const void *two)
{
	const struct model *a = *(const struct model *const *)one, *b = *(const struct model *const *)two;
	return model_place(a->name) - model_place(b->name);
}

int points_list(const struct predict_request *r, struct point **points, size_t *count, char *error,
		size_t error_bytes)
{
	struct list list = {.request = r};
	size_t models = 0;
	while (r->models[models] != NULL)
		if (check_model(r, r->models[models++], error, error_bytes) != 0)
			return -1;
	const struct model **sorted = xcalloc(models, sizeof(struct model *));
	memcpy(sorted, r->models, models * sizeof(struct model *));
	qsort(sorted, models, sizeof(struct model *), by_place);
	if (r->cast->count == 1)
		push(&list, model_find("seq", error, error_bytes), "", 1);
	for (size_t m = 0; m < models; m++)
		if (!sorted[m]->is_single)
			push_model(&list, sorted[m]);
	free(sorted);
	*points = list.points;
	*count = list.count;
	return 0;
}

/* ---- reading one --------------------------------------------------------------------------------------- */

char *point_name(const struct prediction *prediction, const struct point *p)
{
	bool has_policies = prediction->request->policies[0] != NULL &&
			    prediction->request->policies[1] != NULL && p->cell.policy[0] != '\0';
	return has_policies ? xasprintf("%s (%s)", p->cell.model, p->cell.policy) : xstrdup(p->cell.model);
}

char *point_shape(const struct point *p)
{
	char *shape = model_shape_text(p->cell.model, p->cell.workers);
	if (shape != NULL)
		return shape;
	return xasprintf("%d x %d", p->processes, p->cell.workers / p->processes);
}

bool point_same_curve(const struct point *a, const struct point *b)
{
	return a->model == b->model && strcmp(a->cell.policy, b->cell.policy) == 0;
}

bool point_is_assumed(const struct prediction *prediction, const struct point *p)
{
	return p->shape.model == SIM_FREE && prediction->request->costs.origin[COST_FREE] == COST_ASSUMED;
}
