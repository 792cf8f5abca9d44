/*
 * registry: looking up workloads and models, and turning a cell's text into code. See registry.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>
#include <gilbench/virtual_models.h>

extern const char *const all_workload_files[];

/* One operation in a quarter of an hour, and more than any model here can do. The exact values do not matter. */
#define RATE_MIN_PER_S 0.001
#define RATE_MAX_PER_S 1e7

/* Most entries of one table that suggestions look at. The exact value does not matter. */
#define NAMES_MAX 64

static bool is_complete(const struct model *m)
{
	return m->name != NULL && m->label != NULL && m->legend != NULL && m->summary != NULL;
}

const char *registry_check(void)
{
	static char fault[200];
	for (size_t i = 0; all_workloads[i] != NULL; i++) {
		const struct workload *w = all_workloads[i];
		const char *missing = w->name == NULL      ? "name"
				      : w->summary == NULL ? "summary"
				      : w->step == NULL    ? "step"
				      : w->value == NULL   ? "value"
							   : NULL;
		if (missing != NULL)
			snprintf(fault, sizeof(fault), "bench/%s.c: the workload lacks .%s",
				 all_workload_files[i], missing);
		else if (strcmp(w->name, all_workload_files[i]) != 0)
			snprintf(fault, sizeof(fault),
				 "bench/%s.c: .name is \"%s\" but must be the file's name",
				 all_workload_files[i], w->name);
		else if (param_count(w->params) > PARAM_MAX)
			snprintf(fault, sizeof(fault), "bench/%s.c: more than %d parameters", w->name,
				 PARAM_MAX);
		else
			continue;
		return fault;
	}
	const struct model *faulty = NULL;
	for (size_t i = 0; all_models[i] != NULL && faulty == NULL; i++)
		if (!is_complete(all_models[i]) || all_models[i]->is_virtual || all_models[i]->run == NULL)
			faulty = all_models[i];
	for (size_t i = 0; virtual_models[i] != NULL && faulty == NULL; i++)
		if (!is_complete(virtual_models[i]) || !virtual_models[i]->is_virtual)
			faulty = virtual_models[i];
	if (faulty == NULL)
		return NULL;
	snprintf(fault, sizeof(fault), "a model (%s) lacks name, label, legend, summary or run",
		 faulty->name != NULL ? faulty->name : "unnamed");
	return fault;
}

const struct workload *workload_find(const char *name)
{
	for (size_t i = 0; all_workloads[i] != NULL; i++)
		if (strcmp(all_workloads[i]->name, name) == 0)
			return all_workloads[i];
	return NULL;
}

/* Words that people type for a model. */
static const struct {
	const char *word, *model;
} aliases[] = {
	{"processes", "fork"},
	{"process", "fork"},
	{"multiprocessing", "fork"},
	{"asyncio", "uv"},
	{"loop", "uv"},
	{"nogil", "free"},
	{"no-gil", "free"},
	{"free-threaded", "free"},
	{"subinterpreters", "interp"},
	{"interpreters", "interp"},
};

/* The sentence for a name that no model has. */
static void explain_model(const char *name, char *error, size_t error_bytes)
{
	const char *names[NAMES_MAX];
	size_t count = 0;
	for (size_t i = 0; count < NAMES_MAX && all_models[i] != NULL; i++)
		names[count++] = all_models[i]->name;
	for (size_t i = 0; count < NAMES_MAX && virtual_models[i] != NULL; i++)
		names[count++] = virtual_models[i]->name;
	const char *near = nearest_name(name, names, count);
	if (near != NULL)
		snprintf(error, error_bytes, "there is no model '%s'; did you mean '%s'?", name, near);
	else
		snprintf(error, error_bytes, "there is no model '%s'; `gilbench list models` lists them",
			 name);
}

const struct model *model_find(const char *name, char *error, size_t error_bytes)
{
	const char *wanted = name;
	if (strcmp(name, "threading") == 0) {
		snprintf(error, error_bytes,
			 "'threading' may mean two models: 'gil' is threads under a GIL, as Python's "
			 "threading; 'threads' is "
			 "threads without a lock");
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(aliases); i++)
		if (strcmp(aliases[i].word, name) == 0)
			wanted = aliases[i].model;
	for (size_t i = 0; all_models[i] != NULL; i++)
		if (strcmp(all_models[i]->name, wanted) == 0)
			return all_models[i];
	const struct model *found = virtual_model_find(wanted, error, error_bytes);
	if (found == NULL && error[0] == '\0')
		explain_model(name, error, error_bytes);
	return found;
}

void model_explain_virtual(const struct model *model, char *error, size_t error_bytes)
{
	snprintf(
		error, error_bytes,
		"the model %s exists in virtual time only: add --virtual, or ask gilbench predict --model %s",
		model->name, model->name);
}

static const struct workload *find_or_explain(const char *name, char *error, size_t error_bytes)
{
	const struct workload *found = workload_find(name);
	if (found != NULL)
		return found;
	const char *names[NAMES_MAX];
	size_t count = 0;
	for (; count < NAMES_MAX && all_workloads[count] != NULL; count++)
		names[count] = all_workloads[count]->name;
	const char *near = nearest_name(name, names, count);
	if (near != NULL)
		snprintf(error, error_bytes, "there is no workload '%s'; did you mean '%s'?", name, near);
	else
		snprintf(error, error_bytes,
			 "there is no workload '%s'; `gilbench list workloads` lists them", name);
	return NULL;
}

/* One "workload" or "workload:tasks" of a cast. */
static int resolve_role(char *word, struct execution *out, char *error, size_t error_bytes)
{
	char *colon = strchr(word, ':');
	int tasks = 0;
	if (colon != NULL) {
		*colon = '\0';
		char *end;
		long number = strtol(colon + 1, &end, 10);
		if (end == colon + 1 || *end != '\0' || number < 1 || number > 4096) {
			snprintf(error, error_bytes, "'%s:%s': the number of tasks must be from 1 to 4096",
				 word, colon + 1);
			return -1;
		}
		tasks = (int)number;
	}
	if (out->role_count == ROLE_MAX) {
		snprintf(error, error_bytes, "a cast has at most %d roles", ROLE_MAX);
		return -1;
	}
	struct role *role = &out->role[out->role_count];
	role->workload = find_or_explain(word, error, error_bytes);
	if (role->workload == NULL)
		return -1;
	int same = 0;
	for (int i = 0; i < out->role_count; i++)
		same += out->role[i].workload == role->workload;
	/* A workload that plays twice: spin, spin2, spin3. */
	if (same > 0)
		snprintf(role->name, sizeof(role->name), "%s%d", word, same + 1);
	else
		snprintf(role->name, sizeof(role->name), "%s", word);
	role->tasks = tasks;
	param_defaults(role->workload->params, role->param);
	out->role_count++;
	return 0;
}

/* "rate=1000": the load, which is no workload's. */
static int resolve_rate(const char *text, struct execution *out, char *error, size_t error_bytes)
{
	double rate;
	if (param_number(text, &rate) != 0 || !(rate >= RATE_MIN_PER_S) || rate > RATE_MAX_PER_S) {
		snprintf(error, error_bytes,
			 "a rate is operations per second, from 0.001 to 10 million, not '%s'", text);
		return -1;
	}
	if (out->kind != CELL_WINDOW) {
		snprintf(
			error, error_bytes,
			"a rate (%s per second) needs a window: operations come for a time, not for a number",
			text);
		return -1;
	}
	out->rate_per_s = rate;
	return 0;
}

/* One "name=value" or "role.name=value". */
static int resolve_param(const char *word, struct execution *out, char *error, size_t error_bytes)
{
	const char *dot = strchr(word, '.'), *equals = strchr(word, '=');
	if (strncmp(word, "rate=", strlen("rate=")) == 0)
		return resolve_rate(equals + 1, out, error, error_bytes);
	if (dot != NULL && equals != NULL && dot < equals) {
		size_t length = (size_t)(dot - word);
		for (int i = 0; i < out->role_count; i++) {
			struct role *role = &out->role[i];
			if (strlen(role->name) == length && strncmp(role->name, word, length) == 0)
				return param_set(role->workload->params, role->param, dot + 1, error,
						 error_bytes);
		}
		snprintf(error, error_bytes, "'%s': there is no role '%.*s' in the cast", word, (int)length,
			 word);
		return -1;
	}
	if (out->role_count > 1) {
		snprintf(error, error_bytes,
			 "'%s': a cast of several roles needs ROLE.NAME=VALUE, for instance %s.%s", word,
			 out->role[0].name, word);
		return -1;
	}
	return param_set(out->role[0].workload->params, out->role[0].param, word, error, error_bytes);
}

static int each_word(const char *text, const char *gaps,
		     int (*use)(char *word, struct execution *, char *error, size_t error_bytes),
		     struct execution *out, char *error, size_t error_bytes)
{
	char *copy = xstrdup(text), *rest = NULL;
	int status = 0;
	for (char *word = strtok_r(copy, gaps, &rest); word != NULL && status == 0;
	     word = strtok_r(NULL, gaps, &rest))
		status = use(word, out, error, error_bytes);
	free(copy);
	return status;
}

static int resolve_param_word(char *word, struct execution *out, char *error, size_t error_bytes)
{
	return resolve_param(word, out, error, error_bytes);
}

/* What a cell of virtual time says of its machine is not the work's. */
static int resolve_params(const struct cell *cell, struct execution *out, char *error, size_t error_bytes)
{
	struct virtual_words words = {.cores = 0};
	char *params = NULL;
	if (cell->source == SOURCE_VIRTUAL &&
	    virtual_words_read(cell->params, &words, &params, error, error_bytes) != 0)
		return -1;
	int status = each_word(params != NULL ? params : cell->params, " ", resolve_param_word, out, error,
			       error_bytes);
	free(params);
	if (words.rate_per_s > 0)
		out->rate_per_s = words.rate_per_s;
	return status;
}

int cast_resolve(const struct cell *cell, struct execution *out, char *error, size_t error_bytes)
{
	*out = (struct execution){
		.kind = cell->kind, .window_ns = (uint64_t)(cell->window_s * 1e9), .has_latency = true};
	if (each_word(cell->cast, ",", resolve_role, out, error, error_bytes) != 0)
		return -1;
	if (out->role_count == 0) {
		snprintf(error, error_bytes, "no workload was named");
		return -1;
	}
	if (resolve_params(cell, out, error, error_bytes) != 0)
		return -1;
	for (int i = 0; i < out->role_count; i++)
		if (out->role[i].tasks == 0)
			out->role[i].tasks = out->role_count == 1 ? cell->workers : 1;
	return gil_policy_parse(cell->policy[0] != '\0' ? cell->policy : "py3", &out->policy, error,
				error_bytes);
}
