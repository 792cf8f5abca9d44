/*
 * picture: throughput over workers in characters, for whoever looks before reading: a letter for each model, a column for
 * each number of workers, its row the throughput. Letters of one row stand beside each other, so none hides another.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "predict/parts.h"
#include "report/text.h"

#define PICTURE_LINES 14
/* Above this ratio of the largest to the smallest value the axis is logarithmic. */
#define LOG_ABOVE 8
/* Columns of the picture, of the axis' numbers, and of one number of workers. */
#define PAGE_COLUMNS     100
#define AXIS_COLUMNS     10
#define CELL_COLUMNS_MIN 4
#define CELL_COLUMNS_MAX 8
#define LETTERS          26

struct picture {
	const struct predict_request *request;
	struct curve *curves;
	size_t count;
	double lo, hi; /* of throughput */
	bool is_log;
	int step;    /* of the list of workers, one in so many is shown, its last always */
	int columns; /* of each */
};

static void range_find(struct picture *pic)
{
	pic->lo = INFINITY;
	for (size_t c = 0; c < pic->count; c++)
		for (size_t i = 0; i < pic->curves[c].count; i++) {
			double x = pic->curves[c].first[i].per_s.mid;
			if (!isfinite(x) || !(x > 0))
				continue;
			pic->lo = fmin(pic->lo, x);
			pic->hi = fmax(pic->hi, x);
		}
	pic->is_log = pic->hi > LOG_ABOVE * pic->lo;
	if (!pic->is_log)
		pic->lo = 0;
}

static void columns_choose(struct picture *pic)
{
	int room = PAGE_COLUMNS - AXIS_COLUMNS, letters = pic->count > LETTERS ? LETTERS : (int)pic->count;
	int most = room / CELL_COLUMNS_MIN;
	pic->step = (pic->request->worker_count + most - 1) / most;
	int shown = (pic->request->worker_count + pic->step - 1) / pic->step;
	pic->columns = room / (shown > 0 ? shown : 1);
	pic->columns = pic->columns > CELL_COLUMNS_MAX ? CELL_COLUMNS_MAX : pic->columns;
	pic->columns = pic->columns > letters + 1 ? letters + 1 : pic->columns;
	pic->columns = pic->columns < CELL_COLUMNS_MIN ? CELL_COLUMNS_MIN : pic->columns;
}

/* Is this number of workers a column? Counted from the last one, which is. */
static bool is_column(const struct picture *pic, int index)
{
	return (pic->request->worker_count - 1 - index) % pic->step == 0;
}

/* 0 is the lowest line. */
static int line_of(const struct picture *pic, double x)
{
	double share = pic->is_log ? log(x / pic->lo) / log(pic->hi / pic->lo) : x / pic->hi;
	return (int)lround(share * (PICTURE_LINES - 1));
}

static double value_of(const struct picture *pic, int line)
{
	double share = (double)line / (PICTURE_LINES - 1);
	return pic->is_log ? pic->lo * pow(pic->hi / pic->lo, share) : pic->hi * share;
}

static const struct point *point_at(const struct curve *c, int workers)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->first[i].cell.workers == workers)
			return &c->first[i];
	return NULL;
}

/* The letters of one line and number of workers, behind as many spaces as are due; `+` where they are too many. */
static void print_cell(const struct picture *pic, int line, int workers, int *spaces, FILE *to)
{
	char text[CELL_COLUMNS_MAX];
	int used = 0;
	for (size_t c = 0; c < pic->count && c < LETTERS; c++) {
		const struct point *p = point_at(&pic->curves[c], workers);
		if (p == NULL || !(p->per_s.mid > 0) || line_of(pic, p->per_s.mid) != line)
			continue;
		if (used < pic->columns)
			text[used++] = (char)('a' + c);
		else
			text[used - 1] = '+';
	}
	if (used > 0) {
		fprintf(to, "%*s%.*s", *spaces, "", used, text);
		*spaces = 0;
	}
	*spaces += pic->columns - used;
}

static void print_lines(const struct picture *pic, FILE *to)
{
	for (int line = PICTURE_LINES - 1; line >= 0; line--) {
		bool has_number = line % 3 == 0 || line == PICTURE_LINES - 1;
		int spaces = 0;
		text_put(to, has_number ? text_count(value_of(pic, line)).text : "", AXIS_COLUMNS - 2);
		fputs(" |", to);
		for (int w = 0; w < pic->request->worker_count; w++)
			if (is_column(pic, w))
				print_cell(pic, line, pic->request->workers[w], &spaces, to);
		fputs("\n", to);
	}
}

static void print_axis(const struct picture *pic, FILE *to)
{
	fprintf(to, "%*s+", AXIS_COLUMNS - 1, "");
	for (int w = 0; w < pic->request->worker_count; w++)
		for (int i = 0; is_column(pic, w) && i < pic->columns; i++)
			putc('-', to);
	fprintf(to, "\n%*s", AXIS_COLUMNS, "workers ");
	for (int w = 0, spaces = 0; w < pic->request->worker_count; w++)
		if (is_column(pic, w))
			spaces = pic->columns - fprintf(to, "%*s%d", spaces, "", pic->request->workers[w]) +
				 spaces;
	fputs("\n", to);
}

static void print_legend(const struct picture *pic, const struct prediction *p, FILE *to)
{
	fprintf(to, "%*s", AXIS_COLUMNS, "");
	for (size_t c = 0; c < pic->count && c < LETTERS; c++) {
		char *name = point_name(p, pic->curves[c].first);
		fprintf(to, "%s%c %s", c > 0 ? "   " : "", (int)('a' + c), name);
		if (point_is_assumed(p, pic->curves[c].first))
			fprintf(to, " (× %g assumed)", p->request->costs.free_factor);
		free(name);
	}
	fputs("\n", to);
}

void picture_print(const struct prediction *p, FILE *to)
{
	struct picture pic = {.request = p->request};
	pic.count = curves_of(p, &pic.curves);
	range_find(&pic);
	/* One number of workers, or nothing that gets on, is no picture. */
	if (pic.count > 0 && p->request->worker_count > 1 && pic.hi > 0) {
		columns_choose(&pic);
		fprintf(to, "\n%*s  operations per second%s\n", AXIS_COLUMNS - 1, "",
			pic.is_log ? ", each step of a line by the same factor" : "");
		print_lines(&pic, to);
		print_axis(&pic, to);
		print_legend(&pic, p, to);
	}
	free(pic.curves);
}
