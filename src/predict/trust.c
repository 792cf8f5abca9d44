/*
 * trust: what a comparison of live and virtual runs showed, as a small file beside the costs of this machine.
 *
 *	{"schema": "gilbench-trust-1", "checked": "2026-01-31T12:00:00Z", "machine": {...}, "worst": 0.04, "cores": 2,
 *	 "models": {"gil": 0.04, "uv": 0.01, ...}}
 *
 * Like the costs it is of one machine as it was, and of another one it is as good as none.
 */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <gilbench/calibration.h>
#include <gilbench/clock.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#include "predict/parts.h"

#define TRUST_SCHEMA "gilbench-trust-1"
#define TRUST_FILE   "trust.json"

/* Where the costs are; NULL where no variable says. Free it. */
static char *trust_dir(void)
{
	char *path = calibration_path();
	char *dir = path != NULL ? xstrdup(dirname(path)) : NULL;
	free(path);
	return dir;
}

static void read_models(struct predict_trust *trust, const json_t *models)
{
	const char *name;
	json_t *worst;
	int count = 0;
	/* The cast away is jansson's: its iterator takes no const. */
	json_object_foreach ((json_t *)(uintptr_t)models, name, worst) {
		if (count == TRUST_MODELS || strlen(name) >= sizeof(trust->of[0].model))
			continue;
		snprintf(trust->of[count].model, sizeof(trust->of[0].model), "%s", name);
		trust->of[count++].worst = json_number_value(worst);
	}
}

static json_t *models_json(const struct predict_trust *trust)
{
	json_t *models = json_object();
	for (int i = 0; i < TRUST_MODELS && trust->of[i].model[0] != '\0'; i++)
		json_object_set_new(models, trust->of[i].model, json_real(trust->of[i].worst));
	return models;
}

/* The live model whose comparison stands for this one. */
static const char *compared_as(const char *model, size_t *length)
{
	*length = strcspn(model, "*");
	bool has_no_lock = strcmp(model, "interp") == 0 || strcmp(model, "free") == 0;
	if (has_no_lock)
		*length = strlen("threads");
	return has_no_lock ? "threads" : model;
}

void predict_trust_narrow(struct predict_trust *trust, const struct model *const *models)
{
	double worst = -1;
	for (size_t m = 0; models[m] != NULL; m++) {
		size_t length;
		const char *name = compared_as(models[m]->name, &length);
		for (int i = 0; i < TRUST_MODELS; i++)
			if (strlen(trust->of[i].model) == length &&
			    strncmp(trust->of[i].model, name, length) == 0 && trust->of[i].worst > worst)
				worst = trust->of[i].worst;
	}
	if (worst >= 0)
		trust->worst = worst;
}

static bool read_trust(struct predict_trust *trust, const json_t *file)
{
	const char *schema = json_string_value(json_object_get(file, "schema"));
	const json_t *worst = json_object_get(file, "worst"), *cores = json_object_get(file, "cores");
	json_t *machine = calibration_machine();
	bool is_ours = schema != NULL && strcmp(schema, TRUST_SCHEMA) == 0 &&
		       json_equal(machine, json_object_get(file, "machine"));
	json_decref(machine);
	trust->worst = json_number_value(worst);
	read_models(trust, json_object_get(file, "models"));
	trust->cores = (int)json_integer_value(cores);
	return is_ours && json_is_number(worst) && trust->worst >= 0 && trust->cores >= 1;
}

void predict_trust_load(struct predict_trust *trust)
{
	char *dir = trust_dir(), *path = dir != NULL ? xasprintf("%s/" TRUST_FILE, dir) : NULL;
	json_t *file = path != NULL ? json_load_file(path, 0, NULL) : NULL;
	*trust = (struct predict_trust){.is_known = false};
	trust->is_known = file != NULL && read_trust(trust, file);
	json_decref(file);
	free(path);
	free(dir);
}

/* Free it. */
static char *file_text(const struct predict_trust *trust)
{
	char now[32];
	clock_utc(now, sizeof(now));
	json_t *file = json_pack("{ss ss so sf si so}", "schema", TRUST_SCHEMA, "checked", now, "machine",
				 calibration_machine(), "worst", trust->worst, "cores", trust->cores,
				 "models", models_json(trust));
	char *json = json_dumps(file, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	char *text = xasprintf("%s\n", json != NULL ? json : "{}");
	json_decref(file);
	free(json);
	return text;
}

int predict_trust_store(const struct predict_trust *trust, char *error, size_t error_bytes)
{
	char *dir = trust_dir();
	if (dir == NULL) {
		snprintf(
			error, error_bytes,
			"how far to trust a prediction could not be stored: neither HOME nor XDG_CONFIG_HOME "
			"names a folder");
		return -1;
	}
	char *text = file_text(trust);
	int status = run_make_folders(dir);
	if (status == 0)
		status = run_write_text(dir, TRUST_FILE, text);
	if (status != 0)
		snprintf(error, error_bytes,
			 "how far to trust a prediction could not be stored in %.200s/" TRUST_FILE ": %s",
			 dir, strerror(-status));
	free(text);
	free(dir);
	return status == 0 ? 0 : -1;
}
