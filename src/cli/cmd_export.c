/*
 * export: a run in another form. A format is a row of the table below.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/report.h>
#include <gilbench/util.h>

#include "cli/command.h"
#include "cli/run_path.h"

struct format {
	const char *name, *ending;
	int (*write)(const struct run *, const char *file, char *error, size_t error_bytes);
};

static const struct format formats[] = {
	{"bundle", ".tar.gz", report_bundle},
};

struct options {
	const char *run, *file;
	const struct format *format;
};

static const struct argp_option option_table[] = {
	{"format", 'f', "FORMAT", 0, "bundle: one .tar.gz with report, charts, samples and manifest", 0},
	{"output", 'o', "FILE", 0, "where to (default RUN.tar.gz in this folder)", 0},
	{0},
};

static const struct format *format_find(const char *name)
{
	char names[256] = "";
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
		size_t used = strlen(names);
		snprintf(names + used, sizeof(names) - used, "%s%s", i > 0 ? ", " : "", formats[i].name);
	}
	errno = 0;
	die_usage("there is no format '%s'; there is: %s", name, names);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;
	switch (key) {
	case 'f':
		options->format = format_find(argument);
		return 0;
	case 'o':
		options->file = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (options->run != NULL)
			die_usage("export takes one run, and '%s' is a second one", argument);
		options->run = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int run_export(int argc, char **argv)
{
	const struct argp argp = {
		option_table, parse,
		"[RUN]",      "A run (default results/latest) in another form, for other people or tools.",
		NULL,         NULL,
		NULL};
	struct options options = {0};
	struct run run;
	char error[1024];

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	errno = 0;
	if (options.format == NULL)
		die_usage("export needs --format; there is: bundle");
	run_path_load(&run, options.run);
	char *file = options.file != NULL ? xstrdup(options.file)
					  : xasprintf("%s%s", run.name, options.format->ending);
	if (options.format->write(&run, file, error, sizeof(error)) != 0) {
		errno = 0; /* the sentence says it already */
		die("%s", error);
	}
	puts(file);
	free(file);
	run_release(&run);
	return EXIT_DONE;
}

const struct command command_export = {
	.name = "export",
	.arguments = "[RUN] --format bundle [-o FILE]",
	.summary = "a run with report and charts as one file that `report` reads back anywhere",
	.rank = 40,
	.run = run_export,
};
