/*
 * look: the tables of colours and markers, so that a model looks the same in every chart of every run, and so does
 * a policy where several are compared. No policy has both the colour and the marker of a model, but the default one,
 * which is what the model stands for.
 *
 * Colours are those of Okabe and Ito ("Color Universal Design", 2008), told apart with every common kind of
 * colour blindness; what lives in virtual time only adds three of Paul Tol's "muted" (2021), made for the same. Shapes
 * of one kind (gil*2, gil*4) share a look: their names tell them apart. Black and white readers have the marker's shape and the name at the line's end; all lines
 * are solid, since dashes mean "not measured here".
 */
#include <string.h>

#include "report/look.h"

static const struct look looks[] = {
	{"seq", "one after the other", "#000000", 15, 14},
	{"gil", "threads + GIL", "#d55e00", 7, 6},
	{"threads", "threads, no lock", "#0072b2", 5, 4},
	{"fork", "processes", "#009e73", 9, 8},
	{"uv", "event loop", "#cc79a7", 13, 12},
	{"uv-pool", "event loop + pool", "#e69f00", 11, 10},
	{"gil*", "several × threads + GIL", "#882255", 5, 4},
	{"interp", "threads + GIL each", "#999933", 9, 8},
	{"free", "threads, no GIL", "#56b4e9", 13, 12},
	{"uv*", "several × event loop", "#332288", 11, 10},
	{NULL, NULL, "#595959", 7, 6},
};

static const struct look policies[] = {
	{"py3", NULL, "#d55e00", 7, 6},    {"py2", NULL, "#0072b2", 9, 8},    {"fifo", NULL, "#009e73", 5, 4},
	{"prio", NULL, "#cc79a7", 11, 10}, {"ruby", NULL, "#000000", 13, 12}, {NULL, NULL, "#595959", 15, 14},
};

/* The row whose name is the first `length` characters of `name`, else the last one. */
static const struct look *find(const struct look *table, const char *name, size_t length)
{
	while (table->model != NULL &&
	       (strncmp(table->model, name, length) != 0 || table->model[length] != '\0'))
		table++;
	return table;
}

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
	const char *star = strchr(model, '*');
	return find(looks, model, star != NULL ? (size_t)(star - model) + 1 : strlen(model));
}

const struct look *look_of_policy(const char *policy)
{
	return find(policies, policy, strcspn(policy, ","));
}
