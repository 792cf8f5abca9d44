/*
 * doctor: is this machine fit to measure on, and what would help? The same checks as in every manifest, in
 * words.
 *
 * Ends with 0 when measuring makes sense (warnings or not), with 1 when something makes it pointless.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/host.h>
#include <gilbench/util.h>

#include "cli/command.h"

static void print_help(void)
{
	puts("gilbench doctor: is this machine fit to measure on? what would help?\n\n"
	     "Prints one line per check; a warning is followed by its cure. Takes no options.\n"
	     "Exit status: 0 fit to measure on, 1 when something makes measuring pointless.");
}

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

static int doctor_run(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--help") == 0) {
		print_help();
		return EXIT_DONE;
	}
	if (argc > 1)
		die_usage("doctor takes no arguments, not '%s'", argv[1]);

	struct host host;
	host_read(&host);
	char *context = host_context(&host);
	printf("%s\n%s, %s, %.1f GiB of memory\n\n", context, host.os, host.libc,
	       host.memory_bytes / (1024.0 * 1024 * 1024));
	free(context);
	for (int i = 0; i < host.check_count; i++)
		print_check(&host.checks[i]);
	return print_verdict(&host) ? EXIT_DONE : EXIT_MEASUREMENT;
}

const struct command command_doctor = {
	.name = "doctor",
	.arguments = "",
	.summary = "is this machine fit to measure on? what would help?",
	.rank = 70,
	.run = doctor_run,
};
