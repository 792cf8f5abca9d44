/*
 * planner: experiments, ad-hoc measurements and controls become a plan. See planner.h.
 *
 * All three are wishes (cells.h). What belongs to the whole plan is added once, at the end: each group's
 * baseline, its A/A twin, marks and warnings.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/numlist.h>
#include <gilbench/planner.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "plan/cells.h"

/* ---- growing a plan ------------------------------------------------------------------------------------ */

void plan_warn(struct plan *plan, char *sentence)
{
	for (size_t i = 0; i < plan->warning_count; i++) {
		if (strcmp(plan->warnings[i], sentence) == 0) {
			free(sentence);
			return;
		}
	}
	plan->warnings = xrealloc(plan->warnings, plan->warning_count + 1, sizeof(plan->warnings[0]));
	plan->warnings[plan->warning_count++] = sentence;
}

int plan_push(struct plan *plan, const struct plan_cell *cell)
{
	plan->cells = xrealloc(plan->cells, plan->cell_count + 1, sizeof(plan->cells[0]));
	struct plan_cell *own = &plan->cells[plan->cell_count];
	*own = *cell;
	own->cell.experiment = xstrdup(cell->cell.experiment);
	own->cell.cast = xstrdup(cell->cell.cast);
	own->cell.params = xstrdup(cell->cell.params);
	own->cell.model = xstrdup(cell->cell.model);
	own->cell.policy = xstrdup(cell->cell.policy);
	return (int)plan->cell_count++;
}

/* ---- what to add --------------------------------------------------------------------------------------- */

/* The command line wins over the section, the section over the experiment. */
static struct setting choose(const char *request, const struct setting *set, const struct setting *whole)
{
	if (request != NULL)
		return (struct setting){.text = (char *)(uintptr_t)request};
	return set->text != NULL ? *set : *whole;
}

static struct wish wish_of_request(const char *experiment, const struct plan_request *request)
{
	return (struct wish){.experiment = experiment,
			     .more_params = request->params,
			     .window_s = request->window_s,
			     .usable_cpus = request->usable_cpus,
			     .physical_cores = request->physical_cores};
}

/* ---- virtual time ---- */

/* One wish for every number of cores of the machine. */
static int add_virtual(struct plan *plan, struct wish *wish, const struct setting *cores, char *error,
		       size_t error_bytes)
{
	const struct numlist_name names[] = {
		{"cores", wish->usable_cpus}, {"physical", wish->physical_cores}, {NULL, 0}};
	int list[NUMLIST_MAX], count;
	char why[300];
	count = numlist_parse(cores->text != NULL ? cores->text : "cores", names, 1, VIRTUAL_CORES_MAX, list,
			      why, sizeof(why));
	if (count < 0 && cores->line > 0)
		snprintf(error, error_bytes, "%s:%d: cores: %s", wish->path, cores->line, why);
	else if (count < 0)
		snprintf(error, error_bytes, "--cores: %s", why);
	wish->is_virtual = true;
	int status = count < 0 ? -1 : 0;
	for (int i = 0; i < count && status == 0; i++) {
		wish->cores = wish->usable_cpus = wish->physical_cores = list[i];
		status = wish_add(plan, wish, error, error_bytes);
	}
	return status;
}

static int add_set(struct plan *plan, const struct experiment *experiment, const struct cell_set *set,
		   const struct plan_request *request, char *error, size_t error_bytes)
{
	struct wish wish = wish_of_request(experiment->name, request);
	wish.path = experiment->path;
	wish.cast = set->cast;
	wish.params = set->params;
	wish.models = choose(request->models, &set->models, &experiment->models);
	wish.policies = choose(request->policies, &set->policies, &experiment->policies);
	wish.workers = choose(request->workers, &set->workers, &experiment->workers);
	if (wish.window_s <= 0)
		wish.window_s = set->window_s;
	wish.has_class = true;
	wish.class = experiment->class;
	wish.rank = experiment->rank;
	struct setting cores = choose(request->cores, &set->cores, &experiment->cores);
	bool is_live = set_is_live(experiment, set), is_virtual = set_is_virtual(experiment, set);
	wish.is_lenient = is_live && is_virtual;
	if (is_live && !request->is_virtual && wish_add(plan, &wish, error, error_bytes) != 0)
		return -1;
	if (is_virtual || request->is_virtual)
		return add_virtual(plan, &wish, &cores, error, error_bytes);
	return 0;
}

int plan_add_experiment(struct plan *plan, const struct experiment *experiment,
			const struct plan_request *request, char *error, size_t error_bytes)
{
	for (size_t i = 0; i < experiment->set_count; i++)
		if (add_set(plan, experiment, &experiment->sets[i], request, error, error_bytes) != 0)
			return -1;
	return 0;
}

static struct setting said(const char *text)
{
	return (struct setting){.text = (char *)(uintptr_t)text};
}

int plan_add_adhoc(struct plan *plan, const struct plan_request *request, char *error, size_t error_bytes)
{
	struct wish wish = wish_of_request(EXPERIMENT_ADHOC, request);
	const struct setting cores = said(request->cores);
	wish.cast = said(request->cast);
	wish.params = said(request->params);
	wish.more_params = NULL;
	wish.models = said(request->models);
	wish.policies = said(request->policies);
	wish.workers = said(request->workers);
	if (request->is_virtual)
		return add_virtual(plan, &wish, &cores, error, error_bytes);
	return wish_add(plan, &wish, error, error_bytes);
}

/* ---- controls ------------------------------------------------------------------------------------------ */

/* Appends every worker count of batch groups of that kind of work to "1,2,4"; the largest comes back. */
static int workers_of(const struct plan *plan, bool is_waiting, char **list)
{
	int largest = 0;
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct group *group = &plan->groups[plan->cells[i].group];
		const struct cell *cell = &plan->cells[i].cell;
		bool has_waits = group->class == WORK_WAIT || group->class == WORK_MIXED;
		if (cell->kind != CELL_BATCH || has_waits != is_waiting || cell->source == SOURCE_VIRTUAL)
			continue;
		if (cell->workers > largest)
			largest = cell->workers;
		char *longer = xasprintf("%s,%d", *list, cell->workers);
		free(*list);
		*list = longer;
	}
	return largest;
}

static int add_control(struct plan *plan, const struct plan_request *request, const char *workload,
		       const char *models, const char *workers, char *error, size_t error_bytes)
{
	if (workload_find(workload) == NULL)
		return 0;
	struct wish wish = {.experiment = EXPERIMENT_CONTROLS,
			    .cast = said(workload),
			    .models = said(models),
			    .workers = said(workers),
			    .usable_cpus = request->usable_cpus,
			    .physical_cores = request->physical_cores};
	return wish_add(plan, &wish, error, error_bytes);
}

bool plan_is_virtual(const struct plan *plan)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].cell.source != SOURCE_VIRTUAL)
			return false;
	return plan->cell_count > 0;
}

/*
 * registers: as many processes as workers that share nothing: what this machine gives at best (its ceiling).
 * sleep:     a wait needs no core, so anything but N times at N workers is the harness's or the kernel's
 * fault. null:      nothing is done, so all of it is what the harness costs.
 */
int plan_add_controls(struct plan *plan, const struct plan_request *request, char *error, size_t error_bytes)
{
	if (plan_is_virtual(plan))
		return 0;
	char *ceiling = xasprintf("1,%d", request->usable_cpus), *waits = xstrdup("1");
	workers_of(plan, false, &ceiling);
	int largest = workers_of(plan, true, &waits);
	free(waits);
	waits = xasprintf("1,%d", largest > 0 ? largest : 2 * request->usable_cpus);
	int status = add_control(plan, request, "registers", "fork", ceiling, error, error_bytes);
	if (status == 0)
		status = add_control(plan, request, "sleep", "threads", waits, error, error_bytes);
	if (status == 0)
		status = add_control(plan, request, "null", "threads", "1,2", error, error_bytes);
	if (status == 0)
		status = add_control(plan, request, "null", "gil,uv", "1", error, error_bytes);
	free(ceiling);
	free(waits);
	return status;
}

/* ---- the whole plan ------------------------------------------------------------------------------------ */

static void find_baselines(struct plan *plan)
{
	for (size_t i = 0; i < plan->cell_count; i++) {
		struct group *group = &plan->groups[plan->cells[i].group];
		bool is_seq = strcmp(plan->cells[i].cell.model, "seq") == 0;
		if (group->baseline < 0 || is_seq)
			group->baseline = (int)i;
	}
}

/* A difference between two runs of the very same cell is noise: the twin measures how much there is. */
static void add_twins(struct plan *plan)
{
	for (size_t i = 0; i < plan->group_count; i++) {
		struct plan_cell twin = plan->cells[plan->groups[i].baseline];
		if (twin.cell.source == SOURCE_VIRTUAL)
			continue;
		twin.cell.is_twin = true;
		plan->groups[i].twin = plan_push(plan, &twin);
	}
}

/* N operations shared by W tasks take as long as the busiest task's share: ceil(N / W) of them. */
static double cap_of_ops(uint64_t ops, int workers)
{
	uint64_t share = (ops + (uint64_t)workers - 1) / (uint64_t)workers;
	return (double)ops / (double)share;
}

static void warn_of_caps(struct plan *plan)
{
	if (plan->options.ops == 0)
		return;
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct cell *cell = &plan->cells[i].cell;
		double cap = cap_of_ops(plan->options.ops, cell->workers);
		/* The controls are not asked to do N. */
		if (cell->kind == CELL_BATCH && cap < cell->workers &&
		    strcmp(cell->experiment, EXPERIMENT_CONTROLS) != 0)
			plan_warn(plan, xasprintf("%llu operations shared by %d workers cannot be more than "
						  "%.3g times as fast",
						  (unsigned long long)plan->options.ops, cell->workers, cap));
	}
}

/* In virtual time nothing disturbs a sample, and a longer one costs little: half as many will do. */
static void set_goals(struct plan *plan)
{
	unsigned half = plan->options.max_samples / 2, least = plan->options.min_samples;
	for (size_t i = 0; i < plan->group_count; i++)
		if (plan->cells[plan->groups[i].baseline].cell.source == SOURCE_VIRTUAL)
			plan->groups[i].goal.samples = half > least ? half : least;
}

void plan_finish(struct plan *plan, int usable_cpus)
{
	find_baselines(plan);
	set_goals(plan);
	add_twins(plan);
	for (size_t i = 0; i < plan->cell_count; i++) {
		int cores = cell_cores(&plan->cells[i].cell);
		plan->cells[i].is_oversubscribed =
			plan->cells[i].cell.workers > (cores > 0 ? cores : usable_cpus);
	}
	warn_of_caps(plan);
}
