/*
 * findings: a run directory, judged. See validate.h.
 *
 *	plan of the manifest --> group of the figure's case --> the two cells --> their samples --> two numbers
 *
 * Every figure is one number per sample, and both sides were sampled in the same blocks: their ratio (of shares: the
 * difference) is that of the blocks, with the exact interval of the median (stats.h). Percentiles too are of each
 * sample and not of all operations together: a window in which a neighbour let most replies be fast has ten times
 * as many of them, and would outvote all others.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/planner.h>
#include <gilbench/util.h>

#include "validate/cases.h"

/* The samples of one cell; of a speed-up those of its baseline too. */
struct of_cell {
	const struct cell *cell;
	const struct sample **samples;
	size_t count;
	const char *error; /* why it has none */
};

struct judging {
	const struct validation *validation;
	const struct run *run;
	const struct contender *contender;
	const struct figure *figure;
	const struct validate_case *of;
	struct of_cell live, python, live_base, python_base;
};

/* ---- finding the cells ---- */

/* The group that holds this interpreter's cells of the case; -1: there is none. */
static int group_of(const struct judging *j, const char *python_policy)
{
	const struct plan *plan = &j->validation->plan;
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct plan_cell *c = &plan->cells[i];
		const char *name = plan->groups[c->group].name;
		if (c->cell.source == SOURCE_CPYTHON && strcmp(c->cell.policy, python_policy) == 0 &&
		    name != NULL && strcmp(name, j->of->name) == 0)
			return c->group;
	}
	return -1;
}

static const struct cell *cell_of(const struct judging *j, int group, enum cell_source source,
				  const char *model, const char *policy, int workers)
{
	const struct plan *plan = &j->validation->plan;
	for (size_t i = 0; i < plan->cell_count; i++) {
		const struct cell *c = &plan->cells[i].cell;
		if (plan->cells[i].group == group && c->source == source && strcmp(c->model, model) == 0 &&
		    strcmp(c->policy, policy) == 0 && (workers == 0 || c->workers == workers))
			return c;
	}
	return NULL;
}

static struct of_cell samples_of(const struct run *run, const struct cell *cell)
{
	struct of_cell out = {.cell = cell,
			      .samples = xcalloc(run->sample_count + 1, sizeof(const struct sample *))};
	for (size_t i = 0; cell != NULL && i < run->sample_count; i++) {
		const struct sample *sample = &run->samples[i];
		if (!cell_equal(&sample->cell, cell))
			continue;
		if (sample->status == SAMPLE_OK)
			out.samples[out.count++] = sample;
		else if (out.error == NULL)
			out.error = sample->error;
	}
	return out;
}

static void find_cells(struct judging *j)
{
	const char *model = case_model(j->of, j->contender);
	char *live = case_live_policy(j->of, j->contender), *python = case_python_policy(j->of, j->contender);
	int group = group_of(j, python);
	j->live = samples_of(j->run, cell_of(j, group, SOURCE_LIVE, model, live, j->figure->workers));
	j->python = samples_of(j->run, cell_of(j, group, SOURCE_CPYTHON, model, python, j->figure->workers));
	j->live_base = samples_of(j->run, cell_of(j, group, SOURCE_LIVE, "seq", "", 1));
	j->python_base = samples_of(j->run, cell_of(j, group, SOURCE_CPYTHON, "seq", python, 1));
	free(live);
	free(python);
}

static void release_cells(struct judging *j)
{
	free(j->live.samples);
	free(j->python.samples);
	free(j->live_base.samples);
	free(j->python_base.samples);
}

/* ---- numbers of a sample ---- */

static const struct sample *in_block(const struct of_cell *of, unsigned block)
{
	for (size_t i = 0; i < of->count; i++)
		if (of->samples[i]->block == block)
			return of->samples[i];
	return NULL;
}

static double speedup(const struct sample *sample, const struct of_cell *base)
{
	const struct sample *alone = in_block(base, sample->block);
	if (alone == NULL || alone->role_count == 0)
		return NAN;
	return sample->role[0].throughput_per_s / alone->role[0].throughput_per_s;
}

/* Share of operations of the first role that took half an interval and more. */
static double slow_share(const struct judging *j, const struct hist *latency)
{
	return 1 - hist_share_below(latency, case_interval_s(j->of) / 2 * 1e9);
}

static double latency_number(const struct judging *j, const struct hist *latency)
{
	if (latency == NULL || latency->count == 0)
		return NAN;
	switch (j->figure->measure) {
	case MEASURE_P50:
		return hist_quantile_inside(latency, 0.5) / 1e9;
	case MEASURE_P90:
		return hist_quantile_inside(latency, 0.9) / 1e9;
	case MEASURE_FAST_SHARE:
		return 1 - slow_share(j, latency);
	default:
		return slow_share(j, latency);
	}
}

static double sample_number(const struct judging *j, const struct sample *sample, const struct of_cell *base)
{
	if (sample == NULL || sample->role_count == 0)
		return NAN;
	switch (j->figure->measure) {
	case MEASURE_SPEEDUP:
		return speedup(sample, base);
	case MEASURE_SWITCHES:
		return sample->ctx_voluntary / sample->wall_s;
	case MEASURE_PER_S:
		return sample->role[0].throughput_per_s;
	default:
		return latency_number(j, sample->role[0].latency);
	}
}

static struct interval difference_interval(double *live, const double *python, size_t count)
{
	for (size_t i = 0; i < count; i++)
		live[i] -= python[i];
	return median_interval(live, count);
}

/* Per block of the simulated side: its number, and the interpreter's in the same block. */
static void compare(const struct judging *j, struct finding *f)
{
	size_t count = j->live.count;
	double *live = xcalloc(count + 1, sizeof(*live)), *paired = xcalloc(count + 1, sizeof(*paired));
	double *python = xcalloc(j->python.count + 1, sizeof(*python));
	for (size_t i = 0; i < count; i++) {
		const struct sample *sample = j->live.samples[i];
		live[i] = sample_number(j, sample, &j->live_base);
		paired[i] = sample_number(j, in_block(&j->python, sample->block), &j->python_base);
	}
	for (size_t i = 0; i < j->python.count; i++)
		python[i] = sample_number(j, j->python.samples[i], &j->python_base);
	f->live = median_interval(live, count);
	f->python = median_interval(python, j->python.count);
	f->relation = j->figure->kind == BAND_POINTS ? difference_interval(live, paired, count)
						     : ratio_interval(live, paired, count);
	free(live);
	free(paired);
	free(python);
}

/* ---- one figure, one interpreter, a run ---- */

static const char *why_missing(const struct judging *j)
{
	const struct of_cell *without = j->live.count == 0 ? &j->live : &j->python;
	if (without->count > 0)
		return "too little happened in its samples";
	return without->error != NULL && *without->error != '\0' ? without->error : "it has no sample";
}

static void judge_figure(struct judging *j, struct finding *f)
{
	static const struct interval nothing = {NAN, NAN, NAN};
	*f = (struct finding){.figure = j->figure, .live = nothing, .python = nothing, .relation = nothing};
	find_cells(j);
	compare(j, f);
	f->verdict = band_judge(j->figure->kind, j->figure->band, &f->relation);
	if (f->verdict == FINDING_MISSING)
		f->why_missing = why_missing(j);
	release_cells(j);
}

static void judge_contender(const struct validation *v, const struct run *run, struct verdicts *out)
{
	size_t room = 0;
	while (validate_figures[room].group != NULL)
		room++;
	out->findings = xcalloc(room, sizeof(*out->findings));
	for (const struct figure *figure = validate_figures; figure->group != NULL; figure++) {
		struct judging j = {.validation = v,
				    .run = run,
				    .contender = &out->contender,
				    .figure = figure,
				    .of = case_find(figure->group)};
		if (!figure_is_asked(figure, &out->contender, &v->options))
			continue;
		struct finding *f = &out->findings[out->count++];
		judge_figure(&j, f);
		out->of[f->verdict] += !figure->is_drawn_only;
	}
}

/* ---- was the machine quiet? ---- */

/* A lone computing thread has a processor to itself, unless somebody else wants one. */
static double processor_share(const struct validation *v, const struct run *run, const struct contender *of)
{
	struct judging j = {.validation = v, .run = run, .contender = of, .of = case_find("cpu")};
	struct of_cell alone =
		samples_of(run, cell_of(&j, group_of(&j, of->name), SOURCE_LIVE, "seq", "", 1));
	double *shares = xcalloc(alone.count + 1, sizeof(*shares));
	for (size_t i = 0; i < alone.count; i++)
		shares[i] = alone.samples[i]->cpu_s / alone.samples[i]->wall_s;
	double share = median(shares, alone.count);
	free(shares);
	free(alone.samples);
	return share;
}

/* ---- what one thread pays for running without the lock ---- */

static struct of_cell spin_alone(const struct validation *v, const struct run *run,
				 const struct contender *of)
{
	struct judging j = {.validation = v, .run = run, .contender = of, .of = case_find("cpu")};
	return samples_of(run, cell_of(&j, group_of(&j, of->name), SOURCE_CPYTHON, "seq", of->name, 1));
}

/* Turns of the loop per second: the number of turns in an operation was fitted to each. */
static struct interval compare_alone(const struct validation *v, const struct run *run,
				     const struct contender *of, const struct contender *beside)
{
	struct of_cell here = spin_alone(v, run, of), there = spin_alone(v, run, beside);
	double *a = xcalloc(here.count + 1, sizeof(*a)), *b = xcalloc(here.count + 1, sizeof(*b));
	for (size_t i = 0; i < here.count; i++) {
		const struct sample *other = in_block(&there, here.samples[i]->block);
		a[i] = here.samples[i]->role[0].throughput_per_s * of->fit.spin_iterations;
		b[i] = other != NULL ? other->role[0].throughput_per_s * beside->fit.spin_iterations : NAN;
	}
	struct interval ratio = ratio_interval(a, b, here.count);
	free(here.samples);
	free(there.samples);
	free(a);
	free(b);
	return ratio;
}

static void judge_one_thread(const struct validation *v, const struct run *run, struct verdicts *out)
{
	for (size_t i = 0; i < v->count && !out->contender.python.has_gil; i++) {
		const struct contender *beside = &v->pythons[i].contender;
		if (!beside->python.has_gil ||
		    strcmp(beside->python.version, out->contender.python.version) != 0)
			continue;
		out->one_thread = compare_alone(v, run, &out->contender, beside);
		out->one_thread_beside = isnan(out->one_thread.mid) ? NULL : beside;
		return;
	}
}

int validation_read(struct validation *v, const struct run *run, char *error, size_t error_bytes)
{
	const json_t *object = json_object_get(run->manifest, VALIDATE_KEY);
	struct contender *contenders;
	*v = (struct validation){0};
	error[0] = '\0';
	if (object == NULL ||
	    validate_from_json(object, &contenders, &v->count, &v->options, error, error_bytes) != 0)
		return -1;
	if (plan_from_json(&v->plan, json_object_get(run->manifest, "plan"), error, error_bytes) != 0) {
		for (size_t i = 0; i < v->count; i++)
			contender_release(&contenders[i]);
		free(contenders);
		return -1;
	}
	v->pythons = xcalloc(v->count, sizeof(*v->pythons));
	for (size_t i = 0; i < v->count; i++)
		v->pythons[i].contender = contenders[i];
	for (size_t i = 0; i < v->count; i++) {
		judge_contender(v, run, &v->pythons[i]);
		judge_one_thread(v, run, &v->pythons[i]);
		v->pythons[i].processor_share = processor_share(v, run, &contenders[i]);
	}
	free(contenders);
	return 0;
}

void validation_release(struct validation *v)
{
	for (size_t i = 0; i < v->count; i++) {
		contender_release(&v->pythons[i].contender);
		free(v->pythons[i].findings);
	}
	free(v->pythons);
	plan_release(&v->plan);
	*v = (struct validation){0};
}
