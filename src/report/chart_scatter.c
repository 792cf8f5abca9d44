/*
 * chart_scatter: one value against another, a marker per policy with both its intervals, its name beside it.
 *
 * Names are put where they cover nothing: for each marker in turn a ring of places around it is tried, then wider
 * rings with a leader, and the one that covers least is taken, the nearest of several. That is greedy and not the
 * best there is, but for a dozen markers nobody sees a difference.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart_gp.h"
#include "report/chart_px.h"
#include "report/text.h"

/* From a marker's middle to its name. */
#define NAME_OFF_PX 26.0
/* Each ring is so much wider than the last; three of them reach any free place that is near enough to be of use. */
#define RING_PX 34.0
#define RINGS   4
/* Half of the room that a marker, and a bar's thickness, take. */
#define MARKER_HALF_PX 13.0
#define BAR_HALF_PX    7.0

struct box {
	double left, right, top, bottom;
};

/* What is on the picture already: markers, bars, names. */
struct taken {
	struct box box[4 * CHART_SERIES_MAX];
	int count;
};

static double overlap(const struct box *a, const struct box *b)
{
	double width = fmin(a->right, b->right) - fmax(a->left, b->left);
	double height = fmin(a->bottom, b->bottom) - fmax(a->top, b->top);
	return width > 0 && height > 0 ? width * height : 0;
}

static void take(struct taken *taken, double left, double right, double top, double bottom)
{
	if (taken->count < (int)ARRAY_LEN(taken->box) && isfinite(left + right + top + bottom))
		taken->box[taken->count++] = (struct box){left, right, top, bottom};
}

/* What of a place is covered, or lies outside the frame. */
static double covered(const struct taken *taken, const struct chart_frame *f, const struct box *place)
{
	const struct box frame = {f->left, f->right, f->top, f->bottom};
	double area = (place->right - place->left) * (place->bottom - place->top) - overlap(&frame, place);
	for (int i = 0; i < taken->count; i++)
		area += overlap(&taken->box[i], place);
	return area;
}

static void take_marker(struct taken *taken, const struct chart *chart, const struct chart_frame *f,
			const struct chart_point *p)
{
	double x = frame_x(chart, f, p->x), y = frame_y(chart, f, p->y.mid);
	take(taken, x - MARKER_HALF_PX, x + MARKER_HALF_PX, y - MARKER_HALF_PX, y + MARKER_HALF_PX);
	take(taken, frame_x(chart, f, p->x_lo) - BAR_HALF_PX, frame_x(chart, f, p->x_hi) + BAR_HALF_PX,
	     y - BAR_HALF_PX, y + BAR_HALF_PX);
	take(taken, x - BAR_HALF_PX, x + BAR_HALF_PX, frame_y(chart, f, p->y.hi), frame_y(chart, f, p->y.lo));
}

/* A name of this width in direction (dx, dy) from the marker, `off` pixels away. */
static struct box place_of(double x, double y, int dx, int dy, double off, double width)
{
	double middle = x + dx * (off + width / 2), level = y + dy * (off + NAME_GAP_PX / 3);
	return (struct box){middle - width / 2, middle + width / 2, level - NAME_GAP_PX / 2,
			    level + NAME_GAP_PX / 2};
}

/* The place that covers least; *is_far: it needs a leader. */
static struct box place_find(const struct taken *taken, const struct chart_frame *f, double x, double y,
			     double width, bool *is_far)
{
	/* In the order in which readers expect them. */
	static const int around[][2] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {1, 1}, {-1, -1}, {-1, 1}};
	struct box best = {0, 0, 0, 0};
	double least = INFINITY;
	for (int ring = 0; ring < RINGS; ring++)
		for (size_t i = 0; i < ARRAY_LEN(around); i++) {
			struct box place = place_of(x, y, around[i][0], around[i][1],
						    NAME_OFF_PX + ring * RING_PX, width);
			double area = covered(taken, f, &place);
			if (area >= least - 1e-6)
				continue;
			least = area;
			best = place;
			*is_far = ring > 0;
		}
	return best;
}

static void gp_name(FILE *to, struct taken *taken, const struct chart *chart, const struct chart_frame *f,
		    int i)
{
	const struct chart_series *s = &chart->series[i];
	const struct chart_point *p = &s->point[0];
	char *text = xasprintf("%s%s", s->name, p->is_few ? " ?" : "");
	double x = frame_x(chart, f, p->x), y = frame_y(chart, f, p->y.mid);
	bool is_far = false;
	struct box place =
		place_find(taken, f, x, y, (double)text_length(text) * NAME_PX * CHARACTER_EM, &is_far);
	double level = (place.top + place.bottom) / 2;
	if (is_far) {
		fputs("set arrow from ", to);
		gp_screen(to, x, y);
		fputs(" to ", to);
		gp_screen(to, fmin(fmax(x, place.left), place.right), level);
		fprintf(to, " nohead linecolor rgb '%s' linewidth 1 back\n", s->look->colour);
	}
	gp_label(to, text, (place.left + place.right) / 2, level, "center", NAME_PX, "#000000");
	take(taken, place.left, place.right, place.top, place.bottom);
	free(text);
}

static void gp_axes(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	fputs("set xtics auto\n", to);
	gp_log_ticks(to, 'y', f->y_lo, f->y_hi);
	fputs("set grid xtics ytics linetype 1 linecolor rgb '#dcdcdc' linewidth 1\n", to);
	gp_axis_names(to, chart, f);
	/* Above the plot, where nothing else is drawn. */
	gp_label(to, "better: down and to the right ↘", f->right, f->top - 22, "right", FOOTER_PX, "#595959");
}

static void plot_marker(FILE *to, const struct chart_series *s, int i)
{
	bool is_few = s->point[0].is_few;
	if (interval_exists(&s->point[0].y) && isfinite(s->point[0].x_lo) && isfinite(s->point[0].x_hi))
		fprintf(to,
			", \\\n  DATA index %d using 1:2:6:7:3:4 with xyerrorbars pointtype 0 linewidth 2 "
			"linecolor rgb "
			"'%s'",
			i, s->look->colour);
	fprintf(to,
		", \\\n  DATA index %d using 1:2 with points pointtype %d pointsize 2.4 linewidth 2.5 "
		"linecolor rgb '%s'",
		i, is_few ? s->look->hollow : s->look->filled, s->look->colour);
}

void gp_scatter(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	struct taken taken = {.count = 0};
	gp_axes(to, chart, f);
	for (int i = 0; i < chart->series_count; i++)
		take_marker(&taken, chart, f, &chart->series[i].point[0]);
	for (int i = 0; i < chart->series_count; i++)
		gp_name(to, &taken, chart, f, i);
	fprintf(to, "DATA = '%s.dat'\nset bars 0.7\nplot NaN", chart->name);
	for (int i = 0; i < chart->series_count; i++)
		plot_marker(to, &chart->series[i], i);
	fputs("\n", to);
}
