/*
 * profile_cast: "server:8 = gil 2ms, wait 10ms" to a role. See profile.h.
 *
 * The segments are read from a copy in which spaces stand for what comes before them, so that a mistake's column is the
 * one in the whole text. What comes before is ASCII, or it is refused: columns are bytes there.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/profile.h>
#include <gilbench/util.h>

/* Most tasks of one role: as many as the simulator takes in all. */
#define TASKS_MAX 1000000

struct head {
	const char *text, *equals; /* the whole, and where its `=` is */
	char *error;
	size_t error_bytes;
};

/* "column 5: ...". Returns -1. */
static int fail(const struct head *, const char *where, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(const struct head *h, const char *where, const char *format, ...)
{
	char sentence[200];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(sentence, sizeof(sentence), format, arguments);
	va_end(arguments);
	snprintf(h->error, h->error_bytes, "column %d: %s", (int)(where - h->text) + 1, sentence);
	return -1;
}

static const char *skip_spaces(const char *at)
{
	return at + strspn(at, " \t\n");
}

static int read_name(const struct head *h, const char **at, struct profile_role *role)
{
	const char *name = skip_spaces(*at), *end = name;
	while (isalnum((unsigned char)*end) || *end == '-' || *end == '_')
		end++;
	size_t length = (size_t)(end - name);
	*at = skip_spaces(end);
	if (length == 0 || (**at != ':' && **at != '='))
		return fail(
			h, length == 0 ? name : *at,
			"a role's name is one word of letters, digits, - and _, as in 'server:8 = gil 2ms'");
	if (length >= sizeof(role->name))
		return fail(h, name, "a role's name has at most %zu characters", sizeof(role->name) - 1);
	snprintf(role->name, sizeof(role->name), "%.*s", (int)length, name);
	return 0;
}

/* The COUNT of "NAME:COUNT", if there is one. */
static int read_tasks(const struct head *h, const char *at, struct profile_role *role)
{
	role->tasks = 1;
	if (at == h->equals)
		return 0;
	const char *count = skip_spaces(at + 1);
	char *end;
	errno = 0;
	long tasks = strtol(count, &end, 10);
	bool is_whole = errno == 0 && isdigit((unsigned char)*count) && skip_spaces(end) == h->equals;
	if (!is_whole || tasks < 1 || tasks > TASKS_MAX)
		return fail(h, count,
			    "the number of tasks of '%s' must be a whole number from 1 to %d, not '%.*s'",
			    role->name, TASKS_MAX, (int)strcspn(count, " \t\n="), count);
	role->tasks = (int)tasks;
	return 0;
}

static int read_head(const struct head *h, struct profile_role *role)
{
	const char *at = h->text;
	return read_name(h, &at, role) != 0 ? -1 : read_tasks(h, at, role);
}

static int check_name(const struct profile_cast *cast, const struct head *h, const char *name)
{
	for (int i = 0; i < cast->count; i++) {
		if (strcmp(cast->role[i].name, name) != 0)
			continue;
		if (h->equals != NULL)
			return fail(h, skip_spaces(h->text), "there is a role '%s' already", name);
		return fail(h, skip_spaces(h->text),
			    "each of several profiles needs a name of its own, as in 'server:8 = gil 2ms'");
	}
	return 0;
}

/* What stands after the `=`; `skipped` characters come before it. */
static int read_segments(const char *text, size_t skipped, struct profile *profile, char *error,
			 size_t error_bytes)
{
	char *copy = xstrdup(text);
	memset(copy, ' ', skipped);
	int status = profile_parse(copy, profile, error, error_bytes);
	free(copy);
	return status;
}

int profile_cast_add(struct profile_cast *cast, const char *text, char *error, size_t error_bytes)
{
	const struct head h = {text, strchr(text, '='), error, error_bytes};
	if (cast->count == ROLE_MAX) {
		snprintf(error, error_bytes, "a cast has at most %d roles", ROLE_MAX);
		return -1;
	}
	struct profile_role *role = &cast->role[cast->count];
	*role = (struct profile_role){.name = "profile", .workload = "profile", .tasks = 1};
	if (h.equals != NULL && read_head(&h, role) != 0)
		return -1;
	if (check_name(cast, &h, role->name) != 0)
		return -1;
	size_t skipped = h.equals != NULL ? (size_t)(h.equals + 1 - text) : 0;
	if (read_segments(text, skipped, &role->profile, error, error_bytes) != 0)
		return -1;
	cast->count++;
	return 0;
}

void profile_cast_release(struct profile_cast *cast)
{
	for (int i = 0; i < cast->count; i++)
		profile_release(&cast->role[i].profile);
	cast->count = 0;
}
