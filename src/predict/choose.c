/*
 * choose: the point that a goal names, and the one that comes next.
 *
 *	points that may be deployed [and whose p99 is low enough] --best throughput--> a band below it --simplest--> winner
 *
 * The band is what does not count as a difference: 5 % where the goal is few workers; everywhere, whatever lies inside
 * the intervals of the two, or within what simulation and live runs are known to be apart. So a tie is never decided by
 * chance, but for the simpler shape.
 */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/param.h>
#include <gilbench/util.h>

#include "predict/parts.h"

/* "Fewest processes, then tasks, within 5 % of the best". In an open loop what is not served piles up: there, within what
 * chance leaves. */
#define WORKERS_BAND 0.05
#define SERVED_BAND  0.01

int predict_goal_parse(const char *text, struct predict_goal *goal, char *error, size_t error_bytes)
{
	static const char *const names[] = {"workers", "throughput", "p99"};
	double limit_s;
	*goal = (struct predict_goal){.aim = AIM_WORKERS};
	if (strcmp(text, "workers") == 0)
		return 0;
	if (strcmp(text, "throughput") == 0) {
		goal->aim = AIM_THROUGHPUT;
		return 0;
	}
	const char *less = strchr(text, '<');
	bool is_p99 =
		less != NULL && strncmp(text, "p99", 3) == 0 && text + 3 + strspn(text + 3, " ") == less;
	if (is_p99 && param_duration(less + 1 + strspn(less + 1, " "), &limit_s) == 0 && limit_s > 0) {
		*goal = (struct predict_goal){.aim = AIM_LATENCY, .p99_s = limit_s};
		return 0;
	}
	const char *near = nearest_name(text, names, 2);
	snprintf(error, error_bytes,
		 "the goal '%s' is none: workers, throughput, or a limit such as p99<50ms%s%s%s", text,
		 near != NULL ? "; did you mean '" : "", near != NULL ? near : "", near != NULL ? "'?" : "");
	return -1;
}

/* ---- comparing two -------------------------------------------------------------------------------------- */

double point_lead(const struct point *a, const struct point *b)
{
	return a->per_s.mid / b->per_s.mid - 1;
}

/* In an open loop all cells have the same arrivals, and intervals tell how those vary: they say nothing of who serves
 * more of them. */
static bool is_tie(const struct point *a, const struct point *b, const struct predict_request *r)
{
	double lead = fmax(point_lead(a, b), point_lead(b, a));
	if (r->rate_per_s > 0)
		return lead <= SERVED_BAND;
	return (a->per_s.lo <= b->per_s.hi && b->per_s.lo <= a->per_s.hi) ||
	       (r->trust.is_known && lead <= r->trust.worst);
}

/* ---- the best of them ----------------------------------------------------------------------------------- */

/* What may be chosen: pointers into the points. */
struct field {
	const struct point **list;
	size_t count;
	const struct predict_request *request;
};

static bool is_low_enough(const struct predict_goal *goal, const struct point *p)
{
	return goal->aim != AIM_LATENCY || p->p99_s < goal->p99_s;
}

/* Those that may be deployed so and serve the goal; `except` and its like stay out. */
static struct field field_make(const struct point *points, size_t count, const struct predict_request *r,
			       bool has_future, const struct point *except)
{
	struct field f = {.list = xcalloc(count + 1, sizeof(const struct point *)), .request = r};
	for (size_t i = 0; i < count; i++) {
		const struct point *p = &points[i];
		enum deploy deploy = model_deploy(p->cell.model);
		bool is_open = deploy == DEPLOY_TODAY || (has_future && deploy == DEPLOY_NEW_PYTHON);
		bool is_out = except != NULL && except->model == p->model;
		if (is_open && !is_out && p->per_s.mid > 0 && is_low_enough(&r->goal, p))
			f.list[f.count++] = p;
	}
	return f;
}

static const struct point *fastest(const struct field *f)
{
	const struct point *best = NULL;
	for (size_t i = 0; i < f->count; i++)
		if (best == NULL || f->list[i]->per_s.mid > best->per_s.mid)
			best = f->list[i];
	return best;
}

double goal_band(const struct predict_request *r)
{
	return r->goal.aim != AIM_WORKERS ? 0 : r->rate_per_s > 0 ? SERVED_BAND : WORKERS_BAND;
}

static bool is_in_band(const struct predict_request *r, const struct point *p, const struct point *best)
{
	double band = goal_band(r);
	bool is_near = band > 0 && p->per_s.mid >= (1 - band) * best->per_s.mid;
	return is_near || is_tie(p, best, r);
}

/* The simplest of those in the band below `best`; NULL: none. */
static const struct point *simplest(const struct field *f, const struct point *best)
{
	const struct point *found = NULL;
	for (size_t i = 0; i < f->count; i++)
		if (is_in_band(f->request, f->list[i], best) &&
		    (found == NULL || point_is_simpler(f->list[i], found)))
			found = f->list[i];
	return found;
}

/* The best of the others: in the winner's band the simplest of those, else what is fastest, at its own least workers. */
static const struct point *second(const struct point *points, size_t count, const struct predict_request *r,
				  const struct point *winner, const struct point *best)
{
	struct field others = field_make(points, count, r, false, winner);
	const struct point *found = simplest(&others, best);
	if (found == NULL && others.count > 0)
		found = simplest(&others, fastest(&others));
	free(others.list);
	return found;
}

static const struct point *lowest_p99(const struct point *points, size_t count,
				      const struct predict_request *r)
{
	struct predict_request any = *r;
	any.goal.aim = AIM_THROUGHPUT;
	struct field all = field_make(points, count, &any, false, NULL);
	const struct point *found = NULL;
	for (size_t i = 0; i < all.count; i++)
		if (isfinite(all.list[i]->p99_s) && (found == NULL || all.list[i]->p99_s < found->p99_s))
			found = all.list[i];
	free(all.list);
	return found;
}

/* Who would win were newer Pythons allowed; NULL where it is the same. */
static const struct point *future(const struct point *points, size_t count, const struct predict_request *r)
{
	struct field all = field_make(points, count, r, true, NULL);
	const struct point *best = fastest(&all), *found = best != NULL ? simplest(&all, best) : NULL;
	free(all.list);
	return found != NULL && model_deploy(found->cell.model) == DEPLOY_NEW_PYTHON ? found : NULL;
}

void choose(const struct point *points, size_t count, const struct predict_request *r, struct choice *choice)
{
	struct field field = field_make(points, count, r, false, NULL);
	const struct point *best = fastest(&field);
	*choice = (struct choice){.future = future(points, count, r)};
	if (best == NULL) {
		choice->nearest = lowest_p99(points, count, r);
	} else {
		choice->winner = simplest(&field, best);
		choice->runner_up = second(points, count, r, choice->winner, best);
		choice->is_tie = choice->runner_up != NULL && is_tie(choice->winner, choice->runner_up, r);
	}
	free(field.list);
}
