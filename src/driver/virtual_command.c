/*
 * virtual_command: a sample of virtual time as a command that one can type. Costs that were given are in it; measured
 * and assumed ones are this machine's, or the program's.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "driver/command.h"
#include "driver/recordings.h"

static void add_profiles(struct arguments *to, const struct cell *cell, const char *work)
{
	struct profile_cast cast;
	char error[256];
	if (profile_cast_read(cell->cast, work, cell->workers, &cast, error, sizeof(error)) != 0)
		return;
	for (int i = 0; i < cast.count; i++) {
		char *segments = profile_text(&cast.role[i].profile);
		char *word = cast.count > 1 ? xasprintf("%s:%d = %s", cast.role[i].name, cast.role[i].tasks,
							segments)
					    : xasprintf("%s = %s", cast.role[i].name, segments);
		arguments_add_option(to, "--profile", word);
		free(segments);
	}
	profile_cast_release(&cast);
}

static void add_work(struct arguments *to, const struct cell *cell)
{
	struct virtual_words words;
	char error[256], *work;
	if (virtual_words_read(cell->params, &words, &work, error, sizeof(error)) != 0)
		return;
	if (params_have_profiles(work)) {
		add_profiles(to, cell, work);
	} else {
		arguments_add_option(to, "--workload", xstrdup(cell->cast));
		arguments_add_params(to, work);
	}
	arguments_add_option(to, "--cores", xasprintf("%d", words.cores));
	if (words.rate_per_s > 0)
		arguments_add_option(to, "--rate", xasprintf("%.12g", words.rate_per_s));
	if (words.is_poisson)
		arguments_add_option(to, "--param", xstrdup("arrivals=random"));
	free(work);
}

static void add_costs(struct arguments *to, const struct costs *costs)
{
	char *text = costs_text(costs), *rest = NULL;
	int cost = 0;
	/* One word for each, in their order. */
	for (char *word = strtok_r(text, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest), cost++)
		if (costs->origin[cost] == COST_SAID)
			arguments_add_option(to, "--cost", xstrdup(word));
	free(text);
}

char *virtual_command(void *context, const struct request *request)
{
	const struct virtual_runner *runner = context;
	const struct cell *cell = request->cell;
	if (cell->source != SOURCE_VIRTUAL)
		return execute_command(request);
	struct arguments to = arguments_new();
	arguments_add(&to, xstrdup("once"));
	arguments_add(&to, xstrdup("--virtual"));
	add_work(&to, cell);
	arguments_add_cell(&to, request);
	if (runner != NULL)
		add_costs(&to, &runner->costs);
	return command_text("gilbench", to.word);
}
