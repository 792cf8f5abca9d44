/*
 * experiment: from an ini file to struct experiment. See experiment.h; docs/experiments.md is the manual.
 *
 * Here are the sections and what a whole file must have; what each key does is in experiment_keys.c. A
 * mistake is answered with the line it stands on and what would be right.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "plan/experiment_parse.h"

/* ---- sections ------------------------------------------------------------------------------------------ */

static int begin_cells(struct parse *p, const char *name)
{
	struct experiment *e = p->experiment;
	name += strspn(name, " \t");
	if (*name == '\0')
		return parse_fail(p, "[cells] needs a name of its own, as in [cells spin]");
	for (size_t i = 0; i < e->set_count; i++)
		if (strcmp(e->sets[i].name, name) == 0)
			return parse_fail(p, "[cells %s] is there already, on line %d", name,
					  e->sets[i].line);
	e->sets = xrealloc(e->sets, e->set_count + 1, sizeof(e->sets[0]));
	e->sets[e->set_count++] = (struct cell_set){.name = xstrdup(name), .line = p->entry.line};
	p->is_in_cells = true;
	return 0;
}

static int begin_section(struct parse *p)
{
	const char *section = p->entry.section;
	if (strcmp(section, "experiment") == 0) {
		if (p->has_experiment)
			return parse_fail(p, "[experiment] is there twice");
		p->has_experiment = true;
		p->is_in_cells = false;
		return 0;
	}
	if (strncmp(section, "cells", 5) == 0 && strchr(" \t", section[5]) != NULL)
		return begin_cells(p, section + 5);
	return parse_fail(p, "there is no section [%s]; a file has [experiment] and [cells NAME]", section);
}

static int use_entry(void *user, const struct ini_entry *entry, char *error, size_t error_bytes)
{
	struct parse *p = user;
	p->entry = *entry;
	p->error = error;
	p->error_bytes = error_bytes;
	if (entry->name == NULL)
		return begin_section(p);
	if (entry->section[0] == '\0')
		return parse_fail(p, "'%s' stands before any section; begin with [experiment]", entry->name);
	return parse_key(p);
}

/* ---- the whole file ------------------------------------------------------------------------------------ */

/* A chart's names are known when all sections are. */
static int check_charts(struct parse *p)
{
	char why[300];
	for (size_t i = 0; i < p->experiment->chart_count; i++) {
		p->entry.line = p->chart_lines[i];
		if (chart_line_check(&p->experiment->charts[i], p->experiment, why, sizeof(why)) != 0)
			return parse_fail(p, "%s", why);
	}
	return 0;
}

static int check_complete(struct parse *p)
{
	const struct experiment *e = p->experiment;
	p->entry = (struct ini_entry){.path = e->path, .line = 1};
	if (!p->has_experiment)
		return parse_fail(p, "there is no [experiment] section");
	if (e->title == NULL)
		return parse_fail(p, "[experiment] needs a title, as in: title = CPU-bound work");
	if (e->question == NULL)
		return parse_fail(p, "[experiment] needs a question: what the charts are headed with");
	if (!p->has_class)
		return parse_fail(p, "[experiment] needs a class: cpu, wait or mixed");
	if (e->set_count == 0)
		return parse_fail(
			p, "there is nothing to measure; add a section such as [cells spin] with cast = "
			   "spin");
	for (size_t i = 0; i < e->set_count; i++) {
		if (parse_check_virtual(p, &p->experiment->sets[i]) != 0)
			return -1;
		p->entry.line = e->sets[i].line;
		if (e->sets[i].cast.text == NULL)
			return parse_fail(
				p, "[cells %s] needs a cast, as in: cast = spin%s", e->sets[i].name,
				e->is_virtual ? ", or a profile, as in: profile = gil 1ms, wait 10ms" : "");
	}
	return check_charts(p);
}

/* "bench/experiments/cpu-scaling.ini" is "cpu-scaling". */
static char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *name = xstrdup(slash != NULL ? slash + 1 : path);
	char *dot = strrchr(name, '.');
	if (dot != NULL && dot != name)
		*dot = '\0';
	return name;
}

int experiment_parse(struct experiment *experiment, const char *path, const char *text, char *error,
		     size_t error_bytes)
{
	struct parse p = {.experiment = experiment, .error = error, .error_bytes = error_bytes};
	*experiment =
		(struct experiment){.name = name_of(path), .path = xstrdup(path), .text = xstrdup(text)};
	if (ini_lines_read(path, text, use_entry, &p, error, error_bytes) == 0 && check_complete(&p) == 0)
		return 0;
	experiment_release(experiment);
	return -1;
}

static void release_set(struct cell_set *set)
{
	free(set->name);
	free(set->cast.text);
	free(set->params.text);
	free(set->models.text);
	free(set->workers.text);
	free(set->policies.text);
	free(set->source.text);
	free(set->cores.text);
	if (set->profiles != NULL)
		profile_cast_release(set->profiles);
	free(set->profiles);
}

void experiment_release(struct experiment *e)
{
	for (size_t i = 0; i < e->set_count; i++)
		release_set(&e->sets[i]);
	for (size_t i = 0; i < e->claim_count; i++)
		free(e->claims[i].text);
	free(e->sets);
	free(e->claims);
	free(e->name);
	free(e->path);
	free(e->text);
	free(e->title);
	free(e->question);
	free(e->answer);
	free(e->notes);
	free(e->group);
	free(e->models.text);
	free(e->workers.text);
	free(e->policies.text);
	free(e->cores.text);
	*e = (struct experiment){0};
}
