/*
 * bundle: unpacking a run that travelled as one .tar.gz. Private to src/store.
 */
#ifndef GILBENCH_STORE_BUNDLE_H
#define GILBENCH_STORE_BUNDLE_H

#include <stddef.h>

/* The run directory inside a new temporary folder (free the path), or NULL with one sentence. Starts tar and
 * waits for it. */
char *bundle_unpack(const char *path, char *error, size_t error_bytes);

#endif
