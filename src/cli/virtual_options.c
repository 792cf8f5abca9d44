/*
 * virtual_options: see virtual_options.h.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/calibration.h>
#include <gilbench/log.h>
#include <gilbench/util.h>
#include <gilbench/virtual.h>
#include <gilbench/virtual_cell.h>

#include "cli/virtual_options.h"

enum { KEY_VIRTUAL = 0x400, KEY_CORES, KEY_COST, KEY_PROFILE };

static const struct argp_option table[] = {
	{NULL, 0, NULL, 0, "In virtual time:", 4},
	{"virtual", KEY_VIRTUAL, NULL, 0, "simulate it, in milliseconds, instead of running it here", 4},
	{"profile", KEY_PROFILE, "SEGMENTS", 0,
	 "the work, written out: 'gil 2ms, wait exp(10ms)'; several: 'io:4 = gil 1ms, wait 10ms'", 4},
	{"cores", KEY_CORES, "LIST", 0, "cores of the simulated machine: 1,4,64 (default: as many as here)",
	 4},
	{"cost", KEY_COST, "NAME=VALUE", 0,
	 "what it takes for a switch, wakeup, handoff, poll, slice, or free", 4},
	{0},
};

static void add_cost(struct virtual_options *o, const char *assignment)
{
	struct costs scratch;
	char error[256];
	costs_standard(&scratch);
	if (costs_set(&scratch, assignment, error, sizeof(error)) != 0)
		die_usage("--cost: %s", error);
	char *longer = o->costs == NULL ? xstrdup(assignment) : xasprintf("%s %s", o->costs, assignment);
	free(o->costs);
	o->costs = longer;
}

static void add_profile(struct virtual_options *o, const char *text)
{
	char error[300];
	if (o->profiles == NULL)
		o->profiles = xcalloc(1, sizeof(*o->profiles));
	if (profile_cast_add(o->profiles, text, error, sizeof(error)) != 0)
		die_usage("--profile '%s': %s", text, error);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct virtual_options *o = state->input;
	switch (key) {
	case KEY_VIRTUAL:
		o->is_virtual = true;
		return 0;
	case KEY_CORES:
		o->cores = text;
		return 0;
	case KEY_COST:
		add_cost(o, text);
		return 0;
	case KEY_PROFILE:
		add_profile(o, text);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp virtual_argp = {.options = table, .parser = parse};

const char *virtual_options_without(const struct virtual_options *o)
{
	if (o->is_virtual)
		return NULL;
	return o->profiles != NULL ? "--profile"
	       : o->cores != NULL  ? "--cores"
	       : o->costs != NULL  ? "--cost"
				   : NULL;
}

void virtual_options_costs(const struct virtual_options *o, struct costs *costs)
{
	char error[256], note[512], *words = xstrdup(o->costs != NULL ? o->costs : ""), *rest = NULL;
	calibration_load(costs, note, sizeof(note));
	if (note[0] != '\0')
		log_warn("%s", note);
	for (char *word = strtok_r(words, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		costs_set(costs, word, error, sizeof(error));
	virtual_round_costs(costs);
	free(words);
}

void virtual_options_work(const struct virtual_options *o, const char *more, char **cast, char **params)
{
	char *words;
	profile_cast_words(o->profiles, cast, &words);
	*params = more != NULL && more[0] != '\0' ? xasprintf("%s %s", words, more) : xstrdup(words);
	free(words);
}

int virtual_options_tasks(const struct virtual_options *o)
{
	bool is_said = o->profiles != NULL && o->profiles->count == 1 && o->profiles->role[0].tasks > 1;
	return is_said ? o->profiles->role[0].tasks : 0;
}

void virtual_options_release(struct virtual_options *o)
{
	if (o->profiles != NULL)
		profile_cast_release(o->profiles);
	free(o->profiles);
	free(o->costs);
	*o = (struct virtual_options){0};
}
