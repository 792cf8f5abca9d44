/*
 * lists: models and policies as people type them. The processes of a shape may be `cores`: gil*cores.
 *
 * A policy may itself hold commas ("py3,interval=1ms"), so in a list of policies a word with `=` goes on with
 * the policy before it, and every other word begins a new one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/gil.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "plan/cells.h"

/* "gil*cores" is "gil*8" on eight cores. Free it. */
static char *model_word(const char *word, int cores)
{
	const char *star = strchr(word, '*');
	if (star == NULL || strcmp(star + 1, "cores") != 0)
		return xstrdup(word);
	return xasprintf("%.*s*%d", (int)(star - word), word, cores);
}

static int push_model(const struct model ***list, size_t *count, const struct model *model)
{
	for (size_t i = 0; i < *count; i++)
		if ((*list)[i] == model)
			return 0;
	*list = xrealloc(*list, *count + 2, sizeof((*list)[0]));
	(*list)[(*count)++] = model;
	(*list)[*count] = NULL;
	return 0;
}

/* Every model but seq, which is added where it belongs; of several loops those after the first only where an
 * operation makes a native call, for nothing else tells them apart. */
static void default_models(bool has_call, const struct model ***list, size_t *count)
{
	bool has_loop = false;
	for (size_t i = 0; all_models[i] != NULL; i++) {
		const struct model *model = all_models[i];
		bool is_twice = model->is_loop && has_loop && !has_call;
		has_loop |= model->is_loop;
		if (!model->is_single && !is_twice)
			push_model(list, count, model);
	}
}

int list_models(const char *text, bool has_call, int cores, const struct model ***list, char *error,
		size_t error_bytes)
{
	size_t count = 0;
	*list = xcalloc(1, sizeof((*list)[0]));
	if (text == NULL)
		text = "default";
	char *words = xstrdup(text), *rest = NULL;
	int status = 0;
	for (char *word = strtok_r(words, ", \t", &rest); word != NULL && status == 0;
	     word = strtok_r(NULL, ", \t", &rest)) {
		if (strcmp(word, "default") == 0) {
			default_models(has_call, list, &count);
			continue;
		}
		char *name = model_word(word, cores);
		const struct model *model = model_find(name, error, error_bytes);
		free(name);
		status = model != NULL ? push_model(list, &count, model) : -1;
	}
	free(words);
	if (status == 0 && count == 0) {
		snprintf(error, error_bytes,
			 "the list of models is empty; `gilbench list models` lists them");
		status = -1;
	}
	if (status != 0)
		free(*list);
	return status;
}

void list_free(char **list)
{
	for (size_t i = 0; list != NULL && list[i] != NULL; i++)
		free(list[i]);
	free(list);
}

/* Adds the one spelling of a policy, once. */
static int push_policy(char ***list, size_t *count, const char *text, char *error, size_t error_bytes)
{
	struct gil_policy policy;
	if (gil_policy_parse(text, &policy, error, error_bytes) != 0)
		return -1;
	char *canonical = gil_policy_text(&policy);
	for (size_t i = 0; i < *count; i++) {
		if (strcmp((*list)[i], canonical) == 0) {
			free(canonical);
			return 0;
		}
	}
	*list = xrealloc(*list, *count + 2, sizeof((*list)[0]));
	(*list)[(*count)++] = canonical;
	(*list)[*count] = NULL;
	return 0;
}

/* Cuts the first policy off a list: its words up to the next one without `=`. NULL at the end. */
static char *next_policy(char **rest)
{
	char *policy = *rest + strspn(*rest, ", \t");
	if (*policy == '\0')
		return NULL;
	char *comma = strchr(policy, ',');
	while (comma != NULL) {
		size_t length = strcspn(comma + 1, ",");
		if (memchr(comma + 1, '=', length) == NULL)
			break;
		comma = comma[1 + length] != '\0' ? comma + 1 + length : NULL;
	}
	*rest = comma != NULL ? comma + 1 : policy + strlen(policy);
	if (comma != NULL)
		*comma = '\0';
	return policy;
}

int list_policies(const char *text, char ***list, char *error, size_t error_bytes)
{
	size_t count = 0;
	*list = xcalloc(1, sizeof((*list)[0]));
	char *words = xstrdup(text != NULL && strcmp(text, "default") != 0 ? text : "py3"), *rest = words;
	int status = 0;
	for (char *policy = next_policy(&rest); policy != NULL && status == 0; policy = next_policy(&rest))
		status = push_policy(list, &count, policy, error, error_bytes);
	free(words);
	if (status == 0 && count == 0) {
		snprintf(error, error_bytes,
			 "the list of policies is empty; `gilbench list policies` lists them");
		status = -1;
	}
	if (status != 0)
		list_free(*list);
	return status;
}
