/*
 * files: small files of /proc and /sys, under a root that tests may move. Private to src/host.
 *
 * Every path here is absolute; $GILBENCH_HOST_ROOT, which only tests set, is put before it.
 */
#ifndef GILBENCH_HOST_FILES_H
#define GILBENCH_HOST_FILES_H

#include <stdbool.h>
#include <stddef.h>

/* Does the file exist? */
bool host_file_exists(const char *path);
/* First line without newline: 0, or -errno with `line` emptied. */
int host_file_line(const char *path, char *line, size_t bytes);
/* First number of the file: 0, or -errno (-ENODATA: begins with no number). */
int host_file_number(const char *path, double *number);
/* The whole file (free it), or NULL. */
char *host_file_text(const char *path);
/* What follows `key` and a separator (blanks, ':' or '=') on the first line that begins with it, quotes taken
 * off; 0, or -1 with `value` emptied. */
int host_file_value(const char *path, const char *key, char *value, size_t bytes);
/* Do the files lie under a test's root, and tell of a machine that is not this one? */
bool host_files_are_a_tests(void);
/* The path under the test's root (free it), for what is no file to be read. */
char *host_file_path(const char *path);

#endif
