/*
 * costs_store: measured costs in a file of the user's, and back. See calibration.h; the format is in
 * docs/virtual-time.md, "Costs".
 *
 * They are of one machine as it was: another name, processor, number of usable CPUs or kernel, and they are ignored
 * rather than believed. So is a file that somebody tore or edited into nonsense: whole, for half of it would be a
 * mixture that nobody measured. Written beside its place and renamed over it (run_write_text): a reader sees the old
 * costs or the new ones.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include <gilbench/calibration.h>
#include <gilbench/clock.h>
#include <gilbench/host.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#define COSTS_SCHEMA "gilbench-costs-1"
#define COSTS_FILE   "costs.json"

/* A wider spread than a factor of 150 either way is no latency. */
#define SIGMA_MAX 5.0

#define AGAIN "`gilbench doctor --calibrate` measures them again"

/* $XDG_CONFIG_HOME, where it is absolute (the specification says to pass over it elsewhere), or ~/.config. Free it. */
static char *costs_dir(void)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (config != NULL && config[0] == '/')
		return xasprintf("%s/gilbench", config);
	if (home != NULL && home[0] == '/')
		return xasprintf("%s/.config/gilbench", home);
	return NULL;
}

char *calibration_path(void)
{
	char *dir = costs_dir(), *path = dir != NULL ? xasprintf("%s/" COSTS_FILE, dir) : NULL;
	free(dir);
	return path;
}

/* ---- the machine ---- */

json_t *calibration_machine(void)
{
	struct host host;
	host_read(&host);
	return json_pack("{ss ss si ss}", "host", host.hostname, "cpu_model", host.cpu_model, "usable_cpus",
			 host.usable_cpus, "kernel", host.kernel);
}

/* A value as people read it. Free it. */
static char *plain(const json_t *value)
{
	if (json_is_string(value))
		return xstrdup(json_string_value(value));
	return xasprintf("%lld", json_is_integer(value) ? (long long)json_integer_value(value) : 0LL);
}

/* True, or what is different about it in `note`. */
static bool is_this_machine(const json_t *theirs, const char *path, char *note, size_t note_bytes)
{
	json_t *ours = calibration_machine(), *value;
	const char *key;
	bool is_same = true;
	json_object_foreach (ours, key, value) {
		const json_t *there = json_object_get(theirs, key);
		if (!is_same || json_equal(value, there))
			continue;
		is_same = false;
		char *old = plain(there), *now = plain(value);
		snprintf(note, note_bytes,
			 "the costs in %.200s are of another machine (%s: %.60s there, %.60s here) and are "
			 "ignored; " AGAIN,
			 path, key, old, now);
		free(old);
		free(now);
	}
	json_decref(ours);
	return is_same;
}

/* ---- writing ---- */

static json_t *depth_json(const struct costs *costs)
{
	json_t *list = json_array();
	for (int i = 0; i < COST_DEPTHS; i++)
		json_array_append_new(list, json_real(costs->depth[i]));
	return list;
}

static json_t *cost_json(const struct costs *costs, enum cost cost)
{
	struct costs copy = *costs;
	json_t *object = json_pack("{sI}", "ns", (json_int_t)*cost_ns(&copy, cost));
	if (cost == COST_WAKEUP)
		json_object_set_new(object, "sigma", json_real(costs->wakeup_sigma));
	if (cost == COST_HANDOFF)
		json_object_update_new(object, json_pack("{sf so sf}", "sigma", costs->handoff_sigma, "depth",
							 depth_json(costs), "signal", costs->signal));
	return object;
}

/* Free it. */
static char *file_text(const struct costs *costs)
{
	char now[32];
	clock_utc(now, sizeof(now));
	json_t *list = json_object();
	for (enum cost cost = 0; cost < COST_FREE; cost++)
		if (costs->origin[cost] == COST_MEASURED)
			json_object_set_new(list, cost_name(cost), cost_json(costs, cost));
	json_t *file = json_pack("{ss ss so so}", "schema", COSTS_SCHEMA, "measured", now, "machine",
				 calibration_machine(), "costs", list);
	char *text = json_dumps(file, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
	json_decref(file);
	return text;
}

int calibration_save(const struct costs *costs, char *error, size_t error_bytes)
{
	char *dir = costs_dir();
	if (dir == NULL) {
		snprintf(error, error_bytes,
			 "the costs could not be stored: neither HOME nor XDG_CONFIG_HOME names a folder");
		return -1;
	}
	char *json = file_text(costs), *text = xasprintf("%s\n", json != NULL ? json : "");
	int status = run_make_folders(dir);
	if (status == 0)
		status = json != NULL ? run_write_text(dir, COSTS_FILE, text) : -EILSEQ;
	if (status != 0)
		snprintf(error, error_bytes, "the costs could not be stored in %.200s/" COSTS_FILE ": %s",
			 dir, strerror(-status));
	free(text);
	free(json);
	free(dir);
	return status == 0 ? 0 : -1;
}

/* ---- reading ---- */

/* A number from 0 to `most`. */
static bool read_number(const json_t *value, double most, double *number)
{
	*number = json_number_value(value);
	return json_is_number(value) && *number >= 0 && *number <= most;
}

static bool read_sigma(const json_t *object, double *sigma)
{
	return read_number(json_object_get(object, "sigma"), SIGMA_MAX, sigma);
}

static bool read_wakes(struct costs *costs, const json_t *object)
{
	const json_t *depth = json_object_get(object, "depth");
	for (size_t i = 0; i < COST_DEPTHS; i++)
		if (!read_number(json_array_get(depth, i), 1, &costs->depth[i]))
			return false;
	return read_sigma(object, &costs->handoff_sigma) &&
	       read_number(json_object_get(object, "signal"), 1, &costs->signal);
}

static bool read_cost(struct costs *costs, enum cost cost, const json_t *object)
{
	const json_t *ns = json_object_get(object, "ns");
	if (!json_is_integer(ns))
		return false;
	*cost_ns(costs, cost) = json_integer_value(ns);
	costs->origin[cost] = COST_MEASURED;
	if (cost == COST_WAKEUP && !read_sigma(object, &costs->wakeup_sigma))
		return false;
	if (cost == COST_HANDOFF && !read_wakes(costs, object))
		return false;
	return cost_is_valid(costs, cost);
}

static bool read_costs(struct costs *costs, const json_t *list)
{
	for (enum cost cost = 0; cost < COST_FREE; cost++) {
		const json_t *object = json_object_get(list, cost_name(cost));
		if (object != NULL && !read_cost(costs, cost, object))
			return false;
	}
	return json_is_object(list);
}

/* `costs` holds standard values. */
static bool take_file(struct costs *costs, const json_t *file, const char *path, char *note,
		      size_t note_bytes)
{
	const char *schema = json_string_value(json_object_get(file, "schema"));
	struct costs read = *costs;
	if (schema == NULL || strcmp(schema, COSTS_SCHEMA) != 0 ||
	    !read_costs(&read, json_object_get(file, "costs"))) {
		snprintf(note, note_bytes, "%.200s is not what this gilbench stores and is ignored; " AGAIN,
			 path);
		return false;
	}
	if (!is_this_machine(json_object_get(file, "machine"), path, note, note_bytes))
		return false;
	*costs = read;
	return true;
}

bool calibration_load(struct costs *costs, char *note, size_t note_bytes)
{
	char *path = calibration_path();
	json_error_t fault;
	note[0] = '\0';
	costs_standard(costs);
	if (path == NULL || access(path, F_OK) != 0) {
		free(path);
		return false;
	}
	json_t *file = json_load_file(path, 0, &fault);
	bool is_loaded = file != NULL && take_file(costs, file, path, note, note_bytes);
	if (file == NULL)
		snprintf(note, note_bytes, "%.200s cannot be read and is ignored (%.150s); " AGAIN, path,
			 fault.text);
	json_decref(file);
	free(path);
	return is_loaded;
}
