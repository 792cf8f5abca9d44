/*
 * contender: an interpreter, what it is called, and what it is compared with; to the manifest and back.
 *
 * The policy follows the interpreter as it runs: before 3.2 its lock counted ticks (py2); since then a waiter asks
 * after an interval (py3); a free-threaded build whose lock is off has none, and is compared with threads that have
 * none either.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "validate/cases.h"

static const char *lock_of(int major, int minor)
{
	return major < 3 || (major == 3 && minor < 2) ? "py2" : "py3";
}

const char *contender_lock(const char *policy)
{
	int major = 0, minor = 0;
	sscanf(policy, "cpython-%d.%d", &major, &minor);
	return lock_of(major, minor);
}

void contender_init(struct contender *c, const struct cpython *python)
{
	const char *build = python->is_free_threaded_build ? "t" : "";
	*c = (struct contender){.python = *python, .model = "gil"};
	c->policy = lock_of(python->major, python->minor);
	snprintf(c->name, sizeof(c->name), "cpython-%s%s", python->version, build);
	snprintf(c->label, sizeof(c->label), "%s %s%s", python->implementation, python->version, build);
	if (!python->has_gil) {
		c->model = "threads";
		c->policy = "";
	}
	validate_fit_nominal(c);
}

void contender_release(struct contender *c)
{
	cpython_release(&c->python);
}

void contenders_name(struct contender *c, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int same = 1;
		for (size_t k = 0; k < i; k++)
			same += strcmp(c[k].python.version, c[i].python.version) == 0 &&
				c[k].python.is_free_threaded_build == c[i].python.is_free_threaded_build;
		if (same == 1)
			continue;
		size_t name = strlen(c[i].name), label = strlen(c[i].label);
		snprintf(c[i].name + name, sizeof(c[i].name) - name, "-%d", same);
		snprintf(c[i].label + label, sizeof(c[i].label) - label, " (%d)", same);
	}
}

/* ---- the manifest ---- */

static json_t *fit_to_json(const struct fit *fit)
{
	return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f}", "spin_iterations", fit->spin_iterations,
			 "echo_work_us", fit->echo_work_us, "spin_live_s", fit->spin_live_s, "spin_python_s",
			 fit->spin_python_s, "echo_live_s", fit->echo_live_s, "echo_python_s",
			 fit->echo_python_s);
}

json_t *contender_to_json(const struct contender *c)
{
	const struct cpython *p = &c->python;
	json_t *object = json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:b, s:b, s:b, s:o}", "name", c->name,
				   "label", c->label, "path", p->path, "version", p->version,
				   "implementation", p->implementation, "major", p->major, "minor", p->minor,
				   "has_gil", p->has_gil, "is_free_threaded_build", p->is_free_threaded_build,
				   "has_asyncio", p->has_asyncio, "fit", fit_to_json(&c->fit));
	if (p->workloads != NULL)
		json_object_set(object, "workloads", p->workloads);
	return object;
}

json_t *validate_to_json(const struct contender *contenders, size_t count,
			 const struct validate_options *options)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, contender_to_json(&contenders[i]));
	return json_pack("{s:b, s:f, s:o}", "is_fast", options->is_fast, "scale", options->scale, "pythons",
			 array);
}

int contender_from_json(const json_t *object, struct contender *c)
{
	const char *name, *label, *path, *version, *implementation;
	struct cpython p = {0};
	struct fit fit;
	int has_gil, is_free_threaded_build, has_asyncio;
	if (json_unpack(
		    (json_t *)(uintptr_t)object,
		    "{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:b, s:b, s:b, s:{s:F, s:F, s:F, s:F, s:F, s:F}}",
		    "name", &name, "label", &label, "path", &path, "version", &version, "implementation",
		    &implementation, "major", &p.major, "minor", &p.minor, "has_gil", &has_gil,
		    "is_free_threaded_build", &is_free_threaded_build, "has_asyncio", &has_asyncio, "fit",
		    "spin_iterations", &fit.spin_iterations, "echo_work_us", &fit.echo_work_us, "spin_live_s",
		    &fit.spin_live_s, "spin_python_s", &fit.spin_python_s, "echo_live_s", &fit.echo_live_s,
		    "echo_python_s", &fit.echo_python_s) != 0)
		return -1;
	p.has_gil = has_gil != 0;
	p.is_free_threaded_build = is_free_threaded_build != 0;
	p.has_asyncio = has_asyncio != 0;
	p.path = xstrdup(path);
	p.implementation = xstrdup(implementation);
	p.workloads = json_incref(json_object_get(object, "workloads"));
	snprintf(p.version, sizeof(p.version), "%s", version);
	contender_init(c, &p);
	snprintf(c->name, sizeof(c->name), "%s", name);
	snprintf(c->label, sizeof(c->label), "%s", label);
	c->fit = fit;
	return 0;
}

int validate_from_json(const json_t *object, struct contender **contenders, size_t *count,
		       struct validate_options *options, char *error, size_t error_bytes)
{
	const json_t *array = json_object_get(object, "pythons");
	size_t wanted = json_array_size(array);
	*options = (struct validate_options){.is_fast = json_is_true(json_object_get(object, "is_fast")),
					     .scale = json_number_value(json_object_get(object, "scale"))};
	*contenders = xcalloc(wanted + 1, sizeof(**contenders));
	*count = 0;
	while (*count < wanted &&
	       contender_from_json(json_array_get(array, *count), &(*contenders)[*count]) == 0)
		(*count)++;
	if (*count == wanted && wanted > 0 && options->scale > 0)
		return 0;
	for (size_t i = 0; i < *count; i++)
		contender_release(&(*contenders)[i]);
	free(*contenders);
	snprintf(error, error_bytes, "its manifest does not say which interpreters took part");
	return -1;
}
