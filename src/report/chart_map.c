/*
 * chart_map: see chart_map.h. Boxes are as wide as their column, whatever lies between two values: both axes are lists
 * of what was asked. Each box says in words what its colour says, so that no reader depends on colours: the model, and
 * below it by how much it is ahead. A tie is hatched on white; what was measured on real cores, too, has a frame, which is
 * broken where they have another ahead.
 *
 * All that differs between boxes is in the .dat: the .gp draws any other numbers as well.
 */
#include <math.h>
#include <stdlib.h>

#include <gilbench/util.h>

#include "report/chart_gp.h"
#include "report/chart_map.h"
#include "report/chart_px.h"
#include "report/text.h"

/* Between two boxes, in boxes. */
#define GUTTER 0.03
/* A legend's line, and the gap between two of its entries. */
#define LEGEND_LINE_PX 36.0
#define LEGEND_GAP_PX  30.0
/* How much of the colour a box has: black words must be read on it. */
#define BOX_FILL 0.5
/* gnuplot's slanted lines. */
#define HATCH 5

static const struct {
	enum map_frame frame;
	int dashes; /* gnuplot's */
	const char *words;
} frames[] = {{FRAME_AGREES, 1, "measured on real cores, too"},
	      {FRAME_DIFFERS, 3, "measured: there another is ahead"}};

void map_release(struct chart_map *map)
{
	free(map->box);
	free(map);
}

/* ---- the numbers ---- */

void dat_map(FILE *to, const struct chart_map *map)
{
	for (int i = 0; i < map->look_count; i++) {
		fprintf(to, "# %d: %s\n", i, map->look[i].words);
		for (size_t k = 0; k < map->count; k++) {
			const struct map_box *b = &map->box[k];
			if (b->look != i)
				continue;
			fprintf(to, "%d %d %.9g %.9g ", b->column, b->row, map->x[b->column], map->y[b->row]);
			if (isfinite(b->lead))
				fprintf(to, "%.6g", b->lead);
			else
				fputs("NaN", to);
			fprintf(to, " %d %d \"%s\" \"%s\"\n", b->is_tie, (int)b->frame, b->name, b->margin);
		}
		/* Without a line gnuplot would not count the block. */
		fputs("NaN NaN NaN NaN NaN 0 0 \"\" \"\"\n\n\n", to);
	}
}

/* ---- the legend ---- */

/* Where the next entry goes; a line that has no room for it is broken. */
struct pen {
	double x_px, y_px;
};

static void pen_make_room(struct pen *pen, double width_px)
{
	if (pen->x_px > EDGE_PX && pen->x_px + width_px > PICTURE_WIDTH_PX - EDGE_PX) {
		pen->x_px = EDGE_PX;
		pen->y_px += LEGEND_LINE_PX;
	}
}

static double words_px(const char *words)
{
	return (double)text_length(words) * NAME_PX * CHARACTER_EM;
}

/* One entry: a box that looks so, and words. Without a file only the room is taken. */
static void entry(FILE *to, struct pen *pen, const char *style, const char *words)
{
	double swatch_px = SWATCH_PX * 1.3, width_px = swatch_px + 10 + words_px(words);
	pen_make_room(pen, width_px);
	if (to != NULL) {
		fputs("set object rectangle from ", to);
		gp_screen(to, pen->x_px, pen->y_px - SWATCH_PX / 2);
		fputs(" to ", to);
		gp_screen(to, pen->x_px + swatch_px, pen->y_px + SWATCH_PX / 2);
		fprintf(to, " %s\n", style);
		gp_label(to, words, pen->x_px + swatch_px + 10, pen->y_px, "left", NAME_PX, "#000000");
	}
	pen->x_px += width_px + LEGEND_GAP_PX;
}

static void legend(FILE *to, const struct chart_map *map, struct pen *pen)
{
	for (int i = 0; i < map->look_count; i++) {
		char *style = xasprintf("fillcolor rgb '%s' fillstyle solid %g noborder",
					map->look[i].look->colour, BOX_FILL);
		entry(to, pen, style, map->look[i].words);
		free(style);
	}
	if (map->has_ties) {
		char *style = xasprintf("fillcolor rgb '#595959' fillstyle pattern %d noborder", HATCH);
		entry(to, pen, style, "a tie: the simplest is named");
		free(style);
	}
	for (int i = 0; i < (int)ARRAY_LEN(frames); i++) {
		char *style =
			xasprintf("fillstyle empty border linecolor rgb '#000000' linewidth 4 dashtype %d",
				  frames[i].dashes);
		if (map->has_frame[frames[i].frame])
			entry(to, pen, style, frames[i].words);
		free(style);
	}
}

double map_legend_px(const struct chart_map *map)
{
	struct pen pen = {EDGE_PX, LEGEND_LINE_PX};
	legend(NULL, map, &pen);
	return pen.y_px + LEGEND_LINE_PX / 2;
}

/* ---- the map ---- */

static void axis_ticks(FILE *to, char axis, const double *values, int count)
{
	fprintf(to, "set %ctics (", axis);
	for (int i = 0; i < count; i++)
		fprintf(to, "%s'%.4g' %d", i > 0 ? ", " : "", values[i], i);
	fputs(")\n", to);
}

/* The longest words decide, so that all boxes have one size of text; never larger than what names have. */
static int text_px(const struct chart_map *map, const struct chart_frame *f)
{
	size_t longest = 1;
	for (size_t i = 0; i < map->count; i++) {
		size_t name = text_length(map->box[i].name), margin = text_length(map->box[i].margin);
		longest = name > longest ? name : longest;
		longest = margin > longest ? margin : longest;
	}
	double wide = (f->right - f->left) / map->columns * 0.94 / ((double)longest * CHARACTER_EM);
	double tall = (f->bottom - f->top) / map->rows * 0.8 / 2.4;
	return (int)fmax(fmin(fmin(wide, tall), NAME_PX), 1);
}

/* Boxes of one kind of model: sure ones in its colour, ties hatched. */
static void plot_boxes(FILE *to, const struct map_look *look, int i)
{
	fprintf(to,
		", \\\n  DATA index %d using 1:($6==0?$2:1/0):($1-H):($1+H):($2-H):($2+H) with boxxyerror "
		"linecolor rgb '%s' fillstyle solid %g noborder",
		i, look->look->colour, BOX_FILL);
	fprintf(to,
		", \\\n  DATA index %d using 1:($6==1?$2:1/0):($1-H):($1+H):($2-H):($2+H) with boxxyerror "
		"linecolor rgb '%s' fillstyle pattern %d border linecolor rgb '%s'",
		i, look->look->colour, HATCH, look->look->colour);
}

/* White below words that lie over a hatch. `column` of the .dat, `up` boxes above the middle. */
static void plot_paper(FILE *to, int i, int column, const char *up)
{
	fprintf(to,
		", \\\n  DATA index %d using 1:($6==1?$2:1/0):($1-W*strlen(strcol(%d))):"
		"($1+W*strlen(strcol(%d))):($2+%s-T):($2+%s+T) with boxxyerror linecolor rgb '#ffffff' "
		"fillstyle solid 1 noborder",
		i, column, column, up, up);
}

static void plot_words(FILE *to, int i, int px)
{
	fprintf(to,
		", \\\n  DATA index %d using 1:($2+UP):8 with labels center font ',%d' textcolor rgb "
		"'#000000'"
		", \\\n  DATA index %d using 1:($2-UP):9 with labels center font ',%d' textcolor rgb "
		"'#000000'",
		i, px, i, px);
}

static void plot_frames(FILE *to, const struct chart_map *map, int i)
{
	for (int k = 0; k < (int)ARRAY_LEN(frames); k++)
		if (map->has_frame[frames[k].frame])
			fprintf(to,
				", \\\n  DATA index %d using 1:($7==%d?$2:1/0):($1-H):($1+H):($2-H):($2+H) "
				"with "
				"boxxyerror linecolor rgb '#000000' linewidth 4 dashtype %d fillstyle empty "
				"border linecolor rgb '#000000'",
				i, (int)frames[k].frame, frames[k].dashes);
}

/* Half a box; half of a character's width, half of a line's height, and how far lines are from the middle, in boxes. */
static void measures(FILE *to, const struct chart_map *map, const struct chart_frame *f, int px)
{
	double column_px = (f->right - f->left) / map->columns, row_px = (f->bottom - f->top) / map->rows;
	fprintf(to, "H = %.4f\nW = %.5f\nT = %.5f\nUP = %.5f\n", 0.5 - GUTTER,
		px * CHARACTER_EM / 2 / column_px, px * 0.62 / row_px, px * 0.62 / row_px);
}

void gp_map(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	const struct chart_map *map = chart->map;
	struct pen pen = {EDGE_PX, f->top - map_legend_px(map) + LEGEND_LINE_PX / 2};
	int px = text_px(map, f);
	axis_ticks(to, 'x', map->x, map->columns);
	axis_ticks(to, 'y', map->y, map->rows);
	gp_axis_names(to, chart, f);
	legend(to, map, &pen);
	measures(to, map, f, px);
	fprintf(to, "DATA = '%s.dat'\nplot NaN", chart->name);
	for (int i = 0; i < map->look_count; i++)
		plot_boxes(to, &map->look[i], i);
	for (int i = 0; map->has_ties && i < map->look_count; i++) {
		plot_paper(to, i, 8, "UP");
		plot_paper(to, i, 9, "(-UP)");
	}
	for (int i = 0; i < map->look_count; i++)
		plot_words(to, i, px);
	for (int i = 0; i < map->look_count; i++)
		plot_frames(to, map, i);
	fputs("\n", to);
}
