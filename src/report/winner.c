/*
 * winner: see winner.h.
 *
 * A lead counts when the interval of the ratio lies above 1 and the ratio is at least what the numbers may be off. What
 * does not count is a tie, and of those that tie the simplest is named: the fewest processes, then the fewest tasks,
 * then the simpler model. Without intervals nothing is told apart.
 *
 * The interval of the ratio is made of the ends that lie farthest apart, as in claims (selected.c).
 */
#include <math.h>
#include <string.h>

#include "report/winner.h"

static struct interval ratio(const struct interval *a, const struct interval *b)
{
	return (struct interval){a->mid / b->mid, a->lo / b->hi, a->hi / b->lo};
}

static bool is_lead(const struct interval *lead, double error)
{
	return interval_exists(lead) && lead->lo > 1 && lead->mid - 1 >= error;
}

/* -1: it has no part. */
static int find(const struct contest *c, const char *model)
{
	for (int i = 0; i < c->count; i++)
		if (strcmp(c->contestant[i].model, model) == 0)
			return i;
	return -1;
}

void contest_add(struct contest *c, const struct contestant *row, double error)
{
	int at = find(c, row->model);
	if (at < 0 && c->count < CONTESTANTS_MAX)
		c->contestant[c->count++] = *row;
	if (at < 0)
		return;
	struct contestant *had = &c->contestant[at];
	bool is_fewer = row->workers < had->workers;
	const struct contestant *few = is_fewer ? row : had, *many = is_fewer ? had : row;
	struct interval gain = ratio(&many->per_s, &few->per_s);
	*had = is_lead(&gain, error) ? *many : *few;
}

static int compare_simplicity(const struct contestant *a, const struct contestant *b)
{
	if (a->processes != b->processes)
		return a->processes - b->processes;
	return a->workers != b->workers ? a->workers - b->workers : a->rank - b->rank;
}

/* The fastest but for `without`; -1: there is none. */
static int fastest(const struct contest *c, int without)
{
	int best = -1;
	for (int i = 0; i < c->count; i++)
		if (i != without && (best < 0 || c->contestant[i].per_s.mid > c->contestant[best].per_s.mid))
			best = i;
	return best;
}

struct contest_result contest_judge(const struct contest *c, double error)
{
	struct contest_result result = {.winner = -1, .lead = {NAN, NAN, NAN}, .partner = -1};
	int first = fastest(c, -1), second = fastest(c, first);
	result.winner = first;
	if (second < 0)
		return result;
	const struct interval *best = &c->contestant[first].per_s;
	result.lead = ratio(best, &c->contestant[second].per_s);
	for (int i = 0; i < c->count; i++) {
		struct interval lead = ratio(best, &c->contestant[i].per_s);
		if (i == first || is_lead(&lead, error))
			continue;
		result.tied++;
		bool is_simpler = compare_simplicity(&c->contestant[i], &c->contestant[result.winner]) < 0;
		result.partner = is_simpler ? result.winner : result.partner < 0 ? i : result.partner;
		result.winner = is_simpler ? i : result.winner;
	}
	return result;
}

static struct contest common(const struct contest *of, const struct contest *other)
{
	struct contest both = {.count = 0};
	for (int i = 0; i < of->count; i++)
		if (find(other, of->contestant[i].model) >= 0)
			both.contestant[both.count++] = of->contestant[i];
	return both;
}

/* Is the fastest of `other` among those that cannot be told from the fastest here? */
static bool has_in_lead(const struct contest *c, double error, const struct contest *other)
{
	int first = fastest(c, -1), theirs = find(c, other->contestant[fastest(other, -1)].model);
	struct interval lead = ratio(&c->contestant[first].per_s, &c->contestant[theirs].per_s);
	return theirs == first || !is_lead(&lead, error);
}

bool contests_agree(const struct contest *a, double error_a, const struct contest *b, double error_b)
{
	struct contest in_a = common(a, b), in_b = common(b, a);
	return in_a.count == 0 || has_in_lead(&in_a, error_a, &in_b) || has_in_lead(&in_b, error_b, &in_a);
}
