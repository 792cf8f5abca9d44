/*
 * chart_gp: a chart's two text files. NAME.dat holds the numbers, one block per series, NAME.gp everything
 * else; `gnuplot NAME.gp` in their folder draws NAME.png and NAME.svg again, on any machine, without us.
 *
 * All text is single-quoted with enhanced mode off, so that a question with a backquote, an underscore or a
 * quote is printed and never interpreted.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/chart_gp.h"
#include "report/chart_px.h"
#include "report/text.h"

char *gp_quote(const char *text)
{
	char *line = text_one_line(text);
	char *out = xcalloc(2 * strlen(line) + 3, 1);
	char *to = out;
	*to++ = '\'';
	for (const char *c = line; *c != '\0'; c++) {
		*to++ = *c;
		if (*c == '\'')
			*to++ = '\'';
	}
	*to = '\'';
	free(line);
	return out;
}

void gp_screen(FILE *to, double x_px, double y_px)
{
	fprintf(to, "screen %.5f, screen %.5f", x_px / PICTURE_WIDTH_PX, 1 - y_px / PICTURE_HEIGHT_PX);
}

void gp_label(FILE *to, const char *text, double x_px, double y_px, const char *where, int size_px,
	      const char *colour)
{
	char *quoted = gp_quote(text);
	fprintf(to, "set label %s at ", quoted);
	gp_screen(to, x_px, y_px);
	fprintf(to, " %s font ',%d' textcolor rgb '%s' front\n", where, size_px, colour);
	free(quoted);
}

/* Lines of text from the left edge; returns the y below the last. */
static double label_lines(FILE *to, const char *text, double y_px, double line_px, int size_px,
			  const char *colour)
{
	char *copy = xstrdup(text), *rest = copy, *line;
	while ((line = strsep(&rest, "\n")) != NULL && *copy != '\0') {
		gp_label(to, line, EDGE_PX, y_px + line_px / 2, "left", size_px, colour);
		y_px += line_px;
	}
	free(copy);
	return y_px;
}

static int count_lines(const char *text)
{
	int lines = *text != '\0';
	for (; *text != '\0'; text++)
		lines += *text == '\n';
	return lines;
}

static void gp_words(FILE *to, const struct chart *chart)
{
	double y = label_lines(to, chart->title, HEAD_PX, TITLE_LINE_PX, TITLE_PX, "#000000");
	label_lines(to, chart->subtitle, y, SUBTITLE_LINE_PX, SUBTITLE_PX, "#1a1a1a");
	y = PICTURE_HEIGHT_PX - EDGE_PX / 2 - count_lines(chart->footer) * FOOTER_LINE_PX;
	label_lines(to, chart->footer, y, FOOTER_LINE_PX, FOOTER_PX, "#595959");
}

void gp_log_ticks(FILE *to, char axis, double lo, double hi)
{
	/* Above three decades 2 and 5 would crowd the axis. */
	bool has_steps = hi / lo <= 1000;
	bool is_first = true;
	fprintf(to, "set logscale %c 10\nset %ctics (", axis, axis);
	for (double v = has_steps ? lo : step_125(lo, false); v <= hi * 1.001; v = step_125(v * 1.5, true)) {
		double power = log10(v);
		if (!has_steps && fabs(power - round(power)) > 1e-6)
			continue;
		/* Four digits are as many as the axis has room for. */
		bool is_large = v > 9999;
		fprintf(to, "%s'%g%s' %.9g", is_first ? "" : ", ", is_large ? v / 1000 : v,
			is_large ? " k" : "", v);
		is_first = false;
	}
	fputs(")\n", to);
}

void gp_begin(FILE *to, const struct chart *chart, const struct chart_frame *f)
{
	fprintf(to,
		"# Draws %s.png and %s.svg from %s.dat: gnuplot %s.gp\n"
		"set encoding utf8\n"
		"# 0.75: pngcairo counts points of 1/96 inch, so that sizes below are pixels in both "
		"pictures.\n"
		"set terminal pngcairo noenhanced size %.0f,%.0f fontscale 0.75 font 'DejaVu Sans,%d' "
		"background rgb 'white'\n"
		"set output '%s.png'\n"
		"set datafile missing '-'\n"
		"set key off\n",
		chart->name, chart->name, chart->name, chart->name, PICTURE_WIDTH_PX, PICTURE_HEIGHT_PX,
		AXIS_PX, chart->name);
	gp_words(to, chart);
	fprintf(to, "set lmargin at screen %.5f\nset rmargin at screen %.5f\n", f->left / PICTURE_WIDTH_PX,
		f->right / PICTURE_WIDTH_PX);
	fprintf(to, "set tmargin at screen %.5f\nset bmargin at screen %.5f\n",
		1 - f->top / PICTURE_HEIGHT_PX, 1 - f->bottom / PICTURE_HEIGHT_PX);
	fprintf(to, "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n", f->x_lo, f->x_hi, f->y_lo, f->y_hi);
	fprintf(to,
		"set border 3 linecolor rgb '#595959'\n"
		"set tics nomirror scale 0.6 textcolor rgb '#262626' font ',%d'\n",
		AXIS_PX);
}

/* The same picture as SVG. Its font is the one that every viewer has; its size is a third of the axes', because
 * svg makes markers as large as its font, while every text here says its own size. The axis' numbers are moved
 * back to where the larger font would have put them. */
static void gp_end(FILE *to, const struct chart *chart)
{
	fprintf(to,
		"set terminal svg noenhanced size %.0f,%.0f dynamic font 'sans-serif,%d' background "
		"'#ffffff'\n"
		"set xtics offset 0, screen -0.012\n"
		"set output '%s.svg'\nreplot\n",
		PICTURE_WIDTH_PX, PICTURE_HEIGHT_PX, AXIS_PX / 3, chart->name);
}

static void dat_number(FILE *to, double value)
{
	if (isfinite(value))
		fprintf(to, " %.9g", value);
	else
		fputs(" NaN", to);
}

static void dat_series(FILE *to, const struct chart *chart)
{
	for (int i = 0; i < chart->series_count; i++) {
		const struct chart_series *s = &chart->series[i];
		fprintf(to, "# %d: %s\n", i, s->name);
		for (int k = 0; k < s->count; k++) {
			fprintf(to, "%.9g", s->point[k].x);
			dat_number(to, s->point[k].y.mid);
			dat_number(to, s->point[k].y.lo);
			dat_number(to, s->point[k].y.hi);
			fprintf(to, " %d", s->point[k].is_few);
			if (chart->layout == LAYOUT_SCATTER) {
				dat_number(to, s->point[k].x_lo);
				dat_number(to, s->point[k].x_hi);
			}
			fputs("\n", to);
		}
		fputs("\n\n", to);
	}
}

static void dat_references(FILE *to, const struct chart *chart)
{
	for (int i = 0; i < chart->reference_count; i++) {
		const struct chart_reference *r = &chart->reference[i];
		fprintf(to, "# %d: %s\n", chart->series_count + i, r->name);
		for (int k = 0; k < r->count; k++)
			fprintf(to, "%.9g %.9g\n", r->x[k], r->y[k]);
		fputs("\n\n", to);
	}
}

static char *dat_text(const struct chart *chart)
{
	char *text = NULL, *title = text_one_line(chart->title);
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	if (chart->layout == LAYOUT_TRACKS) {
		fprintf(to, "# %s\n# from, to (ms); foot, head (tracks from 0 downwards)\n", title);
		dat_tracks(to, chart->tracks);
	} else if (chart->layout == LAYOUT_MAP) {
		fprintf(to,
			"# %s\n# column, row (from 0), %s, %s, lead (1: none), tie (1: yes), real cores "
			"(1: the same, 2: another), who, by how much\n",
			title, chart->x_label, chart->y_label);
		dat_map(to, chart->map);
	} else {
		fprintf(to, "# %s\n# x, value, 95 %% low, 95 %% high, few samples (1: yes)%s; axes: %s; %s\n",
			title, chart->layout == LAYOUT_SCATTER ? ", 95 % low and high of x" : "",
			chart->x_label, chart->y_label);
		dat_series(to, chart);
		dat_references(to, chart);
	}
	fclose(to);
	free(title);
	return text;
}

static char *gp_text(const struct chart *chart)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	struct chart_frame frame;
	chart_frame(chart, &frame);
	gp_begin(to, chart, &frame);
	if (chart->layout == LAYOUT_LINES)
		gp_lines(to, chart, &frame);
	else if (chart->layout == LAYOUT_SCATTER)
		gp_scatter(to, chart, &frame);
	else if (chart->layout == LAYOUT_TRACKS)
		gp_tracks(to, chart, &frame);
	else if (chart->layout == LAYOUT_MAP)
		gp_map(to, chart, &frame);
	else
		gp_rows(to, chart, &frame);
	gp_end(to, chart);
	fclose(to);
	return text;
}

/* 0 when the file holds just this already, 1 when it was written, or -errno: a full disk shows at the latest
 * when the file is closed. Frees the text. */
static int file_renew(const struct chart *chart, const char *dir, const char *ending, char *text)
{
	char *path = xasprintf("%s/%s.%s", dir, chart->name, ending), *old = read_file(path, NULL);
	int status = old == NULL || strcmp(old, text) != 0;
	FILE *file = status == 0 ? NULL : fopen(path, "w");
	if (status != 0 && file == NULL)
		status = -errno;
	if (file != NULL && fputs(text, file) < 0)
		status = -EIO;
	if (file != NULL && fclose(file) != 0)
		status = -errno;
	free(path);
	free(old);
	free(text);
	return status;
}

int chart_write(struct chart *chart, const char *dir)
{
	int dat = file_renew(chart, dir, "dat", dat_text(chart));
	int gp = dat < 0 ? 0 : file_renew(chart, dir, "gp", gp_text(chart));
	chart->is_drawn = dat == 0 && gp == 0 && chart_has_picture(chart, dir);
	return dat < 0 ? dat : gp < 0 ? gp : 0;
}

void chart_release(struct chart *chart)
{
	free(chart->name);
	free(chart->title);
	free(chart->subtitle);
	free(chart->x_label);
	free(chart->y_label);
	free(chart->footer);
	free(chart->key);
	free(chart->said);
	free(chart->series);
	free(chart->alt);
	if (chart->tracks != NULL)
		tracks_release(chart->tracks);
	if (chart->map != NULL)
		map_release(chart->map);
	*chart = (struct chart){0};
}
