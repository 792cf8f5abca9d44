/*
 * once: one cell, once, bare. What the driver executes for every sample, and what hyperfine times.
 */
#include <argp.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/pin.h>
#include <gilbench/registry.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#include "cli/command.h"
#include "cli/once_print.h"

/* Without --ops: enough to see something, little enough not to wait for it. */
#define OPS_STANDARD 100

/* Most workers: what a cast may have per role. */
#define WORKERS_MAX 4096

enum {
	KEY_SAMPLE_FD = 0x100,
	KEY_NO_LATENCY,
	KEY_AFFINITY,
	KEY_SEED,
	KEY_WINDOW,
	KEY_RATE,
	KEY_GIL,
	KEY_GIL_STATS,
	KEY_PARAM,
	KEY_OPS
};

struct once {
	struct cell cell;
	const struct model *model;
	char *params, *policy;
	const char *gil_stats; /* NULL: as the policy says */
	uint64_t ops, seed;
	bool has_latency;
	const char *affinity;
	int sample_fd;
};

static const struct argp_option options[] = {
	{"workload", 'w', "CAST", 0, "the work: spin, or several roles: sleep:2,spin:1", 0},
	{"param", KEY_PARAM, "NAME=VALUE", 0, "a parameter of the work (several allowed; ROLE.NAME=VALUE)",
	 0},
	{"model", 'm', "MODEL", 0, "how it is executed (default seq)", 0},
	{"gil", KEY_GIL, "POLICY", 0, "the lock's rules: py2, or py3,interval=1ms", 0},
	{"gil-stats", KEY_GIL_STATS, "on|off", 0, "the lock's held and waited times (default on)", 0},
	{"workers", 'n', "N", 0, "tasks (default 1)", 0},
	{"ops", KEY_OPS, "N", 0, "operations in all (default 100)", 0},
	{"window", KEY_WINDOW, "TIME", 0, "run for this long instead, and count", 0},
	{"rate", KEY_RATE, "PER_S", 0, "the first role's operations are due at this rate (open loop)", 0},
	{"seed", KEY_SEED, "N", 0, "for work with random parts (default 1)", 0},
	{"affinity", KEY_AFFINITY, "LIST", 0, "keep to these CPUs: 0,2-3", 0},
	{"no-latency", KEY_NO_LATENCY, NULL, 0, "do not time single operations", 0},
	{"sample-fd", KEY_SAMPLE_FD, "FD", OPTION_HIDDEN, "write the sample as one line of JSON to FD", 0},
	{0},
};

/* A whole number of an option, k and M understood. */
static uint64_t whole_number(const char *option, const char *text, double min, double max)
{
	double value;
	if (param_number(text, &value) != 0 || value < min || value > max || value != floor(value))
		die_usage("--%s must be a whole number from %.0f to %.15g, not '%s'", option, min, max, text);
	return (uint64_t)value;
}

static double window_seconds(const char *text)
{
	double seconds;
	if (param_duration(text, &seconds) != 0 || seconds < 0.001 || seconds > 86400)
		die_usage("--window must be a time from 1ms to 24h, not '%s'", text);
	return seconds;
}

static void add_param(struct once *o, const char *name, const char *word)
{
	char *longer = xasprintf("%s%s%s%s", o->params, o->params[0] != '\0' ? " " : "", name, word);
	free(o->params);
	o->params = longer;
}

static void choose_model(struct once *o, const char *name)
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

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct once *o = state->input;
	switch (key) {
	case 'w':
		o->cell.cast = arg;
		return 0;
	case KEY_PARAM:
		add_param(o, "", arg);
		return 0;
	case KEY_RATE:
		add_param(o, "rate=", arg);
		return 0;
	case 'm':
		choose_model(o, arg);
		return 0;
	case KEY_GIL:
		o->cell.policy = arg;
		return 0;
	case KEY_GIL_STATS:
		o->gil_stats = arg;
		return 0;
	case 'n':
		o->cell.workers = (int)whole_number("workers", arg, 1, WORKERS_MAX);
		return 0;
	case KEY_OPS:
		/* 2^53: above it a double skips whole numbers. */
		o->ops = whole_number("ops", arg, 1, 0x1p53);
		return 0;
	case KEY_WINDOW:
		o->cell.window_s = window_seconds(arg);
		return 0;
	case KEY_SEED:
		o->seed = seed_number(arg);
		return 0;
	case KEY_AFFINITY:
		o->affinity = arg;
		return 0;
	case KEY_NO_LATENCY:
		o->has_latency = false;
		return 0;
	case KEY_SAMPLE_FD:
		o->sample_fd = (int)whole_number("sample-fd", arg, 1, 1023);
		return 0;
	case ARGP_KEY_ARG:
		die_usage("`once` takes options only, not '%s'; the work is named by --workload", arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* It is a field of the policy, so that a sample says how it was measured. */
static void add_gil_stats(struct once *o)
{
	const char *comma = o->cell.policy[0] != '\0' ? "," : "";
	o->policy = xasprintf("%s%sstats=%s", o->cell.policy, comma, o->gil_stats);
	o->cell.policy = o->policy;
}

static void complete(struct once *o)
{
	if (o->cell.cast == NULL)
		die_usage("once needs --workload; `gilbench list workloads` lists them");
	if (o->ops != 0 && o->cell.window_s > 0)
		die_usage("--ops and --window are two ways to end a cell: give one of them");
	if (o->cell.policy[0] != '\0' && !o->model->has_lock)
		die_usage("--gil is for models with a lock; '%s' has none", o->model->name);
	if (o->gil_stats != NULL && !o->model->has_lock)
		die_usage("--gil-stats is for models with a lock; '%s' has none", o->model->name);
	if (o->gil_stats != NULL)
		add_gil_stats(o);
	if (o->ops == 0)
		o->ops = OPS_STANDARD;
	o->cell.kind = o->cell.window_s > 0 ? CELL_WINDOW : CELL_BATCH;
	if (o->model->is_single)
		o->cell.workers = 1;
	o->cell.model = o->model->name;
	o->cell.params = o->params;
}

static void resolve(struct once *o, struct execution *x)
{
	char error[256];
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
	x->ops = o->ops;
	x->seed = o->seed;
	x->has_latency = o->has_latency;
	if (o->affinity != NULL && pin_process(o->affinity, error, sizeof(error)) != 0)
		die_usage("%s", error);
}

static void send_sample(int fd, const struct sample *s)
{
	json_t *object = sample_to_json(s);
	char *line = json_dumps(object, JSON_COMPACT);
	if (line == NULL || dprintf(fd, "%s\n", line) < 0)
		die("the sample could not be written to descriptor %d", fd);
	free(line);
	json_decref(object);
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.doc = "Run one cell once and print what it took.\v"
		       "Example: gilbench once --workload spin --model threads --workers 2"};
	struct once o = {.cell = {.experiment = "once", .policy = "", .workers = 1},
			 .has_latency = true,
			 .seed = 1,
			 .sample_fd = -1};
	o.params = xstrdup("");
	choose_model(&o, "seq");
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	complete(&o);

	struct execution x;
	resolve(&o, &x);
	struct sample s = {.cell = o.cell, .seed = o.seed};
	o.model->run(&x, &s);
	if (o.sample_fd >= 0)
		send_sample(o.sample_fd, &s);
	else
		once_print(&s, o.model, stdout);
	bool is_failed = s.status == SAMPLE_WRONG || s.status == SAMPLE_CRASHED;
	sample_release(&s);
	free(o.params);
	free(o.policy);
	return is_failed ? EXIT_MEASUREMENT : EXIT_DONE;
}

const struct command command_once = {
	.name = "once",
	.arguments = "--workload CAST --model MODEL [options]",
	.summary = "one cell, once, bare",
	.rank = 60,
	.run = run,
};
