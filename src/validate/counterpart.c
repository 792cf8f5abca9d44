/*
 * counterpart: which live cells an interpreter can do, and in which words. See counterpart.h.
 *
 *	live model     the interpreter's
 *	seq            one thread
 *	gil            threads under its lock, where the rules are its lock's (py3 since 3.2, py2 before) with no change
 *	threads        threads, where its lock is off
 *	fork           processes (multiprocessing)
 *	uv             coroutines (asyncio), of work that coroutines can do
 *
 * Of parameters the compiled side may have more than the scripts: such a one stands for what the interpreter does
 * anyway (echo's work_us), and at its standard value nothing is lost without it.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/counterpart.h>
#include <gilbench/planner.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>

/* ---- parameters ---------------------------------------------------------------------------------------- */

struct wording {
	const struct contender *of;
	char *text; /* so far; owned */
	char *error;
	size_t error_bytes;
};

/* Interpreted work: counted in turns of the loop that was fitted. */
static bool is_in_turns(const char *name)
{
	return strcmp(name, "iterations") == 0 || strcmp(name, "iterations_per_ms") == 0;
}

/* Word number `index` of "a|b|c". Free it. */
static char *choice_word(const char *choices, size_t index)
{
	for (; index > 0 && strchr(choices, '|') != NULL; index--)
		choices = strchr(choices, '|') + 1;
	return strndup(choices, strcspn(choices, "|"));
}

static bool has_word(const char *choices, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = choices; at != NULL; at = strchr(at, '|')) {
		at += *at == '|';
		if (strcspn(at, "|") == length && strncmp(at, word, length) == 0)
			return true;
	}
	return false;
}

/* "spin.iterations=18000"; one role alone has no name before it. */
static void word_add(struct wording *w, const char *role, const char *name, const char *value)
{
	char *longer = xasprintf("%s%s%s%s%s=%s", w->text, *w->text != '\0' ? " " : "", role,
				 *role != '\0' ? "." : "", name, value);
	free(w->text);
	w->text = longer;
}

static char *value_text(const struct wording *w, const struct param *param, double value)
{
	if (param->choices != NULL)
		return choice_word(param->choices, (size_t)value);
	if (is_in_turns(param->name))
		value = fmax(1, round(value * w->of->fit.spin_iterations / FIT_ITERATIONS));
	return xasprintf("%.12g", value);
}

/* One parameter; false when the interpreter has no such thing. */
static bool param_add(struct wording *w, const struct role *role, bool is_alone, const struct param *param,
		      double value)
{
	const json_t *offer = json_object_get(w->of->python.workloads, role->workload->name),
		     *standard = json_object_get(json_object_get(offer, "params"), param->name);
	const char *words = json_string_value(standard);
	char *text = value_text(w, param, value);
	bool is_here = standard != NULL && (words == NULL || has_word(words, text));
	bool is_implied = standard == NULL && value == param->standard;
	if (is_here)
		word_add(w, is_alone ? "" : role->name, param->name, text);
	else if (!is_implied)
		snprintf(w->error, w->error_bytes, "its %s has no %s=%s", role->workload->name, param->name,
			 text);
	free(text);
	return is_here || is_implied;
}

char *counterpart_params(const struct contender *c, const struct cell *live, char *error, size_t error_bytes)
{
	struct execution *what = xcalloc(1, sizeof(*what));
	struct wording w = {.of = c, .text = xstrdup(""), .error = error, .error_bytes = error_bytes};
	bool is_good = cast_resolve(live, what, error, error_bytes) == 0;
	if (is_good && what->rate_per_s > 0) {
		snprintf(error, error_bytes, "it is not driven at a rate");
		is_good = false;
	}
	for (int r = 0; r < what->role_count && is_good; r++) {
		const struct role *role = &what->role[r];
		for (int p = 0; p < param_count(role->workload->params) && is_good; p++)
			is_good = param_add(&w, role, what->role_count == 1, &role->workload->params[p],
					    role->param[p]);
	}
	free(what);
	if (is_good)
		return w.text;
	free(w.text);
	return NULL;
}

/* ---- cells --------------------------------------------------------------------------------------------- */

/* "CPython 3.11.7 is not asked for WHAT: WHY." */
struct refusal {
	char what[128], why[256];
};

static bool is_model(const struct cell *cell, const char *name)
{
	return strcmp(cell->model, name) == 0;
}

/* The end of a sentence, or NULL. */
static const char *model_refusal(const struct contender *c, const struct cell *live)
{
	if (is_model(live, "gil"))
		return !c->python.has_gil ? "its lock is off" : NULL;
	if (is_model(live, "threads"))
		return c->python.has_gil ? "it runs with its lock" : NULL;
	if (is_model(live, "uv"))
		return !c->python.has_asyncio ? "it has no asyncio with coroutines" : NULL;
	return is_model(live, "seq") || is_model(live, "fork") ? NULL : "it has nothing like it";
}

static bool is_model_refused(const struct contender *c, const struct cell *live, struct refusal *refusal)
{
	const char *why = model_refusal(c, live);
	bool is_other_lock = is_model(live, "gil") && strcmp(live->policy, c->policy) != 0;
	snprintf(refusal->what, sizeof(refusal->what), "%s", live->model);
	if (why == NULL && is_other_lock) {
		snprintf(refusal->what, sizeof(refusal->what), "%s (%s)", live->model, live->policy);
		snprintf(refusal->why, sizeof(refusal->why), "its own lock is that of %s", c->policy);
	} else if (why != NULL) {
		snprintf(refusal->why, sizeof(refusal->why), "%s", why);
	}
	return why != NULL || is_other_lock;
}

static bool is_workload_refused(const struct contender *c, const struct cell *live, const char *workload,
				struct refusal *refusal)
{
	const json_t *offer = json_object_get(c->python.workloads, workload);
	bool is_loop = is_model(live, "uv");
	snprintf(refusal->what, sizeof(refusal->what), "%s%s", workload,
		 is_loop && offer != NULL ? " on a loop" : "");
	snprintf(refusal->why, sizeof(refusal->why), "%s",
		 offer == NULL ? "its scripts have no such workload"
			       : "it waits in system calls and is no coroutine");
	return offer == NULL || (is_loop && !json_is_true(json_object_get(offer, "on_loop")));
}

static bool is_work_refused(const struct contender *c, const struct cell *live, struct refusal *refusal)
{
	struct execution *what = xcalloc(1, sizeof(*what));
	bool is_refused = cast_resolve(live, what, refusal->why, sizeof(refusal->why)) != 0;
	snprintf(refusal->what, sizeof(refusal->what), "%s", live->cast);
	for (int r = 0; r < what->role_count && !is_refused; r++)
		is_refused = is_workload_refused(c, live, what->role[r].workload->name, refusal);
	free(what);
	if (is_refused)
		return true;
	snprintf(refusal->what, sizeof(refusal->what), "%s", live->cast);
	char *params = counterpart_params(c, live, refusal->why, sizeof(refusal->why));
	free(params);
	return params == NULL;
}

/* A live cell of an experiment, and not of what measures the harness and the noise. */
static bool is_wanted(const struct cell *cell)
{
	return cell->source == SOURCE_LIVE && !cell->is_twin &&
	       strcmp(cell->experiment, EXPERIMENT_CONTROLS) != 0;
}

size_t counterparts_plan(struct plan *plan, const struct contender *c)
{
	size_t live_count = plan->cell_count, added = 0;
	for (size_t i = 0; i < live_count; i++) {
		struct plan_cell beside = plan->cells[i];
		struct refusal refusal;
		if (!is_wanted(&beside.cell))
			continue;
		if (is_model_refused(c, &beside.cell, &refusal) ||
		    is_work_refused(c, &beside.cell, &refusal)) {
			plan_warn(plan, xasprintf("%s is not asked for %s: %s", c->label, refusal.what,
						  refusal.why));
			continue;
		}
		beside.cell.source = SOURCE_CPYTHON;
		beside.cell.policy = c->name;
		plan_push(plan, &beside);
		added++;
	}
	return added;
}

const char *counterpart_label(const json_t *manifest)
{
	const json_t *python = json_object_get(manifest, COUNTERPART_KEY);
	const char *label = json_string_value(json_object_get(python, "label"));
	return label != NULL ? label : "CPython";
}

/* ---- executing ------------------------------------------------------------------------------------------ */

/* The cell in the interpreter's words; free its parameters. NULL parameters: it cannot, as `error` says. */
static struct cell cell_in_words(const struct contender *c, const struct cell *cell, char *error,
				 size_t error_bytes)
{
	struct cell words = *cell, live = *cell;
	live.source = SOURCE_LIVE;
	live.policy = is_model(cell, "gil") ? c->policy : "";
	words.params = counterpart_params(c, &live, error, error_bytes);
	return words;
}

static int execute(const struct counterparts *sides, const struct request *request, struct sample *sample)
{
	const struct validate_sides python = {
		.contenders = sides->python, .count = 1, .python = sides->execute};
	return validate_execute((void *)(uintptr_t)&python, request, sample);
}

int counterparts_execute(void *context, const struct request *request, struct sample *sample)
{
	const struct counterparts *sides = context;
	char error[256];
	if (request->cell->source != SOURCE_CPYTHON)
		return sides->others(sides->others_context, request, sample);
	struct cell words = cell_in_words(sides->python, request->cell, error, sizeof(error));
	struct request asked = *request;
	/* What it says of parameters that it does not know is better than no sample. */
	if (words.params != NULL)
		asked.cell = &words;
	int status = execute(sides, &asked, sample);
	sample->cell = *request->cell;
	free((char *)(uintptr_t)words.params);
	return status;
}

char *counterparts_command(void *context, const struct request *request)
{
	const struct counterparts *sides = context;
	char error[256];
	if (request->cell->source != SOURCE_CPYTHON)
		return sides->others_command(sides->others_context, request);
	struct cell words = cell_in_words(sides->python, request->cell, error, sizeof(error));
	struct request asked = *request;
	if (words.params != NULL)
		asked.cell = &words;
	char *command = cpython_command(&sides->python->python, &asked);
	free((char *)(uintptr_t)words.params);
	return command;
}
