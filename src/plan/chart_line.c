/*
 * chart_line: what `chart = ...` asks for. See experiment.h; docs/experiments.md is the manual.
 *
 *	chart = KIND [role=ROLE]               speedup, latency, seconds, memory, setup
 *	chart = METRIC [role=ROLE] [x=NAME]    a column of summary.csv: over NAME, or without it of each cell
 *	chart = tradeoff x=ROLE y=ROLE         throughput of one role against p99 of another
 *	chart = winner x=NAME y=NAME           which model is ahead where
 *	chart = overlay METRIC [role=ROLE] [x=NAME]    a column from every source: live, virtual, closed form
 *
 * What a word means depends on nothing but itself; whether the names it says exist is asked when all sections of
 * the file have been read.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/expectation.h>
#include <gilbench/gil.h>
#include <gilbench/profile_share.h>
#include <gilbench/util.h>

#include "plan/experiment_parse.h"

static const char *const kinds[] = {
	[CHART_SPEEDUP] = "speedup", [CHART_LATENCY] = "latency", [CHART_SECONDS] = "seconds",
	[CHART_MEMORY] = "memory",   [CHART_SETUP] = "setup",     [CHART_TRADEOFF] = "tradeoff",
	[CHART_WINNER] = "winner",   [CHART_OVERLAY] = "overlay",
};

static int set_metric(struct chart_line *line, const char *word, char *error, size_t error_bytes)
{
	snprintf(line->metric, sizeof(line->metric), "%s", word);
	return metric_find(word, error, error_bytes) != NULL ? 0 : -1;
}

/* "speedup" is a column as well: as a kind it is drawn with all that belongs to it. */
static int set_kind(struct chart_line *line, const char *word, char *error, size_t error_bytes)
{
	const char *names[ARRAY_LEN(kinds)];
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i] == NULL)
			continue;
		names[count++] = kinds[i];
		if (strcmp(kinds[i], word) == 0) {
			line->kind = (enum chart_kind)i;
			return 0;
		}
	}
	line->kind = CHART_METRIC;
	if (set_metric(line, word, error, error_bytes) == 0)
		return 0;
	const char *near = nearest_name(word, names, count);
	bool is_near_metric = near == NULL && strstr(error, "did you mean") != NULL;
	if (near != NULL)
		snprintf(error, error_bytes, "there is no chart '%s'; did you mean '%s'?", word, near);
	else if (!is_near_metric)
		snprintf(error, error_bytes,
			 "chart must be speedup, latency, seconds, memory, setup, tradeoff, winner, overlay, "
			 "or a column of summary.csv such as throughput_per_s, not '%s'",
			 word);
	return -1;
}

static int set_word(struct chart_line *line, const char *word, char *error, size_t error_bytes)
{
	const struct {
		const char *name;
		char *field;
	} words[] = {{"role=", line->role}, {"x=", line->x}, {"y=", line->y}};
	if (line->kind == CHART_OVERLAY && line->metric[0] == '\0' && strchr(word, '=') == NULL)
		return set_metric(line, word, error, error_bytes);
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		size_t length = strlen(words[i].name);
		if (strncmp(word, words[i].name, length) != 0)
			continue;
		const char *value = word + length;
		bool is_twice = words[i].field[0] != '\0';
		if (*value != '\0' && !is_twice && strlen(value) < sizeof(line->role)) {
			strcpy(words[i].field, value);
			return 0;
		}
		snprintf(error, error_bytes, "'%s': %s", word,
			 is_twice         ? "that is said twice"
			 : *value == '\0' ? "the value is empty"
					  : "the value is too long");
		return -1;
	}
	snprintf(error, error_bytes, "'%s' is not understood; a chart may have role=, x= and y=", word);
	return -1;
}

/* Do its words go with its kind? NULL, or the sentence. */
static const char *fault_of(const struct chart_line *line)
{
	bool has_role = line->role[0] != '\0', has_x = line->x[0] != '\0', has_y = line->y[0] != '\0';
	switch (line->kind) {
	case CHART_TRADEOFF:
		return has_x && has_y && !has_role
			       ? NULL
			       : "a tradeoff is of two roles: whose throughput, and whose latency; as in "
				 "tradeoff x=spin y=echo";
	case CHART_WINNER:
		return has_x && has_y && !has_role ? NULL
						   : "a winner is a map over two numbers of the cells, as in "
						     "winner x=cpu_share y=cores";
	case CHART_OVERLAY:
		if (line->metric[0] == '\0')
			return "an overlay is of a column of summary.csv, as in overlay throughput_per_s";
		break;
	case CHART_METRIC:
		break;
	default:
		if (has_x && !has_y)
			return "x= goes with a column of summary.csv, as in throughput_per_s role=echo "
			       "x=spin";
	}
	return has_y ? "y= is for a tradeoff or a winner; what is drawn upwards is said first, as in "
		       "lat_p99_s role=echo x=spin"
		     : NULL;
}

static int check_words(const struct chart_line *line, char *error, size_t error_bytes)
{
	const char *fault = fault_of(line);
	if (fault != NULL)
		snprintf(error, error_bytes, "%s", fault);
	return fault != NULL ? -1 : 0;
}

/* "speedup" is a column, too: over workers it is the kind, over anything else the column. */
static void column_if_over_x(struct chart_line *line)
{
	if (line->kind != CHART_SPEEDUP || line->x[0] == '\0' || line->y[0] != '\0')
		return;
	line->kind = CHART_METRIC;
	strcpy(line->metric, kinds[CHART_SPEEDUP]);
}

int chart_line_parse(const char *text, struct chart_line *line, char *error, size_t error_bytes)
{
	char *words = xstrdup(text), *rest = NULL, *kind = strtok_r(words, " \t", &rest);
	/* Lines are compared whole, so what is not said must be zero, gaps included. */
	memset(line, 0, sizeof(*line));
	int status = kind != NULL ? set_kind(line, kind, error, error_bytes) : -1;
	if (kind == NULL)
		snprintf(error, error_bytes, "chart is empty");
	for (char *word; status == 0 && (word = strtok_r(NULL, " \t", &rest)) != NULL;)
		status = set_word(line, word, error, error_bytes);
	free(words);
	column_if_over_x(line);
	return status == 0 ? check_words(line, error, error_bytes) : -1;
}

/* ---- the names ---- */

/* Most names that are gathered for a sentence. The exact value does not matter. */
#define NAMES_MAX 32

struct names {
	char *name[NAMES_MAX];
	size_t count;
};

static void names_add(struct names *names, const char *name, size_t length)
{
	for (size_t i = 0; i < names->count; i++)
		if (strlen(names->name[i]) == length && strncmp(names->name[i], name, length) == 0)
			return;
	if (names->count < NAMES_MAX)
		names->name[names->count++] = xasprintf("%.*s", (int)length, name);
}

static void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->name[i]);
}

static bool names_have(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

/* "echo:1,spin:2" gives echo and spin; a workload that plays twice is spin and spin2. */
static void add_roles(struct names *names, const char *cast)
{
	struct names own = {.count = 0};
	for (const char *item = cast; *item != '\0'; item += strcspn(item, ","), item += *item == ',') {
		size_t length = strcspn(item, ":,"), before = own.count;
		names_add(&own, item, length);
		names_add(names, item, length);
		for (int i = 2; own.count == before && own.count < NAMES_MAX; i++) {
			char *again = xasprintf("%.*s%d", (int)length, item, i);
			names_add(&own, again, strlen(again));
			names_add(names, again, strlen(again));
			free(again);
		}
	}
	names_release(&own);
}

/* The parameters that a section sets, without their role. */
static void add_params(struct names *names, const char *params)
{
	for (const char *word = params; *word != '\0';
	     word += strcspn(word, " ,"), word += strspn(word, " ,")) {
		size_t length = strcspn(word, "=");
		const char *dot = memchr(word, '.', length);
		const char *name = dot != NULL ? dot + 1 : word;
		names_add(names, name, length - (size_t)(name - word));
	}
}

/* The fields of policies that are numbers. */
static void add_fields(struct names *names)
{
	char *text, *meaning;
	for (const struct gil_policy_entry *e = gil_policies; e->summary != NULL; e++)
		for (size_t i = 0; gil_policy_field(&e->policy, i, &text, &meaning); i++) {
			size_t name = strcspn(text, "=");
			if (text[name] == '=' && strchr("0123456789", text[name + 1]) != NULL)
				names_add(names, text, name);
			free(text);
			free(meaning);
		}
}

/* What profiles are asked for. `cores` are those of the machine, which a live cell has, too. */
static void add_shares(struct names *names)
{
	for (size_t i = 0; profile_share_names[i] != NULL; i++)
		names_add(names, profile_share_names[i], strlen(profile_share_names[i]));
	names_add(names, "cores", strlen("cores"));
}

/* "is none of these" as a sentence, or 0. */
static int check_name(const char *key, const char *name, const struct names *known, const char *what,
		      char *error, size_t error_bytes)
{
	if (name[0] == '\0' || names_have(known, name))
		return 0;
	const char *near = nearest_name(name, (const char *const *)known->name, known->count);
	char list[200] = "";
	for (size_t i = 0; i < known->count; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i > 0 ? ", " : "",
			 known->name[i]);
	if (near != NULL)
		snprintf(error, error_bytes, "'%s=%s' is not %s; did you mean '%s'?", key, name, what, near);
	else
		snprintf(error, error_bytes, "'%s=%s' is not %s; there are %s", key, name, what, list);
	return -1;
}

int chart_line_check(const struct chart_line *line, const struct experiment *e, char *error,
		     size_t error_bytes)
{
	struct names roles = {.count = 0}, axes = {.count = 0};
	for (size_t i = 0; i < e->set_count; i++) {
		add_roles(&roles, e->sets[i].cast.text);
		add_roles(&axes, e->sets[i].cast.text);
		add_params(&axes, e->sets[i].params.text != NULL ? e->sets[i].params.text : "");
	}
	add_fields(&axes);
	add_shares(&axes);
	const char *role = "a role of any cast here";
	const char *axis = "a role, a parameter that a section sets, a policy's number, or a share of a "
			   "profile";
	bool is_tradeoff = line->kind == CHART_TRADEOFF;
	int status = check_name("role", line->role, &roles, role, error, error_bytes);
	if (status == 0)
		status = check_name("x", line->x, is_tradeoff ? &roles : &axes, is_tradeoff ? role : axis,
				    error, error_bytes);
	if (status == 0)
		status = check_name("y", line->y, is_tradeoff ? &roles : &axes, is_tradeoff ? role : axis,
				    error, error_bytes);
	names_release(&roles);
	names_release(&axes);
	return status;
}
