/*
 * look: the one table of colours and markers, so that a model looks the same in every chart of every run.
 *
 * Colours are those of Okabe and Ito ("Color Universal Design", 2008), told apart with every common kind of
 * colour blindness. Black and white readers have the marker's shape and the name at the line's end; all lines
 * are solid, since dashes mean "not measured here".
 */
#include <string.h>

#include <gilbench/util.h>

#include "report/look.h"

static const struct look looks[] = {
	{"seq", "one after the other", "#000000", 15, 14},
	{"gil", "threads + GIL", "#d55e00", 7, 6},
	{"threads", "threads, no lock", "#0072b2", 5, 4},
	{"fork", "processes", "#009e73", 9, 8},
	{"uv", "event loop", "#cc79a7", 13, 12},
	{"uv-pool", "event loop + pool", "#e69f00", 11, 10},
	{NULL, NULL, "#595959", 7, 6},
};

/* A side is a colour, a line of it a marker's shape. */
#define SIDES 5
#define LINES 2

static const struct look sides[SIDES][LINES] = {
	{{NULL, NULL, "#d55e00", 7, 6}, {NULL, NULL, "#e69f00", 5, 4}},
	{{NULL, NULL, "#0072b2", 7, 6}, {NULL, NULL, "#56b4e9", 5, 4}},
	{{NULL, NULL, "#009e73", 7, 6}, {NULL, NULL, "#44aa99", 5, 4}},
	{{NULL, NULL, "#cc79a7", 7, 6}, {NULL, NULL, "#aa4499", 5, 4}},
	[LOOK_OTHER] = {{NULL, NULL, "#000000", 7, 6}, {NULL, NULL, "#595959", 5, 4}},
};

const struct look *look_side(int side, int line)
{
	return &sides[side < SIDES ? side : LOOK_OTHER][line < LINES ? line : LINES - 1];
}

const struct look *look_find(const char *model)
{
	size_t i = 0;
	while (looks[i].model != NULL && strcmp(looks[i].model, model) != 0)
		i++;
	return &looks[i];
}
