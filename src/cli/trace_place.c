/*
 * trace_place: a trace lies beside the samples of a run, if its directory holds one, and needs none.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/report.h>
#include <gilbench/session.h>
#include <gilbench/store.h>
#include <gilbench/util.h>

#include "cli/trace_place.h"
#include "report/text.h"

/* "timeline-convoy-py3", "timeline-sleep-1-spin-2-prio-interval-1ms", "timeline-spin-2-threads". */
static char *name_of(const char *preset, const struct cell *cell)
{
	bool is_cast = strpbrk(cell->cast, ":,") != NULL;
	char *what = preset != NULL ? xstrdup(preset)
		     : is_cast      ? xstrdup(cell->cast)
				    : xasprintf("%s %d", cell->cast, cell->workers);
	char *words = xasprintf("timeline %s %s", what, cell->policy[0] != '\0' ? cell->policy : cell->model);
	char *name = text_slug(words);
	free(words);
	free(what);
	return name;
}

static _Noreturn void cannot_write(const char *dir, int error)
{
	errno = 0;
	die_usage("cannot write into %s: %s", dir, strerror(error));
}

void trace_place_make(struct trace_place *place, const char *dir, const char *preset, const struct cell *cell,
		      uint64_t seed)
{
	char *link;
	place->dir = dir != NULL ? xstrdup(dir) : session_standard_dir(seed);
	size_t length = strlen(place->dir);
	while (length > 1 && place->dir[length - 1] == '/')
		place->dir[--length] = '\0';
	int status = run_create(place->dir);
	/* A directory that holds a run is as good as another. */
	if (status == -EEXIST)
		status = access(place->dir, W_OK) == 0 ? 0 : -errno;
	if (status != 0)
		cannot_write(place->dir, -status);
	plots_place(place->dir, &place->plots, &link);
	free(link);
	status = plots_make(place->plots);
	if (status != 0)
		cannot_write(place->plots, -status);
	place->name = name_of(preset, cell);
}

void trace_place_release(struct trace_place *place)
{
	free(place->dir);
	free(place->plots);
	free(place->name);
}
