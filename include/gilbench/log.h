/*
 * log: sentences for people, on stderr. Layer 0. Library-like modules never call this; the program and the
 * driver do.
 */
#ifndef GILBENCH_LOG_H
#define GILBENCH_LOG_H

#include <stdbool.h>

/* How much to say. Set once, before any thread starts. --quiet drops notes and progress, never warnings. */
void log_set_quiet(bool is_quiet);
bool log_is_quiet(void);
/* Is stderr a terminal that takes colour and a line drawn over? Honours NO_COLOR and TERM=dumb. */
bool log_has_colour(void);
bool log_is_terminal(void);

void log_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Progress: on a terminal one line drawn over the last; elsewhere a plain line, at most one every ten
 * seconds. log_progress_end() clears the line; notes and warnings do so by themselves. */
void log_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_progress_end(void);

#endif
