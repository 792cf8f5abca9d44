/*
 * main: find the subcommand, run it. Everything else is in that subcommand's file.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/log.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "cli/command.h"

#define COMMAND_MAX 32

static size_t commands_by_rank(const struct command *out[COMMAND_MAX])
{
	size_t n = 0;
	for (; n < COMMAND_MAX && all_commands[n] != NULL; n++) {
		size_t i = n;
		for (; i > 0 && out[i - 1]->rank > all_commands[n]->rank; i--)
			out[i] = out[i - 1];
		out[i] = all_commands[n];
	}
	return n;
}

static void print_help(FILE *to)
{
	const struct command *list[COMMAND_MAX];
	size_t count = commands_by_rank(list);

	fprintf(to, "gilbench: the same work under a simulated GIL, threads, processes and an event loop, "
		    "measured\n\n");
	for (size_t i = 0; i < count; i++) {
		if (list[i]->summary == NULL)
			continue;
		fprintf(to, "  gilbench %s %s\n", list[i]->name, list[i]->arguments);
		fprintf(to, "        %s\n", list[i]->summary);
	}
	fprintf(to, "\n`gilbench COMMAND --help` lists a command's options. First steps: gilbench demo; make "
		    "run-all.\n");
}

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; all_commands[i] != NULL; i++)
		if (strcmp(all_commands[i]->name, name) == 0)
			return all_commands[i];
	return NULL;
}

static _Noreturn void unknown_command(const char *name)
{
	const char *names[COMMAND_MAX];
	size_t count = 0;
	for (size_t i = 0; count < COMMAND_MAX && all_commands[i] != NULL; i++)
		if (all_commands[i]->summary != NULL)
			names[count++] = all_commands[i]->name;
	errno = 0;
	const char *near = nearest_name(name, names, count);
	if (near != NULL)
		die_usage("there is no command '%s'; did you mean '%s'?", name, near);
	die_usage("there is no command '%s'; `gilbench --help` lists them", name);
}

/* A program may be started with its standard descriptors closed; then a file of ours would get such a number,
 * and what is printed would go into it. */
static void open_standard_files(void)
{
	int fd;
	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

/* Results that could not be written are a failure; a reader who has seen enough (`| head`) is none. */
static int close_results(int status)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	if (errno == EPIPE || errno == 0)
		return status;
	log_warn("the results could not be written to standard output: %s", strerror(errno));
	return status == EXIT_DONE ? EXIT_MEASUREMENT : status;
}

int main(int argc, char **argv)
{
	open_standard_files();
	const char *fault = registry_check();
	if (fault != NULL)
		die("%s", fault);
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return EXIT_DONE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("gilbench " GILBENCH_VERSION);
		return EXIT_DONE;
	}
	const struct command *command = command_find(argv[1]);
	if (command == NULL)
		unknown_command(argv[1]);
	argv[1] = xasprintf("gilbench %s", command->name);
	return close_results(command->run(argc - 1, argv + 1));
}
