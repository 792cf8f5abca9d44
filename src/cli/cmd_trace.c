/*
 * trace: one cell, once, in this process, and every turn of every task of it: as Chrome trace events, as a picture, as
 * a table. An observation, not a measurement: nothing is repeated, and nothing of it enters a run's statistics.
 */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/session.h>
#include <gilbench/store.h>
#include <gilbench/timeline.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>
#include <gilbench/virtual_models.h>

#include "cli/cell_options.h"
#include "cli/command.h"
#include "cli/option_values.h"
#include "cli/trace_place.h"

/* Long enough for some forty turns of 5 ms, short enough to be looked through. */
#define WINDOW_STANDARD_S 0.2

/* Events of all tasks together, where nobody says how many: 16 MiB here, and some 150 MB of JSON, which is what a
 * browser still opens. */
#define EVENTS_STANDARD (1u << 20)
/* Per task: what may be asked for, and what is given at least. */
#define EVENTS_MIN 16
#define EVENTS_MAX (16u << 20)

enum { KEY_EVENTS = 0x100 };

/* Stories that are told often. */
static const struct preset {
	const char *name, *cast, *tells;
} presets[] = {
	{"cpu", "spin:2", "two CPU-bound tasks beside each other"},
	{"io", "mixed:4", "four tasks that compute a little and wait most of the time"},
	{"convoy", "echo:1,spin:2", "a server beside two CPU-bound tasks"},
};

struct tracing {
	struct cell_options cell;
	const struct preset *preset; /* NULL: none */
	const char *dir;             /* NULL: the standard place */
	uint32_t events;             /* per task; 0: not said */
	struct trace trace;
};

static const struct argp_option options[] = {
	{"output", 'o', "DIR", 0, "where the files go (default results/<UTC>-<seed>)", 0},
	{"events", KEY_EVENTS, "N", 0, "room for N events per task (default: 1Mi shared by all)", 0},
	{"quiet", 'q', NULL, 0, "warnings and results only", 0},
	{0},
};

static void choose_preset(struct tracing *t, const char *name)
{
	const char *names[ARRAY_LEN(presets)];
	if (t->preset != NULL)
		die_usage("trace takes one preset, and '%s' is a second one", name);
	for (size_t i = 0; i < ARRAY_LEN(presets); i++) {
		if (strcmp(presets[i].name, name) == 0)
			t->preset = &presets[i];
		names[i] = presets[i].name;
	}
	if (t->preset != NULL)
		return;
	const char *near = nearest_name(name, names, ARRAY_LEN(names));
	if (near != NULL)
		die_usage("there is no preset '%s'; did you mean '%s'?", name, near);
	die_usage("there is no preset '%s'; there are cpu, io, convoy; other work is named by --workload",
		  name);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct tracing *t = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &t->cell;
		return 0;
	case 'o':
		if (text[0] == '\0')
			die_usage("-o wants the name of a directory");
		t->dir = text;
		return 0;
	case 'q':
		log_set_quiet(true);
		return 0;
	case KEY_EVENTS:
		t->events = (uint32_t)option_whole("events", text, EVENTS_MIN, EVENTS_MAX);
		return 0;
	case ARGP_KEY_ARG:
		choose_preset(t, text);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* The cell, resolved. What is said beside a preset overrides it. */
static void resolve(struct tracing *t, struct execution *x)
{
	struct cell *cell = &t->cell.cell;
	bool has_profile = t->cell.virtual.profiles != NULL;
	if (t->preset != NULL && has_profile)
		die_usage("trace a preset (%s) or a profile, not both at once", t->preset->name);
	if (t->preset != NULL && cell->cast != NULL)
		die_usage("trace a preset (%s) or a workload (--workload %s), not both at once",
			  t->preset->name, cell->cast);
	if (t->preset == NULL && cell->cast == NULL && !has_profile)
		die_usage("say what to trace: gilbench trace cpu, io or convoy, or gilbench trace --workload "
			  "spin:2");
	if (t->preset != NULL)
		cell->cast = t->preset->cast;
	if (cell->window_s <= 0)
		cell->window_s = WINDOW_STANDARD_S;
	cell_options_resolve(&t->cell, x);
	x->has_latency = true;
}

/* ---- the cell ---- */

static int tasks_of(const struct execution *x)
{
	int tasks = 0;
	for (int i = 0; i < x->role_count; i++)
		tasks += x->role[i].tasks;
	return tasks;
}

static void open_trace(struct tracing *t, const struct execution *x)
{
	int tasks = tasks_of(x);
	uint32_t room = t->events != 0 ? t->events : EVENTS_STANDARD / (uint32_t)tasks;
	int error = trace_open(&t->trace, tasks, room > EVENTS_MIN ? room : EVENTS_MIN);
	if (error != 0)
		die_usage("%" PRIu32 " events for each of %d tasks: the memory could not be had: %s", room,
			  tasks, strerror(-error));
}

static enum timeline_turns turns_of(const struct model *model)
{
	return model->has_lock ? TURNS_LOCK : model->is_loop ? TURNS_LOOP : TURNS_NONE;
}

/* ---- what is told ---- */

/* Free it. */
static char *label_of(const struct tracing *t)
{
	char *label = timeline_label(&t->cell.cell);
	if (t->cell.cell.source != SOURCE_VIRTUAL)
		return label;
	char *longer = xasprintf("virtual time: %s", label);
	free(label);
	return longer;
}

static void print_losses(const struct timeline *line)
{
	printf("\n%" PRIu64 " events recorded, %" PRIu64 " dropped\n", line->events, line->lost);
	if (line->lost > 0)
		printf("the timeline ends at %.3f ms, where the first task's room was full; a shorter "
		       "--window or more "
		       "--events shows the rest\n",
		       (double)(line->end_ns - line->start_ns) / 1e6);
}

static void print_story(const struct tracing *t, const struct timeline *line)
{
	char *label = label_of(t);
	printf("%s, window %g ms, seed %" PRIu64 "\n", label, t->cell.cell.window_s * 1e3, t->cell.seed);
	if (t->preset != NULL)
		printf("%s\n", t->preset->tells);
	printf("\n");
	timeline_print(line, stdout);
	print_losses(line);
	free(label);
}

static bool has_stand_ins(const struct execution *x)
{
	for (int i = 0; i < x->role_count; i++)
		if (x->role[i].workload != NULL && x->role[i].workload->is_stand_in)
			return true;
	return false;
}

/* Without gnuplot, the rest is there. */
static void draw(const struct tracing *t, const struct execution *x, const struct trace_place *place,
		 const struct timeline *line)
{
	struct host host;
	char started[32], error[512], *label = label_of(t);
	json_t *build = facts_build();
	host_read(&host);
	clock_utc(started, sizeof(started));
	int cores = cell_cores(&t->cell.cell);
	const struct timeline_words words = {
		.name = place->name,
		.label = label,
		.machine = cores > 0 ? "virtual time" : host.cpu_model,
		.usable_cpus = cores > 0 ? cores : host.usable_cpus,
		.started = started,
		.commit = json_string_value(json_object_get(build, "commit")),
		.is_dirty = json_is_true(json_object_get(build, "dirty")),
		.has_stand_ins = has_stand_ins(x),
	};
	int status = timeline_draw(line, &words, place->plots, error, sizeof(error));
	errno = 0;
	if (status < 0)
		die("%s", error);
	if (status > 0)
		log_warn("%s", error);
	else
		printf("%s/%s.png, .svg: the picture\n", place->plots, place->name);
	json_decref(build);
	free(label);
}

/* Everything that is made of a timeline. */
static void tell(const struct tracing *t, const struct execution *x, const struct trace_place *place,
		 const struct timeline *line)
{
	char *json = timeline_json(line, &t->cell.cell, t->cell.seed);
	char *file = xasprintf("%s.json", place->name);
	int status = run_write_text(place->dir, file, json);
	free(json);
	if (status != 0) {
		errno = 0;
		die("cannot write %s/%s: %s", place->dir, file, strerror(-status));
	}
	print_story(t, line);
	printf("%s/%s: open it in https://ui.perfetto.dev or chrome://tracing\n", place->dir, file);
	free(file);
	fflush(stdout);
	draw(t, x, place, line);
}

static void run_cell(struct tracing *t, struct execution *x, struct sample *sample)
{
	struct virtual_runner runner;
	const struct request request = {.cell = &t->cell.cell, .seed = t->cell.seed};
	x->trace = &t->trace;
	if (t->cell.cell.source != SOURCE_VIRTUAL) {
		t->cell.model->run(x, sample);
		return;
	}
	cell_options_runner(&t->cell, &runner);
	runner.trace = &t->trace;
	virtual_execute(&runner, &request, sample);
	virtual_release(&runner);
}

static int trace_cell(struct tracing *t, struct execution *x, const struct trace_place *place)
{
	struct timeline line;
	struct sample sample = {.cell = t->cell.cell, .seed = t->cell.seed};
	open_trace(t, x);
	run_cell(t, x, &sample);
	if (sample.status == SAMPLE_UNSUPPORTED)
		die_usage("%s cannot run this: %s", t->cell.model->name, sample.error);
	errno = 0;
	if (sample.status == SAMPLE_CRASHED)
		die("the cell came to no end: %s", sample.error);
	timeline_make(&line, &t->trace, x, turns_of(t->cell.model));
	/* Of several locks, who had one next cannot be told by the time. */
	if (model_processes(t->cell.model->name) > 1 || strcmp(t->cell.model->name, "interp") == 0)
		line.handoff_count = 0;
	tell(t, x, place, &line);
	int status = sample.status == SAMPLE_WRONG ? EXIT_MEASUREMENT : EXIT_DONE;
	if (status != EXIT_DONE)
		log_warn("the work's answer was wrong: %s", sample.error);
	timeline_release(&line);
	trace_close(&t->trace);
	sample_release(&sample);
	return status;
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = {{&cell_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse,
		.args_doc = "[cpu|io|convoy]",
		.doc = "Run one cell once (model gil, window 200ms, unless said) and show who held the lock, "
		       "who "
		       "waited, who slept.\v"
		       "Examples:\n"
		       "  gilbench trace convoy\n"
		       "  gilbench trace --workload sleep:1,spin:2 --gil prio --window 100ms -o out\n"
		       "  gilbench trace cpu --model threads\n"
		       "  gilbench trace --virtual --profile 'gil 2ms, wait 10ms' --workers 8 --cores 4",
		.children = children};
	struct tracing t = {.preset = NULL};
	struct execution x;
	struct trace_place place;
	cell_options_standard(&t.cell, "trace", "gil");
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &t);
	resolve(&t, &x);
	trace_place_make(&place, t.dir, t.preset != NULL ? t.preset->name : NULL, &t.cell.cell, t.cell.seed);
	int status = trace_cell(&t, &x, &place);
	trace_place_release(&place);
	cell_options_release(&t.cell);
	return status;
}

const struct command command_trace = {
	.name = "trace",
	.arguments = "[cpu|io|convoy] [options]",
	.summary = "a timeline: who held the lock, who waited, who slept (Perfetto, SVG, PNG)",
	.rank = 35,
	.run = run,
};
