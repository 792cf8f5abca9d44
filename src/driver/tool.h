/*
 * tool: asking other programs. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_TOOL_H
#define GILBENCH_DRIVER_TOOL_H

/* What the program writes on stdout (at most 64 KiB; its stderr is hidden), without the last newline; NULL
 * when it is not there or fails. Free it. Blocks until it ends. */
char *tool_output(const char *const argv[]);

#endif
