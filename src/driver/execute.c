/*
 * execute: one sample, by a freshly exec'd `gilbench once`.
 *
 * Exec, not fork alone, so that the address layout is drawn anew for every sample; an environment variable of
 * random length moves the stack as well (Mytkowicz et al., "Producing wrong data without doing anything
 * obviously wrong!", ASPLOS 2009: a layout can favour one variant by several per cent).
 *
 * Whatever the process does becomes a status of the sample with one sentence.
 */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include <gilbench/clock.h>
#include <gilbench/driver.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#include "driver/child.h"
#include "driver/command.h"
#include "driver/execute.h"

/* An answer is about 10 KiB; eight roles with full histograms have 600 KiB, and each worker 200 bytes. The exact value
 * does not matter. */
#define ANSWER_LIMIT_BYTES (16u << 20)

/* The padding is shorter than a page and more than a cache line; hyperfine draws from the same range. */
#define PADDING_LIMIT_BYTES 4096u

static void fail(struct sample *sample, enum sample_status status, const char *error)
{
	sample->status = status;
	snprintf(sample->error, sizeof(sample->error), "%s", error);
}

struct sample execute_blank(const struct request *request)
{
	return (struct sample){
		.cell = *request->cell,
		.seed = request->seed,
		.ops_asked = request->ops,
		.wall_s = (double)NAN,
		.cpu_s = (double)NAN,
		.ctx_voluntary = (double)NAN,
		.ctx_involuntary = (double)NAN,
		.rss_bytes = (double)NAN,
		.setup_s = (double)NAN,
		.companion_cpu_s = (double)NAN,
		.gil_span_s = (double)NAN,
	};
}

/* The child's own account of itself, or false. */
static bool read_answer(const char *text, size_t length, struct sample *sample, char *error,
			size_t error_bytes)
{
	json_error_t fault;
	json_t *object = json_loadb(text, length, 0, &fault);
	if (object == NULL) {
		snprintf(error, error_bytes, "%.60s", fault.text);
		return false;
	}
	json_t *strings = json_array();
	int status = sample_from_json(object, sample, strings, error, error_bytes);
	json_decref(strings);
	json_decref(object);
	return status == 0;
}

static void explain_end(struct sample *sample, int status, const char *complaint)
{
	char error[sizeof(sample->error)];
	if (WIFSIGNALED(status))
		snprintf(error, sizeof(error), "it was ended by signal %d (%s)", WTERMSIG(status),
			 strsignal(WTERMSIG(status)));
	else
		snprintf(error, sizeof(error),
			 "it ended with exit status %d without giving its sample%s%.150s",
			 WEXITSTATUS(status), complaint[0] != '\0' ? ": " : "", complaint);
	fail(sample, SAMPLE_CRASHED, error);
}

static void judge(const struct request *request, struct sample *sample, const char *text, size_t length,
		  int status, const char *complaint)
{
	struct sample answer;
	char error[160];
	if (WIFSIGNALED(status) || length == 0) {
		explain_end(sample, status, complaint);
	} else if (!read_answer(text, length, &answer, error, sizeof(error))) {
		char sentence[sizeof(sample->error)];
		snprintf(sentence, sizeof(sentence), "its answer is no sample: %s", error);
		fail(sample, SAMPLE_CRASHED, sentence);
	} else {
		*sample = answer;
		sample->cell = *request->cell;
		sample->seed = request->seed;
		sample->ops_asked = request->ops;
	}
}

unsigned execute_padding(const struct request *request)
{
	uint64_t random_state = clock_now_ns() ^ request->seed;
	return (unsigned)(random_next(&random_state) % PADDING_LIMIT_BYTES);
}

/* argv of `once` with the options that only the driver uses. Free the array, not its words. */
static char **answering_argv(char **arguments, bool is_recording)
{
	static char program[] = "gilbench", option[] = "--sample-fd", fd[] = "3", record[] = "--record";
	size_t count = 0;
	while (arguments[count] != NULL)
		count++;
	char **argv = xcalloc(count + 5, sizeof(*argv));
	argv[0] = program;
	memcpy(argv + 1, arguments, count * sizeof(*argv));
	argv[count + 1] = option;
	argv[count + 2] = fd;
	argv[count + 3] = is_recording ? record : NULL;
	return argv;
}

int execute_start(const struct request *request, bool is_recording, struct child *child)
{
	char **arguments = command_arguments(request), **argv = answering_argv(arguments, is_recording);
	int error = child_start(child, "/proc/self/exe", argv, execute_padding(request));
	free(argv);
	command_free(arguments);
	return error;
}

int execute_process(void *unused, const struct request *request, struct sample *sample)
{
	(void)unused;
	struct child child;
	int error = execute_start(request, false, &child);
	return execute_finish(&child, error, request, sample);
}

int execute_finish(struct child *child, int error, const struct request *request, struct sample *sample)
{
	*sample = execute_blank(request);
	if (error != 0) {
		char sentence[160];
		snprintf(sentence, sizeof(sentence), "it could not be started: %s", strerror(-error));
		fail(sample, SAMPLE_CRASHED, sentence);
		return 0;
	}
	char *text, complaint[200];
	size_t length;
	int status;
	uint64_t deadline_ns = clock_now_ns() + (uint64_t)(request->deadline_s * 1e9);
	enum child_end end = child_listen(child, deadline_ns, ANSWER_LIMIT_BYTES, &text, &length, &status);
	child_finish(child, complaint, sizeof(complaint));
	if (end == CHILD_PAST_DEADLINE) {
		char sentence[160];
		snprintf(sentence, sizeof(sentence), "it did not end within its deadline of %.3g s",
			 request->deadline_s);
		fail(sample, SAMPLE_TIMEOUT, sentence);
	} else if (end == CHILD_EXITED) {
		judge(request, sample, text, length, status, complaint);
	}
	free(text);
	return end == CHILD_STOPPED ? -EINTR : 0;
}
