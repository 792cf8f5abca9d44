/*
 * plan: the cells of a validation. See validate.h.
 *
 * A group of the plan is a case: its simulated cells and every interpreter's, so that all are sampled in the same
 * blocks. Two interpreters share the simulated cells where these are the same work; where something was fitted to
 * each (request work), each has its own, and so its own group.
 *
 * A group ends by its goal and not by its precision: six samples, or as many as bring both sides a thousand replies,
 * or a minute of windows.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/planner.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "validate/cases.h"

/* The most that a group is watched for its operations. */
#define GOAL_SECONDS 60

struct making {
	struct plan *plan;
	const struct validate_case *of;
	const struct contender *contender;
	const struct validate_options *options;
	int usable_cpus;
	char *live_params, *python_params; /* in their one spelling */
};

/* `text` with every $name replaced. Free it. */
static char *expand(const char *text, const struct fit *fit)
{
	const struct {
		const char *name;
		double value;
	} names[] = {{"$spin", fit->spin_iterations}, {"$work_us", fit->echo_work_us}};
	char *out = xstrdup(text);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *at = strstr(out, names[i].name);
		if (at == NULL)
			continue;
		char *longer = xasprintf("%.*s%.12g%s", (int)(at - out), out, names[i].value,
					 at + strlen(names[i].name));
		free(out);
		out = longer;
	}
	return out;
}

static double window_s(const struct validate_case *c, const struct validate_options *options)
{
	double seconds = options->is_fast && c->fast_window_s > 0 ? c->fast_window_s : c->window_s;
	return seconds * options->scale;
}

/* The simulated side's, every parameter written out, as its samples will carry them. */
static char *spell_live_params(const struct making *m, const char *text)
{
	struct execution *what = xcalloc(1, sizeof(*what));
	const struct cell cell = {.cast = m->of->cast,
				  .params = text,
				  .policy = "",
				  .workers = 1,
				  .kind = m->of->window_s > 0 ? CELL_WINDOW : CELL_BATCH,
				  .window_s = m->of->window_s};
	char error[256], *params;
	/* A mistake here is one in our own table. */
	if (cast_resolve(&cell, what, error, sizeof(error)) != 0)
		die("case %s: %s", m->of->name, error);
	params = plan_params_text(what);
	free(what);
	return params;
}

/* With --fast there is time for more samples of the short cells, and one odd sample of nine moves no interval. */
#define FAST_BATCH_SAMPLES 9

static struct goal goal_of(const struct making *m)
{
	const struct validate_options *o = m->options;
	unsigned least = m->plan->options.min_samples;
	/* Unless somebody asked for another number. */
	bool has_more = o->is_fast && m->of->window_s <= 0 && least == STATS_LEAST;
	return (struct goal){.samples = has_more ? FAST_BATCH_SAMPLES : least,
			     .ops = (uint64_t)ceil((double)m->of->goal_ops * o->scale),
			     .seconds = GOAL_SECONDS};
}

static int class_of(const struct validate_case *c)
{
	char name[32];
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(c->cast, ":,"), c->cast);
	return (int)workload_find(name)->class;
}

/* The group of this case and these simulated cells; a new one is found empty. */
static int group_of(const struct making *m)
{
	struct plan *plan = m->plan;
	for (size_t g = 0; g < plan->group_count; g++)
		if (strcmp(plan->groups[g].name, m->of->name) == 0 &&
		    strcmp(plan->groups[g].params, m->live_params) == 0)
			return (int)g;
	plan->groups = xrealloc(plan->groups, plan->group_count + 1, sizeof(plan->groups[0]));
	plan->groups[plan->group_count] = (struct group){
		.experiment = xstrdup(m->of->experiment),
		.cast = xstrdup(m->of->cast),
		.params = xstrdup(m->live_params),
		.name = xstrdup(m->of->name),
		.goal = goal_of(m),
		.kind = m->of->window_s > 0 ? CELL_WINDOW : CELL_BATCH,
		.class = (enum work_class)class_of(m->of),
		.rank = m->of->rank,
		.baseline = -1,
		.twin = -1,
		.is_stand_in = true,
	};
	return (int)plan->group_count++;
}

static void add_cell(struct making *m, int group, enum cell_source source, const char *model,
		     const char *policy, int workers)
{
	struct plan *plan = m->plan;
	const struct plan_cell planned = {
		.cell = {.experiment = m->of->experiment,
			 .cast = m->of->cast,
			 .params = source == SOURCE_LIVE ? m->live_params : m->python_params,
			 .model = model,
			 .policy = policy,
			 .workers = workers,
			 .kind = plan->groups[group].kind,
			 .window_s = window_s(m->of, m->options),
			 .source = source},
		.group = group,
		.is_oversubscribed = workers > m->usable_cpus,
	};
	for (size_t i = 0; i < plan->cell_count; i++)
		if (cell_equal(&plan->cells[i].cell, &planned.cell))
			return;
	int cell = plan_push(plan, &planned);
	if (plan->groups[group].baseline < 0)
		plan->groups[group].baseline = cell;
}

/* Tasks of a cast that names them: "echo:1,spin:2". */
static int tasks_of(const char *cast)
{
	int tasks = 0;
	for (const char *at = strchr(cast, ':'); at != NULL; at = strchr(at + 1, ':'))
		tasks += atoi(at + 1);
	return tasks;
}

/* Both sides, so many workers. */
static void add_pair(struct making *m, int group, const char *model, int workers)
{
	bool is_single = strcmp(model, "seq") == 0;
	char *live = is_single ? xstrdup("") : case_live_policy(m->of, m->contender);
	char *python = case_python_policy(m->of, m->contender);
	add_cell(m, group, SOURCE_LIVE, model, live, workers);
	add_cell(m, group, SOURCE_CPYTHON, model, python, workers);
	free(live);
	free(python);
}

static void add_case(struct making *m)
{
	const struct validate_case *c = m->of;
	char *live = expand(c->live, &m->contender->fit);
	m->live_params = spell_live_params(m, live);
	m->python_params = expand(c->python, &m->contender->fit);
	int group = group_of(m), tasks = tasks_of(c->cast);
	if (c->window_s <= 0)
		add_pair(m, group, "seq", 1);
	for (int i = 0; i < case_worker_count(c, m->options); i++)
		add_pair(m, group, case_model(c, m->contender), c->workers[i]);
	if (tasks > 0)
		add_pair(m, group, case_model(c, m->contender), tasks);
	free(live);
	free(m->live_params);
	free(m->python_params);
}

void validate_plan(struct plan *plan, const struct contender *contenders, size_t count,
		   const struct validate_options *options, int usable_cpus)
{
	for (const struct validate_case *c = validate_cases; c->name != NULL; c++) {
		for (size_t i = 0; i < count; i++) {
			struct making m = {.plan = plan,
					   .of = c,
					   .contender = &contenders[i],
					   .options = options,
					   .usable_cpus = usable_cpus};
			if (case_is_asked(c, &contenders[i], options))
				add_case(&m);
		}
	}
}

char *validate_note(const struct contender *of, const struct validate_options *options, size_t index)
{
	size_t seen = 0;
	const char *last = NULL;
	for (const struct validate_case *c = validate_cases; c->name != NULL; c++) {
		/* What is for others only, without a lock or with ticks, is no loss to this one. */
		const unsigned others = NEEDS_NO_LOCK | NEEDS_TICKS;
		bool is_meant = (c->needs & others) == 0 && (c->is_fast || !options->is_fast);
		const char *refusal = is_meant ? case_refusal(c, of) : NULL;
		/* One sentence per experiment and reason. */
		if (refusal == NULL || (last != NULL && strcmp(last, c->experiment) == 0))
			continue;
		last = c->experiment;
		if (seen++ == index)
			return xasprintf("%s is not asked for %s: %s.", of->label,
					 c->experiment + strlen("validate-"), refusal);
	}
	return NULL;
}
