/*
 * experiment: from an ini file to struct experiment. See experiment.h; docs/experiments.md is the manual.
 *
 * A file is a list of `key = value` pairs, so the reader is two tables: the keys of [experiment] and those of
 * [cells NAME], each with what it does to its value. A mistake is answered with the line it stands on and
 * what would be right; claims and placeholders are checked for syntax here, so that nobody measures for five
 * minutes to learn of a typing error.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/expectation.h>
#include <gilbench/experiment.h>
#include <gilbench/param.h>
#include <gilbench/util.h>

#include "plan/ini_lines.h"

/* Largest rank: more than there are experiments. The exact value does not matter. */
#define RANK_MAX 99
/* Longest window, seconds: an hour. The exact value does not matter. */
#define WINDOW_MAX_S 3600

struct parse {
	struct experiment *experiment;
	const struct ini_entry *entry; /* being read */
	struct ini_entry whole;        /* what stands for the file once all entries are read */
	bool is_in_cells;
	bool has_experiment, has_class, has_rank;
	char *error;
	size_t error_bytes;
};

__attribute__((format(printf, 2, 3))) static int fail(struct parse *p, const char *format, ...)
{
	int used = snprintf(p->error, p->error_bytes, "%s:%d: ", p->entry->path, p->entry->line);
	va_list arguments;
	va_start(arguments, format);
	if (used >= 0 && (size_t)used < p->error_bytes)
		vsnprintf(p->error + used, p->error_bytes - (size_t)used, format, arguments);
	va_end(arguments);
	return -1;
}

static struct cell_set *current_set(struct parse *p)
{
	return &p->experiment->sets[p->experiment->set_count - 1];
}

/* ---- what a key does with its value -------------------------------------------------------------------- */

static int set_text(struct parse *p, char **text)
{
	if (*text != NULL)
		return fail(p, "%s is given twice", p->entry->name);
	if (p->entry->value[0] == '\0')
		return fail(p, "%s is empty", p->entry->name);
	*text = xstrdup(p->entry->value);
	return 0;
}

static int set_setting(struct parse *p, struct setting *setting)
{
	setting->line = p->entry->line;
	return set_text(p, &setting->text);
}

static int set_title(struct parse *p)
{
	return set_text(p, &p->experiment->title);
}

static int set_question(struct parse *p)
{
	return set_text(p, &p->experiment->question);
}

static int set_answer(struct parse *p)
{
	char why[300];
	if (answer_check(p->entry->value, why, sizeof(why)) != 0)
		return fail(p, "%s", why);
	return set_text(p, &p->experiment->answer);
}

/* Several lines are several paragraphs. */
static int add_note(struct parse *p)
{
	char *old = p->experiment->notes;
	if (old == NULL)
		return set_text(p, &p->experiment->notes);
	p->experiment->notes = xasprintf("%s\n%s", old, p->entry->value);
	free(old);
	return 0;
}

static int set_class(struct parse *p)
{
	static const char *const names[] = {[WORK_CPU] = "cpu", [WORK_WAIT] = "wait", [WORK_MIXED] = "mixed"};
	if (p->has_class)
		return fail(p, "class is given twice");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(p->entry->value, names[i]) == 0) {
			p->experiment->class = (enum work_class)i;
			p->has_class = true;
			return 0;
		}
	}
	return fail(p, "class must be cpu, wait or mixed, not '%s'", p->entry->value);
}

static int set_rank(struct parse *p)
{
	char *end;
	errno = 0;
	long rank = strtol(p->entry->value, &end, 10);
	if (p->has_rank)
		return fail(p, "rank is given twice");
	if (end == p->entry->value || *end != '\0' || errno != 0 || rank < 0 || rank > RANK_MAX)
		return fail(p, "rank must be a whole number from 0 (never gives way) to %d, not '%s'",
			    RANK_MAX, p->entry->value);
	p->experiment->rank = (int)rank;
	p->has_rank = true;
	return 0;
}

static int add_chart(struct parse *p)
{
	static const char *const names[] = {[CHART_SPEEDUP] = "speedup",
					    [CHART_LATENCY] = "latency",
					    [CHART_SECONDS] = "seconds",
					    [CHART_MEMORY] = "memory",
					    [CHART_SETUP] = "setup"};
	struct experiment *e = p->experiment;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(p->entry->value, names[i]) != 0)
			continue;
		for (size_t had = 0; had < e->chart_count; had++)
			if (e->charts[had] == (enum chart_kind)i)
				return fail(p, "chart = %s is given twice", names[i]);
		e->charts[e->chart_count++] = (enum chart_kind)i;
		return 0;
	}
	return fail(p, "chart must be speedup, latency, seconds, memory or setup, not '%s'", p->entry->value);
}

static int add_claim(struct parse *p)
{
	struct experiment *e = p->experiment;
	struct expectation expectation;
	char why[300];
	if (expectation_parse(p->entry->value, &expectation, why, sizeof(why)) != 0)
		return fail(p, "%s", why);
	e->claims = xrealloc(e->claims, e->claim_count + 1, sizeof(e->claims[0]));
	e->claims[e->claim_count++] =
		(struct claim){.text = xstrdup(p->entry->value), .line = p->entry->line};
	return 0;
}

/* The lists have the same names in both sections. */
static int set_models(struct parse *p)
{
	return set_setting(p, p->is_in_cells ? &current_set(p)->models : &p->experiment->models);
}

static int set_workers(struct parse *p)
{
	return set_setting(p, p->is_in_cells ? &current_set(p)->workers : &p->experiment->workers);
}

static int set_policies(struct parse *p)
{
	return set_setting(p, p->is_in_cells ? &current_set(p)->policies : &p->experiment->policies);
}

static int set_cast(struct parse *p)
{
	return set_setting(p, &current_set(p)->cast);
}

static int set_params(struct parse *p)
{
	return set_setting(p, &current_set(p)->params);
}

static int set_window(struct parse *p)
{
	double window_s;
	if (current_set(p)->window_s > 0)
		return fail(p, "window is given twice");
	if (param_duration(p->entry->value, &window_s) != 0 || window_s <= 0 || window_s > WINDOW_MAX_S)
		return fail(p, "window must be a time up to an hour, such as 300ms or 3s, not '%s'",
			    p->entry->value);
	current_set(p)->window_s = window_s;
	return 0;
}

/* ---- sections and keys --------------------------------------------------------------------------------- */

struct key {
	const char *name;
	int (*use)(struct parse *);
};

static const struct key experiment_keys[] = {
	{"title", set_title},   {"question", set_question}, {"answer", set_answer},
	{"note", add_note},     {"class", set_class},       {"rank", set_rank},
	{"models", set_models}, {"workers", set_workers},   {"policies", set_policies},
	{"chart", add_chart},   {"expect", add_claim},
};

static const struct key cells_keys[] = {
	{"cast", set_cast},       {"params", set_params},     {"models", set_models},
	{"workers", set_workers}, {"policies", set_policies}, {"window", set_window},
};

static int use_key(struct parse *p, const struct key *keys, size_t count)
{
	const char *names[ARRAY_LEN(experiment_keys) + ARRAY_LEN(cells_keys)];
	for (size_t i = 0; i < count; i++) {
		if (strcmp(keys[i].name, p->entry->name) == 0)
			return keys[i].use(p);
		names[i] = keys[i].name;
	}
	const char *near = nearest_name(p->entry->name, names, count);
	if (near != NULL)
		return fail(p, "[%s] has no key '%s'; did you mean '%s'?", p->entry->section, p->entry->name,
			    near);
	char known[200] = "";
	for (size_t i = 0; i < count; i++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", i > 0 ? ", " : "",
			 names[i]);
	return fail(p, "[%s] has no key '%s'; it may have %s", p->entry->section, p->entry->name, known);
}

static int begin_cells(struct parse *p, const char *name)
{
	struct experiment *e = p->experiment;
	name += strspn(name, " \t");
	if (*name == '\0')
		return fail(p, "[cells] needs a name of its own, as in [cells spin]");
	for (size_t i = 0; i < e->set_count; i++)
		if (strcmp(e->sets[i].name, name) == 0)
			return fail(p, "[cells %s] is there already, on line %d", name, e->sets[i].line);
	e->sets = xrealloc(e->sets, e->set_count + 1, sizeof(e->sets[0]));
	e->sets[e->set_count++] = (struct cell_set){.name = xstrdup(name), .line = p->entry->line};
	p->is_in_cells = true;
	return 0;
}

static int begin_section(struct parse *p)
{
	const char *section = p->entry->section;
	if (strcmp(section, "experiment") == 0) {
		if (p->has_experiment)
			return fail(p, "[experiment] is there twice");
		p->has_experiment = true;
		p->is_in_cells = false;
		return 0;
	}
	if (strncmp(section, "cells", 5) == 0 && strchr(" \t", section[5]) != NULL)
		return begin_cells(p, section + 5);
	return fail(p, "there is no section [%s]; a file has [experiment] and [cells NAME]", section);
}

static int use_entry(void *user, const struct ini_entry *entry, char *error, size_t error_bytes)
{
	struct parse *p = user;
	p->entry = entry;
	p->error = error;
	p->error_bytes = error_bytes;
	if (entry->name == NULL)
		return begin_section(p);
	if (entry->section[0] == '\0')
		return fail(p, "'%s' stands before any section; begin with [experiment]", entry->name);
	if (p->is_in_cells)
		return use_key(p, cells_keys, ARRAY_LEN(cells_keys));
	return use_key(p, experiment_keys, ARRAY_LEN(experiment_keys));
}

/* ---- the whole file ------------------------------------------------------------------------------------ */

static int check_complete(struct parse *p)
{
	const struct experiment *e = p->experiment;
	p->whole = (struct ini_entry){.path = e->path, .line = 1};
	p->entry = &p->whole;
	if (!p->has_experiment)
		return fail(p, "there is no [experiment] section");
	if (e->title == NULL)
		return fail(p, "[experiment] needs a title, as in: title = CPU-bound work");
	if (e->question == NULL)
		return fail(p, "[experiment] needs a question: what the charts are headed with");
	if (!p->has_class)
		return fail(p, "[experiment] needs a class: cpu, wait or mixed");
	if (e->set_count == 0)
		return fail(p, "there is nothing to measure; add a section such as [cells spin] with cast = "
			       "spin");
	for (size_t i = 0; i < e->set_count; i++) {
		p->whole.line = e->sets[i].line;
		if (e->sets[i].cast.text == NULL)
			return fail(p, "[cells %s] needs a cast, as in: cast = spin", e->sets[i].name);
	}
	return 0;
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
	free(e->models.text);
	free(e->workers.text);
	free(e->policies.text);
	*e = (struct experiment){0};
}
