/*
 * flips: which change of one number would make another shape the winner.
 *
 * Each length of the profile (and the rate, of an open loop) is moved alone, down and up. Ten times as small and ten times
 * as large are looked at first; where another shape wins there, the border is found by halving the way to it, in
 * logarithms, since a length may be anything. What is not looked at: two numbers that move together, the spread of a
 * length, a shape that wins in between and loses again.
 *
 * A look is a coarse one: shapes that may be deployed only, at a few of their numbers of workers, one short replicate of
 * each. It has the same seed every time, and what counts is its ratio to the same look at the profile as it is: that much
 * more, or less, than the table has. So most of what is coarse about it cancels, and at the profile as it is the winner is
 * the table's.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/pool.h>
#include <gilbench/util.h>

#include "predict/parts.h"

/* As far as a number is moved either way. */
#define FACTOR 10.0
/* Halvings of a factor of 10: the border is then known to 1.8 %, which the two digits that are printed carry. */
#define HALVINGS 7
/* A look takes so many numbers of workers of each shape, and about so many operations of each cell. */
#define LOOK_WORKERS 6
#define LOOK_OPS     1000
#define LOOK_TURNS   3
#define LOOK_EVENTS  20000

static const struct effort look_effort = {
	.ops = LOOK_OPS, .events = LOOK_EVENTS, .turns = LOOK_TURNS, .least = 1, .most = 1};

/* What one short replicate shows. */
struct glimpse {
	double per_s, p99_s;
};

struct look {
	const struct prediction *prediction;
	const struct point *winner;
	const struct point **points; /* to simulate */
	size_t count;
	struct glimpse *now; /* of each, at the profile as it is */
	struct flip *flips;
	struct number *numbers;
};

/* Where a number of the request is. */
struct number {
	int role, segment; /* -1: the rate */
};

/* ---- one look ------------------------------------------------------------------------------------------- */

/* Even steps through the list of workers, its ends included, and what the winner has. */
static bool is_looked_at(const struct predict_request *r, int workers, const struct point *winner)
{
	for (int i = 0; i < LOOK_WORKERS && r->worker_count > 1; i++)
		if (r->workers[(i * (r->worker_count - 1) + (LOOK_WORKERS - 1) / 2) / (LOOK_WORKERS - 1)] ==
		    workers)
			return true;
	return workers == winner->cell.workers;
}

static void points_choose(struct look *look)
{
	const struct prediction *p = look->prediction;
	look->points = xcalloc(p->count + 1, sizeof(const struct point *));
	for (size_t i = 0; i < p->count; i++) {
		const struct point *point = &p->points[i];
		bool is_shown = point != p->alone || p->has_alone;
		if (is_shown && model_deploy(point->cell.model) == DEPLOY_TODAY &&
		    (point->model->is_single || is_looked_at(p->request, point->cell.workers, look->winner)))
			look->points[look->count++] = point;
	}
}

/* The same cast with one length moved. Values of a recorded segment are its own; everything else is shared. */
static void cast_move(struct profile_cast *cast, const struct number *number, double factor)
{
	struct segment *s = &cast->role[number->role].profile.segment[number->segment];
	s->mean_ns = (int64_t)fmin(fmax((double)s->mean_ns * factor, 1), (double)SEGMENT_MAX_NS);
	if (s->spread != SPREAD_EMPIRICAL)
		return;
	int64_t *values = xcalloc(s->value_count, sizeof(*values));
	for (size_t i = 0; i < s->value_count; i++)
		values[i] = (int64_t)fmin((double)s->values[i] * factor, (double)SEGMENT_MAX_NS);
	s->values = values;
}

static void cast_move_release(struct profile_cast *cast, const struct number *number)
{
	struct segment *s = &cast->role[number->role].profile.segment[number->segment];
	if (s->spread == SPREAD_EMPIRICAL)
		free(s->values);
}

static struct glimpse glimpse_at(const struct predict_request *r, const struct point *of)
{
	struct point p = {
		.cell = of->cell, .model = of->model, .shape = of->shape, .processes = of->processes};
	point_simulate(r, r->cast, &look_effort, &p);
	if (p.count == 0)
		return (struct glimpse){NAN, NAN};
	const struct role_sample *role = &p.samples[0].role[0];
	bool has_latency = role->latency != NULL && role->latency->count > 0;
	struct glimpse g = {.per_s = role->throughput_per_s,
			    .p99_s = has_latency ? hist_quantile(role->latency, 0.99) / 1e9 : (double)NAN};
	point_release(&p);
	return g;
}

/* The table's point, as much more or less as two glimpses differ. In an open loop a glimpse stands for itself: all of one
 * look have the same arrivals, those of another look have others. */
static struct point point_moved(const struct predict_request *r, const struct point *of,
				const struct glimpse *now, const struct glimpse *then)
{
	struct point p = *of;
	double ratio = then->per_s / (r->rate_per_s > 0 ? of->per_s.mid : now->per_s);
	p.per_s = (struct interval){of->per_s.mid * ratio, of->per_s.lo * ratio, of->per_s.hi * ratio};
	p.p99_s = of->p99_s * (then->p99_s / now->p99_s);
	return p;
}

static void look_now(struct look *look)
{
	const struct predict_request *r = look->prediction->request;
	look->now = xcalloc(look->count + 1, sizeof(*look->now));
	for (size_t i = 0; i < look->count; i++)
		look->now[i] = glimpse_at(r, look->points[i]);
}

/* Who wins with that number moved; NULL: none reaches the goal. */
static const struct point *winner_at(const struct look *look, const struct number *number, double factor)
{
	struct predict_request r = *look->prediction->request;
	struct profile_cast *cast = xcalloc(1, sizeof(*cast));
	struct point *points = xcalloc(look->count + 1, sizeof(*points));
	struct choice choice;
	*cast = *r.cast;
	r.cast = cast;
	/* A window that was asked for is for the table. */
	r.window_s = 0;
	if (number->segment >= 0)
		cast_move(cast, number, factor);
	else
		r.rate_per_s *= factor;
	for (size_t i = 0; i < look->count; i++) {
		struct glimpse then = glimpse_at(&r, look->points[i]);
		points[i] = point_moved(&r, look->points[i], &look->now[i], &then);
	}
	choose(points, look->count, &r, &choice);
	const struct point *winner = choice.winner != NULL ? look->points[choice.winner - points] : NULL;
	if (number->segment >= 0)
		cast_move_release(cast, number);
	free(cast);
	free(points);
	return winner;
}

static bool is_same(const struct look *look, const struct point *winner)
{
	return winner != NULL && point_same_curve(winner, look->winner);
}

/* ---- one number, one direction -------------------------------------------------------------------------- */

static double border(const struct look *look, const struct number *number, bool is_up,
		     const struct point **winner)
{
	double held = 0, flipped = is_up ? log(FACTOR) : -log(FACTOR);
	*winner = winner_at(look, number, exp(flipped));
	if (is_same(look, *winner))
		return NAN;
	for (int i = 0; i < HALVINGS; i++) {
		double middle = (held + flipped) / 2;
		const struct point *there = winner_at(look, number, exp(middle));
		if (is_same(look, there)) {
			held = middle;
		} else {
			flipped = middle;
			*winner = there;
		}
	}
	return exp((held + flipped) / 2);
}

/* Even indices are the way down, odd ones the way up. */
static void search(void *context, size_t index)
{
	struct look *look = context;
	struct flip *flip = &look->flips[index / 2];
	bool is_up = index % 2 == 1;
	const struct point *winner = NULL;
	double factor = border(look, &look->numbers[index / 2], is_up, &winner);
	char *name = winner != NULL ? point_name(look->prediction, winner) : xstrdup("none");
	snprintf(is_up ? flip->above_winner : flip->below_winner, sizeof(flip->above_winner), "%s", name);
	*(is_up ? &flip->above : &flip->below) = flip->now * factor;
	free(name);
}

/* ---- all numbers ---------------------------------------------------------------------------------------- */

/* "gil"; "2nd gil" where the profile has several; "web's gil" where there are roles. */
static void name_segment(const struct profile_cast *cast, const struct number *number, char *name,
			 size_t bytes)
{
	static const char *const ordinals[] = {"1st ", "2nd ", "3rd "};
	const struct profile_role *role = &cast->role[number->role];
	enum segment_kind kind = role->profile.segment[number->segment].kind;
	char ordinal[16] = "";
	size_t same = 0, before = 0;
	for (size_t i = 0; i < role->profile.count; i++) {
		same += role->profile.segment[i].kind == kind;
		before += role->profile.segment[i].kind == kind && (int)i < number->segment;
	}
	if (same > 1 && before < ARRAY_LEN(ordinals))
		snprintf(ordinal, sizeof(ordinal), "%s", ordinals[before]);
	else if (same > 1)
		snprintf(ordinal, sizeof(ordinal), "%zuth ", before + 1);
	snprintf(name, bytes, "%s%s%s%s", cast->count > 1 ? role->name : "", cast->count > 1 ? "'s " : "",
		 ordinal, segment_kind_name(kind));
}

static int numbers_list(const struct predict_request *r, struct number *numbers, struct flip *flips)
{
	int count = 0;
	for (int role = 0; role < r->cast->count; role++)
		for (size_t i = 0; i < r->cast->role[role].profile.count && count < FLIPS_MAX - 1; i++) {
			const struct segment *s = &r->cast->role[role].profile.segment[i];
			if (s->mean_ns == 0)
				continue;
			numbers[count] = (struct number){role, (int)i};
			flips[count] = (struct flip){.now = (double)s->mean_ns / NS_PER_S};
			name_segment(r->cast, &numbers[count], flips[count].name, sizeof(flips[count].name));
			count++;
		}
	if (r->rate_per_s > 0) {
		numbers[count] = (struct number){0, -1};
		flips[count++] = (struct flip){.name = "the rate", .is_rate = true, .now = r->rate_per_s};
	}
	return count;
}

int flips_find(const struct prediction *p, const struct choice *choice, struct flip *flips)
{
	struct number numbers[FLIPS_MAX];
	struct look look = {.prediction = p, .winner = choice->winner, .flips = flips, .numbers = numbers};
	int count = numbers_list(p->request, numbers, flips);
	points_choose(&look);
	look_now(&look);
	pool_run(search, &look, 2 * (size_t)count, p->request->threads);
	free(look.now);
	free(look.points);
	return count;
}
