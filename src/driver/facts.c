/*
 * facts: the parts of a manifest that do not depend on what is measured: versions, build, sources.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_version.h>
#include <hwloc.h>
#include <openssl/crypto.h>
#include <uv.h>
#include <zlib.h>

#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "driver/manifest.h"
#include "driver/tool.h"

static void set_text(json_t *object, const char *key, const char *text)
{
	json_object_set_new(object, key, json_string(text != NULL ? text : ""));
}

/* "" where the program is absent. */
static void set_tool(json_t *object, const char *key, const char *const argv[])
{
	char *text = tool_output(argv);
	set_text(object, key, text);
	free(text);
}

json_t *facts_versions(void)
{
	json_t *object = json_object();
	char hwloc[32];
	unsigned api = hwloc_get_api_version();
	snprintf(hwloc, sizeof(hwloc), "%u.%u", api >> 16, (api >> 8) & 0xff);
	set_text(object, "libuv", uv_version_string());
	set_text(object, "zlib", zlibVersion());
	set_text(object, "openssl", OpenSSL_version(OPENSSL_VERSION));
	set_text(object, "gsl", gsl_version);
	set_text(object, "hwloc", hwloc);
	set_text(object, "jansson", jansson_version_str());
	set_tool(object, "gnuplot", (const char *const[]){"gnuplot", "--version", NULL});
	set_tool(object, "hyperfine", (const char *const[]){"hyperfine", "--version", NULL});
	return object;
}

#ifdef __clang__
#define COMPILER "clang " __clang_version__
#else
#define COMPILER "gcc " __VERSION__
#endif

json_t *facts_build(void)
{
	json_t *object = json_object();
	char *data = data_dir();
	char *commit = tool_output((const char *const[]){"git", "-C", data, "rev-parse", "HEAD", NULL});
	char *changes = tool_output((const char *const[]){"git", "-C", data, "status", "--porcelain",
							  "--untracked-files=no", NULL});
	set_text(object, "version", GILBENCH_VERSION);
	set_text(object, "compiler", COMPILER);
	set_text(object, "cflags", GILBENCH_CFLAGS);
	set_text(object, "commit", commit);
	json_object_set_new(object, "dirty", json_boolean(changes != NULL && changes[0] != '\0'));
	free(changes);
	free(commit);
	free(data);
	return object;
}

/* At its place among those that are there, once. */
static void insert_model(json_t *array, const struct model *model)
{
	size_t at = 0;
	for (; at < json_array_size(array); at++) {
		const json_t *name = json_object_get(json_array_get(array, at), "name");
		if (strcmp(json_string_value(name), model->name) == 0)
			return;
		if (model_place(json_string_value(name)) > model_place(model->name))
			break;
	}
	json_array_insert_new(array, at,
			      json_pack("{s:s, s:s, s:s}", "name", model->name, "label", model->label,
					"legend", model->legend));
}

/* Those of this program, and those of the plan that exist in virtual time only. */
json_t *facts_models(const struct plan *plan)
{
	json_t *array = json_array();
	char error[256];
	for (size_t i = 0; all_models[i] != NULL; i++)
		insert_model(array, all_models[i]);
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct model *model = model_find(plan->cells[i].cell.model, error, sizeof(error));
		if (model != NULL && model->is_virtual)
			insert_model(array, model);
	}
	return array;
}

static void add_source(json_t *object, const char *name)
{
	char *data = data_dir(), *path = xasprintf("%s/bench/%s.c", data, name);
	char *text = json_object_get(object, name) == NULL ? read_file(path, NULL) : NULL;
	if (text != NULL)
		set_text(object, name, text);
	free(text);
	free(path);
	free(data);
}

/* The code of every workload that the plan runs: a report shows it, on another machine too. */
json_t *facts_sources(const struct plan *plan)
{
	json_t *object = json_object();
	struct execution *execution = xcalloc(1, sizeof(*execution));
	char error[256];
	for (size_t i = 0; i < plan->group_count; i++) {
		const struct cell *cell = &plan->cells[plan->groups[i].baseline].cell;
		if (cast_resolve(cell, execution, error, sizeof(error)) != 0)
			continue;
		for (int r = 0; r < execution->role_count; r++)
			add_source(object, execution->role[r].workload->name);
	}
	free(execution);
	return object;
}

json_t *facts_experiments(const struct session *session)
{
	json_t *array = json_array();
	for (size_t i = 0; i < session->experiment_count; i++) {
		const struct experiment *e = &session->experiments[i];
		json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "name", e->name, "path", e->path,
						       "text", e->text));
	}
	return array;
}
