/*
 * table: one block of lines per model (and policy), a line per number of workers; and what limits each model.
 *
 *	gil*8: 8 processes of threads, a GIL in each (gunicorn --workers 8 --threads N/8), py3
 *	  workers  shape       per second [95 % interval]   speed-up        p50        p99
 *	       32  8 x 4       2.30 k [2.26, 2.31]             30.2×    10.9 ms    49.5 ms
 *
 * Shape is processes x tasks of each. Speed-up is over one task alone on the same virtual machine; p50 and p99 are of the
 * operations of all replicates together.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "predict/parts.h"
#include "report/text.h"

/* Lines of a block; of longer lists every so-manieth is shown. The exact value does not matter. */
#define LINES_MAX 24

static void print_head(const struct prediction *p, FILE *to)
{
	const struct predict_request *r = p->request;
	char *origin = costs_origin_text(&r->costs), *costs = costs_text(&r->costs);
	page_put(to, r->title);
	fprintf(to, "%d core%s, ", r->cores, r->cores == 1 ? "" : "s");
	if (r->rate_per_s > 0)
		fprintf(to, "open loop: %s arrivals, %s per second", r->is_poisson ? "random" : "regular",
			text_count(r->rate_per_s).text);
	else
		fputs("closed loop: a task goes on as soon as it has finished", to);
	fprintf(to, ", seed %llu, virtual time\n%s\n", (unsigned long long)r->seed, costs);
	page_put(to, origin);
	free(origin);
	free(costs);
	if (p->alone == NULL || p->alone->row == NULL)
		return;
	const struct summary_row *row = p->alone->row;
	fprintf(to, "one task alone: %s per second, p50 %s, p99 %s; speed-ups are over it\n",
		text_count_interval(&row->throughput_per_s).text, text_seconds(row->lat_p50_s).text,
		text_seconds(row->lat_p99_s).text);
}

/* What a reader must know of a model that cannot be had everywhere. */
static void print_caveat(const struct prediction *p, const struct point *of, FILE *to)
{
	const struct costs *costs = &p->request->costs;
	if (of->shape.model == SIM_INTERP)
		fputs("  needs Python 3.12 or later, an interpreter for each thread\n", to);
	if (of->shape.model != SIM_FREE)
		return;
	fprintf(to, "  a free-threaded build, 3.13t or later; interpreted time × %g%s\n", costs->free_factor,
		point_is_assumed(p, of) ? ": an assumption, not a measurement" : "");
}

static void print_title(const struct prediction *p, const struct point *of, FILE *to)
{
	fprintf(to, "\n%s: %s%s%s\n", of->cell.model, of->model->label,
		of->cell.policy[0] != '\0' ? ", " : "", of->cell.policy);
	print_caveat(p, of, to);
	fprintf(to, "  %7s  %-11s %-28s%10s%11s%11s\n", "workers", "shape", "per second [95 % interval]",
		p->request->cast->count > 1 ? "role" : "speed-up", "p50", "p99");
}

static void print_row(const struct point *point, const struct summary_row *row, bool has_roles, FILE *to)
{
	char *shape = point_shape(point);
	const char *speedup = isfinite(row->speedup.mid) ? text_ratio(row->speedup.mid).text : "";
	fprintf(to, "  %7d  %-11s ", has_roles ? row->workers : point->cell.workers, shape);
	text_put(to, text_count_interval(&row->throughput_per_s).text, -28);
	text_put(to, has_roles ? row->role : speedup, 10);
	text_put(to, text_seconds(row->lat_p50_s).text, 11);
	text_put(to, text_seconds(row->lat_p99_s).text, 11);
	fputs("\n", to);
	free(shape);
}

/* Every role's row, in the order of the cast. */
static void print_point(const struct prediction *p, const struct point *point, FILE *to)
{
	const struct profile_cast *cast = p->request->cast;
	for (int role = 0; role < cast->count; role++) {
		const struct summary_row *row = prediction_row(p, point, cast->role[role].name);
		if (row != NULL)
			print_row(point, row, cast->count > 1, to);
	}
}

static bool is_shown(const struct curve *c, size_t i)
{
	size_t step = (c->count + LINES_MAX - 1) / LINES_MAX;
	return i % step == 0 || i + 1 == c->count || &c->first[i] == c->best || &c->first[i] == c->knee;
}

void table_print(const struct prediction *p, FILE *to)
{
	struct curve *curves;
	size_t count = curves_of(p, &curves);
	bool has_gaps = false;
	print_head(p, to);
	fputs("shape: processes x tasks of each\n", to);
	for (size_t c = 0; c < count; c++) {
		print_title(p, curves[c].first, to);
		for (size_t i = 0; i < curves[c].count; i++)
			if (is_shown(&curves[c], i))
				print_point(p, &curves[c].first[i], to);
		has_gaps |= curves[c].count > LINES_MAX;
	}
	if (has_gaps)
		fputs("\nnot every number of workers is shown; --csv has all of them\n", to);
	free(curves);
}

/* ---- what limits each ----------------------------------------------------------------------------------- */

static void put_limit(FILE *to, enum limit limit, double share)
{
	static const char *const words[] = {
		[LIMIT_LOCK] = "lock held %.0f %%",
		[LIMIT_CORES] = "cores %.0f %% in use",
		[LIMIT_LOOP] = "loop busy %.0f %%",
		[LIMIT_WAIT] = "the wait, %.0f %% of an operation",
		[LIMIT_WORKERS] = "the workers, cores %.0f %% in use",
		[LIMIT_LOAD] = "the load, %.0f %% of it is served",
	};
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	fprintf(to, words[limit], share * 100);
#pragma GCC diagnostic pop
}

static void print_knees(const struct prediction *p, const struct curve *c, FILE *to)
{
	double profile = knee_by_profile(p->request, c->best);
	char knee[16] = "-";
	if (c->count > 1)
		snprintf(knee, sizeof(knee), "%d", c->knee->cell.workers);
	text_put(to, isinf(profile) ? "none" : text_plain(profile).text, 6);
	text_put(to, knee, 8);
}

static void print_limit(const struct prediction *p, const struct curve *c, FILE *to)
{
	const struct point *best = c->best;
	char *name = point_name(p, best), *shape = point_shape(best);
	struct limits l = limits_of(&best->usage, best->per_s.mid, p->request->rate_per_s);
	fprintf(to, "  %-12s %-9s", name, shape);
	text_put(to, text_count(best->per_s.mid).text, 11);
	text_put(to, text_ratio(best->row->speedup.mid).text, 10);
	print_knees(p, c, to);
	fputs("  ", to);
	put_limit(to, l.first, l.share);
	if (l.has_second) {
		fputs(", ", to);
		put_limit(to, l.second, l.second_share);
	}
	if (point_is_assumed(p, best))
		fprintf(to, " (× %g assumed)", p->request->costs.free_factor);
	fputs("\n", to);
	free(name);
	free(shape);
}

void limits_print(const struct prediction *p, FILE *to)
{
	struct curve *curves;
	size_t count = curves_of(p, &curves);
	fprintf(to, "\nwhat limits each, where it does most\n  %-12s %-9s%11s%10s%6s%8s  %s\n", "model",
		"shape", "per second", "speed-up", "N*", "knee", "limit");
	for (size_t c = 0; c < count; c++)
		if (curves[c].best != NULL)
			print_limit(p, &curves[c], to);
	fputs("N*: workers that fill what limits, by the profile alone: (Z+S)/S; knee: the least with 95 % "
	      "of most\n",
	      to);
	free(curves);
}
