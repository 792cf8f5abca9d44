/*
 * chart_axis: see chart_axis.h. A row carries its cast, its parameters and its policy as text; each of them may say
 * what x is. The profile of a virtual cell is one of its parameters: profile=gil:2ms+wait:8ms.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/gil.h>
#include <gilbench/param.h>
#include <gilbench/profile_share.h>
#include <gilbench/util.h>

#include "report/chart_axis.h"

/* Tasks of the item of a cast with that role; 0 where it plays no part. Roles of one workload that plays twice are
 * spin and spin2. */
static int tasks_in_cast(const char *cast, const char *role)
{
	char *copy = xstrdup(cast), *rest = copy, *item;
	int tasks = 0, count = 0;
	char *items[ROLE_MAX];
	while ((item = strsep(&rest, ",")) != NULL && count < ROLE_MAX)
		items[count++] = item;
	for (int i = 0; i < count && tasks == 0; i++) {
		size_t length = strcspn(items[i], ":");
		int same = 1;
		for (int k = 0; k < i; k++)
			same += strcspn(items[k], ":") == length && strncmp(items[k], items[i], length) == 0;
		char *name = same > 1 ? xasprintf("%.*s%d", (int)length, items[i], same)
				      : xasprintf("%.*s", (int)length, items[i]);
		if (strcmp(name, role) == 0)
			tasks = items[i][length] == ':' ? atoi(items[i] + length + 1) : 0;
		free(name);
	}
	free(copy);
	return tasks;
}

/* The number that a parameter of this name has in "us=5" or "release.us=5 spin.iterations=9"; NAN: there is none. */
static double param_value(const char *params, const char *name)
{
	char *copy = xstrdup(params), *rest = copy, *word;
	double value = NAN;
	while (isnan(value) && (word = strsep(&rest, " ")) != NULL) {
		char *equals = strchr(word, '=');
		if (equals == NULL)
			continue;
		*equals = '\0';
		const char *dot = strchr(word, '.');
		bool is_it = strcmp(word, name) == 0 || (dot != NULL && strcmp(dot + 1, name) == 0);
		if (is_it && param_number(equals + 1, &value) != 0)
			value = NAN;
	}
	free(copy);
	return value;
}

/* In per cent, to what a percentage of whole nanoseconds can carry, so that the same share is the same number. */
static double share_value(const struct axis *axis, const struct summary_row *row)
{
	struct profile profile;
	if (!row_profile(axis->report, row, &profile))
		return NAN;
	double percent = round(profile_share(&profile, axis->name) * 1e6) / 1e4;
	profile_release(&profile);
	return percent;
}

/* A live cell has no such parameter: its cores are the machine's. */
static double cores_value(const struct axis *axis, const struct summary_row *row)
{
	int cores = row_cores(axis->report, row);
	return cores > 0 ? cores : (double)NAN;
}

/* The text of a field that this policy heeds, "5ms", or NULL. Free it. */
static char *field_text(const char *policy, const char *name)
{
	struct gil_policy parsed;
	char error[200], *text, *meaning, *found = NULL;
	size_t length = strlen(name);
	if (*policy == '\0' || gil_policy_parse(policy, &parsed, error, sizeof(error)) != 0)
		return NULL;
	for (size_t i = 0; found == NULL && gil_policy_field(&parsed, i, &text, &meaning); i++) {
		if (strncmp(text, name, length) == 0 && text[length] == '=')
			found = xstrdup(text + length + 1);
		free(text);
		free(meaning);
	}
	return found;
}

/* Times in ms, other numbers as they are. */
static double field_value(const char *policy, const char *name, bool *is_time)
{
	char *text = field_text(policy, name);
	double value = NAN, seconds;
	if (text != NULL && param_number(text, &value) == 0) {
		*is_time = false;
	} else if (text != NULL && param_duration(text, &seconds) == 0) {
		*is_time = true;
		value = seconds * 1e3;
	}
	free(text);
	return value;
}

struct axis axis_find(const struct report *report, int experiment, const char *name)
{
	struct axis axis = {.name = name, .kind = AXIS_FIELD, .report = report};
	const struct experiment *e = &report->experiments[experiment];
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (row_set(e, row) < 0)
			continue;
		if (strcmp(row->role, name) == 0) {
			axis.kind = AXIS_ROLE;
			return axis;
		}
		if (profile_share_label(name) != NULL)
			axis.kind = AXIS_SHARE;
		else if (strcmp(name, "cores") == 0)
			axis.kind = AXIS_CORES;
		else if (!isnan(param_value(row->cell.params, name)))
			axis.kind = AXIS_PARAM;
		else if (axis.kind == AXIS_FIELD && !axis.is_time)
			field_value(row->cell.policy, name, &axis.is_time);
	}
	return axis;
}

double axis_value(const struct axis *axis, const struct summary_row *row)
{
	bool ignored;
	if (axis->kind == AXIS_ROLE)
		return strcmp(row->role, axis->name) == 0 ? row->workers
							  : tasks_in_cast(row->cell.cast, axis->name);
	if (axis->kind == AXIS_SHARE)
		return share_value(axis, row);
	if (axis->kind == AXIS_CORES)
		return cores_value(axis, row);
	if (axis->kind == AXIS_PARAM)
		return param_value(row->cell.params, axis->name);
	return field_value(row->cell.policy, axis->name, &ignored);
}

char *axis_label(const struct axis *axis)
{
	if (axis->kind == AXIS_ROLE)
		return xasprintf("tasks of %s", axis->name);
	if (axis->kind == AXIS_SHARE)
		return xstrdup(profile_share_label(axis->name));
	return xasprintf("%s%s", axis->name, axis->is_time ? ", ms" : "");
}

char *axis_policy(const struct axis *axis, const char *policy)
{
	char *copy = xstrdup(policy), *rest = copy, *word, *out = xstrdup("");
	size_t length = strlen(axis->name);
	while ((word = strsep(&rest, ",")) != NULL) {
		bool is_axis = axis->kind == AXIS_FIELD && strncmp(word, axis->name, length) == 0 &&
			       word[length] == '=';
		if (is_axis)
			continue;
		char *longer = xasprintf("%s%s%s", out, *out != '\0' ? "," : "", word);
		free(out);
		out = longer;
	}
	free(copy);
	return out;
}
