/*
 * shapes: what a model is when it is deployed, and which of two is simpler.
 *
 * Simpler has fewer processes, then fewer tasks, and among equals is the simpler model (virtual_models.h).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual_models.h>

#include "predict/parts.h"

/* %P: processes, %T: tasks of each, %M: most tasks of one, %N: all tasks, %s: the plural of tasks of each. */
static const struct shape {
	const char *base; /* the model without its *P */
	bool has_several; /* of it: P processes */
	enum deploy deploy;
	const char *what, *command;
} shapes[] = {
	{"seq", false, DEPLOY_TODAY, "one process that does one after the other", "gunicorn --workers 1"},
	{"uv", false, DEPLOY_TODAY, "one event loop", "uvicorn --workers 1"},
	{"gil", false, DEPLOY_TODAY, "one process of %T thread%s", "gunicorn --workers 1 --threads %M"},
	{"uv-pool", false, DEPLOY_TODAY, "one event loop with a pool of %T thread%s", ""},
	{"uv", true, DEPLOY_TODAY, "%P processes of an event loop each", "uvicorn --workers %P"},
	{"gil", true, DEPLOY_TODAY, "%P processes of %T thread%s", "gunicorn --workers %P --threads %M"},
	{"fork", false, DEPLOY_TODAY, "%N process%e", "gunicorn --workers %N"},
	{"interp", false, DEPLOY_NEW_PYTHON, "one process of %T interpreter%s", ""},
	{"free", false, DEPLOY_NEW_PYTHON, "one process of %T free thread%s", ""},
	{"threads", false, DEPLOY_NEVER, "one process of %T thread%s in C", ""},
};

static const struct shape *shape_find(const char *model)
{
	size_t length = strcspn(model, "*");
	bool has_several = model[length] == '*';
	size_t i = 0;
	while (i + 1 < ARRAY_LEN(shapes) &&
	       (strlen(shapes[i].base) != length || strncmp(shapes[i].base, model, length) != 0 ||
		shapes[i].has_several != has_several))
		i++;
	return &shapes[i];
}

enum deploy model_deploy(const char *model)
{
	return shape_find(model)->deploy;
}

static void put_tasks(FILE *to, const struct point *p)
{
	int least = p->cell.workers / p->processes, rest = p->cell.workers % p->processes;
	if (rest == 0)
		fprintf(to, "%d", least);
	else
		fprintf(to, "%d or %d", least, least + 1);
}

static char *fill(const char *pattern, const struct point *p)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	if (to == NULL)
		die("open_memstream");
	int most = (p->cell.workers + p->processes - 1) / p->processes;
	for (const char *c = pattern; *c != '\0'; c++) {
		if (*c != '%') {
			putc(*c, to);
			continue;
		}
		switch (*++c) {
		case 'P':
			fprintf(to, "%d", p->processes);
			break;
		case 'T':
			put_tasks(to, p);
			break;
		case 'M':
			fprintf(to, "%d", most);
			break;
		case 'N':
			fprintf(to, "%d", p->cell.workers);
			break;
		case 's':
			fputs(most == 1 ? "" : "s", to);
			break;
		case 'e':
			fputs(p->cell.workers == 1 ? "" : "es", to);
			break;
		}
	}
	fclose(to);
	return text;
}

void point_words(const struct point *p, char **what, char **command)
{
	const struct shape *shape = shape_find(p->cell.model);
	*what = fill(shape->what, p);
	*command = fill(shape->command, p);
}

bool point_is_simpler(const struct point *a, const struct point *b)
{
	if (a->processes != b->processes)
		return a->processes < b->processes;
	if (a->cell.workers != b->cell.workers)
		return a->cell.workers < b->cell.workers;
	return model_simplicity(a->cell.model) < model_simplicity(b->cell.model);
}
