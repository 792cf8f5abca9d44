/*
 * run: measure, keep everything in a run directory, print a table.
 *
 *	words and options -> experiments -> plan -> session (samples) -> table
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/log.h>
#include <gilbench/session.h>
#include <gilbench/summary.h>
#include <gilbench/util.h>
#include <gilbench/virtual.h>

#include "cli/command.h"
#include "cli/experiments.h"
#include "cli/measuring.h"
#include "cli/options.h"
#include "cli/run_python.h"
#include "cli/run_table.h"
#include "cli/witness_end.h"

struct arguments {
	struct options options;
	struct run_python python;
	char **words;
	size_t word_count;
	bool is_after_dashes;
};

enum { KEY_PYTHON = 0x300 };

static const struct argp_option option_table[] = {
	{"python", KEY_PYTHON, "PY", 0,
	 "beside every live cell that it can do, the same in this CPython, by path or name", 1},
	{0},
};

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct arguments *a = state->input;
	switch (key) {
	case KEY_PYTHON:
		if (a->python.path != NULL)
			die_usage("one interpreter at a time: --python %s or --python %s", a->python.path,
				  text);
		a->python.path = text;
		return 0;
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &a->options;
		return 0;
	case ARGP_KEY_ARGS:
		a->words = state->argv + state->next;
		a->word_count = (size_t)(state->argc - state->next);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void check_words(const struct arguments *a)
{
	const struct options *o = &a->options;
	const char *beside = o->resume != NULL ? options_beside_resume(o) : NULL;
	if (beside == NULL && o->resume != NULL && a->python.path != NULL)
		beside = "--python";
	if (beside != NULL)
		die_usage("--resume goes on with what was planned: leave out %s", beside);
	if (o->resume != NULL && a->word_count > 0)
		die_usage("--resume goes on with what was planned: leave out '%s'", a->words[0]);
	if (o->resume != NULL)
		return;
	bool has_work = o->cast != NULL || o->virtual.profiles != NULL;
	if (has_work && a->word_count > 0)
		die_usage("measure an experiment (%s) or %s%s%s, not both at once", a->words[0],
			  o->cast != NULL ? "a workload (--workload " : "a profile",
			  o->cast != NULL ? o->cast : "", o->cast != NULL ? ")" : "");
	if (!has_work && a->word_count == 0)
		die_usage("say what to measure: gilbench run cpu-scaling, gilbench run all, or gilbench run "
			  "--workload spin; `gilbench list` says what there is");
}

/* ---- the plan ---- */

/* Is anything asked for in virtual time? Then its options make sense. */
static void check_virtual(const struct options *o, const struct experiment_list *list)
{
	const char *word = virtual_options_without(&o->virtual);
	bool is_any = false;
	for (size_t i = 0; i < list->count; i++)
		is_any |= list->items[i].is_virtual;
	if (word != NULL && (!is_any || o->virtual.profiles != NULL))
		die_usage("%s is for virtual time: add --virtual", word);
}

static void make_plan(struct arguments *a, const struct experiment_list *list, struct plan *plan)
{
	char error[512];
	struct plan_request request = options_request(&a->options);
	int status = 0;
	check_virtual(&a->options, list);
	plan->options = a->options.measure;
	if (a->options.cast != NULL)
		status = plan_add_adhoc(plan, &request, error, sizeof(error));
	for (size_t i = 0; i < list->count && status == 0; i++)
		status = plan_add_experiment(plan, &list->items[i], &request, error, sizeof(error));
	if (status == 0)
		status = plan_add_controls(plan, &request, error, sizeof(error));
	if (status != 0)
		die_usage("%s", error);
	plan_finish(plan, request.usable_cpus);
	run_python_plan(&a->python, plan);
}

/* ---- virtual time ---- */

static bool has_virtual_cells(const struct plan *plan)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].cell.source == SOURCE_VIRTUAL)
			return true;
	return false;
}

/* Costs and recordings: of an earlier part of the run, or new. What the manifest will say of them; NULL: nothing is in
 * virtual time. */
static json_t *prepare_virtual(const struct options *o, const struct plan *plan, const struct run *earlier,
			       struct virtual_runner *runner)
{
	char error[256];
	if (!has_virtual_cells(plan))
		return NULL;
	if (o->resume == NULL)
		virtual_options_costs(&o->virtual, &runner->costs);
	else if (virtual_from_json(runner, json_object_get(earlier->manifest, VIRTUAL_KEY), error,
				   sizeof(error)) != 0)
		die_usage("cannot resume %s: %s", o->resume, error);
	virtual_record(runner, plan);
	runner->plan = plan;
	return virtual_to_json(runner);
}

/* Takes `said` over. */
static void use_virtual(struct session *session, struct virtual_runner *runner, json_t *said)
{
	if (said == NULL)
		return;
	json_object_set_new(session->more, VIRTUAL_KEY, said);
	session->driver.execute = virtual_execute;
	session->driver.command = virtual_command;
	session->driver.context = runner;
}

/* ---- the end ---- */

static void print_end(const struct session *session, int status)
{
	struct summary summary;
	const char *hollow = "some cells have fewer samples than asked for (`few`): give more --budget";
	const struct driver *driver = &session->driver;
	summarise(driver->samples, driver->sample_count, session->plan->options.min_samples, &summary);
	run_table_print(&summary, stdout);
	bool has_few = false;
	for (size_t i = 0; i < summary.count; i++)
		has_few |= strcmp(summary.rows[i].status, "few") == 0;
	summary_release(&summary);
	printf("\n%zu samples in %.0f s, in %s\n", driver->sample_count, driver->elapsed_s, session->dir);
	if (has_few)
		printf("%s\n", hollow);
	if (status == EXIT_INTERRUPTED)
		fflush(stdout);
	else
		printf("next: gilbench report %s\n", session->dir);
}

static int measure(struct session *session)
{
	char error[512];
	for (size_t i = 0; session->resumed == NULL && i < session->plan->warning_count; i++)
		log_warn("%s", session->plan->warnings[i]);
	int status = session_run(session, error, sizeof(error));
	if (session->driver.sample_count > 0)
		print_end(session, status);
	if (status != EXIT_INTERRUPTED)
		witness_end(session);
	fflush(stdout);
	if (error[0] != '\0')
		fprintf(stderr, "gilbench: %s\n", error);
	if (status == EXIT_INTERRUPTED)
		fprintf(stderr,
			"interrupted; everything measured so far is kept; to go on:\ngilbench run --resume "
			"%s\n",
			session->dir);
	return status;
}

static const struct argp_child children[] = {{&options_argp, 0, NULL, 0}, {0}};
static const struct argp run_argp = {
	.options = option_table,
	.parser = parse,
	.args_doc = "[EXPERIMENT...]",
	.doc = "Measure experiments (by name, group, or path of an .ini file; `all` that have no "
	       "group) "
	       "or one workload.\v"
	       "Examples:\n"
	       "  gilbench run cpu-scaling\n"
	       "  gilbench run --workload spin --model gil,threads,fork,uv --workers "
	       "1,2,4\n"
	       "  gilbench run four-witnesses --python python3\n"
	       "  gilbench run --profile 'gil 2ms, wait 10ms' --virtual --cores 64\n"
	       "  gilbench run --resume results/latest\n\n"
	       "A sample that hangs is ended at its deadline: 20 times its expected length and 10 s, "
	       "or the seconds in the environment variable GILBENCH_DEADLINE_S.",
	.children = children};

/* Everything is said: prepare both other witnesses, then measure. */
static int run_session(struct arguments *a, struct session *session)
{
	struct virtual_runner runner = {.recordings = NULL};
	bool is_resumed = session->resumed != NULL;
	session->more = json_object();
	use_virtual(session, &runner, prepare_virtual(&a->options, session->plan, session->resumed, &runner));
	int status = run_python_fit(&a->python, &runner, is_resumed);
	run_python_use(&a->python, session, session->more);
	if (status == 0)
		status = measure(session);
	session_release(session);
	json_decref(session->more);
	virtual_release(&runner);
	return status;
}

static int run_plan(struct arguments *a, const struct experiment_list *list, struct plan *plan,
		    const struct run *earlier, const char *command)
{
	char *dir = measuring_dir(&a->options, plan->options.seed);
	struct session session = {.plan = plan,
				  .dir = dir,
				  .command = command,
				  .experiments = list->items,
				  .experiment_count = list->count,
				  .has_hyperfine = true,
				  .resumed = earlier};
	struct measuring_link link = {.dir = dir};
	/* A resumed run has its name already, and `latest` may be what it was called by. */
	if (earlier == NULL) {
		session.driver.on_sample = measuring_link;
		session.driver.hook_context = &link;
	}
	session.driver.is_budget_soft = !a->options.has_budget;
	int status = run_session(a, &session);
	free(dir);
	return status;
}

static int run(int argc, char **argv)
{
	struct arguments a = {.word_count = 0};
	struct experiment_list list = {0};
	struct plan plan = {0};
	struct run earlier = {0};
	char *command = measuring_command(argc, argv);
	options_standard(&a.options);
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&run_argp, argc, argv, 0, NULL, &a);
	check_words(&a);
	options_complete(&a.options);
	experiments_load(&list, a.words, a.word_count);
	driver_catch_signals();
	bool is_resumed = a.options.resume != NULL;
	if (is_resumed)
		measuring_resume(&a.options, "run", &earlier, &plan);
	else
		make_plan(&a, &list, &plan);
	if (a.options.is_plan_only) {
		plan_print(&plan, stdout);
		return EXIT_DONE;
	}
	if (is_resumed)
		run_python_resume(&a.python, &earlier);
	int status = run_plan(&a, &list, &plan, is_resumed ? &earlier : NULL, command);
	if (is_resumed)
		run_release(&earlier);
	plan_release(&plan);
	experiments_release(&list);
	options_release(&a.options);
	run_python_release(&a.python);
	free(command);
	return status;
}

const struct command command_run = {
	.name = "run",
	.arguments = "[EXPERIMENT...] [options]",
	.summary = "measure; writes a run directory and prints a table",
	.rank = 20,
	.run = run,
};
