/*
 * limits: what keeps a cell from doing more, and where a model's curve bends.
 *
 * A server that is never idle is the limit: the lock, the loop, the cores. A lock may be free for part of the time and
 * still be it, while it is on its way from one task to the next: then somebody wants it at every moment. Where nothing
 * is full, tasks are not held up but by their own operations: more of them would do more.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "predict/parts.h"

/* From here on a server is called full. Queues of a few tasks leave some per cent of idle time to a server that is the
 * limit; the exact value decides only what is said of cells before the knee. */
#define FULL_SHARE 0.90
/* Everything that arrives is served, but for chance at the window's ends. */
#define SERVED_SHARE 0.99

struct limits limits_of(const struct usage *u, double throughput_per_s, double rate_per_s)
{
	/* Where two are equally full the first is the narrower: it would stay full with more of the others. */
	const struct {
		enum limit limit;
		double share;
	} servers[] = {{LIMIT_LOOP, u->loop}, {LIMIT_LOCK, u->lock}, {LIMIT_CORES, u->cores}};
	struct limits found = {.first = LIMIT_WORKERS, .share = u->cores};
	int full = 0;
	if (rate_per_s > 0 && throughput_per_s >= SERVED_SHARE * rate_per_s)
		return (struct limits){.first = LIMIT_LOAD, .share = throughput_per_s / rate_per_s};
	for (size_t i = 0; i < ARRAY_LEN(servers); i++) {
		if (!(servers[i].share >= FULL_SHARE))
			continue;
		if (full++ == 0) {
			found.first = servers[i].limit;
			found.share = servers[i].share;
		} else {
			found.has_second = true;
			found.second = servers[i].limit;
			found.second_share = servers[i].share;
		}
	}
	if (full > 0)
		return found;
	if (isfinite(u->lock) && u->lock_queue >= 1)
		return (struct limits){.first = LIMIT_LOCK, .share = u->lock};
	if (u->wait >= u->work)
		return (struct limits){.first = LIMIT_WAIT, .share = u->wait};
	return found;
}

/* ---- the knee ------------------------------------------------------------------------------------------ */

static double kinds_s(const struct profile *p, const enum segment_kind *kinds, size_t count)
{
	double seconds = 0;
	for (size_t i = 0; i < count; i++)
		seconds += profile_seconds(p, kinds[i]);
	return seconds;
}

double knee_by_profile(const struct predict_request *r, const struct point *p)
{
	static const enum segment_kind interpreted[] = {SEGMENT_GIL}, locked[] = {SEGMENT_GIL, SEGMENT_HOLD},
				       on_loop[] = {SEGMENT_GIL, SEGMENT_HOLD, SEGMENT_FREE, SEGMENT_BLOCK},
				       computing[] = {SEGMENT_GIL, SEGMENT_HOLD, SEGMENT_FREE,
						      SEGMENT_CLIENT};
	const struct profile *profile = &r->cast->role[0].profile;
	enum sim_model model = p->shape.model;
	double longer = model == SIM_FREE ? (r->costs.free_factor - 1) *
						    kinds_s(profile, interpreted, ARRAY_LEN(interpreted))
					  : 0;
	double all = profile_seconds(profile, SEGMENT_KINDS) + longer;
	double lock = kinds_s(profile, locked, ARRAY_LEN(locked)) / p->shape.processes;
	double loop = kinds_s(profile, on_loop, ARRAY_LEN(on_loop)) / p->shape.processes;
	double cores = (kinds_s(profile, computing, ARRAY_LEN(computing)) + longer) / r->cores;
	if (r->cast->count > 1)
		return NAN;
	/* The server that needs most of its own time for an operation. */
	double most = cores;
	if (model == SIM_GIL || model == SIM_UV_POOL)
		most = fmax(most, lock);
	if (model == SIM_UV)
		most = fmax(most, loop);
	return most > 0 ? all / most : (double)INFINITY;
}

/* ---- curves -------------------------------------------------------------------------------------------- */

/* Of the best throughput: where a curve has bent. */
#define KNEE_SHARE 0.95

static void curve_read(struct curve *c)
{
	const struct point *most = NULL;
	for (size_t i = 0; i < c->count; i++)
		if (isfinite(c->first[i].per_s.mid) &&
		    (most == NULL || c->first[i].per_s.mid > most->per_s.mid))
			most = &c->first[i];
	for (size_t i = 0; most != NULL && i < c->count; i++) {
		const struct point *p = &c->first[i];
		if (c->knee == NULL && p->per_s.mid >= KNEE_SHARE * most->per_s.mid)
			c->knee = p;
		/* A plateau begins where its interval does. */
		if (c->best == NULL && (p == most || p->per_s.hi >= most->per_s.lo))
			c->best = p;
	}
}

size_t curves_of(const struct prediction *p, struct curve **curves)
{
	size_t count = 0;
	*curves = xcalloc(p->count + 1, sizeof(**curves));
	for (size_t i = 0; i < p->count; i++) {
		if (&p->points[i] == p->alone && !p->has_alone)
			continue;
		if (count == 0 || !point_same_curve((*curves)[count - 1].first, &p->points[i]))
			(*curves)[count++] = (struct curve){.first = &p->points[i]};
		(*curves)[count - 1].count++;
	}
	for (size_t i = 0; i < count; i++)
		curve_read(&(*curves)[i]);
	return count;
}
