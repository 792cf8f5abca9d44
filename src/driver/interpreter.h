/*
 * interpreter: how a real interpreter is started with scripts/cpython/cell.py. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_INTERPRETER_H
#define GILBENCH_DRIVER_INTERPRETER_H

#include "driver/child.h"
#include "driver/command.h"

/* The command line up to the script's own arguments, its answer on CHILD_ANSWER_FD. */
struct arguments interpreter_arguments(const char *program);
/* Starts it and releases the arguments. 0 or -errno. */
int interpreter_start(struct child *, struct arguments *, unsigned padding);
/* Path of the script. Free it. */
char *interpreter_script(void);
/* 0, or -ENOENT with a sentence: the scripts are not where they should be. */
int interpreter_find_script(char *error, size_t error_bytes);

#endif
