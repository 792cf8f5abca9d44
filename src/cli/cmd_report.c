/*
 * report: charts and report of a run directory. Never measures.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/log.h>
#include <gilbench/report.h>
#include <gilbench/util.h>

#include "cli/command.h"
#include "cli/run_path.h"

struct options {
	const char *run;
};

static const struct argp_option option_table[] = {
	{"quiet", 'q', NULL, 0, "no notes", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;
	switch (key) {
	case 'q':
		log_set_quiet(true);
		return 0;
	case ARGP_KEY_ARG:
		if (options->run != NULL)
			die_usage("report takes one run, and '%s' is a second one", argument);
		options->run = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int run_report(int argc, char **argv)
{
	const struct argp argp = {
		option_table,
		parse,
		"[RUN]",
		"Charts, report.md, report.html and summary.csv from a run directory or a bundle (default "
		"results/latest). Never measures.",
		NULL,
		NULL,
		NULL};
	struct options options = {NULL};
	struct run run;
	char error[1024];

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	run_path_load(&run, options.run);
	struct report *report = report_make(&run, NULL);
	if (report_draw(report, error, sizeof(error)) != 0 ||
	    report_write(report, error, sizeof(error)) != 0) {
		errno = 0; /* the sentence says it already */
		die("%s", error);
	}
	char *screen = report_screen(report);
	fputs(screen, stdout);
	free(screen);
	report_release(report);
	run_release(&run);
	return EXIT_DONE;
}

const struct command command_report = {
	.name = "report",
	.arguments = "[RUN]",
	.summary = "charts and a report from a run directory (default results/latest); never measures",
	.rank = 30,
	.run = run_report,
};
