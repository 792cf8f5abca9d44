/*
 * experiment_keys: what each key of an experiment file does with its value. See experiment_parse.h.
 *
 * Two tables, [experiment]'s and [cells NAME]'s: a key is a row and a function. Claims and placeholders are
 * checked for syntax here, so that nobody measures for five minutes to learn of a typing error.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/expectation.h>
#include <gilbench/param.h>
#include <gilbench/util.h>

#include "plan/experiment_parse.h"

/* Largest rank: more than there are experiments. The exact value does not matter. */
#define RANK_MAX 99
/* Longest window, seconds: an hour. The exact value does not matter. */
#define WINDOW_MAX_S 3600

int parse_fail(struct parse *p, const char *format, ...)
{
	int used = snprintf(p->error, p->error_bytes, "%s:%d: ", p->entry.path, p->entry.line);
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
		return parse_fail(p, "%s is given twice", p->entry.name);
	if (p->entry.value[0] == '\0')
		return parse_fail(p, "%s is empty", p->entry.name);
	*text = xstrdup(p->entry.value);
	return 0;
}

static int set_setting(struct parse *p, struct setting *setting)
{
	setting->line = p->entry.line;
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
	if (answer_check(p->entry.value, why, sizeof(why)) != 0)
		return parse_fail(p, "%s", why);
	return set_text(p, &p->experiment->answer);
}

/* Several lines are several paragraphs. */
static int add_note(struct parse *p)
{
	char *old = p->experiment->notes;
	if (old == NULL)
		return set_text(p, &p->experiment->notes);
	p->experiment->notes = xasprintf("%s\n%s", old, p->entry.value);
	free(old);
	return 0;
}

static int set_class(struct parse *p)
{
	static const char *const names[] = {[WORK_CPU] = "cpu", [WORK_WAIT] = "wait", [WORK_MIXED] = "mixed"};
	if (p->has_class)
		return parse_fail(p, "class is given twice");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (strcmp(p->entry.value, names[i]) == 0) {
			p->experiment->class = (enum work_class)i;
			p->has_class = true;
			return 0;
		}
	}
	return parse_fail(p, "class must be cpu, wait or mixed, not '%s'", p->entry.value);
}

static int set_rank(struct parse *p)
{
	char *end;
	errno = 0;
	long rank = strtol(p->entry.value, &end, 10);
	if (p->has_rank)
		return parse_fail(p, "rank is given twice");
	if (end == p->entry.value || *end != '\0' || errno != 0 || rank < 0 || rank > RANK_MAX)
		return parse_fail(p, "rank must be a whole number from 0 (never gives way) to %d, not '%s'",
				  RANK_MAX, p->entry.value);
	p->experiment->rank = (int)rank;
	p->has_rank = true;
	return 0;
}

static int set_group(struct parse *p)
{
	return set_text(p, &p->experiment->group);
}

static int add_chart(struct parse *p)
{
	struct experiment *e = p->experiment;
	struct chart_line line;
	char why[300];
	if (chart_line_parse(p->entry.value, &line, why, sizeof(why)) != 0)
		return parse_fail(p, "%s", why);
	for (size_t had = 0; had < e->chart_count; had++)
		if (memcmp(&e->charts[had], &line, sizeof(line)) == 0)
			return parse_fail(p, "chart = %s is given twice", p->entry.value);
	if (e->chart_count == CHART_MAX)
		return parse_fail(p, "an experiment has at most %d charts", CHART_MAX);
	p->chart_lines[e->chart_count] = p->entry.line;
	e->charts[e->chart_count++] = line;
	return 0;
}

static int add_claim(struct parse *p)
{
	struct experiment *e = p->experiment;
	struct expectation expectation;
	char why[300];
	if (expectation_parse(p->entry.value, &expectation, why, sizeof(why)) != 0)
		return parse_fail(p, "%s", why);
	e->claims = xrealloc(e->claims, e->claim_count + 1, sizeof(e->claims[0]));
	e->claims[e->claim_count++] = (struct claim){.text = xstrdup(p->entry.value), .line = p->entry.line};
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

static int set_cores(struct parse *p)
{
	return set_setting(p, p->is_in_cells ? &current_set(p)->cores : &p->experiment->cores);
}

static int add_profile(struct parse *p)
{
	return parse_profile(p, current_set(p));
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
		return parse_fail(p, "window is given twice");
	if (param_duration(p->entry.value, &window_s) != 0 || window_s <= 0 || window_s > WINDOW_MAX_S)
		return parse_fail(p, "window must be a time up to an hour, such as 300ms or 3s, not '%s'",
				  p->entry.value);
	current_set(p)->window_s = window_s;
	return 0;
}

/* ---- the tables --------------------------------------------------------------------------------------- */

struct key {
	const char *name;
	int (*use)(struct parse *);
};

static const struct key experiment_keys[] = {
	{"title", set_title},     {"question", set_question}, {"answer", set_answer},
	{"note", add_note},       {"class", set_class},       {"rank", set_rank},
	{"models", set_models},   {"workers", set_workers},   {"policies", set_policies},
	{"chart", add_chart},     {"expect", add_claim},      {"group", set_group},
	{"source", parse_source}, {"cores", set_cores},
};

static const struct key cells_keys[] = {
	{"cast", set_cast},       {"params", set_params},     {"models", set_models},
	{"workers", set_workers}, {"policies", set_policies}, {"window", set_window},
	{"profile", add_profile}, {"cores", set_cores},       {"source", parse_source},
};

static int use_key(struct parse *p, const struct key *keys, size_t count)
{
	const char *names[ARRAY_LEN(experiment_keys) + ARRAY_LEN(cells_keys)] = {NULL};
	for (size_t i = 0; i < count; i++) {
		if (strcmp(keys[i].name, p->entry.name) == 0)
			return keys[i].use(p);
		names[i] = keys[i].name;
	}
	const char *near = nearest_name(p->entry.name, names, count);
	if (near != NULL)
		return parse_fail(p, "[%s] has no key '%s'; did you mean '%s'?", p->entry.section,
				  p->entry.name, near);
	char known[200] = "";
	for (size_t i = 0; i < count; i++)
		snprintf(known + strlen(known), sizeof(known) - strlen(known), "%s%s", i > 0 ? ", " : "",
			 names[i]);
	return parse_fail(p, "[%s] has no key '%s'; it may have %s", p->entry.section, p->entry.name, known);
}

int parse_key(struct parse *p)
{
	if (p->is_in_cells)
		return use_key(p, cells_keys, ARRAY_LEN(cells_keys));
	return use_key(p, experiment_keys, ARRAY_LEN(experiment_keys));
}
