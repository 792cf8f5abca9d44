/*
 * store: the run directory. Layer 3 (results).
 *
 *	DIR/manifest.json   everything needed to repeat the run; rewritten whole (write, fsync, rename)
 *	DIR/samples.jsonl   one line per sample, appended with one write(2) as soon as it exists
 *	DIR/summary.csv     made from the samples; can always be made again
 *
 * A torn last line of samples.jsonl (the driver was killed) is detected, counted and dropped.
 */
#ifndef GILBENCH_STORE_H
#define GILBENCH_STORE_H

#include <stddef.h>

#include <jansson.h>

#include <gilbench/sample.h>

#define SAMPLE_SCHEMA         "gilbench-sample-1"
#define SAMPLE_SCHEMA_VERSION 1
#define MANIFEST_SCHEMA       "gilbench-manifest-1"

/* A cell as one JSON object (new reference), and back (strings as below). 0, or -1 with a sentence. */
json_t *cell_to_json(const struct cell *);
int cell_from_json(const json_t *, struct cell *, json_t *strings, char *error, size_t error_bytes);

/* A histogram as one JSON object (new reference), sparse: {"count", ..., "buckets": [[bucket, count], ...]}. */
json_t *hist_to_json(const struct hist *);

/*
 * One sample as one JSON object (new reference).
 *
 * The schema grows by fields that an older line lacks and an older reader passes over; its version changes only when
 * one of them would change its meaning. A line without a number has NAN there, one without "latency" or "wait" no such
 * histogram (NULL), one without "worker" no workers (NULL, and a worker_count of 0).
 */
json_t *sample_to_json(const struct sample *);
/* Back again; strings are kept alive by `strings`, an array the caller owns (json_array()). 0, or -1 with a
 * sentence. */
int sample_from_json(const json_t *, struct sample *, json_t *strings, char *error, size_t error_bytes);

/* A run directory being read. */
struct run {
	char *path; /* DIR */
	char *name; /* last part of the path */
	json_t *manifest;
	struct sample *samples;
	size_t sample_count;
	unsigned torn_lines; /* dropped from the end */
	json_t *strings;
};

/* 0, or -1 with one sentence. Accepts a directory or a bundle made by `export --format bundle` (unpacked to a
 * new temporary directory, whose path is in run->path). */
int run_load(struct run *, const char *path, char *error, size_t error_bytes);
void run_release(struct run *);

/* Writing. All return 0 or -errno (ENOSPC is the caller's sentence). */
int run_make_folders(const char *dir); /* mkdir -p */
int run_create(const char *dir);       /* mkdir -p, refuses a directory that holds a run: -EEXIST */
int run_append_sample(const char *dir, const struct sample *);
int run_write_text(const char *dir, const char *file,
		   const char *text); /* atomic: temporary, fsync, rename */
int run_write_manifest(const char *dir, const json_t *manifest);
/* Cut a torn last line off samples.jsonl before appending again. Returns lines dropped, or -errno. */
int run_mend(const char *dir);

#endif
