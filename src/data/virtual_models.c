/*
 * virtual_models: models of virtual time. See virtual_models.h.
 *
 * Of a shape there are as many models as numbers of processes, so each is made when somebody first asks for it, and then
 * kept: a cell's model is compared by its address, and its name must live as long as the plan.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

static const struct model interp = {
	.name = "interp",
	.label = "threads, each with an interpreter and a GIL of its own (PEP 684)",
	.legend = "threads + GIL each",
	.summary = "one process, one lock per worker: computing runs on all cores, objects are not shared",
	.has_lock = true,
	.is_virtual = true,
};

static const struct model free_threads = {
	.name = "free",
	.label = "threads of a free-threaded Python (PEP 703)",
	.legend = "threads, no GIL",
	.summary =
		"no lock; interpreted work takes longer by the cost `free` (1.08 unless said: an assumption)",
	.is_virtual = true,
};

static const struct model gil_shape = {
	.name = "gil*P",
	.label = "P processes of threads, a GIL in each (gunicorn --workers P --threads N/P)",
	.legend = "P × threads + GIL",
	.summary = "workers are all threads together, spread evenly over P processes (2 to 4096): gil*4",
	.has_lock = true,
	.is_virtual = true,
};

static const struct model uv_shape = {
	.name = "uv*P",
	.label = "P processes, an event loop in each (uvicorn --workers P)",
	.legend = "P × event loop",
	.summary = "workers are all tasks together, spread evenly over P loops (2 to 4096): uv*4",
	.is_loop = true,
	.is_virtual = true,
};

const struct model *const virtual_models[] = {&gil_shape, &interp, &free_threads, &uv_shape, NULL};

/* ---- shapes --------------------------------------------------------------------------------------------- */

/* What a shape is many of. `made` is guarded by `making`: whoever holds it may add one; none is ever taken away. After a
 * fork a child has what there was; nobody forks while it is held. */
static struct shape {
	const char *base;
	const struct model *row;
	const struct model *made[SHAPE_PROCESSES_MAX + 1];
} shapes[] = {{.base = "gil", .row = &gil_shape}, {.base = "uv", .row = &uv_shape}};
static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;

static struct shape *shape_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		size_t length = strlen(shapes[i].base);
		if (strncmp(name, shapes[i].base, length) == 0 && name[length] == '*')
			return &shapes[i];
	}
	return NULL;
}

/* The text with every P that stands alone as the number. Free it. */
static char *with_number(const char *text, int processes)
{
	char *out = xcalloc(2 * strlen(text) + 16, 1), *to = out;
	for (const char *from = text; *from != '\0'; from++) {
		bool begins = from == text || strchr(" */", from[-1]) != NULL;
		bool ends = from[1] == '\0' || strchr(" ,)", from[1]) != NULL;
		if (*from == 'P' && begins && ends)
			to += sprintf(to, "%d", processes);
		else
			*to++ = *from;
	}
	return out;
}

static const struct model *make_shape(const struct shape *shape, int processes)
{
	struct model *model = xcalloc(1, sizeof(*model));
	*model = *shape->row;
	model->name = xasprintf("%s*%d", shape->base, processes);
	model->label = with_number(shape->row->label, processes);
	model->legend = with_number(shape->row->legend, processes);
	model->summary = shape->row->summary;
	return model;
}

static const struct model *find_shape(struct shape *shape, int processes)
{
	pthread_mutex_lock(&making);
	const struct model **made = &shape->made[processes];
	if (*made == NULL)
		*made = make_shape(shape, processes);
	const struct model *model = *made;
	pthread_mutex_unlock(&making);
	return model;
}

/* P of a whole number without sign or blank; 0: not one that a shape can have. */
static int processes_number(const char *text)
{
	char *end;
	if (text[0] < '0' || text[0] > '9')
		return 0;
	long number = strtol(text, &end, 10);
	return *end == '\0' && number >= 1 && number <= SHAPE_PROCESSES_MAX ? (int)number : 0;
}

/* ---- by name -------------------------------------------------------------------------------------------- */

static const struct model *find_other(const char *name, char *error, size_t error_bytes)
{
	const char *star = strchr(name, '*');
	for (size_t i = 0; virtual_models[i] != NULL; i++)
		if (star == NULL && strcmp(virtual_models[i]->name, name) == 0)
			return virtual_models[i];
	if (star != NULL)
		snprintf(error, error_bytes,
			 "there is no model '%s'; of several processes there are gil*P and uv*P, for "
			 "instance gil*4",
			 name);
	return NULL;
}

const struct model *virtual_model_find(const char *name, char *error, size_t error_bytes)
{
	struct shape *shape = shape_of(name);
	error[0] = '\0';
	if (shape == NULL)
		return find_other(name, error, error_bytes);
	int processes = processes_number(strchr(name, '*') + 1);
	if (processes == 1)
		return model_find(shape->base, error, error_bytes);
	if (processes > 1)
		return find_shape(shape, processes);
	snprintf(error, error_bytes,
		 "'%s': after the * stands a number of processes from 1 to %d, as in %s*4", name,
		 SHAPE_PROCESSES_MAX, shape->base);
	return NULL;
}

int model_processes(const char *name)
{
	int processes = shape_of(name) != NULL ? processes_number(strchr(name, '*') + 1) : 1;
	return processes > 0 ? processes : 1;
}

char *model_shape_text(const char *name, int workers)
{
	int processes = model_processes(name), share = workers / processes;
	if (processes == 1)
		return NULL;
	if (workers % processes == 0)
		return xasprintf("%d x %d", processes, share);
	return xasprintf("%d x %d-%d", processes, share, share + 1);
}

/* ---- order ---------------------------------------------------------------------------------------------- */

/* Between two live models there is room for every shape of one kind, and two models more. */
#define PLACES_EACH (SHAPE_PROCESSES_MAX + 3)

static int live_place(const char *name)
{
	int place = 0;
	while (all_models[place] != NULL && strcmp(all_models[place]->name, name) != 0)
		place++;
	return place * PLACES_EACH;
}

int model_simplicity(const char *name)
{
	static const char *const order[] = {"seq",  "uv",   "gil",    "uv-pool", "uv*",
					    "gil*", "fork", "interp", "free",    "threads"};
	size_t length = strcspn(name, "*"), i = 0;
	length += name[length] == '*';
	while (i < ARRAY_LEN(order) && (strlen(order[i]) != length || strncmp(order[i], name, length) != 0))
		i++;
	return (int)i;
}

int model_place(const char *name)
{
	const struct shape *shape = shape_of(name);
	if (shape != NULL)
		return live_place(shape->base) + model_processes(name);
	if (strcmp(name, interp.name) == 0)
		return live_place("gil") + PLACES_EACH - 1;
	if (strcmp(name, free_threads.name) == 0)
		return live_place("threads") + 1;
	return live_place(name);
}
