/*
 * param: tables of knobs, and numbers with units. See param.h.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/param.h>
#include <gilbench/util.h>

struct unit {
	const char *name;
	double factor;
};

static int number_with_unit(const char *text, const struct unit *units, size_t count, double *value)
{
	char *end;
	errno = 0;
	double number = strtod(text, &end);
	if (end == text || errno != 0 || !isfinite(number))
		return -1;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(end, units[i].name) == 0) {
			*value = number * units[i].factor;
			return 0;
		}
	}
	return -1;
}

int param_number(const char *text, double *value)
{
	static const struct unit units[] = {
		{"", 1},    {"k", 1e3},    {"K", 1e3},           {"M", 1e6},
		{"G", 1e9}, {"KiB", 1024}, {"MiB", 1024 * 1024}, {"GiB", 1024.0 * 1024 * 1024},
	};
	return number_with_unit(text, units, ARRAY_LEN(units), value);
}

int param_duration(const char *text, double *seconds)
{
	static const struct unit units[] = {
		{"", 1},      {"s", 1},  {"ms", 1e-3}, {"us", 1e-6},
		{"ns", 1e-9}, {"m", 60}, {"min", 60},  {"h", 3600},
	};
	return number_with_unit(text, units, ARRAY_LEN(units), seconds);
}

int param_count(const struct param *table)
{
	int count = 0;
	while (table != NULL && table[count].name != NULL)
		count++;
	return count;
}

void param_defaults(const struct param *table, double values[PARAM_MAX])
{
	for (int i = 0; i < PARAM_MAX; i++)
		values[i] = 0;
	for (int i = 0; i < param_count(table); i++)
		values[i] = table[i].standard;
}

/* Index of `word` in "lock|none", or -1. */
static int choice_index(const char *choices, const char *word)
{
	size_t length = strlen(word);
	for (int index = 0;; index++) {
		size_t here = strcspn(choices, "|");
		if (here == length && strncmp(choices, word, length) == 0)
			return index;
		if (choices[here] == '\0')
			return -1;
		choices += here + 1;
	}
}

static int unknown_param(const struct param *table, const char *name, char *error, size_t error_bytes)
{
	const char *names[PARAM_MAX];
	int count = param_count(table);
	if (count == 0) {
		snprintf(error, error_bytes, "there is no parameter '%s': this workload has none", name);
		return -1;
	}
	char list[256] = "";
	for (int i = 0; i < count; i++) {
		names[i] = table[i].name;
		size_t used = strlen(list);
		snprintf(list + used, sizeof(list) - used, "%s%s", i > 0 ? ", " : "", names[i]);
	}
	const char *near = nearest_name(name, names, (size_t)count);
	if (near != NULL)
		snprintf(error, error_bytes, "there is no parameter '%s'; did you mean '%s'?", name, near);
	else
		snprintf(error, error_bytes, "there is no parameter '%s'; there are: %s", name, list);
	return -1;
}

/* Times may have a fraction, and their names end in their unit; all else is counted: bytes, operations. */
static bool is_time(const char *name)
{
	size_t length = strlen(name);
	return length >= 2 && (strcmp(name + length - 2, "ms") == 0 || strcmp(name + length - 2, "us") == 0);
}

static int set_value(const struct param *row, double *value, const char *text, char *error,
		     size_t error_bytes)
{
	if (row->choices != NULL) {
		int index = choice_index(row->choices, text);
		if (index < 0) {
			snprintf(error, error_bytes, "%s must be one of %s, not '%s'", row->name,
				 row->choices, text);
			return -1;
		}
		*value = index;
		return 0;
	}
	double number;
	if (param_number(text, &number) != 0) {
		snprintf(error, error_bytes,
			 "%s must be a number (k, M, G, KiB, MiB, GiB are understood), not '%s'", row->name,
			 text);
		return -1;
	}
	if (!is_time(row->name) && number != floor(number)) {
		snprintf(error, error_bytes, "%s must be a whole number, not %s", row->name, text);
		return -1;
	}
	if (number < row->min || number > row->max) {
		snprintf(error, error_bytes, "%s must be from %.15g to %.15g, not %s", row->name, row->min,
			 row->max, text);
		return -1;
	}
	*value = number;
	return 0;
}

int param_set(const struct param *table, double values[PARAM_MAX], const char *assignment, char *error,
	      size_t error_bytes)
{
	const char *equals = strchr(assignment, '=');
	if (equals == NULL || equals == assignment) {
		snprintf(error, error_bytes, "'%s' is not NAME=VALUE", assignment);
		return -1;
	}
	size_t length = (size_t)(equals - assignment);
	for (int i = 0; i < param_count(table); i++)
		if (strlen(table[i].name) == length && strncmp(table[i].name, assignment, length) == 0)
			return set_value(&table[i], &values[i], equals + 1, error, error_bytes);
	char *name = strndup(assignment, length);
	int status = unknown_param(table, name != NULL ? name : assignment, error, error_bytes);
	free(name);
	return status;
}

char *param_text(const struct param *table, const double values[PARAM_MAX])
{
	char *text = xstrdup("");
	for (int i = 0; i < param_count(table); i++) {
		char *longer;
		const char *gap = i > 0 ? " " : "";
		if (table[i].choices != NULL) {
			const char *word = table[i].choices;
			for (int skip = (int)values[i]; skip > 0; skip--)
				word += strcspn(word, "|") + 1;
			longer = xasprintf("%s%s%s=%.*s", text, gap, table[i].name, (int)strcspn(word, "|"),
					   word);
		} else {
			longer = xasprintf("%s%s%s=%.15g", text, gap, table[i].name, values[i]);
		}
		free(text);
		text = longer;
	}
	return text;
}
