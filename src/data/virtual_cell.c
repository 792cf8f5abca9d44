/*
 * virtual_cell: words of parameters to numbers and back. See virtual_cell.h.
 *
 * Parameters are words between blanks, and no word that is written here has a blank in it: a profile's one spelling has
 * none. What is not known is left to whoever knows the work's own parameters.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/param.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

/* As for live cells: one operation in a quarter of an hour, and more than any model can do. */
#define RATE_MIN_PER_S 0.001
#define RATE_MAX_PER_S 1e7

/* ---- the machine and the load --------------------------------------------------------------------------- */

static int read_cores(const char *text, int *cores, char *error, size_t error_bytes)
{
	double number;
	if (param_number(text, &number) == 0 && number >= 1 && number <= VIRTUAL_CORES_MAX &&
	    number == (double)(int)number) {
		*cores = (int)number;
		return 0;
	}
	snprintf(error, error_bytes, "cores must be a whole number from 1 to %d, not '%s'", VIRTUAL_CORES_MAX,
		 text);
	return -1;
}

static int read_rate(const char *text, double *rate_per_s, char *error, size_t error_bytes)
{
	if (param_number(text, rate_per_s) == 0 && *rate_per_s >= RATE_MIN_PER_S &&
	    *rate_per_s <= RATE_MAX_PER_S)
		return 0;
	snprintf(error, error_bytes, "a rate is operations per second, from 0.001 to 10 million, not '%s'",
		 text);
	return -1;
}

static int read_arrivals(const char *text, bool *is_poisson, char *error, size_t error_bytes)
{
	*is_poisson = strcmp(text, "random") == 0;
	if (*is_poisson)
		return 0;
	snprintf(error, error_bytes, "arrivals may be 'random', not '%s'; without the word they are regular",
		 text);
	return -1;
}

/* 1: it was one of ours; 0: it was not; -1. */
static int use_word(const char *word, struct virtual_words *words, char *error, size_t error_bytes)
{
	const char *value = strchr(word, '=');
	size_t name = value != NULL ? (size_t)(value - word) : 0;
	int status = -2;
	if (name == 5 && strncmp(word, "cores", name) == 0)
		status = read_cores(value + 1, &words->cores, error, error_bytes);
	else if (name == 4 && strncmp(word, "rate", name) == 0)
		status = read_rate(value + 1, &words->rate_per_s, error, error_bytes);
	else if (name == 8 && strncmp(word, "arrivals", name) == 0)
		status = read_arrivals(value + 1, &words->is_poisson, error, error_bytes);
	return status == -2 ? 0 : status == 0 ? 1 : -1;
}

int virtual_words_read(const char *params, struct virtual_words *words, char **rest, char *error,
		       size_t error_bytes)
{
	char *copy = xstrdup(params), *left = NULL, *others = xstrdup("");
	int status = 0;
	*words = (struct virtual_words){0};
	for (char *word = strtok_r(copy, " ", &left); word != NULL && status >= 0;
	     word = strtok_r(NULL, " ", &left)) {
		status = use_word(word, words, error, error_bytes);
		if (status != 0)
			continue;
		char *longer = xasprintf("%s%s%s", others, others[0] != '\0' ? " " : "", word);
		free(others);
		others = longer;
	}
	free(copy);
	*rest = others;
	if (status < 0)
		free(others);
	return status < 0 ? -1 : 0;
}

char *virtual_words_text(const struct virtual_words *words, const char *rest)
{
	char *rate = words->rate_per_s > 0 ? xasprintf("rate=%.12g", words->rate_per_s) : xstrdup("");
	char *cores = words->cores > 0 ? xasprintf("cores=%d", words->cores) : xstrdup("");
	const char *const parts[] = {rate, rest, cores, words->is_poisson ? "arrivals=random" : ""};
	char *text = xstrdup("");
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		bool has_gap = text[0] != '\0' && parts[i][0] != '\0';
		char *longer = xasprintf("%s%s%s", text, has_gap ? " " : "", parts[i]);
		free(text);
		text = longer;
	}
	free(rate);
	free(cores);
	return text;
}

int cell_cores(const struct cell *cell)
{
	struct virtual_words words;
	char error[200], *rest;
	if (cell->source != SOURCE_VIRTUAL ||
	    virtual_words_read(cell->params, &words, &rest, error, sizeof(error)) != 0)
		return 0;
	free(rest);
	return words.cores;
}

/* ---- the work ------------------------------------------------------------------------------------------- */

/* The profile of a role ("": of the only one) among the parameters, up to the next blank; NULL: there is none. */
static const char *profile_of(const char *params, const char *role, size_t role_length)
{
	static const char key[] = "profile=";
	for (const char *word = params; *word != '\0';
	     word += strcspn(word, " "), word += strspn(word, " ")) {
		const char *at = word;
		if (role_length > 0 && (strncmp(at, role, role_length) != 0 || at[role_length] != '.'))
			continue;
		at += role_length > 0 ? role_length + 1 : 0;
		if (strncmp(at, key, strlen(key)) == 0)
			return at + strlen(key);
	}
	return NULL;
}

bool params_have_profiles(const char *params)
{
	for (const char *word = params; *word != '\0';
	     word += strcspn(word, " "), word += strspn(word, " ")) {
		size_t name = strcspn(word, "= ");
		const char *dot = memchr(word, '.', name);
		const char *last = dot != NULL ? dot + 1 : word;
		if (word[name] == '=' && strncmp(last, "profile=", 8) == 0)
			return true;
	}
	return false;
}

void profile_cast_words(const struct profile_cast *of, char **cast, char **params)
{
	bool is_alone = of->count == 1;
	*cast = xstrdup("");
	*params = xstrdup("");
	for (int i = 0; i < of->count; i++) {
		const struct profile_role *role = &of->role[i];
		const char *gap = i > 0 ? " " : "";
		char *text = profile_text(&role->profile);
		char *longer =
			is_alone ? xstrdup(role->name)
				 : xasprintf("%s%s%s:%d", *cast, i > 0 ? "," : "", role->name, role->tasks);
		free(*cast);
		*cast = longer;
		longer = is_alone ? xasprintf("profile=%s", text)
				  : xasprintf("%s%s%s.profile=%s", *params, gap, role->name, text);
		free(*params);
		*params = longer;
		free(text);
	}
}

/* One item of a cast, "io:4", with its profile. */
static int read_role(const char *item, size_t length, const char *params, bool is_alone,
		     struct profile_cast *to, char *error, size_t error_bytes)
{
	const char *colon = memchr(item, ':', length);
	size_t name = colon != NULL ? (size_t)(colon - item) : length;
	const char *profile = profile_of(params, item, is_alone ? 0 : name);
	if (profile == NULL) {
		snprintf(error, error_bytes, "the role '%.*s' has no profile", (int)name, item);
		return -1;
	}
	char *text = xasprintf("%.*s = %.*s", (int)length, item, (int)strcspn(profile, " "), profile);
	int status = profile_cast_add(to, text, error, error_bytes);
	free(text);
	return status;
}

int profile_cast_read(const char *cast, const char *params, int workers, struct profile_cast *to, char *error,
		      size_t error_bytes)
{
	bool is_alone = strchr(cast, ',') == NULL;
	*to = (struct profile_cast){0};
	for (const char *item = cast; *item != '\0'; item += strcspn(item, ","), item += strspn(item, ",")) {
		if (read_role(item, strcspn(item, ","), params, is_alone, to, error, error_bytes) == 0)
			continue;
		profile_cast_release(to);
		return -1;
	}
	if (is_alone && to->count == 1)
		to->role[0].tasks = workers;
	return 0;
}
