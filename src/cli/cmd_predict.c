/*
 * predict: the same question in virtual time, on any number of cores: which shape to deploy, what limits it, and what
 * would make another one better.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/log.h>
#include <gilbench/param.h>
#include <gilbench/sim.h>
#include <gilbench/util.h>

#include "cli/command.h"
#include "cli/option_values.h"
#include "cli/predict_request.h"

/* As for live runs: one operation in a quarter of an hour, ten million a second. */
#define RATE_MIN_PER_S 0.001
#define RATE_MAX_PER_S 1e7

enum {
	KEY_PROFILE = 0x400,
	KEY_PARAM,
	KEY_GIL,
	KEY_CORES,
	KEY_RATE,
	KEY_ARRIVALS,
	KEY_WINDOW,
	KEY_COST,
	KEY_GOAL,
	KEY_CSV,
	KEY_SEED,
	KEY_CHART,
};

static const struct argp_option table[] = {
	{NULL, 0, NULL, 0, "What one operation is:", 1},
	{"profile", KEY_PROFILE, "SEGMENTS", 0,
	 "'gil 2ms, wait exp(10ms), free 1ms'; several make a cast: 'NAME:COUNT = SEGMENTS'", 1},
	{"workload", 'w', "NAME", 0, "instead: record this workload here first, one task alone", 1},
	{"param", KEY_PARAM, "NAME=VALUE", 0, "a parameter of the workload (several allowed)", 1},
	{NULL, 0, NULL, 0, "On what:", 2},
	{"model", 'm', "LIST", 0, "default gil,gil*cores,uv,uv*cores,fork,interp,free", 2},
	{"gil", KEY_GIL, "LIST", 0, "rules of the lock: py3 (default), py2, py3,interval=1ms", 2},
	{"workers", 'n', "LIST", 0, "tasks in all: 1-64, 8,16,cores (default 12 numbers from 1 to 64)", 2},
	{"cores", KEY_CORES, "N", 0, "cores of the machine (default: of this one)", 2},
	{"rate", KEY_RATE, "PER_S", 0,
	 "operations come at this rate (open loop), else each task goes on at once", 2},
	{"arrivals", KEY_ARRIVALS, "random|regular", 0, "how they come (default random: Poisson)", 2},
	{"cost", KEY_COST, "NAME=VALUE", 0,
	 "what the machine takes: switch, wakeup, handoff, poll, slice (times), free (factor)", 2},
	{NULL, 0, NULL, 0, "The answer:", 3},
	{"goal", KEY_GOAL, "GOAL", 0,
	 "workers (default: fewest processes, then tasks, within 5 % of the best), throughput, or p99<50ms",
	 3},
	{"window", KEY_WINDOW, "TIME", 0,
	 "virtual time of a cell, in six replicates (default: by operations)", 3},
	{"seed", KEY_SEED, "N", 0, "the same seed and costs give the same bytes (default 1)", 3},
	{"csv", KEY_CSV, NULL, 0, "the columns of summary.csv instead", 3},
	{"chart", KEY_CHART, "FILE", 0,
	 "draw the curves: FILE.png and .svg, and the .gp and .dat behind them", 3},
	{"output", 'o', "DIR", 0, "the same as --chart DIR/predict.png", 3},
	{0},
};

/* Where to get a profile: said by --help, and to whoever has none. */
#define WHERE_FROM                                                                          \
	"Where the numbers come from, for one request of your service:\n"                   \
	"  wall time  what it takes: the access log, or time.perf_counter() around it\n"    \
	"  CPU time   time.thread_time() around the same code\n"                            \
	"  gil, free  of the CPU time, the share that holds the lock: how many of the\n"    \
	"             samples of `py-spy record` are left with `py-spy record --gil`;\n"    \
	"             that share is gil, the rest is free\n"                                \
	"  wait       the rest: wall time less CPU time\n"                                  \
	"For example: 14 ms by the log, 4 ms by thread_time(), and --gil leaves 750 of\n"   \
	"1000 samples: 3 ms hold the lock, 1 ms of native code does not, and 10 ms wait,\n" \
	"now less, now more:\n"                                                             \
	"  gilbench predict --profile 'gil 3ms, free 1ms, wait exp(10ms)' --cores 8\n"      \
	"Native code that keeps the lock is hold; a call that blocks and cannot be\n"       \
	"awaited (time.sleep, fsync) is block. Lengths: 2ms, exp(2ms), lognormal(2ms,\n"    \
	"0.5)."

static void add_profile(struct predict_options *o, const char *text)
{
	char error[256];
	if (profile_cast_add(&o->cast, text, error, sizeof(error)) != 0)
		die_usage("--profile '%s': %s", text, error);
}

static double rate(const char *text)
{
	double per_s;
	if (param_number(text, &per_s) != 0 || !(per_s >= RATE_MIN_PER_S) || per_s > RATE_MAX_PER_S)
		die_usage("--rate is operations per second, from 0.001 to 10 million, not '%s'", text);
	return per_s;
}

static bool is_regular(const char *text)
{
	if (strcmp(text, "random") != 0 && strcmp(text, "regular") != 0)
		die_usage("--arrivals are random or regular, not '%s'", text);
	return strcmp(text, "regular") == 0;
}

static error_t parse_what(int key, char *text, struct predict_options *o)
{
	switch (key) {
	case KEY_PROFILE:
		add_profile(o, text);
		return 0;
	case 'w':
		o->workload = text;
		return 0;
	case KEY_PARAM:
		o->workload_params = option_add_param(o->workload_params, text);
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
	case KEY_CORES:
		o->cores = (int)option_whole("cores", text, 1, SIM_CORES_MAX);
		return 0;
	case KEY_RATE:
		o->rate_per_s = rate(text);
		return 0;
	case KEY_ARRIVALS:
		o->is_regular = is_regular(text);
		return 0;
	case KEY_COST:
		option_cost(&o->costs, text);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_answer(int key, char *text, struct predict_options *o)
{
	char error[256];
	switch (key) {
	case KEY_GOAL:
		if (predict_goal_parse(text, &o->goal, error, sizeof(error)) != 0)
			die_usage("%s", error);
		return 0;
	case KEY_WINDOW:
		o->window_s = option_duration("window", text, WINDOW_MIN_S, WINDOW_MAX_S);
		return 0;
	case KEY_SEED:
		o->seed = option_whole("seed", text, 0, UINT32_MAX);
		return 0;
	case KEY_CSV:
		o->is_csv = true;
		return 0;
	case KEY_CHART:
		if (text[0] == '\0')
			die_usage("--chart wants the name of a file");
		o->chart = text;
		return 0;
	case 'o':
		if (text[0] == '\0')
			die_usage("-o wants the name of a directory");
		o->dir = text;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct predict_options *o = state->input;
	if (key == ARGP_KEY_ARG)
		die_usage("predict takes options only, not '%s'; a profile is --profile '%s'", text, text);
	error_t status = parse_what(key, text, o);
	return status == ARGP_ERR_UNKNOWN ? parse_answer(key, text, o) : status;
}

/* NAME.png or NAME.svg, in whatever folder. */
static bool is_picture(const char *file)
{
	const char *slash = strrchr(file, '/'), *base = slash != NULL ? slash + 1 : file,
		   *dot = strrchr(base, '.');
	return dot != NULL && dot != base && (strcmp(dot, ".png") == 0 || strcmp(dot, ".svg") == 0);
}

/* Options that need each other. */
static void check(const struct predict_options *o)
{
	if (o->cast.count > 0 && o->workload != NULL)
		die_usage("--profile and --workload are two ways to say the work: give one of them");
	if (o->workload == NULL && o->workload_params != NULL)
		die_usage("--param is for --workload; a profile's numbers are in the profile");
	if (o->is_regular && !(o->rate_per_s > 0))
		die_usage("--arrivals needs --rate: without one every task goes on at once");
	if (o->chart != NULL && o->dir != NULL)
		die_usage("--chart and -o are two places for one chart: give one of them");
	if (o->chart != NULL && !is_picture(o->chart))
		die_usage("--chart wants a file that ends in .png or .svg, not '%s'", o->chart);
}

/* ---- the chart ------------------------------------------------------------------------------------------- */

/* FILE in its folder, without its ending: that is the chart's name. */
static void draw(const struct predict_options *o, const struct prediction *p)
{
	char *file = o->chart != NULL ? xstrdup(o->chart) : xasprintf("%s/predict.png", o->dir), error[512];
	char *slash = strrchr(file, '/'), *base = slash != NULL ? slash + 1 : file;
	*strrchr(base, '.') = '\0';
	if (slash != NULL)
		*slash = '\0';
	const char *dir = slash == file ? "/" : slash != NULL ? file : ".";
	int status = predict_draw(p, dir, base, error, sizeof(error));
	errno = 0;
	if (status < 0)
		die("%s", error);
	if (status > 0)
		log_warn("%s", error);
	else
		log_note("the chart: %s/%s.png, .svg", dir, base);
	free(file);
}

static void show_progress(size_t done, size_t all)
{
	log_progress("%zu of %zu cells", done, all);
}

static int predict(struct predict_options *o)
{
	struct predict_request request;
	struct prediction *p;
	char error[512];
	check(o);
	predict_options_resolve(o, &request);
	request.progress = log_is_terminal() ? show_progress : NULL;
	int status = predict_make(&request, &p, error, sizeof(error));
	log_progress_end();
	if (status != 0)
		die_usage("%s", error);
	if (o->is_csv) {
		char *csv = predict_csv(p);
		fputs(csv, stdout);
		free(csv);
	} else {
		predict_print(p, stdout);
	}
	fflush(stdout);
	if (o->chart != NULL || o->dir != NULL)
		draw(o, p);
	predict_release(p);
	predict_options_release(o, &request);
	return EXIT_DONE;
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = table,
		.parser = parse,
		.doc = "The same question in virtual time, on any number of cores: what a request's profile "
		       "gives "
		       "under every model, what limits each, and which shape to deploy.\v" WHERE_FROM};
	struct predict_options o;
	predict_options_standard(&o);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);
	if (o.cast.count == 0 && o.workload == NULL) {
		fputs("gilbench: predict needs a --profile, or a --workload to record one\n" WHERE_FROM "\n",
		      stderr);
		return EXIT_USAGE;
	}
	return predict(&o);
}

const struct command command_predict = {
	.name = "predict",
	.arguments = "--profile 'gil 2ms, wait 10ms' [options]",
	.summary = "in virtual time, on any number of cores: what each model does, what limits it, what to "
		   "deploy",
	.rank = 32,
	.run = run,
};
