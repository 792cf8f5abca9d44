/*
 * option_values: the few kinds of values that options take. See option_values.h.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/param.h>
#include <gilbench/util.h>

#include "cli/option_values.h"

uint64_t option_whole(const char *option, const char *text, double min, double max)
{
	double value;
	if (param_number(text, &value) != 0 || value != floor(value) || value < min || value > max)
		die_usage("--%s must be a whole number from %.0f to %.15g, not '%s'", option, min, max, text);
	return (uint64_t)value;
}

double option_duration(const char *option, const char *text, double min_s, double max_s)
{
	double seconds;
	if (param_duration(text, &seconds) != 0 || seconds < min_s || seconds > max_s)
		die_usage("--%s must be a time from %.9gs to %.9gs, such as 90s or 1.5m, not '%s'", option,
			  min_s, max_s, text);
	return seconds;
}

char *option_add_param(char *params, const char *word)
{
	if (strchr(word, '=') == NULL)
		die_usage("--param wants NAME=VALUE, not '%s'", word);
	bool is_first = params == NULL || params[0] == '\0';
	char *longer = is_first ? xstrdup(word) : xasprintf("%s %s", params, word);
	free(params);
	return longer;
}

char *option_add_rate(char *params, const char *per_s)
{
	char *word = xasprintf("rate=%s", per_s), *longer = option_add_param(params, word);
	free(word);
	return longer;
}

void option_cost(struct costs *costs, const char *text)
{
	char error[256];
	if (costs_set(costs, text, error, sizeof(error)) != 0)
		die_usage("--cost: %s", error);
}
