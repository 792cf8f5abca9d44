/*
 * cpython: which interpreter a program is. The interpreter says it itself, in the words of scripts/cpython/probe.py;
 * what a name like `python3` leads to may be a shim, so the path of the interpreter proper is kept.
 *
 * A program that is no Python gets the same arguments: as a shell it would read commands from its (empty) input
 * because of -s, and most others refuse the option. One that hangs is ended.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include <gilbench/clock.h>
#include <gilbench/cpython.h>
#include <gilbench/util.h>

#include "driver/interpreter.h"

/* An interpreter answers within 0.1 s, through a shim within 0.5 s; this ends a hang. */
#define PROBE_DEADLINE_NS (20ull * NS_PER_S)

/* A probe's answer is 1200 bytes. The exact value does not matter. */
#define PROBE_LIMIT_BYTES 65536u

/* The exit status of a shell, and of child.c, for a program that is not there. */
#define STATUS_NOT_FOUND 127

char *interpreter_script(void)
{
	char *data = data_dir(), *path = xasprintf("%s/scripts/cpython/cell.py", data);
	free(data);
	return path;
}

int interpreter_find_script(char *error, size_t error_bytes)
{
	char *path = interpreter_script();
	int status = access(path, R_OK) == 0 ? 0 : -ENOENT;
	if (status != 0)
		snprintf(error, error_bytes,
			 "there is no %s; set GILBENCH_DATADIR to the folder that holds scripts/", path);
	free(path);
	return status;
}

struct arguments interpreter_arguments(const char *program)
{
	struct arguments to = arguments_new();
	arguments_add(&to, xstrdup(program));
	/* No packages of the user's: they take time to be looked for. No bytecode beside the scripts. */
	arguments_add(&to, xstrdup("-s"));
	arguments_add(&to, xstrdup("-B"));
	arguments_add(&to, interpreter_script());
	arguments_add_option(&to, "--sample-fd", xasprintf("%d", CHILD_ANSWER_FD));
	return to;
}

/* Not -E, which would hide the hash seed as well: instead, the variables that it would ignore are dropped. */
int interpreter_start(struct child *child, struct arguments *arguments, unsigned padding)
{
	static char hash_seed[] = "PYTHONHASHSEED=0", no_bytecode[] = "PYTHONDONTWRITEBYTECODE=1";
	char *const added[] = {hash_seed, no_bytecode, NULL};
	char **environment = environment_new("PYTHON", added, padding);
	int status = child_start_in(child, arguments->word[0], arguments->word, environment);
	environment_free(environment);
	command_free(arguments->word);
	return status;
}

/* What a probe gave, whichever way it ended. */
struct probe {
	enum child_end end;
	int status;
	char *text;
	char complaint[160];
};

static int run_probe(const char *program, struct probe *probe)
{
	struct arguments arguments = interpreter_arguments(program);
	struct child child;
	size_t length;
	arguments_add(&arguments, xstrdup("--probe"));
	int error = interpreter_start(&child, &arguments, 0);
	if (error != 0)
		return error;
	probe->end = child_listen(&child, clock_now_ns() + PROBE_DEADLINE_NS, PROBE_LIMIT_BYTES, &probe->text,
				  &length, &probe->status);
	child_finish(&child, probe->complaint, sizeof(probe->complaint));
	return 0;
}

static bool read_number(const json_t *object, const char *key, int *out)
{
	const json_t *value = json_object_get(object, key);
	*out = (int)json_integer_value(value);
	return json_is_integer(value);
}

static bool read_flag(const json_t *object, const char *key, bool *out)
{
	const json_t *value = json_object_get(object, key);
	*out = json_is_true(value);
	return json_is_boolean(value);
}

static char *read_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return xstrdup(text != NULL ? text : "");
}

/* True when it is the answer of a Python. */
static bool read_probe(const json_t *object, const char *program, struct cpython *out)
{
	const json_t *interval = json_object_get(object, "switch_interval_s");
	const char *version = json_string_value(json_object_get(object, "version"));
	if (version == NULL || !read_number(object, "major", &out->major) ||
	    !read_number(object, "minor", &out->minor) || !read_flag(object, "has_gil", &out->has_gil) ||
	    !read_flag(object, "is_free_threaded_build", &out->is_free_threaded_build) ||
	    !read_flag(object, "has_asyncio", &out->has_asyncio))
		return false;
	snprintf(out->version, sizeof(out->version), "%s", version);
	out->switch_interval_s = json_is_number(interval) ? json_number_value(interval) : (double)NAN;
	out->implementation = read_text(object, "implementation");
	out->workloads = json_incref(json_object_get(object, "workloads"));
	out->path = read_text(object, "executable");
	if (out->path[0] == '\0') {
		free(out->path);
		out->path = xstrdup(program);
	}
	return true;
}

static bool is_too_old(const struct cpython *python)
{
	if (python->major == 2)
		return python->minor < 7;
	return python->major < 3 || (python->major == 3 && python->minor < 6);
}

/* 0 or -EINVAL with a sentence. */
static int understand(const char *program, const struct probe *probe, struct cpython *out, char *error,
		      size_t error_bytes)
{
	json_t *object = json_loads(probe->text, 0, NULL);
	bool is_python = read_probe(object, program, out);
	json_decref(object);
	if (!is_python) {
		snprintf(error, error_bytes, "'%s' does not answer as a Python does%s%s", program,
			 probe->complaint[0] != '\0' ? ": " : "", probe->complaint);
		return -EINVAL;
	}
	if (is_too_old(out)) {
		snprintf(error, error_bytes, "'%s' is Python %s: it must be 2.7, or 3.6 or later", program,
			 out->version);
		cpython_release(out);
		return -EINVAL;
	}
	return 0;
}

static int judge(const char *program, const struct probe *probe, struct cpython *out, char *error,
		 size_t error_bytes)
{
	if (probe->end == CHILD_STOPPED) {
		snprintf(error, error_bytes, "interrupted");
		return -EINTR;
	}
	if (probe->end == CHILD_PAST_DEADLINE) {
		snprintf(error, error_bytes, "'%s' did not say within %.0f s which Python it is", program,
			 clock_seconds(PROBE_DEADLINE_NS));
		return -EINVAL;
	}
	if (WIFEXITED(probe->status) && WEXITSTATUS(probe->status) == STATUS_NOT_FOUND) {
		snprintf(error, error_bytes, "there is no program '%s'", program);
		return -ENOENT;
	}
	return understand(program, probe, out, error, error_bytes);
}

int cpython_probe(const char *path_or_name, struct cpython *out, char *error, size_t error_bytes)
{
	struct probe probe;
	*out = (struct cpython){.switch_interval_s = (double)NAN};
	int status = interpreter_find_script(error, error_bytes);
	if (status != 0)
		return status;
	status = run_probe(path_or_name, &probe);
	if (status != 0) {
		snprintf(error, error_bytes, "'%s' could not be started: %s", path_or_name,
			 strerror(-status));
		return status;
	}
	status = judge(path_or_name, &probe, out, error, error_bytes);
	free(probe.text);
	return status;
}

void cpython_release(struct cpython *python)
{
	free(python->path);
	free(python->implementation);
	json_decref(python->workloads);
	python->path = python->implementation = NULL;
	python->workloads = NULL;
}
