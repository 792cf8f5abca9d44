/*
 * client: the client of echo, as a program, for a server that is not ours: `validate` gives it to the interpreter's
 * echo server, so that both sides have the same one. Not in the help, for nobody types it.
 *
 *	gilbench client [--work-us US] PORT BYTES SECONDS
 *
 * What it says and hears is in scripts/cpython/echo.py: `ready`, a line on stdin that starts it, and at the end one
 * line of JSON with the number of exchanges and their histogram.
 */
#include <argp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/hist.h>
#include <gilbench/param.h>
#include <gilbench/store.h>
#include <gilbench/util.h>
#include <gilbench/workload.h>

#include "cli/command.h"

/* Largest datagram over loopback's IPv4. */
#define BYTES_MAX 65507

#define DAY_S 86400

enum { KEY_WORK_US = 0x100 };

enum { PORT, BYTES, SECONDS, WORDS };

struct client {
	double word[WORDS], work_us;
	int count;
	struct hist latency;
};

static const struct argp_option options[] = {
	{"work-us", KEY_WORK_US, "US", 0, "work between an answer and the next question, microseconds", 0},
	{0},
};

static double number(const char *what, const char *text, double least, double most)
{
	double value;
	if (param_number(text, &value) != 0 || value < least || value > most)
		die_usage("%s must be a number from %g to %g, not '%s'", what, least, most, text);
	return value;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	static const struct {
		const char *what;
		double least, most;
	} words[WORDS] = {[PORT] = {"PORT", 1, 65535},
			  [BYTES] = {"BYTES", sizeof(struct ping_question), BYTES_MAX},
			  [SECONDS] = {"SECONDS", 0.001, DAY_S}};
	struct client *c = state->input;
	switch (key) {
	case KEY_WORK_US:
		c->work_us = number("--work-us", text, 0, 1e6);
		return 0;
	case ARGP_KEY_ARG:
		if (c->count == WORDS)
			die_usage("client takes PORT BYTES SECONDS, and '%s' is one too many", text);
		c->word[c->count] =
			number(words[c->count].what, text, words[c->count].least, words[c->count].most);
		c->count++;
		return 0;
	case ARGP_KEY_END:
		if (c->count < WORDS)
			die_usage("client takes PORT BYTES SECONDS");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static void done(void *context, uint64_t latency_ns)
{
	hist_record(&((struct client *)context)->latency, latency_ns);
}

static void print_answer(const struct hist *latency)
{
	json_t *object =
		json_pack("{s:I, s:o}", "ops", (json_int_t)latency->count, "latency", hist_to_json(latency));
	char *line = json_dumps(object, JSON_COMPACT);
	puts(line);
	free(line);
	json_decref(object);
}

static int run(int argc, char **argv)
{
	static const struct argp argp = {.options = options,
					 .parser = parse,
					 .args_doc = "PORT BYTES SECONDS",
					 .doc = "Play ping-pong with an echo server on loopback."};
	struct client c = {.count = 0};
	char start[8];
	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &c);
	hist_reset(&c.latency);
	struct ping_pong game = {
		.bytes = (size_t)c.word[BYTES], .work_us = c.work_us, .done = done, .context = &c};
	errno = -ping_pong_open(&game, htons((uint16_t)c.word[PORT]));
	if (errno != 0)
		die("127.0.0.1:%.0f", c.word[PORT]);
	puts("ready");
	fflush(stdout);
	if (fgets(start, sizeof(start), stdin) == NULL)
		return EXIT_DONE;
	game.stop_ns = clock_now_ns() + (uint64_t)(c.word[SECONDS] * NS_PER_S);
	ping_pong_play(&game);
	free(game.datagram);
	errno = 0;
	if (game.is_wrong)
		die("the server answered what it was not asked");
	print_answer(&c.latency);
	return EXIT_DONE;
}

const struct command command_client = {
	.name = "client",
	.arguments = "[--work-us US] PORT BYTES SECONDS",
	.summary = NULL,
	.rank = 1000,
	.run = run,
};
