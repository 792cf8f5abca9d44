/*
 * chart_overlay: both sides of a validation in one picture: simulated solid and filled, interpreters dashed and hollow,
 * each named at its line's end. What is in a picture is said by the figures (validate.h): their experiment, measure,
 * line and place; here is what the pictures are called and how their axes go.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart_px.h"
#include "report/parts.h"
#include "report/text.h"

struct overlay {
	const char *experiment;
	enum measure measure, other; /* of rows, a second measure beside the first; else the same */
	const char *name, *title;
	enum chart_layout layout;
	enum chart_kind kind;
	const char *x_label, *y_label;
	double unit; /* of the value axis */
	bool is_log_x, is_log_y;
};

static const struct overlay overlays[] = {
	{"validate-cpu", MEASURE_SPEEDUP, MEASURE_SPEEDUP, "validate cpu speedup",
	 "Do computing threads and processes gain the same on both sides?", LAYOUT_LINES, CHART_SPEEDUP,
	 "threads or processes", "speed-up over one thread of the same side", 1, false, false},
	{"validate-waits", MEASURE_SPEEDUP, MEASURE_SPEEDUP, "validate waits speedup",
	 "Do threads that wait gain the same on both sides?", LAYOUT_LINES, CHART_SPEEDUP, "threads",
	 "speed-up over one thread of the same side", 1, true, true},
	{"validate-native", MEASURE_SPEEDUP, MEASURE_SPEEDUP, "validate native speedup",
	 "Native calls that release the lock, and that keep it: two threads", LAYOUT_ROWS, CHART_SECONDS, "",
	 "speed-up over one thread of the same side", 1, false, false},
	{"validate-convoy", MEASURE_PER_S, MEASURE_PER_S, "validate convoy rate",
	 "What do computing threads leave of an echo server's rate?", LAYOUT_LINES, CHART_LATENCY,
	 "computing threads beside the echo", "replies per second", 1, false, true},
	{"validate-convoy", MEASURE_P50, MEASURE_P50, "validate convoy latency",
	 "How long does a reply wait beside computing threads?", LAYOUT_LINES, CHART_LATENCY,
	 "computing threads beside the echo", "p50 of a reply, ms", 1e-3, false, true},
	{"validate-switch-interval", MEASURE_P50, MEASURE_P50, "validate interval latency",
	 "Does a reply follow the switch interval?", LAYOUT_LINES, CHART_LATENCY, "switch interval, ms",
	 "p50 of a reply beside one computing thread, ms", 1e-3, true, true},
	{"validate-switch-interval", MEASURE_PER_S, MEASURE_PER_S, "validate interval rate",
	 "Does the rate follow the switch interval?", LAYOUT_LINES, CHART_LATENCY, "switch interval, ms",
	 "replies per second beside one computing thread", 1, true, true},
	{"validate-check-interval", MEASURE_PER_S, MEASURE_PER_S, "validate check rate",
	 "Does the rate follow the check interval?", LAYOUT_LINES, CHART_LATENCY, "check interval, ticks",
	 "replies per second beside one computing thread", 1, true, true},
	{"validate-turns", MEASURE_P50, MEASURE_P90, "validate turns",
	 "How long are turns of the lock, and the gaps between them?", LAYOUT_ROWS, CHART_SECONDS, "",
	 "milliseconds", 1e-3, false, false},
	{"validate-releases", MEASURE_LOST_SHARE, MEASURE_LOST_SHARE, "validate releases",
	 "How often is a short release lost to a computing thread?", LAYOUT_LINES, CHART_MEMORY,
	 "length of the call, µs", "calls that took half an interval and more, %", 0.01, true, false},
	{"validate-handoff", MEASURE_PER_S, MEASURE_PER_S, "validate handoff",
	 "How fast do two threads hand over a token?", LAYOUT_LINES, CHART_LATENCY,
	 "computing threads beside them", "passes per second", 1, false, true},
	{"validate-loop", MEASURE_SPEEDUP, MEASURE_SPEEDUP, "validate loop speedup",
	 "The event loop: libuv here, asyncio there", LAYOUT_ROWS, CHART_SECONDS, "",
	 "speed-up over one task of the same side", 1, false, false},
};

/* Which side of which interpreter a series shows. */
struct side {
	const struct verdicts *of;
	bool is_live;
	int look;
};

static bool is_in(const struct overlay *o, const struct finding *f)
{
	return strcmp(f->figure->experiment, o->experiment) == 0 &&
	       (f->figure->measure == o->measure || f->figure->measure == o->other);
}

static struct interval value_of(const struct overlay *o, const struct finding *f, bool is_live)
{
	const struct interval *v = is_live ? &f->live : &f->python;
	return (struct interval){v->mid / o->unit, v->lo / o->unit, v->hi / o->unit};
}

static char *side_name(const struct side *side)
{
	const struct contender *c = &side->of->contender;
	if (!side->is_live)
		return xstrdup(c->label);
	return *c->policy != '\0' ? xasprintf("simulated (%s)", c->policy) : xstrdup("simulated");
}

static struct chart_series *series_new(struct chart *chart, const struct side *side, int line)
{
	struct chart_series *s = &chart->series[chart->series_count++];
	*s = (struct chart_series){.look = look_side(side->look, line), .is_hollow = !side->is_live};
	return s;
}

static void tick_add(struct chart *chart, double x)
{
	int at = chart->tick_count;
	for (int i = 0; i < chart->tick_count; i++)
		if (chart->ticks[i] == x)
			return;
	if (chart->tick_count == CHART_POINTS_MAX)
		return;
	for (; at > 0 && chart->ticks[at - 1] > x; at--)
		chart->ticks[at] = chart->ticks[at - 1];
	chart->ticks[at] = x;
	chart->tick_count++;
}

/* One line: the figures of one `series`, in the order of the table, which is that of x. */
static void line_add(struct chart *chart, const struct overlay *o, const struct side *side,
		     const char *series, int line)
{
	struct chart_series *s = NULL;
	for (size_t i = 0; i < side->of->count; i++) {
		const struct finding *f = &side->of->findings[i];
		struct interval y = value_of(o, f, side->is_live);
		bool is_here = is_in(o, f) && (series == NULL || strcmp(f->figure->series, series) == 0);
		if (!is_here || !isfinite(y.mid) || (o->is_log_y && !(y.mid > 0)))
			continue;
		if (s == NULL && chart->series_count == CHART_SERIES_MAX)
			return;
		if (s == NULL)
			s = series_new(chart, side, line);
		s->point[s->count++] =
			(struct chart_point){.x = f->figure->x, .y = y, .is_few = !interval_exists(&y)};
		tick_add(chart, f->figure->x);
	}
	if (s == NULL)
		return;
	char *name = side_name(side);
	const struct chart_point *last = &s->point[s->count - 1];
	snprintf(s->name, sizeof(s->name), "%s%s%s  %s", name, series != NULL ? ", " : "",
		 series != NULL ? series : "", text_plain(last->y.mid).text);
	free(name);
}

/* Each name that the figures give their lines, once; a picture without names has one line. */
static void lines_add(struct chart *chart, const struct overlay *o, const struct side *side)
{
	const char *last = NULL;
	int line = 0;
	for (size_t i = 0; i < side->of->count; i++) {
		const struct finding *f = &side->of->findings[i];
		if (!is_in(o, f) || f->figure->series == NULL ||
		    (last != NULL && strcmp(last, f->figure->series) == 0))
			continue;
		last = f->figure->series;
		line_add(chart, o, side, last, line++);
	}
	if (line == 0)
		line_add(chart, o, side, NULL, 0);
}

/* One figure: a row for each side, ours first. */
static void rows_add(struct chart *chart, const struct overlay *o, const struct side *sides, int count,
		     size_t figure)
{
	for (int i = 0; i < count && chart->series_count < CHART_SERIES_MAX; i++) {
		const struct side *side = &sides[i];
		if (figure >= side->of->count || !is_in(o, &side->of->findings[figure]))
			continue;
		const struct finding *f = &side->of->findings[figure];
		struct interval y = value_of(o, f, side->is_live);
		if (!isfinite(y.mid))
			continue;
		struct chart_series *s = series_new(chart, side, 0);
		char *name = side_name(side);
		/* What a speed-up is stands at the axis. */
		bool is_plain = f->figure->measure == MEASURE_SPEEDUP;
		size_t length = is_plain ? strcspn(f->figure->text, ":") : strlen(f->figure->text);
		snprintf(s->name, sizeof(s->name), "%.*s, %s", (int)length, f->figure->text, name);
		s->point[s->count++] = (struct chart_point){.x = 0, .y = y, .is_few = !interval_exists(&y)};
		free(name);
	}
}

/* Has the interpreter a figure of its own in the picture, and not only a point that it shares with another? */
static bool takes_part(const struct overlay *o, const struct verdicts *of)
{
	for (size_t i = 0; i < of->count; i++)
		if (is_in(o, &of->findings[i]) && !of->findings[i].figure->is_drawn_only)
			return true;
	return false;
}

/* Interpreters that are compared with the same policy share the simulated line: the first one's. */
static int sides_of(const struct overlay *o, const struct validation *v, struct side *sides)
{
	int count = 0, policies = 0;
	for (size_t i = 0; i < v->count; i++) {
		bool is_known = false;
		if (!takes_part(o, &v->pythons[i]))
			continue;
		for (size_t k = 0; k < i; k++)
			is_known |=
				takes_part(o, &v->pythons[k]) &&
				strcmp(v->pythons[k].contender.policy, v->pythons[i].contender.policy) == 0;
		if (!is_known && count < CHART_SERIES_MAX)
			sides[count++] =
				(struct side){&v->pythons[i], true, policies++ == 0 ? 0 : LOOK_OTHER};
		if (count < CHART_SERIES_MAX)
			sides[count++] = (struct side){&v->pythons[i], false,
						       i + 1 < LOOK_OTHER ? (int)i + 1 : LOOK_OTHER - 1};
	}
	return count;
}

static void fill(struct chart *chart, const struct overlay *o, const struct side *sides, int count)
{
	size_t most = 0;
	for (int i = 0; i < count; i++)
		most = sides[i].of->count > most ? sides[i].of->count : most;
	for (int i = 0; o->layout == LAYOUT_LINES && i < count; i++)
		lines_add(chart, o, &sides[i]);
	for (size_t figure = 0; o->layout == LAYOUT_ROWS && figure < most; figure++)
		rows_add(chart, o, sides, count, figure);
}

/* How many of the picture's figures agree, per interpreter. */
static char *answer_of(const struct overlay *o, const struct validation *v)
{
	char *text = xstrdup("");
	for (size_t i = 0; i < v->count; i++) {
		int all = 0, of[FINDING_MISSING + 1] = {0};
		if (!takes_part(o, &v->pythons[i]))
			continue;
		for (size_t k = 0; k < v->pythons[i].count; k++) {
			const struct finding *f = &v->pythons[i].findings[k];
			bool is_counted = is_in(o, f) && !f->figure->is_drawn_only;
			all += is_counted;
			of[f->verdict] += is_counted;
		}
		char *longer =
			xasprintf("%s%s%s: of %d figure%s %d agree%s, %d differ%s, %d undecided.", text,
				  text[0] != '\0' ? " " : "", v->pythons[i].contender.label, all,
				  all == 1 ? "" : "s", of[FINDING_PASS], of[FINDING_PASS] == 1 ? "s" : "",
				  of[FINDING_FAIL], of[FINDING_FAIL] == 1 ? "s" : "", of[FINDING_UNDECIDED]);
		free(text);
		text = longer;
	}
	return text;
}

static void samples_span(const struct report *report, const char *experiment, unsigned *least, unsigned *most)
{
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (strcmp(row->cell.experiment, experiment) != 0 || !row_is_ok(row))
			continue;
		*least = *least == 0 || row->samples < *least ? row->samples : *least;
		*most = row->samples > *most ? row->samples : *most;
	}
}

static void words(struct report *report, struct chart *chart, const struct overlay *o)
{
	const struct facts *f = &report->facts;
	char *answer = answer_of(o, report->validation);
	unsigned least = 0, most = 0;
	samples_span(report, o->experiment, &least, &most);
	char *n = least == most ? xasprintf("%u", most) : xasprintf("%u to %u", least, most);
	char *footer = xasprintf("n = %s samples · simulated: solid, filled; interpreters: dashed, hollow; "
				 "bars: 95 %% intervals%s · %s, %d usable "
				 "CPU%s · %.10s · commit %.10s%s · run %s",
				 n, o->layout == LAYOUT_LINES ? ", ? where samples are too few" : "",
				 f->machine, f->usable, f->usable == 1 ? "" : "s", f->started, f->commit,
				 f->is_dirty ? " + changes" : "", f->run);
	chart->title = text_wrap(o->title, TITLE_COLUMNS, TITLE_LINES);
	chart->subtitle = text_wrap(answer, SUBTITLE_COLUMNS, SUBTITLE_LINES);
	chart->footer = text_wrap(footer, FOOTER_COLUMNS, FOOTER_LINES);
	chart->alt = xasprintf("%s %s. %s", o->title, o->y_label, answer);
	free(n);
	free(footer);
	free(answer);
}

static bool overlay_make(struct report *report, struct chart *chart, const struct overlay *o)
{
	struct side sides[CHART_SERIES_MAX];
	int count = sides_of(o, report->validation, sides);
	chart->layout = o->layout;
	chart->floor = NAN;
	fill(chart, o, sides, count);
	if (chart->series_count == 0)
		return false;
	chart->is_log_x = o->is_log_x && chart->tick_count > 1;
	chart->is_log_y = o->is_log_y;
	chart->x_label = xstrdup(o->x_label);
	chart->y_label = xstrdup(o->y_label);
	words(report, chart, o);
	return true;
}

void charts_overlay(struct report *report)
{
	for (size_t i = 0; report->validation != NULL && i < ARRAY_LEN(overlays); i++) {
		const struct overlay *o = &overlays[i];
		struct chart *chart = chart_new(report, (struct placed_chart){-1, -1}, o->kind, o->name);
		if (!overlay_make(report, chart, o))
			chart_drop_last(report);
	}
}
