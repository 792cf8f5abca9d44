/*
 * options: the command line that every measuring command shares. See options.h.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/clock.h>
#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/pin.h>
#include <gilbench/util.h>

#include "cli/option_values.h"
#include "cli/options.h"

/* Samples per cell: the least with a 95 % interval, what is worth while, what --rigorous is for. */
#define SAMPLES_MIN      6
#define SAMPLES_STANDARD 12
#define SAMPLES_RIGOROUS 48

/* Nobody has patience for more. The exact value does not matter. */
#define SAMPLES_LIMIT 1000

/* `make run-all` promises at most five minutes: this, and the rest for charts. It holds 6 blocks of every
 * experiment of `all`, or of the group under-the-lock, on two quiet cores. */
#define BUDGET_STANDARD_S 280

/* Process start and the clock stay below 0.1 % of a sample this long. */
#define MIN_TIME_STANDARD_S 0.1

/* A group stops when every interval is narrower than this. */
#define PRECISION_STANDARD 0.02

#define DAY_S 86400.0

enum {
	KEY_PARAM = 0x200,
	KEY_GIL,
	KEY_OPS,
	KEY_WINDOW,
	KEY_RATE,
	KEY_FAST,
	KEY_RIGOROUS,
	KEY_BUDGET,
	KEY_MIN_TIME,
	KEY_MIN_SAMPLES,
	KEY_PRECISION,
	KEY_WARMUP,
	KEY_SEED,
	KEY_PLAN,
	KEY_RESUME,
	KEY_AFFINITY,
};

static const struct argp_option what_table[] = {
	{NULL, 0, NULL, 0, "What to measure:", 1},
	{"workload", 'w', "CAST", 0, "the work: spin, or several roles: sleep:2,spin:1", 1},
	{"param", KEY_PARAM, "NAME=VALUE", 0, "a parameter of the work (several allowed; ROLE.NAME=VALUE)",
	 1},
	{"model", 'm', "LIST", 0, "ways to execute it: gil,threads,fork,uv", 1},
	{"gil", KEY_GIL, "LIST", 0, "rules of the simulated lock: py2,py3,prio, or py3,interval=1ms", 1},
	{"workers", 'n', "LIST", 0, "how many tasks: 1,2,4 or 1-8 or 1,cores,2*cores", 1},
	{"ops", KEY_OPS, "N", 0, "exactly N operations per sample", 1},
	{"window", KEY_WINDOW, "TIME", 0, "run for this long and count, instead of timing a batch", 1},
	{"rate", KEY_RATE, "PER_S", 0,
	 "open loop: the first role's operations are due at this rate; needs --window", 1},
	{0},
};

static const struct argp_option how_table[] = {
	{NULL, 0, NULL, 0, "How well, and for how long:", 2},
	{"fast", KEY_FAST, NULL, 0, "6 samples per cell", 2},
	{"rigorous", KEY_RIGOROUS, NULL, 0, "up to 48 samples per cell, no budget", 2},
	{"budget", KEY_BUDGET, "TIME", 0, "bound for the whole measuring (default 280s; `none` lifts it)", 2},
	{"min-time", KEY_MIN_TIME, "TIME", 0, "least length of a sample (default 100ms)", 2},
	{"min-samples", KEY_MIN_SAMPLES, "N", 0, "least samples per cell (default 6)", 2},
	{"precision", KEY_PRECISION, "PERCENT", 0, "stop when every interval is narrower (default 2)", 2},
	{"warmup", KEY_WARMUP, "TIME", 0, "throw samples away for this long before the first block", 2},
	{NULL, 0, NULL, 0, "Running:", 3},
	{"seed", KEY_SEED, "N", 0, "of the order and of random work (default: drawn)", 3},
	{"plan", KEY_PLAN, NULL, 0, "print cells and order, measure nothing", 3},
	{"resume", KEY_RESUME, "RUN", 0, "go on with an interrupted run", 3},
	{"output", 'o', "DIR", 0, "the run directory (default results/<UTC>-<seed>)", 3},
	{"affinity", KEY_AFFINITY, "LIST", 0, "keep to these CPUs: 0,2-3", 3},
	{"quiet", 'q', NULL, 0, "warnings and results only", 3},
	{0},
};

/* ---- values ---- */

/* "2", "2%" */
static double percent(const char *option, const char *text)
{
	char *end;
	double value = strtod(text, &end);
	if (end == text || (strcmp(end, "") != 0 && strcmp(end, "%") != 0) || !(value >= 0.01) || value > 100)
		die_usage("--%s must be a percentage from 0.01 to 100, not '%s'", option, text);
	return value / 100;
}

static uint64_t seed_number(const char *text)
{
	char *end;
	errno = 0;
	uint64_t seed = strtoull(text, &end, 10);
	/* 2^53: a seed must survive a JSON number. */
	if (end == text || *end != '\0' || errno != 0 || text[0] == '-' || seed > (1ull << 53))
		die_usage("--seed must be a whole number from 0 to 2^53, not '%s'", text);
	return seed;
}

static void set_budget(struct options *o, const char *text)
{
	o->has_budget = true;
	o->measure.budget_s =
		strcmp(text, "none") == 0 ? 0 : option_duration("budget", text, 0.1, 30 * DAY_S);
}

static void set_samples(struct options *o, unsigned most)
{
	o->measure.max_samples = most;
	o->has_samples = true;
}

/* ---- parsing ---- */

static error_t parse_what(int key, char *text, struct options *o)
{
	switch (key) {
	case 'w':
		o->cast = text;
		return 0;
	case KEY_PARAM:
		o->params = option_add_param(o->params, text);
		return 0;
	case 'm':
		o->models = text;
		return 0;
	case KEY_GIL:
		o->policies = text;
		return 0;
	case 'n':
		o->workers = text;
		return 0;
	case KEY_OPS:
		o->measure.ops = option_whole("ops", text, 1, 0x1p53);
		return 0;
	case KEY_WINDOW:
		o->measure.window_s = option_duration("window", text, WINDOW_MIN_S, WINDOW_MAX_S);
		return 0;
	case KEY_RATE:
		o->params = option_add_rate(o->params, text);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_how_well(int key, char *text, struct options *o)
{
	switch (key) {
	case KEY_FAST:
		o->is_fast = true;
		o->measure.max_samples = SAMPLES_MIN;
		return 0;
	case KEY_RIGOROUS:
		set_samples(o, SAMPLES_RIGOROUS);
		return 0;
	case KEY_BUDGET:
		set_budget(o, text);
		return 0;
	case KEY_MIN_TIME:
		o->measure.min_time_s = option_duration("min-time", text, 0.001, DAY_S);
		return 0;
	case KEY_MIN_SAMPLES:
		o->measure.min_samples = (unsigned)option_whole("min-samples", text, 1, SAMPLES_LIMIT);
		o->has_samples = true;
		return 0;
	case KEY_PRECISION:
		o->measure.precision = percent("precision", text);
		return 0;
	case KEY_WARMUP:
		o->measure.warmup_s = option_duration("warmup", text, 0, DAY_S);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_running(int key, char *text, struct options *o)
{
	switch (key) {
	case KEY_SEED:
		o->measure.seed = seed_number(text);
		o->has_seed = true;
		return 0;
	case KEY_PLAN:
		o->is_plan_only = true;
		return 0;
	case KEY_RESUME:
		o->resume = text;
		return 0;
	case 'o':
		if (text[0] == '\0')
			die_usage("-o wants the name of a directory");
		o->dir = text;
		return 0;
	case KEY_AFFINITY:
		free(o->measure.affinity);
		o->measure.affinity = xstrdup(text);
		return 0;
	case 'q':
		log_set_quiet(true);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_how(int key, char *text, struct argp_state *state)
{
	struct options *o = state->input;
	error_t status = parse_how_well(key, text, o);
	return status == ARGP_ERR_UNKNOWN ? parse_running(key, text, o) : status;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	if (key != ARGP_KEY_INIT)
		return parse_what(key, text, state->input);
	struct options *o = state->input;
	state->child_inputs[0] = o;
	state->child_inputs[1] = &o->virtual;
	return 0;
}

const struct argp options_how_argp = {.options = how_table, .parser = parse_how};

static const struct argp_child how_child[] = {
	{&options_how_argp, 0, NULL, 0}, {&virtual_argp, 0, NULL, 0}, {0}};

const struct argp options_argp = {.options = what_table, .parser = parse, .children = how_child};

/* ---- all of them together ---- */

void options_standard(struct options *o)
{
	uint64_t random_state = clock_now_ns() ^ ((uint64_t)getpid() << 32);
	*o = (struct options){
		.measure =
			{
				.min_samples = SAMPLES_MIN,
				.max_samples = SAMPLES_STANDARD,
				.precision = PRECISION_STANDARD,
				.min_time_s = MIN_TIME_STANDARD_S,
				.budget_s = BUDGET_STANDARD_S,
				/* Short enough to be typed again. */
				.seed = random_next(&random_state) % 1000000,
			},
	};
}

/* Profiles are a cast like any other, once they are written as one. */
static void take_profiles(struct options *o)
{
	if (o->virtual.profiles == NULL)
		return;
	if (o->cast != NULL)
		die_usage("--workload and --profile are two ways to say what the work is: give one of them");
	char *params;
	int tasks = virtual_options_tasks(&o->virtual);
	virtual_options_work(&o->virtual, o->params, &o->own_cast, &params);
	free(o->params);
	o->params = params;
	o->cast = o->own_cast;
	if (tasks > 0 && o->workers == NULL)
		o->workers = o->own_workers = xasprintf("%d", tasks);
}

void options_complete(struct options *o)
{
	char error[256];
	take_profiles(o);
	if (o->measure.ops > 0 && o->measure.window_s > 0)
		die_usage("--ops and --window are two ways to end a sample: give one of them");
	if (o->measure.max_samples < o->measure.min_samples)
		o->measure.max_samples = o->measure.min_samples;
	/* Whoever asks for many samples means it. */
	if (o->has_samples && !o->has_budget)
		o->measure.budget_s = 0;
	if (o->measure.affinity != NULL && pin_process(o->measure.affinity, error, sizeof(error)) != 0)
		die_usage("%s", error);
}

struct plan_request options_request(const struct options *o)
{
	struct host host;
	host_read(&host);
	return (struct plan_request){
		.usable_cpus = host.usable_cpus,
		.physical_cores = host.physical_cores,
		.cast = o->cast,
		.params = o->params,
		.models = o->models,
		.policies = o->policies,
		.workers = o->workers,
		.window_s = o->measure.window_s,
		.is_virtual = o->virtual.is_virtual,
		.cores = o->virtual.cores,
	};
}

void options_release(struct options *o)
{
	virtual_options_release(&o->virtual);
	free(o->params);
	free(o->own_cast);
	free(o->own_workers);
}

const char *options_beside_resume(const struct options *o)
{
	return o->cast != NULL               ? "--workload"
	       : o->virtual.profiles != NULL ? "--profile"
	       : o->virtual.is_virtual       ? "--virtual"
	       : o->virtual.cores != NULL    ? "--cores"
	       : o->virtual.costs != NULL    ? "--cost"
	       : o->params != NULL           ? "--param"
	       : o->models != NULL           ? "--model"
	       : o->policies != NULL         ? "--gil"
	       : o->workers != NULL          ? "--workers"
	       : o->measure.ops > 0          ? "--ops"
	       : o->measure.window_s > 0     ? "--window"
	       : o->has_seed                 ? "--seed"
	       : o->measure.affinity != NULL ? "--affinity"
	       : o->dir != NULL              ? "-o"
	       : o->is_plan_only             ? "--plan"
					     : NULL;
}
