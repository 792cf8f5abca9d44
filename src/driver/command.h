/*
 * command: the `gilbench once` command line of one sample. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_COMMAND_H
#define GILBENCH_DRIVER_COMMAND_H

#include <gilbench/driver.h>

/* A command line being made. The words are its own. */
struct arguments {
	char **word; /* ended by NULL */
	size_t count;
};

struct arguments arguments_new(void);
/* One word; it becomes the list's. */
void arguments_add(struct arguments *, char *word);
/* An option and its value; the value becomes the list's. */
void arguments_add_option(struct arguments *, const char *option, char *value);
/* "a=1 b=2" as an option --param for each. */
void arguments_add_params(struct arguments *, const char *params);
/* All that says which sample it is, but the work. */
void arguments_add_cell(struct arguments *, const struct request *);

/* Arguments after the program's name, ended by NULL; the first is "once". Release with command_free. */
char **command_arguments(const struct request *);
void command_free(char **arguments);
/* As one types it. Frees the words; free the text. */
char *command_text(const char *program, char **words);

#endif
