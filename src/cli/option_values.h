/*
 * option_values: values of options as people type them. Layer 5. A wrong one ends the program with one sentence that
 * names the option, and status 2.
 */
#ifndef GILBENCH_CLI_OPTION_VALUES_H
#define GILBENCH_CLI_OPTION_VALUES_H

#include <stdint.h>

#include <gilbench/costs.h>

/* Shortest and longest window of a cell. */
#define WINDOW_MIN_S 0.001
#define WINDOW_MAX_S 86400.0

/* A whole number from `min` to `max`; k, M, KiB understood. */
uint64_t option_whole(const char *option, const char *text, double min, double max);
/* A time in seconds. */
double option_duration(const char *option, const char *text, double min_s, double max_s);
/* One more NAME=VALUE behind `params` ("" or NULL: the first). Returns the longer text, frees the old one. */
char *option_add_param(char *params, const char *word);
/* --rate is the word "rate=PER_S" among them: a load is part of what a cell is. */
char *option_add_rate(char *params, const char *per_s);
/* --cost NAME=VALUE. */
void option_cost(struct costs *, const char *text);

#endif
