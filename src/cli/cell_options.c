/*
 * cell_options: which cell, from the command line. See cell_options.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/host.h>
#include <gilbench/numlist.h>
#include <gilbench/pin.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "cli/cell_options.h"
#include "cli/option_values.h"
#include "plan/cast.h"

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
	if (o->model == NULL)
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
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->virtual;
		return 0;
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
		o->has_workers = true;
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

static const struct argp_child children[] = {{&virtual_argp, 0, NULL, 0}, {0}};
const struct argp cell_argp = {.options = table, .parser = parse, .children = children};

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

/* Profiles are a cast like any other, once they are written as one. */
static void take_profiles(struct cell_options *o)
{
	if (o->virtual.profiles == NULL)
		return;
	if (o->cell.cast != NULL)
		die_usage("--workload and --profile are two ways to say what the work is: give one of them");
	char *params;
	virtual_options_work(&o->virtual, o->params, &o->cast, &params);
	free(o->params);
	o->params = params;
	o->cell.cast = o->cast;
	if (!o->has_workers && virtual_options_tasks(&o->virtual) > 0)
		o->cell.workers = virtual_options_tasks(&o->virtual);
}

static void check_virtual(const struct cell_options *o)
{
	char error[256];
	const char *word = virtual_options_without(&o->virtual);
	if (word != NULL)
		die_usage("%s is for virtual time: add --virtual", word);
	if (o->virtual.is_virtual || !o->model->is_virtual)
		return;
	model_explain_virtual(o->model, error, sizeof(error));
	die_usage("%s", error);
}

static void complete(struct cell_options *o)
{
	check_virtual(o);
	take_profiles(o);
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
	o->cell.source = o->virtual.is_virtual ? SOURCE_VIRTUAL : SOURCE_LIVE;
}

/* ---- virtual time ---- */

static int cores_number(const struct cell_options *o)
{
	const int usable = host_usable_cpus();
	const struct numlist_name names[] = {{"cores", usable}, {NULL, 0}};
	int list[NUMLIST_MAX];
	char error[256];
	if (o->virtual.cores == NULL)
		return usable;
	int count = numlist_parse(o->virtual.cores, names, 1, VIRTUAL_CORES_MAX, list, error, sizeof(error));
	if (count < 0)
		die_usage("--cores: %s", error);
	if (count > 1)
		die_usage("%s runs one cell, on so many cores or so many, not on '%s'", o->command,
			  o->virtual.cores);
	return list[0];
}

/* Cast and parameters in the spelling of a plan's cells, by the planner itself. */
static void plan_one(struct cell_options *o)
{
	struct planned_cast planned;
	char error[300];
	int line, cores = cores_number(o);
	const struct wish wish = {.experiment = o->command,
				  .cast.text = (char *)(uintptr_t)o->cell.cast,
				  .params.text = o->params,
				  .window_s = o->cell.window_s,
				  .is_virtual = true,
				  .cores = cores};
	if (planned_cast_make(&wish, &planned, &line, error, sizeof(error)) != 0)
		die_usage("%s", error);
	free(o->params);
	free(o->cast);
	o->cell.cast = o->cast = planned.cast;
	o->cell.params = o->params = planned.params;
	o->cell.workers = planned.tasks > 0 ? planned.tasks : o->cell.workers;
}

/* Names and tasks, for those who speak of the cell. */
static void roles_of_profiles(const struct cell *cell, struct execution *x)
{
	struct profile_cast cast;
	char error[300];
	if (profile_cast_read(cell->cast, cell->params, cell->workers, &cast, error, sizeof(error)) != 0)
		die_usage("%s", error);
	x->role_count = cast.count;
	for (int i = 0; i < cast.count; i++) {
		snprintf(x->role[i].name, sizeof(x->role[i].name), "%s", cast.role[i].name);
		x->role[i].tasks = cast.role[i].tasks;
	}
	profile_cast_release(&cast);
}

static void resolve_virtual(struct cell_options *o, struct execution *x)
{
	char error[256];
	plan_one(o);
	*x = (struct execution){.kind = o->cell.kind, .has_latency = true};
	if (params_have_profiles(o->cell.params))
		roles_of_profiles(&o->cell, x);
	else if (cast_resolve(&o->cell, x, error, sizeof(error)) != 0)
		die_usage("%s", error);
	if (gil_policy_parse(o->cell.policy[0] != '\0' ? o->cell.policy : "py3", &x->policy, error,
			     sizeof(error)) != 0)
		die_usage("%s", error);
}

void cell_options_runner(const struct cell_options *o, struct virtual_runner *runner)
{
	*runner = (struct virtual_runner){.trace = NULL};
	virtual_options_costs(&o->virtual, &runner->costs);
	virtual_record_cell(runner, &o->cell);
}

void cell_options_resolve(struct cell_options *o, struct execution *x)
{
	char error[256];
	complete(o);
	if (o->virtual.is_virtual)
		resolve_virtual(o, x);
	else if (cast_resolve(&o->cell, x, error, sizeof(error)) != 0)
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
	virtual_options_release(&o->virtual);
	free(o->params);
	free(o->policy);
	free(o->cast);
}
