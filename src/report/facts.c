/*
 * facts: reading the manifest. Everything in it may be absent (an older run, a torn one, another program's),
 * and the report then says less, but is written.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/host.h>
#include <gilbench/util.h>

#include "report/look.h"
#include "report/parts.h"

/* The value at "a.b.c", or NULL. */
static const json_t *manifest_at(const struct run *run, const char *path)
{
	const json_t *at = run->manifest;
	char *copy = xstrdup(path), *rest = copy, *key;
	while (at != NULL && (key = strsep(&rest, ".")) != NULL)
		at = json_object_get(at, key);
	free(copy);
	return at;
}

double manifest_number(const struct run *run, const char *path)
{
	const json_t *at = manifest_at(run, path);
	return json_is_number(at) ? json_number_value(at) : NAN;
}

const char *manifest_text(const struct run *run, const char *path, const char *otherwise)
{
	const json_t *at = manifest_at(run, path);
	return json_is_string(at) && *json_string_value(at) != '\0' ? json_string_value(at) : otherwise;
}

static int manifest_int(const struct run *run, const char *path)
{
	double value = manifest_number(run, path);
	return isfinite(value) ? (int)value : 0;
}

/* A seed is 64 bits wide; it may be stored as a number or as text. */
static void seed_read(struct facts *f, const struct run *run)
{
	const json_t *seed = json_object_get(run->manifest, "seed");
	if (json_is_integer(seed))
		snprintf(f->seed, sizeof(f->seed), "%llu", (unsigned long long)json_integer_value(seed));
	else
		snprintf(f->seed, sizeof(f->seed), "%s", json_is_string(seed) ? json_string_value(seed) : "");
}

/* The line that the machine itself would print, from what the manifest kept of it. Free it. */
static char *context_text(const struct run *run)
{
	struct host host = {
		.usable_cpus = manifest_int(run, "host.usable_cpus"),
		.physical_cores = manifest_int(run, "host.physical_cores"),
		.performance_cores = manifest_int(run, "host.performance_cores"),
		.efficiency_cores = manifest_int(run, "host.efficiency_cores"),
		.has_smt = json_is_true(manifest_at(run, "host.has_smt")),
		.on_battery = json_is_true(manifest_at(run, "host.on_battery")) ||
			      manifest_int(run, "host.on_battery") == 1,
	};
	double quota = manifest_number(run, "host.quota_cpus");
	host.quota_cpus = isfinite(quota) ? quota : 0;
	snprintf(host.cpu_model, sizeof(host.cpu_model), "%s",
		 manifest_text(run, "host.cpu_model", "machine not known"));
	snprintf(host.virtualization, sizeof(host.virtualization), "%s",
		 manifest_text(run, "host.virtualization", ""));
	snprintf(host.governor, sizeof(host.governor), "%s", manifest_text(run, "host.governor", ""));
	snprintf(host.kernel, sizeof(host.kernel), "%s",
		 manifest_text(run, "host.kernel", "kernel not known"));
	return host_context(&host);
}

void facts_read(struct facts *f, const struct run *run, const struct summary *summary)
{
	*f = (struct facts){
		.run = manifest_text(run, "run", run->name),
		.started = manifest_text(run, "started", ""),
		.finished = manifest_text(run, "finished", ""),
		.status = manifest_text(run, "status", "not known"),
		.command = manifest_text(run, "command", ""),
		.resume = manifest_text(run, "resume", ""),
		.context = context_text(run),
		.commit = manifest_text(run, "build.commit", ""),
		.compiler = manifest_text(run, "build.compiler", ""),
		.cflags = manifest_text(run, "build.cflags", ""),
		.machine = manifest_text(run, "host.cpu_model", "machine not known"),
		.is_dirty = json_is_true(manifest_at(run, "build.dirty")),
		.is_scaled = json_is_true(manifest_at(run, "scaled")),
		.usable = manifest_int(run, "host.usable_cpus"),
		.cores = manifest_int(run, "host.physical_cores"),
		.floor = isfinite(summary->noise_floor) ? summary->noise_floor
							: manifest_number(run, "noise_floor"),
	};
	seed_read(f, run);
}

static const json_t *model_entry(const struct run *run, const char *model, int *rank)
{
	const json_t *models = json_object_get(run->manifest, "models"), *entry;
	size_t i;
	json_array_foreach (models, i, entry) {
		const char *name = json_string_value(json_object_get(entry, "name"));
		if (name == NULL || strcmp(name, model) != 0)
			continue;
		*rank = (int)i;
		return entry;
	}
	*rank = RANK_UNKNOWN;
	return NULL;
}

const char *model_legend(const struct run *run, const char *model)
{
	int rank;
	const char *text = json_string_value(json_object_get(model_entry(run, model, &rank), "legend"));
	if (text != NULL)
		return text;
	return look_find(model)->legend != NULL ? look_find(model)->legend : model;
}

const char *model_label(const struct run *run, const char *model)
{
	int rank;
	const char *text = json_string_value(json_object_get(model_entry(run, model, &rank), "label"));
	return text != NULL ? text : model_legend(run, model);
}

int models_known(const struct run *run)
{
	return (int)json_array_size(json_object_get(run->manifest, "models"));
}

int model_rank(const struct run *run, const char *model)
{
	int rank;
	model_entry(run, model, &rank);
	return rank;
}

/* Was this model measured under another policy in the same group, too? The real CPython's stands for its own name. */
static bool has_other_policy(const struct report *report, const struct cell *cell)
{
	if (cell->source == SOURCE_CPYTHON)
		return false;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct cell *other = &report->summary.rows[i].cell;
		if (other->source != SOURCE_CPYTHON && cell_same_group(other, cell) &&
		    strcmp(other->model, cell->model) == 0 && strcmp(other->policy, cell->policy) != 0)
			return true;
	}
	return false;
}

char *cell_words(const struct report *report, const struct cell *cell)
{
	const char *legend = model_legend(report->run, cell->model);
	if (has_other_policy(report, cell))
		return xasprintf("%s (%s)", legend, cell->policy);
	return xstrdup(legend);
}

const struct look *cell_look(const struct report *report, const struct cell *cell)
{
	return has_other_policy(report, cell) ? look_of_policy(cell->policy) : look_find(cell->model);
}
