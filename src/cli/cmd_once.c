/*
 * once: one cell, once, bare. What the driver executes for every sample, and what hyperfine times.
 */
#include <argp.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/record.h>
#include <gilbench/store.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "cli/cell_options.h"
#include "cli/command.h"
#include "cli/once_print.h"
#include "cli/option_values.h"

/* Without --ops: enough to see something, little enough not to wait for it. */
#define OPS_STANDARD 100

enum { KEY_SAMPLE_FD = 0x100, KEY_NO_LATENCY, KEY_OPS, KEY_RECORD };

struct once {
	struct cell_options cell;
	uint64_t ops;
	bool has_latency;
	int sample_fd;
	bool is_recording; /* with the sample go the events of its first task */
	struct trace trace;
};

static const struct argp_option options[] = {
	{"ops", KEY_OPS, "N", 0, "operations in all, where there is no window (default 100)", 0},
	{"no-latency", KEY_NO_LATENCY, NULL, 0, "do not time single operations", 0},
	{"sample-fd", KEY_SAMPLE_FD, "FD", OPTION_HIDDEN, "write the sample as one line of JSON to FD", 0},
	{"record", KEY_RECORD, NULL, OPTION_HIDDEN, "with the sample, what its first task did", 0},
	{0},
};

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct once *o = state->input;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &o->cell;
		return 0;
	case KEY_OPS:
		/* 2^53: above it a double skips whole numbers. */
		o->ops = option_whole("ops", arg, 1, 0x1p53);
		return 0;
	case KEY_NO_LATENCY:
		o->has_latency = false;
		return 0;
	case KEY_SAMPLE_FD:
		o->sample_fd = (int)option_whole("sample-fd", arg, 1, 1023);
		return 0;
	case KEY_RECORD:
		o->is_recording = true;
		return 0;
	case ARGP_KEY_ARG:
		die_usage("`once` takes options only, not '%s'; the work is named by --workload", arg);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void resolve(struct once *o, struct execution *x)
{
	if (o->ops != 0 && o->cell.cell.window_s > 0)
		die_usage("--ops and --window are two ways to end a cell: give one of them");
	cell_options_resolve(&o->cell, x);
	x->ops = o->ops != 0 ? o->ops : OPS_STANDARD;
	x->has_latency = o->has_latency;
}

static void open_trace(struct once *o, struct execution *x)
{
	int tasks = 0;
	for (int i = 0; i < x->role_count; i++)
		tasks += x->role[i].tasks;
	int error = trace_open(&o->trace, tasks, RECORD_EVENTS_MAX);
	if (error != 0)
		die_usage("the memory for a recording could not be had: %s", strerror(-error));
	o->trace.counts_ticks = x->policy.slice == GIL_SLICE_TICKS;
	x->trace = &o->trace;
}

static void send_sample(int fd, const struct sample *s, const struct trace_ring *ring)
{
	json_t *object = sample_to_json(s);
	if (ring != NULL)
		json_object_set_new(object, "events", record_to_json(ring));
	char *line = json_dumps(object, JSON_COMPACT);
	if (line == NULL || dprintf(fd, "%s\n", line) < 0)
		die("the sample could not be written to descriptor %d", fd);
	free(line);
	json_decref(object);
}

static void print_costs(const struct once *o, const struct virtual_runner *runner)
{
	char *costs = costs_text(&runner->costs), *origin = costs_origin_text(&runner->costs);
	printf("virtual time, %d cores; %s\n%s\n", cell_cores(&o->cell.cell), costs, origin);
	free(origin);
	free(costs);
}

/* In virtual time nothing runs; what it would give is the sample. */
static void run_cell(const struct once *o, const struct execution *x, struct sample *sample)
{
	struct virtual_runner runner;
	const struct request request = {.cell = &o->cell.cell, .ops = x->ops, .seed = o->cell.seed};
	if (o->cell.cell.source != SOURCE_VIRTUAL) {
		o->cell.model->run(x, sample);
		return;
	}
	cell_options_runner(&o->cell, &runner);
	virtual_execute(&runner, &request, sample);
	if (o->sample_fd < 0)
		print_costs(o, &runner);
	virtual_release(&runner);
}

static int run(int argc, char **argv)
{
	static const struct argp_child children[] = {{&cell_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.doc = "Run one cell once (model seq, unless said) and print what it took.\v"
		       "Examples:\n"
		       "  gilbench once --workload spin --model threads --workers 2\n"
		       "  gilbench once --virtual --profile 'gil 2ms, wait 10ms' --model 'gil*4' --workers 8 "
		       "--cores 4",
		.children = children};
	struct once o = {.has_latency = true, .sample_fd = -1};
	cell_options_standard(&o.cell, "once", "seq");
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &o);

	struct execution x;
	resolve(&o, &x);
	struct sample s = {.cell = o.cell.cell, .seed = o.cell.seed};
	if (o.is_recording)
		open_trace(&o, &x);
	run_cell(&o, &x, &s);
	if (o.sample_fd >= 0)
		send_sample(o.sample_fd, &s, o.is_recording ? &o.trace.ring[0] : NULL);
	else
		once_print(&s, o.cell.model, stdout);
	bool is_failed = s.status == SAMPLE_WRONG || s.status == SAMPLE_CRASHED;
	sample_release(&s);
	if (o.is_recording)
		trace_close(&o.trace);
	cell_options_release(&o.cell);
	return is_failed ? EXIT_MEASUREMENT : EXIT_DONE;
}

const struct command command_once = {
	.name = "once",
	.arguments = "--workload CAST --model MODEL [options]",
	.summary = "one cell, once, bare",
	.rank = 60,
	.run = run,
};
