/*
 * command: the `gilbench once` command line of one sample, for exec and for people.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "driver/command.h"

/* Most arguments: two per option, and two per parameter of every role. */
#define ARGUMENTS_MAX (32 + 2 * PARAM_MAX * ROLE_MAX)

struct arguments arguments_new(void)
{
	return (struct arguments){.word = xcalloc(ARGUMENTS_MAX, sizeof(char *))};
}

void arguments_add(struct arguments *to, char *word)
{
	if (to->count + 1 >= ARGUMENTS_MAX)
		die("too many parameters for one command line: %s", word);
	to->word[to->count++] = word;
}

void arguments_add_option(struct arguments *to, const char *option, char *value)
{
	arguments_add(to, xstrdup(option));
	arguments_add(to, value);
}

void arguments_add_params(struct arguments *to, const char *params)
{
	char *copy = xstrdup(params), *rest = NULL;
	for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		arguments_add_option(to, "--param", xstrdup(word));
	free(copy);
}

void arguments_add_cell(struct arguments *to, const struct request *request)
{
	const struct cell *cell = request->cell;
	arguments_add_option(to, "--model", xstrdup(cell->model));
	if (cell->policy[0] != '\0')
		arguments_add_option(to, "--gil", xstrdup(cell->policy));
	arguments_add_option(to, "--workers", xasprintf("%d", cell->workers));
	if (cell->kind == CELL_WINDOW)
		arguments_add_option(to, "--window", xasprintf("%.9gs", cell->window_s));
	else
		arguments_add_option(to, "--ops", xasprintf("%llu", (unsigned long long)request->ops));
	if (request->affinity != NULL)
		arguments_add_option(to, "--affinity", xstrdup(request->affinity));
	arguments_add_option(to, "--seed", xasprintf("%llu", (unsigned long long)request->seed));
}

char **command_arguments(const struct request *request)
{
	struct arguments to = arguments_new();
	arguments_add(&to, xstrdup("once"));
	arguments_add_option(&to, "--workload", xstrdup(request->cell->cast));
	arguments_add_params(&to, request->cell->params);
	arguments_add_cell(&to, request);
	return to.word;
}

void command_free(char **arguments)
{
	for (char **word = arguments; *word != NULL; word++)
		free(*word);
	free(arguments);
}

/* Needs no quotes in a shell? */
static bool is_plain(const char *word)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/+%@";
	return *word != '\0' && word[strspn(word, plain)] == '\0';
}

char *command_text(const char *program, char **words)
{
	char *text = xstrdup(program);
	for (char **word = words; *word != NULL; word++) {
		const char *quote = is_plain(*word) ? "" : "'";
		char *longer = xasprintf("%s %s%s%s", text, quote, *word, quote);
		free(text);
		text = longer;
	}
	command_free(words);
	return text;
}

char *execute_command(const struct request *request)
{
	return command_text("gilbench", command_arguments(request));
}
