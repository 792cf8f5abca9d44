/*
 * cast: a wish's cast and parameters, as typed, to what cells say.
 *
 *	live      cast, params --cast_resolve--> roles --> one spelling of both
 *	virtual   the machine and the load are taken out first, and put back last; what is left is either the same, or a
 *	          cast of profiles, which is in its one spelling already
 *
 * A mistake is blamed on the line that made it: the cast is resolved alone first, then with the file's
 * parameters, then with the command line's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/planner.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "plan/cast.h"

/* The cast as far as it is resolved. */
struct resolving {
	const struct wish *wish;
	struct virtual_words words; /* of virtual cells */
	struct execution what;      /* of workloads */
	bool has_profiles;
	struct profile_cast profiles;
	char *rest; /* of the parameters */
	char *error;
	size_t error_bytes;
};

static int fail(struct resolving *r, const char *sentence)
{
	snprintf(r->error, r->error_bytes, "%s", sentence);
	return -1;
}

/* ---- workloads ------------------------------------------------------------------------------------------ */

static int resolve_workloads(struct resolving *r, const char *params)
{
	const struct wish *wish = r->wish;
	const struct cell cell = {.cast = wish->cast.text,
				  .params = params,
				  .policy = "",
				  .workers = 1,
				  .kind = wish->window_s > 0 ? CELL_WINDOW : CELL_BATCH,
				  .window_s = wish->window_s};
	return cast_resolve(&cell, &r->what, r->error, r->error_bytes);
}

/* "spin"; "echo:1,spin:2". */
static char *cast_text(const struct execution *what)
{
	char *text = xstrdup("");
	for (int i = 0; i < what->role_count; i++) {
		const struct role *role = &what->role[i];
		char *longer = what->role_count == 1 ? xstrdup(role->workload->name)
						     : xasprintf("%s%s%s:%d", text, i > 0 ? "," : "",
								 role->workload->name, role->tasks);
		free(text);
		text = longer;
	}
	return text;
}

/* "ms=5"; "rate=100 sleep.ms=5 hash.bytes=1048576". */
char *plan_params_text(const struct execution *what)
{
	char *text = what->rate_per_s > 0 ? xasprintf("rate=%.12g", what->rate_per_s) : xstrdup("");
	for (int i = 0; i < what->role_count; i++) {
		const struct role *role = &what->role[i];
		char *words = param_text(role->workload->params, role->param), *rest = NULL;
		for (char *word = strtok_r(words, " ", &rest); word != NULL;
		     word = strtok_r(NULL, " ", &rest)) {
			char *longer = xasprintf("%s%s%s%s%s", text, text[0] != '\0' ? " " : "",
						 what->role_count > 1 ? role->name : "",
						 what->role_count > 1 ? "." : "", word);
			free(text);
			text = longer;
		}
		free(words);
	}
	return text;
}

/* ---- virtual time --------------------------------------------------------------------------------------- */

static int check_words(struct resolving *r)
{
	if (r->words.cores > 0)
		return fail(r, "the cores of a machine in virtual time are no parameter: say cores = 8, or "
			       "--cores 8");
	if (r->words.rate_per_s > 0 && r->wish->window_s <= 0)
		return fail(r, "a rate needs a window: operations come for a time, not for a number");
	if (r->words.is_poisson && r->words.rate_per_s <= 0)
		return fail(r, "arrivals=random needs a rate: without one, nothing arrives");
	return 0;
}

/* Of profiles nothing can be set but the machine and the load. */
static int check_profile_words(struct resolving *r)
{
	char *copy = xstrdup(r->rest), *left = NULL;
	int status = 0;
	for (char *word = strtok_r(copy, " ", &left); word != NULL && status == 0;
	     word = strtok_r(NULL, " ", &left)) {
		status = params_have_profiles(word) ? 0 : -1;
		if (status != 0)
			snprintf(r->error, r->error_bytes,
				 "'%s': a profile has no parameters; beside it there are rate=, "
				 "arrivals=random",
				 word);
	}
	free(copy);
	return status;
}

static int resolve_profiles(struct resolving *r)
{
	if (check_profile_words(r) != 0)
		return -1;
	profile_cast_release(&r->profiles);
	return profile_cast_read(r->wish->cast.text, r->rest, 1, &r->profiles, r->error, r->error_bytes);
}

static int resolve_virtual(struct resolving *r, const char *params)
{
	free(r->rest);
	r->rest = NULL;
	if (virtual_words_read(params, &r->words, &r->rest, r->error, r->error_bytes) != 0) {
		r->rest = NULL;
		return -1;
	}
	if (check_words(r) != 0)
		return -1;
	return r->has_profiles ? resolve_profiles(r) : resolve_workloads(r, r->rest);
}

/* Puts words that are in their one spelling behind the machine and the load. Frees `rest`. */
static char *with_machine(struct resolving *r, char *rest)
{
	r->words.cores = r->wish->cores;
	char *text = virtual_words_text(&r->words, rest);
	free(rest);
	return text;
}

/* Does an operation have a segment of this kind? */
static bool has_kind(const struct profile_cast *cast, enum segment_kind kind)
{
	for (int i = 0; i < cast->count; i++)
		for (size_t s = 0; s < cast->role[i].profile.count; s++)
			if (cast->role[i].profile.segment[s].kind == kind)
				return true;
	return false;
}

static enum work_class class_of_profiles(const struct profile_cast *cast)
{
	bool waits = has_kind(cast, SEGMENT_WAIT) || has_kind(cast, SEGMENT_BLOCK) ||
		     has_kind(cast, SEGMENT_CLIENT);
	bool computes =
		has_kind(cast, SEGMENT_GIL) || has_kind(cast, SEGMENT_HOLD) || has_kind(cast, SEGMENT_FREE);
	return waits && computes ? WORK_MIXED : waits ? WORK_WAIT : WORK_CPU;
}

/* ---- all of it ------------------------------------------------------------------------------------------ */

static int resolve(struct resolving *r, const char *params)
{
	return r->wish->is_virtual ? resolve_virtual(r, params) : resolve_workloads(r, params);
}

/* Resolves with what the file says, then with what the command line adds. */
static int resolve_in_steps(struct resolving *r, int *line)
{
	const struct wish *wish = r->wish;
	const char *params = wish->params.text != NULL ? wish->params.text : "";
	r->has_profiles = wish->is_virtual && params_have_profiles(params);
	*line = wish->cast.line;
	if (!r->has_profiles && resolve(r, "") != 0)
		return -1;
	*line = wish->params.line;
	if (resolve(r, params) != 0)
		return -1;
	*line = 0;
	if (wish->more_params == NULL)
		return 0;
	char *both = xasprintf("%s %s", params, wish->more_params);
	int status = resolve(r, both);
	free(both);
	return status;
}

static void fill_of_profiles(struct resolving *r, struct planned_cast *out)
{
	char *params;
	out->role_count = r->profiles.count;
	profile_cast_words(&r->profiles, &out->cast, &params);
	out->params = with_machine(r, params);
	out->class = class_of_profiles(&r->profiles);
	out->has_call = has_kind(&r->profiles, SEGMENT_FREE) || has_kind(&r->profiles, SEGMENT_BLOCK);
	for (int i = 0; i < r->profiles.count && r->profiles.count > 1; i++)
		out->tasks += r->profiles.role[i].tasks;
}

static void fill_of_workloads(struct resolving *r, struct planned_cast *out)
{
	const struct execution *what = &r->what;
	bool names_tasks = what->role_count > 1 || strchr(r->wish->cast.text, ':') != NULL;
	out->role_count = what->role_count;
	out->cast = cast_text(what);
	out->params = plan_params_text(what);
	if (r->wish->is_virtual)
		out->params = with_machine(r, out->params);
	out->class = what->role[0].workload->class;
	out->has_call = what->role[0].workload->has_call;
	for (int i = 0; i < what->role_count; i++) {
		out->is_stand_in |= what->role[i].workload->is_stand_in;
		out->tasks += names_tasks ? what->role[i].tasks : 0;
	}
}

static int check_window(struct resolving *r, int roles, int *line)
{
	const struct wish *wish = r->wish;
	if (roles == 1 || wish->window_s > 0)
		return 0;
	*line = wish->cast.line;
	snprintf(r->error, r->error_bytes,
		 "the cast %s has several roles, which are counted over a time: say how long (%s)",
		 wish->cast.text, wish->cast.line > 0 ? "window = 3s" : "--window 3s");
	return -1;
}

int planned_cast_make(const struct wish *wish, struct planned_cast *out, int *line, char *error,
		      size_t error_bytes)
{
	struct resolving r = {.wish = wish, .error = error, .error_bytes = error_bytes};
	*out = (struct planned_cast){.kind = wish->window_s > 0 ? CELL_WINDOW : CELL_BATCH};
	int status = resolve_in_steps(&r, line);
	if (status == 0)
		status = check_window(&r, r.has_profiles ? r.profiles.count : r.what.role_count, line);
	if (status == 0 && r.has_profiles)
		fill_of_profiles(&r, out);
	else if (status == 0)
		fill_of_workloads(&r, out);
	if (wish->has_class)
		out->class = wish->class;
	profile_cast_release(&r.profiles);
	free(r.rest);
	return status;
}

void planned_cast_release(struct planned_cast *cast)
{
	free(cast->cast);
	free(cast->params);
}
