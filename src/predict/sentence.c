/*
 * sentence: the recommendation, in one sentence.
 *
 *	shape, goal: throughput, p99; runner-up and by how much; what it holds for; what a newer Python would do
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "predict/parts.h"
#include "report/text.h"

/* Leads below this are "the same": less than any interval here. */
#define SAME_LEAD 0.0005

static double two_digits(double value)
{
	double step = pow(10, floor(log10(value)) - 1);
	return round(value / step) * step;
}

/* "6.1 ms", "850 per second" */
static void put_number(FILE *to, const struct flip *flip, double value)
{
	static const struct {
		double size;
		const char *name;
	} units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}};
	double rounded = two_digits(value);
	size_t i = 0;
	if (flip->is_rate) {
		fprintf(to, "%.6g\u00a0per\u00a0second", rounded);
		return;
	}
	while (i + 1 < ARRAY_LEN(units) && rounded < units[i].size * 0.9999)
		i++;
	fprintf(to, "%.3g\u00a0%s", rounded / units[i].size, units[i].name);
}

/* ---- what is recommended --------------------------------------------------------------------------------- */

static void put_goal(FILE *to, const struct predict_request *r)
{
	bool is_coarse = r->trust.is_known && !(r->rate_per_s > 0) && r->trust.worst > goal_band(r);
	if (r->goal.aim == AIM_WORKERS && is_coarse)
		fprintf(to,
			"the fewest processes, then tasks, with what is the best throughput as far as "
			"simulation "
			"is known to tell (%.2g\u00a0%%)",
			r->trust.worst * 100);
	else if (r->goal.aim == AIM_WORKERS)
		fprintf(to, "the fewest processes, then tasks, within %g\u00a0%% of the best throughput",
			goal_band(r) * 100);
	else if (r->goal.aim == AIM_THROUGHPUT)
		fputs("the most operations per second", to);
	else
		fprintf(to, "the most operations per second with a p99 below %s",
			text_seconds(r->goal.p99_s).text);
}

/* "8 processes of 4 threads (gil*8: gunicorn --workers 8 --threads 4)"; a loop's tasks are said, they are in no name. */
static void put_shape(FILE *to, const struct prediction *p, const struct point *point)
{
	char *what, *command, *name = point_name(p, point);
	bool is_loop = point->model->is_loop;
	point_words(point, &what, &command);
	fprintf(to, "%s (%s", what, name);
	if (is_loop)
		fprintf(to, " with %d task%s%s", point->cell.workers, point->cell.workers == 1 ? "" : "s",
			point->processes > 1 ? " in all" : "");
	fprintf(to, "%s%s)", command[0] != '\0' ? ": " : "", command);
	free(what);
	free(command);
	free(name);
}

static void put_winner(FILE *to, const struct prediction *p, const struct point *winner)
{
	fputs("Recommended: ", to);
	put_shape(to, p, winner);
	fputs(", for ", to);
	put_goal(to, p->request);
	fprintf(to, ": %s per second, p99 %s", text_count(winner->per_s.mid).text,
		text_seconds(winner->p99_s).text);
}

static void put_lead(FILE *to, double lead)
{
	if (fabs(lead) < SAME_LEAD)
		fputs("as much", to);
	else
		fprintf(to, "%s %s", text_percent(fabs(lead)).text, lead > 0 ? "more" : "less");
}

static void put_runner_up(FILE *to, const struct prediction *p, const struct choice *c)
{
	const struct predict_trust *trust = &p->request->trust;
	if (c->runner_up == NULL)
		return;
	fputs("; the runner-up, ", to);
	put_shape(to, p, c->runner_up);
	fputs(", does ", to);
	put_lead(to, point_lead(c->runner_up, c->winner));
	bool is_more = point_lead(c->runner_up, c->winner) > 0;
	if (!c->is_tie && p->request->goal.aim == AIM_WORKERS && is_more)
		fprintf(to, ", within those %g\u00a0%%", goal_band(p->request) * 100);
	if (!c->is_tie)
		return;
	fputs(", a tie ", to);
	if (p->request->rate_per_s > 0)
		fputs("(both serve the load)", to);
	else if (trust->is_known)
		fprintf(to, "(less than the intervals, or than the %s that simulation is known to be off)",
			text_percent(trust->worst).text);
	else
		fputs("(less than the intervals)", to);
	fputs(" in which the simpler is named", to);
}

/* ---- what would flip it ---------------------------------------------------------------------------------- */

static void put_flip(FILE *to, const struct flip *f)
{
	bool has_below = isfinite(f->below), has_above = isfinite(f->above);
	fprintf(to, "%s is ", f->name);
	if (has_below && has_above)
		fputs("between ", to);
	if (has_below) {
		fputs(has_above ? "" : "above ", to);
		put_number(to, f, f->below);
		fprintf(to, " (then %s)", f->below_winner);
	}
	if (has_below && has_above)
		fputs(" and ", to);
	if (has_above) {
		fputs(has_below ? "" : "below ", to);
		put_number(to, f, f->above);
		fprintf(to, " (then %s)", f->above_winner);
	}
}

static void put_flips(FILE *to, const struct flip *flips, int count)
{
	int said = 0, left = 0;
	for (int i = 0; i < count; i++) {
		if (!isfinite(flips[i].below) && !isfinite(flips[i].above)) {
			left++;
			continue;
		}
		fputs(said++ == 0 ? "; this holds while " : " and ", to);
		put_flip(to, &flips[i]);
	}
	if (said == 0)
		fputs("; this holds whichever one of the profile's numbers is moved by a factor of 10", to);
	else if (left > 0)
		fprintf(to, ", whatever %s within a factor of 10",
			left > 1 ? "one of the others is" : "the other is");
}

/* ---- what a newer Python would do ------------------------------------------------------------------------ */

static void put_future(FILE *to, const struct prediction *p, const struct choice *c)
{
	const struct costs *costs = &p->request->costs;
	const struct point *f = c->future;
	if (f == NULL)
		return;
	fputs("; ", to);
	put_shape(to, p, f);
	if (f->shape.model == SIM_FREE)
		fprintf(to, ", with a free-threaded Python (3.13t or later, interpreted time × %g%s)",
			costs->free_factor, costs->origin[COST_FREE] == COST_ASSUMED ? " by assumption" : "");
	else
		fputs(", with Python 3.12 or later", to);
	fputs(", would do ", to);
	if (c->winner != NULL) {
		put_lead(to, point_lead(f, c->winner));
		if (f->processes < c->winner->processes)
			fprintf(to, " in %d process%s instead of %d", f->processes,
				f->processes == 1 ? "" : "es", c->winner->processes);
	} else {
		fprintf(to, "%s per second", text_count(f->per_s.mid).text);
	}
}

static bool has_operations(const struct prediction *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->points[i].per_s.mid > 0)
			return true;
	return false;
}

static void put_none(FILE *to, const struct prediction *p, const struct choice *c)
{
	const struct predict_goal *goal = &p->request->goal;
	if (!has_operations(p)) {
		fputs("No operation was finished in the time that was simulated: give a longer --window", to);
		return;
	}
	if (c->nearest == NULL) {
		fputs("None of these models is one to deploy today", to);
		return;
	}
	fprintf(to, "No shape keeps its p99 below %s: the nearest, ", text_seconds(goal->p99_s).text);
	put_shape(to, p, c->nearest);
	fprintf(to, ", has %s, %s above it", text_seconds(c->nearest->p99_s).text,
		text_percent(c->nearest->p99_s / goal->p99_s - 1).text);
}

char *sentence_text(const struct prediction *p, const struct choice *c, const struct flip *flips,
		    int flip_count)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	if (to == NULL)
		die("open_memstream");
	if (c->winner != NULL) {
		put_winner(to, p, c->winner);
		put_runner_up(to, p, c);
		put_flips(to, flips, flip_count);
	} else {
		put_none(to, p, c);
	}
	put_future(to, p, c);
	fputs(".", to);
	fclose(to);
	return text;
}

/* Were costs given that the comparison had not? The factor of `free` was in none. */
static bool has_own_costs(const struct costs *costs)
{
	for (enum cost cost = 0; cost < COST_FREE; cost++)
		if (costs->origin[cost] == COST_SAID)
			return true;
	return false;
}

char *trust_text(const struct predict_request *r)
{
	const struct predict_trust *trust = &r->trust;
	if (!trust->is_known)
		return xstrdup(
			"Trust: not checked here; `gilbench run four-witnesses` compares it with live runs.");
	if (has_own_costs(&r->costs))
		return xstrdup("Trust: not checked here with costs that were given.");
	return xasprintf(
		"Trust: checked against live runs on this machine up to %d core%s (worst %.2g %%)%s.",
		trust->cores, trust->cores == 1 ? "" : "s", trust->worst * 100,
		r->cores > trust->cores ? "; beyond that against exact formulas only" : "");
}
