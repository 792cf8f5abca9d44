/*
 * cell_options: which cell, from the command line. See cell_options.h.
 */
#include <errno.h>
#include <stdlib.h>

#include <gilbench/pin.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "cli/cell_options.h"
#include "cli/option_values.h"

/* Most workers: what a cast may have per role. */
#define WORKERS_MAX 4096

enum { KEY_AFFINITY = 0x300, KEY_SEED, KEY_WINDOW, KEY_RATE, KEY_GIL, KEY_GIL_STATS, KEY_PARAM };

static const struct argp_option table[] = {
	{"workload", 'w', "CAST", 0, "the work: spin, or several roles: sleep:2,spin:1", 0},
	{"param", KEY_PARAM, "NAME=VALUE", 0, "a parameter of the work (several allowed; ROLE.NAME=VALUE)",
	 0},
	{"model", 'm', "MODEL", 0, "how it is executed: seq, gil, threads, fork, uv, ...", 0},
	{"gil", KEY_GIL, "POLICY", 0, "the lock's rules: py2, or py3,interval=1ms", 0},
	{"gil-stats", KEY_GIL_STATS, "on|off", 0, "the lock's held and waited times (default on)", 0},
	{"workers", 'n', "N", 0, "tasks (default 1)", 0},
	{"window", KEY_WINDOW, "TIME", 0, "run for this long, and count", 0},
	{"rate", KEY_RATE, "PER_S", 0, "the first role's operations are due at this rate (open loop)", 0},
	{"seed", KEY_SEED, "N", 0, "for work with random parts (default 1)", 0},
	{"affinity", KEY_AFFINITY, "LIST", 0, "keep to these CPUs: 0,2-3", 0},
	{0},
};

static void choose_model(struct cell_options *o, const char *name)
{
	char error[256];
	o->model = model_find(name, error, sizeof(error));
	if (o->model != NULL && o->model->is_virtual)
		model_explain_virtual(o->model, error, sizeof(error));
	if (o->model == NULL || o->model->is_virtual)
		die_usage("%s", error);
}

/* A seed is any 64-bit number; 2^53 and above do not go through a double. */
static uint64_t seed_number(const char *text)
{
	char *end;
	errno = 0;
	uint64_t seed = strtoull(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || text[0] == '-')
		die_usage("--seed must be a whole number, not '%s'", text);
	return seed;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct cell_options *o = state->input;
	switch (key) {
	case 'w':
		o->cell.cast = text;
		return 0;
	case KEY_PARAM:
		o->params = option_add_param(o->params, text);
		return 0;
	case 'm':
		choose_model(o, text);
		return 0;
	case KEY_GIL:
		o->cell.policy = text;
		return 0;
	case KEY_GIL_STATS:
		o->gil_stats = text;
		return 0;
	case 'n':
		o->cell.workers = (int)option_whole("workers", text, 1, WORKERS_MAX);
		return 0;
	case KEY_WINDOW:
		o->cell.window_s = option_duration("window", text, WINDOW_MIN_S, WINDOW_MAX_S);
		return 0;
	case KEY_RATE:
		o->params = option_add_rate(o->params, text);
		return 0;
	case KEY_SEED:
		o->seed = seed_number(text);
		return 0;
	case KEY_AFFINITY:
		o->affinity = text;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cell_argp = {.options = table, .parser = parse};

void cell_options_standard(struct cell_options *o, const char *command, const char *model)
{
	*o = (struct cell_options){
		.command = command, .cell = {.experiment = command, .policy = "", .workers = 1}, .seed = 1};
	o->params = xstrdup("");
	choose_model(o, model);
}

/* It is a field of the policy, so that a sample says how it was measured. */
static void add_gil_stats(struct cell_options *o)
{
	const char *comma = o->cell.policy[0] != '\0' ? "," : "";
	o->policy = xasprintf("%s%sstats=%s", o->cell.policy, comma, o->gil_stats);
	o->cell.policy = o->policy;
}

static void complete(struct cell_options *o)
{
	if (o->cell.cast == NULL)
		die_usage("%s needs --workload; `gilbench list workloads` lists them", o->command);
	if (o->cell.policy[0] != '\0' && !o->model->has_lock)
		die_usage("--gil is for models with a lock; '%s' has none", o->model->name);
	if (o->gil_stats != NULL && !o->model->has_lock)
		die_usage("--gil-stats is for models with a lock; '%s' has none", o->model->name);
	if (o->gil_stats != NULL)
		add_gil_stats(o);
	o->cell.kind = o->cell.window_s > 0 ? CELL_WINDOW : CELL_BATCH;
	if (o->model->is_single)
		o->cell.workers = 1;
	o->cell.model = o->model->name;
	o->cell.params = o->params;
}

void cell_options_resolve(struct cell_options *o, struct execution *x)
{
	char error[256];
	complete(o);
	if (cast_resolve(&o->cell, x, error, sizeof(error)) != 0)
		die_usage("%s", error);
	if (x->role_count > 1 && o->cell.kind == CELL_BATCH)
		die_usage("a cast of several roles needs --window: its roles have no common number of "
			  "operations");
	/* Written out, so that a sample says which rules it was measured under. */
	if (o->model->has_lock) {
		free(o->policy);
		o->cell.policy = o->policy = gil_policy_text(&x->policy);
	}
	x->seed = o->seed;
	if (o->affinity != NULL && pin_process(o->affinity, error, sizeof(error)) != 0)
		die_usage("%s", error);
}

void cell_options_release(struct cell_options *o)
{
	free(o->params);
	free(o->policy);
}
