/*
 * validate: the simulated lock beside real interpreters, in one sitting and interleaved.
 *
 *	--python PATH ... -> contenders -> fit -> plan -> session (samples of both sides) -> findings -> table
 *
 * Like `run` it writes a run directory and can be resumed; `gilbench report` draws it. What is judged is what was
 * written: the table is made from the directory.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/log.h>
#include <gilbench/planner.h>
#include <gilbench/session.h>
#include <gilbench/util.h>
#include <gilbench/validate.h>

#include "cli/command.h"
#include "cli/contenders.h"
#include "cli/measuring.h"
#include "cli/options.h"

/* Most interpreters of one run. The exact value does not matter. */
#define PYTHONS_MAX 16

/* Promised: a minute, or five. The rest is for starting and for the table. */
#define BUDGET_FAST_S     56
#define BUDGET_STANDARD_S 285
/* Blocks at most: a minute of the longest windows. */
#define BLOCKS_MAX 30

enum { KEY_PYTHON = 0x300, KEY_SCALE };

struct validating {
	struct options options;
	struct validate_options validate;
	const char *path[PYTHONS_MAX];
	size_t path_count;
	struct contender *contenders;
	size_t count;
	char *client; /* the command that plays with echo servers */
	double fit_s; /* what fitting took */
};

static const struct argp_option option_table[] = {
	{"python", KEY_PYTHON, "PATH", 0,
	 "an interpreter, by path or name (several allowed; default python3)", 1},
	{"scale", KEY_SCALE, "FACTOR", OPTION_HIDDEN, "shorten all windows: for tests", 1},
	{0},
};

static double scale_number(const char *text)
{
	char *end;
	double value = strtod(text, &end);
	if (end == text || *end != '\0' || !(value > 0) || value > 10)
		die_usage("--scale must be a number above 0 and at most 10, not '%s'", text);
	return value;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct validating *v = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &v->options;
		return 0;
	case KEY_PYTHON:
		if (v->path_count == PYTHONS_MAX)
			die_usage("at most %d interpreters at once", PYTHONS_MAX);
		v->path[v->path_count++] = text;
		return 0;
	case KEY_SCALE:
		v->validate.scale = scale_number(text);
		return 0;
	case ARGP_KEY_ARG:
		die_usage("validate takes options only, not '%s'; an interpreter is named by --python %s",
			  text, text);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ---- the interpreters ---- */

static void find_contenders(struct validating *v)
{
	bool is_standard = v->path_count == 0;
	if (is_standard)
		v->path[v->path_count++] = "python3";
	v->contenders = xcalloc(v->path_count, sizeof(*v->contenders));
	for (size_t i = 0; i < v->path_count; i++)
		v->contenders[v->count++] = contender_named(v->path[i]);
	contenders_name(v->contenders, v->count);
}

static void reload_contenders(struct validating *v, const struct run *run)
{
	char error[256];
	if (v->path_count > 0)
		die_usage("--resume goes on with what was planned: leave out --python");
	if (validate_from_json(json_object_get(run->manifest, VALIDATE_KEY), &v->contenders, &v->count,
			       &v->validate, error, sizeof(error)) != 0)
		die_usage("cannot resume %s: %s", v->options.resume, error);
	for (size_t i = 0; i < v->count; i++)
		contender_renew(&v->contenders[i]);
}

/* 0, or an exit status. */
static int fit_all(struct validating *v, struct validate_sides *sides)
{
	double start_s = clock_seconds(clock_now_ns());
	for (size_t i = 0; i < v->count; i++) {
		char error[400];
		int status = validate_fit(&v->contenders[i], &v->validate, validate_execute, sides, error,
					  sizeof(error));
		if (status == -EINTR)
			return EXIT_INTERRUPTED;
		if (status != 0) {
			fprintf(stderr, "gilbench: %s\n", error);
			return EXIT_MEASUREMENT;
		}
	}
	v->fit_s = clock_seconds(clock_now_ns()) - start_s;
	return 0;
}

/* ---- the plan ---- */

static void make_plan(const struct validating *v, struct plan *plan)
{
	struct plan_request request = options_request(&v->options);
	plan->options = v->options.measure;
	if (!v->options.has_budget && plan->options.budget_s > 0)
		plan->options.budget_s =
			(double)v->count * (v->validate.is_fast ? BUDGET_FAST_S : BUDGET_STANDARD_S) -
			v->fit_s;
	if (!v->options.has_samples)
		plan->options.max_samples = BLOCKS_MAX;
	validate_plan(plan, v->contenders, v->count, &v->validate, request.usable_cpus);
}

static void check_options(const struct validating *v)
{
	const char *beside = v->options.resume != NULL ? options_beside_resume(&v->options) : NULL;
	if (beside != NULL)
		die_usage("--resume goes on with what was planned: leave out %s", beside);
}

/* ---- the end ---- */

/* How many figures fail. */
static size_t print_validation(const struct validation *v)
{
	size_t failed = 0;
	for (size_t i = 0; i < v->count; i++) {
		if (i > 0)
			putchar('\n');
		verdicts_print(&v->pythons[i], &v->options, stdout);
		failed += v->pythons[i].of[FINDING_FAIL];
	}
	return failed;
}

/* From the disk: there the histograms are. */
static int judge(const struct session *session, int status)
{
	struct run run;
	struct validation validation;
	char error[256];
	if (run_load(&run, session->dir, error, sizeof(error)) != 0) {
		fprintf(stderr, "gilbench: %s\n", error);
		return EXIT_MEASUREMENT;
	}
	size_t failed = 0;
	if (validation_read(&validation, &run, error, sizeof(error)) == 0) {
		failed = print_validation(&validation);
		validation_release(&validation);
	} else {
		fprintf(stderr, "gilbench: %s\n", error);
		status = status == EXIT_DONE ? EXIT_MEASUREMENT : status;
	}
	run_release(&run);
	printf("%zu samples in %.0f s, in %s\n", session->driver.sample_count, session->driver.elapsed_s,
	       session->dir);
	if (status != EXIT_INTERRUPTED)
		printf("next: gilbench report %s\n", session->dir);
	fflush(stdout);
	if (failed > 0)
		fprintf(stderr, "gilbench: %zu figure%s outside the tolerance\n", failed,
			failed == 1 ? " is" : "s are");
	return status == EXIT_DONE && failed > 0 ? EXIT_MEASUREMENT : status;
}

static int measure(struct session *session)
{
	char error[512];
	int status = session_run(session, error, sizeof(error));
	if (session->driver.sample_count > 0)
		status = judge(session, status);
	if (error[0] != '\0')
		fprintf(stderr, "gilbench: %s\n", error);
	if (status == EXIT_INTERRUPTED)
		fprintf(stderr,
			"interrupted; everything measured so far is kept; to go on:\ngilbench validate "
			"--resume %s\n",
			session->dir);
	return status;
}

static int run_session(struct validating *v, struct validate_sides *sides, struct plan *plan,
		       const struct run *earlier, const char *command)
{
	char *dir = measuring_dir(&v->options, plan->options.seed);
	json_t *more =
		json_pack("{s:o}", VALIDATE_KEY, validate_to_json(v->contenders, v->count, &v->validate));
	struct measuring_link link = {.dir = dir, .is_made = earlier != NULL};
	struct session session = {
		.plan = plan,
		.dir = dir,
		.command = command,
		.program = "validate",
		.more = more,
		.resumed = earlier,
		.driver = {.execute = validate_execute,
			   .command = validate_command,
			   .context = sides,
			   .on_sample = measuring_link,
			   .hook_context = &link,
			   .is_budget_soft = !v->options.has_budget},
	};
	int status = measure(&session);
	session_release(&session);
	json_decref(more);
	free(dir);
	return status;
}

static int validate(struct validating *v, const char *command)
{
	struct plan plan = {0};
	struct run earlier = {0};
	bool is_resumed = v->options.resume != NULL;
	int status = 0;
	if (is_resumed) {
		measuring_resume(&v->options, "validate", &earlier, &plan);
		reload_contenders(v, &earlier);
	} else {
		find_contenders(v);
	}
	for (size_t i = 0; i < v->count; i++)
		v->contenders[i].python.client_command = v->client;
	struct validate_sides sides = {.contenders = v->contenders, .count = v->count};
	if (!is_resumed && !v->options.is_plan_only)
		status = fit_all(v, &sides);
	if (!is_resumed)
		make_plan(v, &plan);
	if (v->options.is_plan_only)
		plan_print(&plan, stdout);
	else if (status == 0)
		status = run_session(v, &sides, &plan, is_resumed ? &earlier : NULL, command);
	if (is_resumed)
		run_release(&earlier);
	plan_release(&plan);
	for (size_t i = 0; i < v->count; i++)
		contender_release(&v->contenders[i]);
	free(v->contenders);
	return status;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = {{&options_how_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = option_table,
		.parser = parse,
		.doc = "The simulated lock beside real interpreters: the same work on both sides, in one "
		       "sitting, and "
		       "a table of what agrees. At most 5 minutes per interpreter, with --fast one.\v"
		       "Examples:\n"
		       "  gilbench validate --fast\n"
		       "  gilbench validate --python python2.7 --python python3.12\n\n"
		       "Exit status: 0 when no figure lies outside its tolerance, 1 when one does or a "
		       "measurement "
		       "failed, 2 when something else was typed than could be understood.",
		.children = children};
	struct validating v = {.validate = {.scale = 1}};
	char *command = measuring_command(argc, argv);
	options_standard(&v.options);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &v);
	check_options(&v);
	v.validate.is_fast = v.options.is_fast;
	options_complete(&v.options);
	driver_catch_signals();
	v.client = contender_client();
	int status = validate(&v, command);
	free(v.client);
	free(command);
	return status;
}

const struct command command_validate = {
	.name = "validate",
	.arguments = "[--python PATH]... [--fast] [options]",
	.summary = "the simulated lock beside the real CPython on this machine: what agrees, what does not",
	.rank = 35,
	.run = run,
};
