/*
 * cpython_cell: one sample in a real interpreter. The cell's text goes to scripts/cpython/cell.py as it is; its
 * sample comes back over a pipe as that of `gilbench once` does, and what the process does besides is judged in the
 * same way (execute.c).
 *
 * A setting of the interpreter travels in the cell's policy, after its name, since it is part of what was measured:
 *
 *	cpython-3.11.7,interval=1ms    --switch-interval 0.001
 *	cpython-2.7.18,check=1000      --check-interval 1000
 *
 * Whether this interpreter has such a setting is the script's to say.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/cpython.h>
#include <gilbench/util.h>

#include "driver/execute.h"
#include "driver/interpreter.h"

/* One "name=value" of the policy, as an option; 0, or -1 with a sentence. */
static int add_setting(struct arguments *to, const char *word, char *error, size_t error_bytes)
{
	double value;
	const char *equals = strchr(word, '='), *text = equals != NULL ? equals + 1 : "";
	size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
	if (length == strlen("interval") && strncmp(word, "interval", length) == 0 &&
	    param_duration(text, &value) == 0) {
		arguments_add_option(to, "--switch-interval", xasprintf("%.9g", value));
		return 0;
	}
	if (length == strlen("check") && strncmp(word, "check", length) == 0 &&
	    param_number(text, &value) == 0) {
		arguments_add_option(to, "--check-interval", xasprintf("%.0f", value));
		return 0;
	}
	snprintf(error, error_bytes,
		 "'%.60s' is no setting of an interpreter: it takes interval=TIME or check=TICKS", word);
	return -1;
}

static int add_settings(struct arguments *to, const char *policy, char *error, size_t error_bytes)
{
	char *copy = xstrdup(policy), *rest = NULL;
	int status = 0;
	/* The first word is the interpreter's name. */
	strtok_r(copy, ",", &rest);
	for (char *word = strtok_r(NULL, ",", &rest); word != NULL && status == 0;
	     word = strtok_r(NULL, ",", &rest))
		status = add_setting(to, word, error, error_bytes);
	free(copy);
	return status;
}

static void add_cell(struct arguments *to, const struct request *request)
{
	const struct cell *cell = request->cell;
	arguments_add_option(to, "--workload", xstrdup(cell->cast));
	arguments_add_params(to, cell->params);
	arguments_add_option(to, "--model", xstrdup(cell->model));
	arguments_add_option(to, "--workers", xasprintf("%d", cell->workers));
	if (cell->kind == CELL_WINDOW)
		arguments_add_option(to, "--window", xasprintf("%.9g", cell->window_s));
	else
		arguments_add_option(to, "--ops", xasprintf("%llu", (unsigned long long)request->ops));
	if (request->affinity != NULL)
		arguments_add_option(to, "--affinity", xstrdup(request->affinity));
	arguments_add_option(to, "--seed", xasprintf("%llu", (unsigned long long)request->seed));
}

static int refuse(const struct request *request, struct sample *sample, const char *sentence)
{
	*sample = execute_blank(request);
	sample->status = SAMPLE_UNSUPPORTED;
	snprintf(sample->error, sizeof(sample->error), "%s", sentence);
	return 0;
}

/* The words after the script's name; 0, or -1 with a sentence. */
static int add_request(struct arguments *to, const struct cpython *python, const struct request *request,
		       char *error, size_t error_bytes)
{
	add_cell(to, request);
	if (python->client_command != NULL)
		arguments_add_option(to, "--client-command", xstrdup(python->client_command));
	return add_settings(to, request->cell->policy, error, error_bytes);
}

char *cpython_command(const struct cpython *python, const struct request *request)
{
	char error[256];
	struct arguments words = arguments_new();
	arguments_add(&words, interpreter_script());
	add_request(&words, python, request, error, sizeof(error));
	return command_text(python->path, words.word);
}

int cpython_execute(const struct cpython *python, const struct request *request, struct sample *sample)
{
	char error[sizeof(sample->error)];
	struct arguments arguments = interpreter_arguments(python->path);
	struct child child;
	if (add_request(&arguments, python, request, error, sizeof(error)) != 0) {
		command_free(arguments.word);
		return refuse(request, sample, error);
	}
	int status = interpreter_start(&child, &arguments, execute_padding(request));
	return execute_finish(&child, status, request, sample);
}
