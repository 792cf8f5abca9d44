/*
 * record_way: what the operations of a recording have in common. See record_way.h.
 *
 * What varies. A clock does not tell work that varies from a machine that had other things to do, and both are common.
 * So it is not asked where something better can be:
 *
 *	interpreted work   varies if the number of its ticks does, which no other program changes
 *	a sleep            has the length that was asked for
 *	native work        varies if the middle half of its lengths is wide: noise makes some of them longer
 *
 * and differences as small as the noise of a switch are none.
 */
#include <math.h>
#include <stdlib.h>

#include <gilbench/util.h>

#include "driver/record_way.h"

/* Lengths that differ by less are alike: as a share of their median, or as what a switch takes. The exact values do not
 * matter. */
#define NOISE_SHARE 0.25
#define NOISE_NS    5000
/* The first operation finds cold caches; it is left out where there are so many. */
#define WARM_FROM_OPS 10

size_t recording_length(const struct recording *r, size_t op)
{
	return r->first[op + 1] - r->first[op];
}

bool recording_alike(const struct recording *a, size_t op, const struct recording *b, size_t other)
{
	const struct stretch *x = &a->stretch[a->first[op]], *y = &b->stretch[b->first[other]];
	if (recording_length(a, op) != recording_length(b, other))
		return false;
	for (size_t i = 0; i < recording_length(a, op); i++)
		if (x[i].kind != y[i].kind)
			return false;
	return true;
}

double recording_share(const struct recording *r, size_t op)
{
	size_t alike = 0;
	for (size_t i = 0; i < r->ops; i++)
		alike += recording_alike(r, op, r, i);
	return (double)alike / (double)r->ops;
}

/* Boyer and Moore's vote: if more than half go one way, it is found in one pass. */
size_t recording_common(const struct recording *r)
{
	size_t candidate = 0, votes = 0;
	for (size_t i = 0; i < r->ops; i++) {
		if (votes == 0)
			candidate = i;
		if (recording_alike(r, candidate, r, i))
			votes++;
		else
			votes--;
	}
	return candidate;
}

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void collect(const struct recording *r, size_t op, size_t index, struct place *place)
{
	place->kind = r->stretch[r->first[op] + index].kind;
	place->ns = xcalloc(r->ops, sizeof(*place->ns));
	place->ticks = xcalloc(r->ops, sizeof(*place->ticks));
	for (size_t i = r->ops >= WARM_FROM_OPS; i < r->ops; i++) {
		if (!recording_alike(r, op, r, i))
			continue;
		const struct stretch *s = &r->stretch[r->first[i] + index];
		place->ns[place->count] = s->ns;
		place->ticks[place->count++] = s->ticks;
	}
	qsort(place->ns, place->count, sizeof(*place->ns), compare);
	qsort(place->ticks, place->count, sizeof(*place->ticks), compare);
}

struct way way_new(const struct recording *r, size_t op)
{
	struct way way = {.count = recording_length(r, op)};
	way.place = xcalloc(way.count, sizeof(*way.place));
	for (size_t i = 0; i < way.count; i++)
		collect(r, op, i, &way.place[i]);
	return way;
}

void way_free(struct way *way)
{
	for (size_t i = 0; i < way->count; i++) {
		free(way->place[i].ns);
		free(way->place[i].ticks);
	}
	free(way->place);
}

static int64_t at(const int64_t *sorted, size_t count, double quantile)
{
	return sorted[(size_t)(quantile * (double)(count - 1) + 0.5)];
}

int64_t place_ns(const struct place *p, double quantile)
{
	return at(p->ns, p->count, quantile);
}

int64_t place_ticks(const struct place *p, double quantile)
{
	int64_t ticks = at(p->ticks, p->count, quantile);
	return ticks > 0 ? ticks - 1 : 0;
}

/* Are these further apart than a share of what is between them? */
static bool is_wide(int64_t low, int64_t middle, int64_t high)
{
	return (double)(high - low) > NOISE_SHARE * (double)middle;
}

bool place_varies(const struct place *p, const struct place *counted)
{
	bool is_wait = p->kind == STRETCH_WAIT;
	int64_t low = place_ns(p, is_wait ? 0.1 : 0.25), high = place_ns(p, is_wait ? 0.9 : 0.75);
	if (high - low <= NOISE_NS || !is_wide(low, place_ns(p, 0.5), high))
		return false;
	if (counted == NULL || place_ticks(counted, 0.5) == 0)
		return true;
	return is_wide(place_ticks(counted, 0.1), place_ticks(counted, 0.5), place_ticks(counted, 0.9));
}

bool recording_varies(const struct recording *r)
{
	if (r->ops == 0)
		return false;
	struct way way = way_new(r, recording_common(r));
	bool does_vary = false;
	for (size_t i = 0; i < way.count; i++)
		does_vary |=
			way.place[i].kind != STRETCH_RECEIVE && place_varies(&way.place[i], &way.place[i]);
	way_free(&way);
	return does_vary;
}
