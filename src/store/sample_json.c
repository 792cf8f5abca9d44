/*
 * sample_json: a cell and a sample as one JSON object each, and back.
 *
 * The shape is in tables of fields (fields.h), read in both directions, so that writing and reading cannot
 * drift apart. A histogram is sparse: most of its 2368 buckets are empty.
 *
 * Reading trusts nothing: a foreign or damaged object gives one sentence that names the field.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/store.h>
#include <gilbench/util.h>

#include "store/fields.h"

static const struct field cell_fields[] = {
	FIELD(STRING, cell, experiment), FIELD(STRING, cell, cast),   FIELD(STRING, cell, params),
	FIELD(STRING, cell, model),      FIELD(STRING, cell, policy), FIELD(WHOLE, cell, workers),
	FIELD(NUMBER, cell, window_s),   FIELD(FLAG, cell, is_twin),
};

static const struct field sample_fields[] = {
	FIELD(WHOLE, sample, block),
	FIELD(WHOLE, sample, order),
	FIELD(COUNT, sample, seed),
	FIELD(COUNT, sample, ops_asked),
	FIELD(WORD, sample, error),
	FIELD(WHOLE, sample, is_throttled),
	FIELD(NUMBER, sample, wall_s),
	FIELD(NUMBER, sample, cpu_s),
	FIELD(NUMBER, sample, ctx_voluntary),
	FIELD(NUMBER, sample, ctx_involuntary),
	FIELD(NUMBER, sample, rss_bytes),
	FIELD(NUMBER, sample, setup_s),
	FIELD(NUMBER, sample, companion_cpu_s),
	FIELD(NUMBER, sample, gil_span_s),
};

static const struct field role_fields[] = {
	FIELD(WORD, role_sample, role),
	FIELD(WORD, role_sample, workload),
	FIELD(WHOLE, role_sample, tasks),
	FIELD(COUNT, role_sample, ops),
	FIELD(HEX, role_sample, checksum),
	FIELD(COUNT, role_sample, lost_ops),
	FIELD(NUMBER, role_sample, throughput_per_s),
	FIELD(NUMBER, role_sample, gil_held_fraction),
	FIELD(NUMBER, role_sample, gil_waited_fraction),
	FIELD(NUMBER, role_sample, gil_wait_s),
	FIELD(NUMBER, role_sample, gil_acquisitions),
	FIELD(NUMBER, role_sample, gil_switches),
	FIELD(NUMBER, role_sample, gil_forced),
	FIELD(NUMBER, role_sample, gil_longest_wait_s),
	FIELD(NUMBER, role_sample, fairness),
};

static const struct field worker_fields[] = {
	FIELD(COUNT, worker_sample, ops),          FIELD(NUMBER, worker_sample, held_s),
	FIELD(NUMBER, worker_sample, wait_s),      FIELD(NUMBER, worker_sample, longest_wait_s),
	FIELD(NUMBER, worker_sample, wait_p50_s),  FIELD(NUMBER, worker_sample, wait_p99_s),
	FIELD(COUNT, worker_sample, acquisitions), FIELD(COUNT, worker_sample, switches),
	FIELD(COUNT, worker_sample, forced),
};

static const struct field hist_fields[] = {
	FIELD(COUNT, hist, count),
	FIELD(COUNT, hist, sum_ns),
	FIELD(COUNT, hist, min_ns),
	FIELD(COUNT, hist, max_ns),
};

json_t *hist_to_json(const struct hist *hist)
{
	json_t *object = json_object(), *buckets = json_array();
	fields_write(object, hist_fields, ARRAY_LEN(hist_fields), hist);
	for (unsigned i = 0; i < HIST_BUCKETS; i++)
		if (hist->bucket[i] != 0)
			json_array_append_new(buckets,
					      json_pack("[iI]", (int)i, (json_int_t)hist->bucket[i]));
	json_object_set_new(object, "buckets", buckets);
	return object;
}

static void hist_write(json_t *object, const char *key, const struct hist *hist)
{
	if (hist != NULL && hist->count > 0)
		json_object_set_new(object, key, hist_to_json(hist));
}

static json_t *workers_to_json(const struct role_sample *role)
{
	json_t *workers = json_array();
	for (int i = 0; i < role->worker_count; i++) {
		json_t *worker = json_object();
		fields_write(worker, worker_fields, ARRAY_LEN(worker_fields), &role->worker[i]);
		json_array_append_new(workers, worker);
	}
	return workers;
}

static json_t *role_to_json(const struct role_sample *role)
{
	json_t *object = json_object();
	fields_write(object, role_fields, ARRAY_LEN(role_fields), role);
	hist_write(object, "latency", role->latency);
	hist_write(object, "wait", role->wait);
	if (role->worker_count > 0)
		json_object_set_new(object, "worker", workers_to_json(role));
	return object;
}

json_t *cell_to_json(const struct cell *cell)
{
	json_t *object = json_object();
	fields_write(object, cell_fields, ARRAY_LEN(cell_fields), cell);
	json_object_set_new(object, "kind", json_string(cell_kind_name(cell->kind)));
	json_object_set_new(object, "source", json_string(cell_source_name(cell->source)));
	return object;
}

json_t *sample_to_json(const struct sample *sample)
{
	json_t *object = json_object(), *roles = json_array();
	json_object_set_new(object, "schema", json_string(SAMPLE_SCHEMA));
	json_object_set_new(object, "schema_version", json_integer(SAMPLE_SCHEMA_VERSION));
	json_object_set_new(object, "cell", cell_to_json(&sample->cell));
	json_object_set_new(object, "status", json_string(sample_status_name(sample->status)));
	fields_write(object, sample_fields, ARRAY_LEN(sample_fields), sample);
	for (int i = 0; i < sample->role_count; i++)
		json_array_append_new(roles, role_to_json(&sample->role[i]));
	json_object_set_new(object, "roles", roles);
	return object;
}

static const char *read_buckets(const json_t *buckets, struct hist *hist)
{
	size_t i;
	json_t *pair;
	json_array_foreach (buckets, i, pair) {
		json_int_t index, count;
		if (json_unpack(pair, "[II]", &index, &count) != 0 || index < 0 || index >= HIST_BUCKETS ||
		    count < 0)
			return "buckets";
		hist->bucket[index] = (uint64_t)count;
	}
	return json_is_array(buckets) ? NULL : "buckets";
}

/* *out stays NULL where there is none. */
static const char *read_hist(const json_t *object, struct hist **out)
{
	if (object == NULL)
		return NULL;
	struct hist *hist = xcalloc(1, sizeof(*hist));
	const char *fault = fields_read(object, hist_fields, ARRAY_LEN(hist_fields), hist, NULL);
	if (fault == NULL)
		fault = read_buckets(json_object_get(object, "buckets"), hist);
	if (fault != NULL) {
		free(hist);
		return fault;
	}
	*out = hist;
	return NULL;
}

/* As many as the role has tasks, or none. */
static const char *read_workers(const json_t *workers, struct role_sample *role)
{
	if (workers == NULL)
		return NULL;
	if (!json_is_array(workers) || json_array_size(workers) != (size_t)role->tasks)
		return "worker";
	role->worker = xcalloc((size_t)role->tasks, sizeof(*role->worker));
	role->worker_count = role->tasks;
	for (int i = 0; i < role->worker_count; i++) {
		const char *fault = fields_read(json_array_get(workers, (size_t)i), worker_fields,
						ARRAY_LEN(worker_fields), &role->worker[i], NULL);
		if (fault != NULL)
			return fault;
	}
	return NULL;
}

/* What it owns is freed with the sample, also after a fault. */
static const char *read_role(const json_t *object, struct role_sample *role)
{
	const char *fault = fields_read(object, role_fields, ARRAY_LEN(role_fields), role, NULL);
	if (fault == NULL)
		fault = read_hist(json_object_get(object, "latency"), &role->latency);
	if (fault == NULL)
		fault = read_hist(json_object_get(object, "wait"), &role->wait);
	if (fault == NULL)
		fault = read_workers(json_object_get(object, "worker"), role);
	return fault;
}

static const char *read_roles(const json_t *roles, struct sample *sample)
{
	size_t count = json_array_size(roles);
	if (!json_is_array(roles) || count > ROLE_MAX)
		return "roles";
	for (size_t i = 0; i < count; i++) {
		sample->role_count++;
		const char *fault = read_role(json_array_get(roles, i), &sample->role[i]);
		if (fault != NULL)
			return fault;
	}
	return NULL;
}

/* Index of a word among `count` names, or -1. */
static int word_index(const json_t *word, const char *(*name)(int), int count)
{
	for (int i = 0; json_is_string(word) && i < count; i++)
		if (strcmp(json_string_value(word), name(i)) == 0)
			return i;
	return -1;
}

static const char *kind_name(int i)
{
	return cell_kind_name((enum cell_kind)i);
}

static const char *source_name(int i)
{
	return cell_source_name((enum cell_source)i);
}

static const char *status_name(int i)
{
	return sample_status_name((enum sample_status)i);
}

static const char *read_cell(const json_t *object, struct cell *cell, json_t *strings)
{
	const char *fault = fields_read(object, cell_fields, ARRAY_LEN(cell_fields), cell, strings);
	int kind = word_index(json_object_get(object, "kind"), kind_name, CELL_WINDOW + 1);
	int source = word_index(json_object_get(object, "source"), source_name, SOURCE_CPYTHON + 1);
	if (fault != NULL || kind < 0 || source < 0)
		return fault != NULL ? fault : kind < 0 ? "kind" : "source";
	cell->kind = (enum cell_kind)kind;
	cell->source = (enum cell_source)source;
	return NULL;
}

int cell_from_json(const json_t *object, struct cell *cell, json_t *strings, char *error, size_t error_bytes)
{
	*cell = (struct cell){0};
	const char *fault = read_cell(object, cell, strings);
	if (fault != NULL)
		snprintf(error, error_bytes, "the cell's '%s' is missing or malformed", fault);
	return fault != NULL ? -1 : 0;
}

static const char *read_sample(const json_t *object, struct sample *sample, json_t *strings)
{
	int status = word_index(json_object_get(object, "status"), status_name, SAMPLE_UNSUPPORTED + 1);
	const char *fault = read_cell(json_object_get(object, "cell"), &sample->cell, strings);
	if (fault == NULL)
		fault = fields_read(object, sample_fields, ARRAY_LEN(sample_fields), sample, NULL);
	if (fault == NULL)
		fault = read_roles(json_object_get(object, "roles"), sample);
	if (fault != NULL || status < 0)
		return fault != NULL ? fault : "status";
	sample->status = (enum sample_status)status;
	return NULL;
}

int sample_from_json(const json_t *object, struct sample *sample, json_t *strings, char *error,
		     size_t error_bytes)
{
	const char *schema = json_string_value(json_object_get(object, "schema"));
	*sample = (struct sample){0};
	if (schema == NULL || strcmp(schema, SAMPLE_SCHEMA) != 0) {
		snprintf(error, error_bytes, "the schema is '%.40s', not '" SAMPLE_SCHEMA "'",
			 schema != NULL ? schema : "");
		return -1;
	}
	const char *fault = read_sample(object, sample, strings);
	if (fault == NULL)
		return 0;
	sample_release(sample);
	snprintf(error, error_bytes, "the sample's '%s' is missing or malformed", fault);
	return -1;
}
