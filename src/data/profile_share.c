/*
 * profile_share: see profile_share.h. A share is a set of kinds of segments; lengths are means, whatever the spread.
 */
#include <math.h>
#include <string.h>

#include <gilbench/profile_share.h>
#include <gilbench/util.h>

#define KIND(kind) (1u << (kind))

static const struct {
	const char *label;
	unsigned kinds;
} shares[] = {
	{"CPU time, % of a request's length", KIND(SEGMENT_GIL) | KIND(SEGMENT_HOLD) | KIND(SEGMENT_FREE)},
	{"time under the lock, % of a request's length", KIND(SEGMENT_GIL) | KIND(SEGMENT_HOLD)},
	{"native work without the lock, % of a request's length", KIND(SEGMENT_FREE)},
	{"waits, % of a request's length", KIND(SEGMENT_WAIT) | KIND(SEGMENT_BLOCK) | KIND(SEGMENT_CLIENT)},
};

const char *const profile_share_names[ARRAY_LEN(shares) + 1] = {"cpu_share", "lock_share", "free_share",
								"wait_share", NULL};

/* The row of that name, or -1. */
static int find(const char *name)
{
	for (int i = 0; profile_share_names[i] != NULL; i++)
		if (strcmp(profile_share_names[i], name) == 0)
			return i;
	return -1;
}

const char *profile_share_label(const char *name)
{
	int at = find(name);
	return at >= 0 ? shares[at].label : NULL;
}

double profile_share(const struct profile *profile, const char *name)
{
	int at = find(name);
	double part = 0;
	if (at < 0)
		return NAN;
	for (int kind = 0; kind < SEGMENT_KINDS; kind++)
		if ((shares[at].kinds & KIND(kind)) != 0)
			part += profile_seconds(profile, (enum segment_kind)kind);
	return part / profile_seconds(profile, SEGMENT_KINDS);
}
