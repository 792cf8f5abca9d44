/*
 * doctor: is this machine fit to measure on, and what would help? The same checks as in every manifest, in
 * words.
 *
 * Then the costs that virtual time is calculated with; --calibrate measures and stores them.
 *
 * Ends with 0 when measuring makes sense (warnings or not), with 1 when something makes it pointless.
 */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/calibration.h>
#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/util.h>

#include "cli/command.h"
#include "cli/costs_table.h"

enum { KEY_CALIBRATE = 0x100 };

static void print_check(const struct host_check *check)
{
	static const char *const marks[] = {
		[HOST_FINE] = "ok", [HOST_WARNING] = "warning", [HOST_POINTLESS] = "FAULT"};
	printf("  %-8s %s\n", marks[check->verdict], check->words.what);
	if (check->words.cure[0] != '\0')
		printf("  %-8s   cure: %s\n", "", check->words.cure);
}

/* Returns whether measuring here makes sense. */
static bool print_verdict(const struct host *host)
{
	int faults = 0;
	for (int i = 0; i < host->check_count; i++)
		faults += host->checks[i].verdict == HOST_POINTLESS;
	int warnings = host->warning_count - faults;
	if (faults > 0)
		printf("\nMeasuring here is pointless until the fault above is mended.\n");
	else if (warnings > 0)
		printf("\nFit to measure on, with %d warning%s that every report repeats.\n", warnings,
		       warnings == 1 ? "" : "s");
	else
		printf("\nFit to measure on.\n");
	return faults == 0;
}

static int examine(void)
{
	struct host host;
	host_read(&host);
	char *context = host_context(&host);
	printf("%s\n%s, %s, %.1f GiB of memory\n\n", context, host.os, host.libc,
	       host.memory_bytes / (1024.0 * 1024 * 1024));
	free(context);
	for (int i = 0; i < host.check_count; i++)
		print_check(&host.checks[i]);
	bool is_fit = print_verdict(&host);
	costs_table_print_stored();
	return is_fit ? EXIT_DONE : EXIT_MEASUREMENT;
}

/* A neighbour's work makes wake-ups longer: the numbers are good, of a machine that is seldom so. */
static void warn_of_load(void)
{
	struct host host;
	host_read(&host);
	if (host.load_average > host.usable_cpus * HOST_LOAD_PER_CPU)
		log_warn("other work is running (load average %.2f): calibrate again when it has ended",
			 host.load_average);
}

static int calibrate(void)
{
	struct calibration calibration;
	char error[512];
	warn_of_load();
	driver_catch_signals();
	int status = calibration_measure(&calibration, NULL, error, sizeof(error));
	log_progress_end();
	if (status == -EINTR) {
		log_warn("interrupted: nothing was stored");
		return EXIT_INTERRUPTED;
	}
	if (status != 0) {
		log_warn("%s", error);
		return EXIT_MEASUREMENT;
	}
	costs_table_print(&calibration);
	fflush(stdout);
	if (calibration_save(&calibration.costs, error, sizeof(error)) != 0) {
		log_warn("%s", error);
		return EXIT_MEASUREMENT;
	}
	char *path = calibration_path();
	printf("\nStored in %s.\n", path);
	free(path);
	return EXIT_DONE;
}

static const struct argp_option options[] = {
	{"calibrate", KEY_CALIBRATE, NULL, 0, "measure this machine's costs in virtual time, and store them",
	 0},
	{0},
};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	bool *must_calibrate = state->input;
	switch (key) {
	case KEY_CALIBRATE:
		*must_calibrate = true;
		return 0;
	case ARGP_KEY_ARG:
		die_usage("doctor takes no arguments, not '%s'", value);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int doctor_run(int argc, char **argv)
{
	static const struct argp argp = {
		.options = options,
		.parser = parse_option,
		.doc = "Is this machine fit to measure on? What would help?\v"
		       "Prints one line per check; a warning is followed by its cure. Then the costs that "
		       "virtual "
		       "time is calculated with: --calibrate measures them in about 10 s, best when nothing "
		       "else "
		       "runs, and stores them for this machine alone.\n\n"
		       "Exit status: 0 fit to measure on, 1 when something makes measuring pointless, or "
		       "when "
		       "costs could not be measured or stored.",
	};
	bool must_calibrate = false;
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &must_calibrate);
	return must_calibrate ? calibrate() : examine();
}

const struct command command_doctor = {
	.name = "doctor",
	.arguments = "[--calibrate]",
	.summary = "is this machine fit to measure on? what would help?",
	.rank = 70,
	.run = doctor_run,
};
