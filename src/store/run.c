/*
 * run: reading a run directory.
 *
 * Only the end of samples.jsonl may be damaged by what this program does (see write.c), so only text after
 * the last newline counts as torn and is dropped; anything else that does not read as a sample is a foreign
 * or damaged file, and is named with its line.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <gilbench/store.h>
#include <gilbench/util.h>

#include "store/bundle.h"

static int load_manifest(struct run *run, char *error, size_t error_bytes)
{
	char *path = xasprintf("%s/manifest.json", run->path), *text = read_file(path, NULL);
	json_error_t fault;
	int status = -1;
	if (text == NULL) {
		snprintf(error, error_bytes, "%s is not a run directory: cannot read its manifest.json: %s",
			 run->path, strerror(errno));
		goto out;
	}
	run->manifest = json_loads(text, 0, &fault);
	const char *schema = json_string_value(json_object_get(run->manifest, "schema"));
	if (run->manifest == NULL)
		snprintf(error, error_bytes, "%s:%d:%d: this is not a manifest: %.100s", path, fault.line,
			 fault.column, fault.text);
	else if (schema == NULL || strcmp(schema, MANIFEST_SCHEMA) != 0)
		snprintf(error, error_bytes, "%s: the schema is '%.40s', not '" MANIFEST_SCHEMA "'", path,
			 schema != NULL ? schema : "");
	else
		status = 0;
out:
	free(text);
	free(path);
	return status;
}

static int load_line(struct run *run, const char *line, size_t length, char *error, size_t error_bytes)
{
	json_error_t fault;
	json_t *object = json_loadb(line, length, 0, &fault);
	if (object == NULL) {
		snprintf(error, error_bytes, "not JSON: %.100s", fault.text);
		return -1;
	}
	struct sample *sample = &run->samples[run->sample_count];
	int status = sample_from_json(object, sample, run->strings, error, error_bytes);
	json_decref(object);
	run->sample_count += status == 0;
	return status;
}

static size_t count_lines(const char *text, size_t length)
{
	size_t count = 0;
	for (size_t i = 0; i < length; i++)
		count += text[i] == '\n';
	return count;
}

static int load_lines(struct run *run, const char *text, size_t length, char *error, size_t error_bytes)
{
	size_t lines = count_lines(text, length), line = 0;
	char reason[256];
	run->samples = xcalloc(lines, sizeof(*run->samples));
	while (line < lines) {
		const char *end = memchr(text, '\n', length);
		size_t here = (size_t)(end - text);
		line++;
		if (load_line(run, text, here, reason, sizeof(reason)) != 0) {
			snprintf(error, error_bytes, "%s/samples.jsonl:%zu: %s", run->path, line, reason);
			return -1;
		}
		text += here + 1;
		length -= here + 1;
	}
	run->torn_lines = length > 0;
	return 0;
}

static int load_samples(struct run *run, char *error, size_t error_bytes)
{
	char *path = xasprintf("%s/samples.jsonl", run->path);
	size_t length;
	char *text = read_file(path, &length);
	int status = 0;
	if (text != NULL) {
		status = load_lines(run, text, length, error, error_bytes);
	} else if (errno != ENOENT) {
		snprintf(error, error_bytes, "cannot read %s: %s", path, strerror(errno));
		status = -1;
	}
	free(text);
	free(path);
	return status;
}

/* The directory of a run: `path` itself, or where its bundle was unpacked. NULL with a sentence. */
static char *find_directory(const char *path, char *error, size_t error_bytes)
{
	struct stat status;
	char real[PATH_MAX];
	if (stat(path, &status) != 0 || realpath(path, real) == NULL) {
		snprintf(error, error_bytes, "cannot read the run %s: %s", path, strerror(errno));
		return NULL;
	}
	return S_ISDIR(status.st_mode) ? xstrdup(path) : bundle_unpack(path, error, error_bytes);
}

static char *last_part(const char *path)
{
	char real[PATH_MAX];
	const char *whole = realpath(path, real) != NULL ? real : path;
	const char *slash = strrchr(whole, '/');
	return xstrdup(slash != NULL && slash[1] != '\0' ? slash + 1 : whole);
}

int run_load(struct run *run, const char *path, char *error, size_t error_bytes)
{
	*run = (struct run){.path = find_directory(path, error, error_bytes)};
	if (run->path == NULL)
		return -1;
	run->name = last_part(run->path);
	run->strings = json_array();
	if (load_manifest(run, error, error_bytes) == 0 && load_samples(run, error, error_bytes) == 0)
		return 0;
	run_release(run);
	return -1;
}

void run_release(struct run *run)
{
	for (size_t i = 0; i < run->sample_count; i++)
		sample_release(&run->samples[i]);
	free(run->samples);
	json_decref(run->manifest);
	json_decref(run->strings);
	free(run->name);
	free(run->path);
	*run = (struct run){0};
}
