/*
 * command: one subcommand of the program. Layer 5. A subcommand is one file, cli/cmd_NAME.c, that defines
 * `const struct command command_NAME`; build/registry.c lists them and `gilbench --help` prints the list.
 */
#ifndef GILBENCH_CLI_COMMAND_H
#define GILBENCH_CLI_COMMAND_H

struct command {
	const char *name;
	const char *arguments; /* "[EXPERIMENT...] [options]" */
	const char *summary;   /* NULL: not in the help, for other programs only */
	int rank;              /* place in the help: smaller first */
	/* argv[0] is "gilbench NAME". Returns an exit status. */
	int (*run)(int argc, char **argv);
};

extern const struct command *const all_commands[]; /* ended by NULL */

#endif
