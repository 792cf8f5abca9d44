/*
 * experiment_virtual: what an experiment file says of virtual time: where its numbers come from, the work as profiles,
 * the machine's cores. See experiment_parse.h.
 *
 * A section's profiles become its cast and its parameters, in the spelling that cells have them, so that nothing after
 * this knows of them: groups, sets, roles of charts and claims are found as for any other cast.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "plan/experiment_parse.h"

/* A section's own. */
static int parse_set_source(struct parse *p)
{
	struct cell_set *set = &p->experiment->sets[p->experiment->set_count - 1];
	const char *value = p->entry.value;
	if (set->source.text != NULL)
		return parse_fail(p, "source is given twice");
	if (strcmp(value, "live") != 0 && strcmp(value, "virtual") != 0 && strcmp(value, "both") != 0)
		return parse_fail(p, "source must be live, virtual or both, not '%s'", value);
	set->source = (struct setting){xstrdup(value), p->entry.line};
	return 0;
}

int parse_source(struct parse *p)
{
	if (p->is_in_cells)
		return parse_set_source(p);
	if (p->has_source)
		return parse_fail(p, "source is given twice");
	p->has_source = true;
	bool is_both = strcmp(p->entry.value, "both") == 0;
	p->experiment->is_virtual = is_both || strcmp(p->entry.value, "virtual") == 0;
	p->experiment->is_live_too = is_both;
	if (p->experiment->is_virtual || strcmp(p->entry.value, "live") == 0)
		return 0;
	return parse_fail(p, "source must be live, virtual or both, not '%s'", p->entry.value);
}

int parse_profile(struct parse *p, struct cell_set *set)
{
	char why[300];
	if (set->profiles == NULL)
		set->profiles = xcalloc(1, sizeof(*set->profiles));
	set->profile_line = p->entry.line;
	if (profile_cast_add(set->profiles, p->entry.value, why, sizeof(why)) != 0)
		return parse_fail(p, "profile: %s", why);
	return 0;
}

/* One role whose tasks are said has so many workers, unless the file says how many. */
static void set_workers(const struct experiment *e, struct cell_set *set)
{
	const struct profile_role *role = &set->profiles->role[0];
	if (set->profiles->count == 1 && role->tasks > 1 && set->workers.text == NULL &&
	    e->workers.text == NULL)
		set->workers = (struct setting){xasprintf("%d", role->tasks), set->profile_line};
}

static void profiles_to_words(struct cell_set *set)
{
	char *cast, *params, *typed = set->params.text;
	profile_cast_words(set->profiles, &cast, &params);
	set->cast = (struct setting){cast, set->profile_line};
	set->params.text = typed != NULL ? xasprintf("%s %s", params, typed) : xstrdup(params);
	if (typed == NULL)
		set->params.line = set->profile_line;
	free(params);
	free(typed);
}

bool set_is_virtual(const struct experiment *e, const struct cell_set *set)
{
	return set->source.text != NULL ? strcmp(set->source.text, "live") != 0 : e->is_virtual;
}

bool set_is_live(const struct experiment *e, const struct cell_set *set)
{
	return set->source.text != NULL ? strcmp(set->source.text, "virtual") != 0
					: !e->is_virtual || e->is_live_too;
}

/* The line of something that only virtual time has, or 0. */
static int virtual_line(const struct experiment *e, const struct cell_set *set, const char **what)
{
	const struct {
		const char *what;
		int line;
		bool is_virtual;
	} said[] = {{"a profile", set->profiles != NULL ? set->profile_line : 0, set_is_virtual(e, set)},
		    {"cores", set->cores.text != NULL ? set->cores.line : 0, set_is_virtual(e, set)},
		    {"cores", e->cores.text != NULL ? e->cores.line : 0, e->is_virtual}};
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		*what = said[i].what;
		if (said[i].line > 0 && !said[i].is_virtual)
			return said[i].line;
	}
	return 0;
}

int parse_check_virtual(struct parse *p, struct cell_set *set)
{
	const char *what;
	int line = virtual_line(p->experiment, set, &what);
	if (line > 0) {
		p->entry.line = line;
		return parse_fail(p, "%s is for virtual time: say source = virtual in [experiment]", what);
	}
	if (set->profiles == NULL)
		return 0;
	if (set_is_live(p->experiment, set)) {
		p->entry.line = set->profile_line;
		return parse_fail(p,
				  "a profile cannot run live, and source = both is to run everything twice");
	}
	p->entry.line = set->profile_line;
	if (set->cast.text != NULL)
		return parse_fail(p, "[cells %s] has a cast and a profile; one of them is the work",
				  set->name);
	set_workers(p->experiment, set);
	profiles_to_words(set);
	return 0;
}
