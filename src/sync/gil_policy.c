/*
 * gil_policy: "py3,interval=1ms" to data and back. See gil.h.
 *
 * Grammar: NAME[,FIELD=VALUE]...  A field overrides the named policy's own. The text form is canonical: a
 * field is printed only where it differs from the policy's, so equal policies have equal texts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/gil.h>
#include <gilbench/param.h>
#include <gilbench/util.h>

/* A wait shorter than 1 us is not a wait: the system call alone takes that long (CPython's floor as well). */
#define INTERVAL_MIN_NS 1000u
/* A minute without a switch is no time-sharing any more. The exact value does not matter. */
#define INTERVAL_MAX_NS (60ull * NS_PER_S)
/* Longest policy text understood. The exact value does not matter. */
#define POLICY_CHARS 128

/* CPython's DEFAULT_INTERVAL is 5000 us. */
static const struct gil_policy policies[] = {
	{.name = "py3", .interval_ns = 5 * NS_PER_MS},
};

static const char *const fields[] = {"interval"};

static const struct gil_policy *policy_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		if (strcmp(policies[i].name, name) == 0)
			return &policies[i];
	return NULL;
}

static int unknown_policy(const char *name, char *error, size_t error_bytes)
{
	const char *names[ARRAY_LEN(policies)];
	for (size_t i = 0; i < ARRAY_LEN(policies); i++)
		names[i] = policies[i].name;
	const char *near = nearest_name(name, names, ARRAY_LEN(names));
	if (near != NULL)
		snprintf(error, error_bytes, "there is no lock policy '%s'; did you mean '%s'?", name, near);
	else
		snprintf(error, error_bytes, "there is no lock policy '%s'; there is: %s", name, names[0]);
	return -1;
}

static int unknown_field(const char *name, char *error, size_t error_bytes)
{
	const char *near = nearest_name(name, fields, ARRAY_LEN(fields));
	snprintf(error, error_bytes, "a lock policy has no field '%s'; %s '%s'", name,
		 near != NULL ? "did you mean" : "there is", near != NULL ? near : fields[0]);
	return -1;
}

/* One FIELD=VALUE; `word` is cut up. */
static int set_field(struct gil_policy *policy, char *word, char *error, size_t error_bytes)
{
	char *equals = strchr(word, '=');
	if (equals == NULL) {
		snprintf(error, error_bytes,
			 "'%s' after the lock policy is not FIELD=VALUE, as interval=1ms is", word);
		return -1;
	}
	*equals = '\0';
	if (strcmp(word, "interval") != 0)
		return unknown_field(word, error, error_bytes);
	double seconds;
	if (param_duration(equals + 1, &seconds) != 0 || !(seconds * 1e9 >= INTERVAL_MIN_NS) ||
	    !(seconds * 1e9 <= (double)INTERVAL_MAX_NS)) {
		snprintf(error, error_bytes, "interval must be a time from 1us to 60s, not '%s'", equals + 1);
		return -1;
	}
	policy->interval_ns = (uint64_t)(seconds * 1e9 + 0.5);
	return 0;
}

int gil_policy_parse(const char *text, struct gil_policy *policy, char *error, size_t error_bytes)
{
	char words[POLICY_CHARS];
	if ((size_t)snprintf(words, sizeof(words), "%s", text) >= sizeof(words)) {
		snprintf(error, error_bytes, "a lock policy of more than %d characters", POLICY_CHARS - 1);
		return -1;
	}
	char *rest = words;
	const char *name = strsep(&rest, ",");
	const struct gil_policy *base = policy_find(name);
	if (base == NULL)
		return unknown_policy(name, error, error_bytes);
	*policy = *base;
	for (char *word; (word = strsep(&rest, ",")) != NULL;)
		if (set_field(policy, word, error, error_bytes) != 0)
			return -1;
	return 0;
}

/* A duration in the largest unit that keeps it whole. */
static char *interval_text(const char *name, uint64_t ns)
{
	static const struct {
		uint64_t ns;
		const char *unit;
	} units[] = {{NS_PER_S, "s"}, {NS_PER_MS, "ms"}, {NS_PER_US, "us"}, {1, "ns"}};
	size_t i = 0;
	while (ns % units[i].ns != 0)
		i++;
	return xasprintf("%s,interval=%llu%s", name, (unsigned long long)(ns / units[i].ns), units[i].unit);
}

char *gil_policy_text(const struct gil_policy *policy)
{
	const struct gil_policy *base = policy_find(policy->name);
	if (base != NULL && base->interval_ns == policy->interval_ns)
		return xstrdup(policy->name);
	return interval_text(policy->name, policy->interval_ns);
}
