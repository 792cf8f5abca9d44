/*
 * timeline_boxes: slices of a timeline as boxes of a picture.
 *
 * A lock that changes hands every few microseconds has hundreds of slices in a pixel. Slices that are no wider than a
 * pixel and stand alone are drawn a pixel wide, so that a short run is seen. A crowd of them becomes columns, two
 * pixels wide, in which heights say which share of that time was spent in which state. So no .dat has more than some
 * thousand lines, and no colour wins because it was drawn last.
 */
#include <math.h>
#include <stdlib.h>

#include <gilbench/util.h>

#include "report/timeline_view.h"

/* So few short slices within a pixel are drawn each; more become a column. */
#define ALONE_MAX 6
/* Width of a column. */
#define COLUMN_PX 2

const enum track_look timeline_look_of[TIMELINE_STATES] = {
	[TIMELINE_RUNNING] = TRACK_RUNS,    [TIMELINE_WANTS] = TRACK_WANTS,
	[TIMELINE_CALL] = TRACK_CALLS,      [TIMELINE_WAITING] = TRACK_WAITS,
	[TIMELINE_SLEEPING] = TRACK_WAITS,  [TIMELINE_HANDING] = TRACK_BETWEEN,
	[TIMELINE_BETWEEN] = TRACK_BETWEEN,
};

double view_ms(const struct view *v, double time_ns)
{
	return (time_ns - (double)v->line->start_ns) / 1e6;
}

static void add_box(struct view *v, struct track_row *row, enum track_look look, double from_ns, double to_ns,
		    double low, double high)
{
	if (row->count % 64 == 0)
		row->box = xrealloc(row->box, row->count + 64, sizeof(*row->box));
	row->box[row->count++] = (struct track_box){view_ms(v, from_ns), view_ms(v, to_ns), low, high, look};
}

/* One slice, at least a pixel wide. */
static void add_slice(struct view *v, struct track_row *row, const struct timeline_slice *s)
{
	double from_ns = fmax((double)s->from_ns, (double)v->from_ns);
	double to_ns = fmin((double)s->to_ns, (double)v->to_ns);
	enum track_look look = timeline_look_of[s->state];
	/* Of these a mark would say nothing. */
	if (look == TRACK_BETWEEN && to_ns - from_ns < v->pixel_ns)
		return;
	add_box(v, row, look, from_ns, fmin(fmax(to_ns, from_ns + v->pixel_ns), (double)v->to_ns), 0,
		track_height(look));
}

/* Time that these slices spend in each look between two moments. */
static void spend(const struct timeline_slice *slice, size_t count, double from_ns, double to_ns,
		  double spent_ns[TRACK_LOOKS])
{
	for (int look = 0; look < TRACK_LOOKS; look++)
		spent_ns[look] = 0;
	for (size_t k = 0; k < count && (double)slice[k].from_ns < to_ns; k++) {
		double length_ns =
			fmin((double)slice[k].to_ns, to_ns) - fmax((double)slice[k].from_ns, from_ns);
		if (length_ns > 0)
			spent_ns[timeline_look_of[slice[k].state]] += length_ns;
	}
}

static void add_column(struct view *v, struct track_row *row, const struct timeline_slice *slice,
		       size_t count, double from_ns, double to_ns)
{
	double spent_ns[TRACK_LOOKS], low = 0;
	spend(slice, count, from_ns, to_ns, spent_ns);
	/* Half a pixel over the next one: no white line shows between them. */
	for (int look = 0; look < TRACK_LOOKS; look++) {
		double high = low + spent_ns[look] / (to_ns - from_ns);
		if (high > low)
			add_box(v, row, look, from_ns, fmax(to_ns, from_ns) + v->pixel_ns / 2, low, high);
		low = high;
	}
}

/* Short slices that follow one another. */
static void add_crowd(struct view *v, struct track_row *row, const struct timeline_slice *slice, size_t count)
{
	if (count == 0)
		return;
	double from_ns = fmax((double)slice[0].from_ns, (double)v->from_ns);
	double length_ns = fmin((double)slice[count - 1].to_ns, (double)v->to_ns) - from_ns;
	double pixels = length_ns / v->pixel_ns;
	if ((double)count <= ALONE_MAX * fmax(pixels, 1)) {
		for (size_t k = 0; k < count; k++)
			add_slice(v, row, &slice[k]);
		return;
	}
	int columns = pixels > COLUMN_PX ? (int)(pixels / COLUMN_PX) : 1;
	size_t first = 0;
	v->has_columns = true;
	for (int c = 0; c < columns; c++) {
		double left_ns = from_ns + length_ns * c / columns;
		double right_ns = from_ns + length_ns * (c + 1) / columns;
		while (first < count && (double)slice[first].to_ns <= left_ns)
			first++;
		add_column(v, row, slice + first, count - first, left_ns, right_ns);
	}
}

static void fill_row(struct view *v, int track)
{
	const struct timeline_track *t = &v->line->track[track];
	struct track_row *row = &v->tracks->row[track];
	size_t crowd = 0; /* short slices before the present one */
	for (size_t k = 0; k < t->count; k++) {
		const struct timeline_slice *s = &t->slice[k];
		bool is_in = s->to_ns > v->from_ns && s->from_ns < v->to_ns;
		bool is_short = (double)(s->to_ns - s->from_ns) < v->pixel_ns;
		bool is_near = crowd == 0 || (double)(s->from_ns - s[-1].to_ns) < v->pixel_ns;
		if (is_in && is_short && is_near) {
			crowd++;
			continue;
		}
		add_crowd(v, row, s - crowd, crowd);
		crowd = is_in && is_short;
		if (is_in && !is_short)
			add_slice(v, row, s);
	}
	add_crowd(v, row, t->slice + t->count - crowd, crowd);
}

void view_fill_boxes(struct view *v, const struct chart *chart)
{
	struct chart_frame frame;
	chart_frame(chart, &frame);
	v->pixel_ns = (double)(v->to_ns - v->from_ns) / (frame.right - frame.left);
	for (int i = 0; i < v->tracks->row_count; i++)
		fill_row(v, i);
}
