/*
 * chart_tracks: D. Beazley's picture of the GIL: time from left to right, a track per thread, colours for what it does.
 *
 * Colours are Okabe and Ito's; heights tell the looks apart without colour: who runs is tall, who is in a native call
 * a little less and pale, who wants the lock is half as tall, who waits is a line. At the right edge stand shares of
 * the whole time, of which the picture shows a part.
 */
#include <math.h>
#include <stdlib.h>

#include <gilbench/util.h>

#include "report/chart_gp.h"
#include "report/chart_px.h"
#include "report/text.h"

/* Foot and head of the boxes in a row of height 1, counted downwards. */
#define ROW_FOOT 0.94
#define ROW_ROOM 0.86

/* Below the words at the top: the line with the legend, and with what the shares are of. */
#define SHARES_HEAD_PX 22

static const struct {
	const char *colour, *column; /* what heads its column of shares */
	double height;
} looks[TRACK_LOOKS] = {
	[TRACK_RUNS] = {"#009e73", "runs", 1.0},    [TRACK_CALLS] = {"#56b4e9", "calls", 0.78},
	[TRACK_WANTS] = {"#d55e00", "wants", 0.45}, [TRACK_BETWEEN] = {"#cc79a7", "between", 0.28},
	[TRACK_WAITS] = {"#999999", "waits", 0.1},
};

/* Later ones lie over earlier ones: a short run between long waits must be seen. */
static const enum track_look drawing_order[TRACK_LOOKS] = {TRACK_WAITS, TRACK_BETWEEN, TRACK_CALLS,
							   TRACK_WANTS, TRACK_RUNS};

double track_height(enum track_look look)
{
	return looks[look].height;
}

/* Room for its heading, or for "<0.1 %", and a gap. */
static double column_px(enum track_look look)
{
	return fmax((double)text_length(looks[look].column), 6) * NAME_PX * CHARACTER_EM + SHARE_GAP_PX;
}

double tracks_shares_px(const struct chart_tracks *tracks)
{
	double px = 0;
	for (int look = 0; look < TRACK_LOOKS; look++)
		px += tracks->is_used[look] ? column_px(look) : 0;
	return px;
}

void tracks_release(struct chart_tracks *tracks)
{
	for (int r = 0; r < tracks->row_count; r++)
		free(tracks->row[r].box);
	free(tracks);
}

static double row_y(int row, double height)
{
	return row + ROW_FOOT - ROW_ROOM * height;
}

/* ---- the numbers ---- */

void dat_tracks(FILE *to, const struct chart_tracks *tracks)
{
	for (int i = 0; i < TRACK_LOOKS; i++) {
		enum track_look look = drawing_order[i];
		if (!tracks->is_used[look])
			continue;
		fprintf(to, "# %s\n", tracks->word[look]);
		for (int r = 0; r < tracks->row_count; r++)
			for (size_t k = 0; k < tracks->row[r].count; k++) {
				const struct track_box *b = &tracks->row[r].box[k];
				if (b->look == look)
					fprintf(to, "%.4f %.4f %.3f %.3f\n", b->from_ms, b->to_ms,
						row_y(r, b->low), row_y(r, b->high));
			}
		/* Without a line gnuplot would not count the block. */
		fputs("NaN NaN NaN NaN\n\n\n", to);
	}
}

/* ---- around the tracks ---- */

/* A box as the tracks have them, its middle at this pixel's height. */
static void swatch(FILE *to, enum track_look look, double left_px, double middle_px)
{
	double height_px = fmax(SWATCH_PX * looks[look].height, 3), foot_px = middle_px + SWATCH_PX / 2;
	fputs("set object rectangle from ", to);
	gp_screen(to, left_px, foot_px - height_px);
	fputs(" to ", to);
	gp_screen(to, left_px + SWATCH_PX * 1.3, foot_px);
	fprintf(to, " fillcolor rgb '%s' fillstyle solid 1 noborder\n", looks[look].colour);
}

static void legend(FILE *to, const struct chart_tracks *tracks, double left_px, double middle_px)
{
	for (int look = 0; look < TRACK_LOOKS; look++) {
		if (!tracks->is_used[look])
			continue;
		swatch(to, look, left_px, middle_px);
		left_px += SWATCH_PX * 1.3 + 10;
		gp_label(to, tracks->word[look], left_px, middle_px, "left", NAME_PX, "#000000");
		left_px += (double)text_length(tracks->word[look]) * NAME_PX * CHARACTER_EM + 26;
	}
}

/* Two digits are what a glance takes in; a share that is there is never 0. */
static const char *share_text(double share, char *text, size_t bytes)
{
	double percent = 100 * share;
	if (percent > 0 && percent < 0.05)
		return "<0.1 %";
	snprintf(text, bytes, percent >= 9.95 || percent <= 0 ? "%.0f %%" : "%.1f %%", percent);
	return text;
}

static void shares(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	const struct chart_tracks *tracks = chart->tracks;
	char text[32], whole[NUMBER_TEXT_BYTES + 16];
	double right_px = f->right;
	snprintf(whole, sizeof(whole), "of all %s:", text_seconds(tracks->whole_ms / 1e3).text);
	gp_label(to, whole, PICTURE_WIDTH_PX - EDGE_PX, f->top - TRACK_HEAD_PX + SHARES_HEAD_PX, "right",
		 NAME_PX, "#262626");
	for (int look = 0; look < TRACK_LOOKS; look++) {
		if (!tracks->is_used[look])
			continue;
		right_px += column_px(look);
		gp_label(to, looks[look].column, right_px, f->top - 18, "right", NAME_PX, "#000000");
		for (int r = 0; r < tracks->row_count; r++)
			gp_label(to, share_text(tracks->row[r].share[look], text, sizeof(text)), right_px,
				 frame_y(chart, f, r + 0.5), "right", NAME_PX, "#000000");
	}
}

static void rows(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	fputs("set border 1 linecolor rgb '#595959'\nunset ytics\n"
	      "set grid xtics linetype 1 linecolor rgb '#dcdcdc' linewidth 1\n",
	      to);
	for (int r = 0; r < chart->tracks->row_count; r++) {
		gp_label(to, chart->tracks->row[r].name, f->left - 14, frame_y(chart, f, r + 0.5), "right",
			 NAME_PX, "#000000");
		fprintf(to,
			"set arrow from graph 0, first %d to graph 1, first %d nohead linecolor rgb "
			"'#dcdcdc' "
			"linewidth 1\n",
			r, r);
	}
	gp_label(to, chart->x_label, (f->left + f->right) / 2, f->bottom + 62, "center", AXIS_PX, "#262626");
}

/* White below words that may lie over a box. */
static void paper(FILE *to, double left_px, double top_px, double width_px)
{
	fputs("set object rectangle from ", to);
	gp_screen(to, left_px, top_px);
	fputs(" to ", to);
	gp_screen(to, left_px + width_px, top_px + NAME_PX * 1.2);
	fputs(" front fillcolor rgb '#ffffff' fillstyle solid 1 noborder\n", to);
}

/* Its length in words above the wait, between two marks; the words stay inside the plot. */
static void labelled_wait(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	const struct chart_tracks *t = chart->tracks;
	if (t->wait_row < 0)
		return;
	double y = row_y(t->wait_row, looks[TRACK_WANTS].height + 0.09);
	double half_px = (double)text_length(t->wait_text) * NAME_PX * CHARACTER_EM / 2;
	double middle_px = (frame_x(chart, f, t->wait_from_ms) + frame_x(chart, f, t->wait_to_ms)) / 2;
	middle_px = fmin(fmax(middle_px, f->left + half_px), f->right - half_px);
	fprintf(to,
		"set arrow from %.5f, %.3f to %.5f, %.3f heads size screen 0.006,90 linecolor rgb '#000000' "
		"linewidth 2 front\n",
		t->wait_from_ms, y, t->wait_to_ms, y);
	paper(to, middle_px - half_px, frame_y(chart, f, y) - NAME_PX * 1.4, 2 * half_px);
	gp_label(to, t->wait_text, middle_px, frame_y(chart, f, y) - NAME_PX * 0.8, "center", NAME_PX,
		 "#000000");
}

void gp_tracks(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	const struct chart_tracks *tracks = chart->tracks;
	rows(to, chart, f);
	legend(to, tracks, EDGE_PX, f->top - TRACK_HEAD_PX + SHARES_HEAD_PX);
	shares(to, chart, f);
	labelled_wait(to, chart, f);
	fprintf(to, "set style fill solid 1 noborder\nDATA = '%s.dat'\nplot NaN", chart->name);
	for (int i = 0, block = 0; i < TRACK_LOOKS; i++) {
		enum track_look look = drawing_order[i];
		if (tracks->is_used[look])
			fprintf(to,
				", \\\n  DATA index %d using 1:3:1:2:3:4 with boxxyerror linecolor rgb '%s'",
				block++, looks[look].colour);
	}
	fputs("\n", to);
}
