/*
 * demo_screen: see demo_screen.h. One row:
 *
 *	 gil     threads + GIL       ########:       |     1.02     0.98 0.97-0.99   1.0
 *	                             bar, 19 cells     seconds, speed-up, its 95 % interval, cores busy
 *
 * A bar is as long as the speed-up; N, the most that N workers could reach, is marked at the same place in
 * every row, and so is the machine's own ceiling.
 */
#include <math.h>
#include <string.h>

#include "cli/demo_screen.h"

/* Cells of a bar, and how many of them stand for N: what is beyond N (measured by chance) still shows. */
#define BAR_CELLS   19
#define CELLS_FOR_N 17

/* The longest UTF-8 text of one cell, and of a bar. */
#define CELL_BYTES 3
#define BAR_BYTES  (BAR_CELLS * CELL_BYTES + 1)

/* What one cell shows: eighths filled from the left, in ASCII all or nothing. */
static const char *cell_text(double fill, bool is_utf8)
{
	static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
	fill = fill < 0 ? 0 : fill > 1 ? 1 : fill;
	if (!is_utf8)
		return fill >= 0.5 ? "#" : " ";
	return eighths[(int)lround(fill * 8)];
}

/* Waits do not need a core: the ceiling is marked where work is computed. */
static void bar_text(const struct demo_screen *s, int panel, double value, char text[BAR_BYTES])
{
	double cells = value * CELLS_FOR_N / s->workers;
	bool has_ceiling = panel == DEMO_COMPUTING && isfinite(s->ceiling);
	int ceiling_cell = has_ceiling ? (int)(s->ceiling * CELLS_FOR_N / s->workers) : -1;
	size_t at = 0;
	for (int i = 0; i < BAR_CELLS; i++) {
		const char *cell = cell_text(cells - i, s->is_utf8);
		if (i == CELLS_FOR_N)
			cell = "|";
		else if (i == ceiling_cell)
			cell = ":";
		memcpy(text + at, cell, strlen(cell));
		at += strlen(cell);
	}
	text[at] = '\0';
}

void screen_print_title(const struct demo_screen *s, int panel, FILE *to)
{
	fprintf(to, "%-48s%7s%9s%10s%6s\n", s->title[panel], "seconds", "speed-up", "95 %", "cores");
}

void screen_print_row(const struct demo_screen *s, int panel, int row, FILE *to)
{
	const struct demo_row *r = &s->row[panel][row];
	char bar[BAR_BYTES], range[24] = "";
	bar_text(s, panel, r->is_here ? r->speedup.mid : 0, bar);
	fprintf(to, " %-7s %-19s %s", r->model, r->legend, bar);
	if (interval_exists(&r->speedup) && r->speedup.lo < r->speedup.hi)
		snprintf(range, sizeof(range), "%.2f-%.2f", r->speedup.lo, r->speedup.hi);
	if (r->is_here)
		fprintf(to, "%7.2f%9.2f %9s%6.1f", r->seconds, r->speedup.mid, range, r->cores);
	else if (r->status != NULL)
		fprintf(to, "  %s", r->status);
	fputc('\n', to);
}

void screen_print(const struct demo_screen *s, FILE *to)
{
	for (int panel = 0; panel < DEMO_PANELS; panel++) {
		screen_print_title(s, panel, to);
		for (int row = 0; row < DEMO_ROWS; row++)
			screen_print_row(s, panel, row, to);
		fputc('\n', to);
	}
	fprintf(to, "Bars: speed-up; | N = %d workers", s->workers);
	if (isfinite(s->ceiling))
		fprintf(to, "; : this machine's ceiling for computing, %.2f", s->ceiling);
	fputc('\n', to);
}
