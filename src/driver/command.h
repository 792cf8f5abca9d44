/*
 * command: the `gilbench once` command line of one sample. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_COMMAND_H
#define GILBENCH_DRIVER_COMMAND_H

#include <gilbench/driver.h>

/* Arguments after the program's name, ended by NULL; the first is "once". Release with command_free. */
char **command_arguments(const struct request *);
void command_free(char **arguments);

#endif
