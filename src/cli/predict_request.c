/*
 * predict_request: from options as typed to a request. See predict_request.h.
 *
 *	profiles or a recording -> roles, their words -> models x policies -> numbers of workers -> request
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/calibration.h>
#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/planner.h>
#include <gilbench/record.h>
#include <gilbench/registry.h>
#include <gilbench/sim.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>
#include <gilbench/virtual_models.h>

#include "cli/option_values.h"
#include "cli/predict_request.h"
#include "plan/cells.h"

/* What people deploy, on all cores and on one, and what Python may become. */
#define DEFAULT_MODELS "gil,gil*cores,uv,uv*cores,fork,interp,free"

/* 1 to 64, as many as a curve needs; on machines of more than 32 cores it goes on to twice as many, as far as that is
 * answered within some seconds. */
static const int default_workers[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};
#define DEFAULT_WORKERS_MOST 2048

void predict_options_standard(struct predict_options *o)
{
	char note[512];
	*o = (struct predict_options){.seed = 1, .goal = {.aim = AIM_WORKERS}};
	calibration_load(&o->costs, note, sizeof(note));
	if (note[0] != '\0')
		log_warn("%s", note);
}

/* ---- the work -------------------------------------------------------------------------------------------- */

/* How long a workload is looked at. The exact value does not matter. */
#define RECORD_S 1.0

/* One more word behind `text`, which is freed, as is the word. */
static char *add_word(char *text, char *word, const char *between)
{
	char *longer = xasprintf("%s%s%s", text, text[0] != '\0' ? between : "", word);
	free(text);
	free(word);
	return longer;
}

/* "web:8 = gil:2ms+wait:10ms; batch:2 = gil:50ms". Free it. */
static char *profiles_text(const struct profile_cast *cast)
{
	char *all = xstrdup("");
	for (int i = 0; i < cast->count; i++) {
		const struct profile_role *role = &cast->role[i];
		char *text = profile_text(&role->profile);
		all = add_word(all,
			       cast->count > 1 ? xasprintf("%s:%d = %s", role->name, role->tasks, text)
					       : xasprintf("%s %s", role->name, text),
			       "; ");
		free(text);
	}
	return all;
}

/* "spin"; "echo:1,spin:2": as a plan spells it. Free it. */
static char *workloads_text(const struct execution *what)
{
	char *text = xstrdup("");
	for (int i = 0; i < what->role_count; i++) {
		const struct role *role = &what->role[i];
		text = add_word(text,
				what->role_count > 1 ? xasprintf("%s:%d", role->workload->name, role->tasks)
						     : xstrdup(role->workload->name),
				",");
	}
	return text;
}

/* Runs the workload for about a second. */
static void record(struct predict_options *o)
{
	struct execution what;
	char error[512];
	struct cell cell = {.experiment = EXPERIMENT_PREDICT,
			    .cast = o->workload,
			    .params = o->workload_params != NULL ? o->workload_params : "",
			    .model = "gil",
			    .policy = "",
			    .workers = 1};
	if (cast_resolve(&cell, &what, error, sizeof(error)) != 0)
		die_usage("%s", error);
	o->work = workloads_text(&what);
	o->params = plan_params_text(&what);
	log_progress("recording %s", o->work);
	int status = profile_record(&cell, RECORD_S, &o->cast, error, sizeof(error));
	log_progress_end();
	if (status != 0)
		die_usage("%s", error);
	/* One role alone is called as its workload is, which is said already. */
	char *seen = o->cast.count > 1 ? profiles_text(&o->cast) : profile_text(&o->cast.role[0].profile);
	o->title = xasprintf("%s%s%s, recorded here: %s", o->work, o->params[0] != '\0' ? " " : "", o->params,
			     seen);
	free(seen);
}

/* Only the only role's number of tasks may be left to --workers. */
static bool says_tasks(const struct predict_options *o)
{
	return o->cast.count > 1 || o->cast.role[0].tasks > 1;
}

/* ---- models ---------------------------------------------------------------------------------------------- */

/* The list with every `default` in it spelled out, without the shapes that would have more processes than there are
 * workers. Free it. */
static char *models_text(const struct predict_options *o, const struct predict_request *r)
{
	const char *typed = o->models != NULL ? o->models : "default";
	bool has_shapes = r->cores <= r->workers[r->worker_count - 1] && r->cores <= SHAPE_PROCESSES_MAX;
	const char *list = has_shapes ? DEFAULT_MODELS : "gil,uv,fork,interp,free";
	char *words = xstrdup(typed), *rest = NULL, *text = xstrdup("");
	for (char *word = strtok_r(words, ", \t", &rest); word != NULL; word = strtok_r(NULL, ", \t", &rest))
		text = add_word(text, xstrdup(strcmp(word, "default") == 0 ? list : word), ",");
	free(words);
	return text;
}

static void choose_models(const struct predict_options *o, struct predict_request *r)
{
	char error[256], *text = models_text(o, r);
	bool has_lock = false;
	if (list_models(text, NULL, r->cores, &r->models, error, sizeof(error)) != 0 ||
	    list_policies(o->policies, &r->policies, error, sizeof(error)) != 0)
		die_usage("%s", error);
	for (size_t i = 0; r->models[i] != NULL; i++)
		has_lock |= r->models[i]->has_lock;
	if (o->policies != NULL && !has_lock)
		die_usage("--gil is for models with a lock; none of '%s' has one", text);
	free(text);
}

/* ---- workers --------------------------------------------------------------------------------------------- */

static int workers_by_default(int cores, int *out)
{
	int count = 0, last = default_workers[ARRAY_LEN(default_workers) - 1];
	for (size_t i = 0; i < ARRAY_LEN(default_workers); i++)
		out[count++] = default_workers[i];
	for (; last < 2 * cores && last < DEFAULT_WORKERS_MOST; last *= 2) {
		out[count++] = last / 2 * 3;
		out[count++] = last * 2;
	}
	return count;
}

static int workers_of_cast(const struct predict_options *o, int *out)
{
	out[0] = 0;
	for (int i = 0; i < o->cast.count; i++)
		out[0] += o->cast.role[i].tasks;
	if (o->workers != NULL)
		log_warn("the profiles say their own tasks, so --workers does not apply to them");
	return 1;
}

static void choose_workers(struct predict_options *o, struct predict_request *r)
{
	const struct numlist_name names[] = {{"cores", r->cores}, {NULL, 0}};
	char error[256];
	int *list = o->worker_list;
	r->may_skip = o->workers == NULL || strcmp(o->workers, "default") == 0;
	if (r->has_tasks)
		r->worker_count = workers_of_cast(o, list);
	else if (r->may_skip)
		r->worker_count = workers_by_default(r->cores, list);
	else
		r->worker_count =
			numlist_parse(o->workers, names, 1, SIM_TASKS_MAX, list, error, sizeof(error));
	if (r->worker_count < 1)
		die_usage("--workers: %s", error);
	r->workers = list;
}

/* ---- all of it ------------------------------------------------------------------------------------------- */

/* The machine and the load are words of a cell's parameters, as in a run. */
static void add_load(struct predict_options *o, const struct predict_request *r)
{
	const struct virtual_words words = {.cores = r->cores,
					    .rate_per_s = r->rate_per_s,
					    .is_poisson = r->rate_per_s > 0 && r->is_poisson};
	char *all = virtual_words_text(&words, o->params);
	free(o->params);
	o->params = all;
}

void predict_options_resolve(struct predict_options *o, struct predict_request *r)
{
	*r = (struct predict_request){.cast = &o->cast,
				      .cores = o->cores > 0 ? o->cores : host_usable_cpus(),
				      .costs = o->costs,
				      .rate_per_s = o->rate_per_s,
				      .is_poisson = !o->is_regular,
				      .window_s = o->window_s,
				      .seed = o->seed,
				      .goal = o->goal,
				      .threads = host_usable_cpus()};
	if (o->workload != NULL) {
		record(o);
	} else {
		profile_cast_words(&o->cast, &o->work, &o->params);
		o->title = profiles_text(&o->cast);
	}
	r->has_tasks = says_tasks(o);
	choose_workers(o, r);
	choose_models(o, r);
	add_load(o, r);
	r->title = o->title;
	r->work = o->work;
	r->params = o->params;
	predict_trust_load(&r->trust);
	predict_trust_narrow(&r->trust, r->models);
}

void predict_options_release(struct predict_options *o, struct predict_request *r)
{
	profile_cast_release(&o->cast);
	list_free(r->policies);
	free(r->models);
	free(o->workload_params);
	free(o->title);
	free(o->work);
	free(o->params);
}
