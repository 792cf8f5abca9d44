/*
 * witness_end: see witness_end.h. The run is read back from its directory, for there the histograms are.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gilbench/counterpart.h>
#include <gilbench/host.h>
#include <gilbench/log.h>
#include <gilbench/predict.h>
#include <gilbench/registry.h>
#include <gilbench/util.h>
#include <gilbench/witness.h>

#include "cli/witness_end.h"

/* The experiment whose outcome `predict` repeats. */
#define WITNESS_EXPERIMENT "four-witnesses"

/* With fewer decided figures of throughput the worst of them says little. The exact value does not matter. */
#define DECIDED_LEAST 10

static bool has_cells(const struct plan *plan, enum cell_source source)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		if (plan->cells[i].cell.source == source)
			return true;
	return false;
}

static size_t decided(const struct witnesses *w)
{
	size_t count = 0;
	for (size_t i = 0; i < w->count; i++)
		count += w->findings[i].measure == WITNESS_PER_S &&
			 (w->findings[i].verdict == FINDING_PASS || w->findings[i].verdict == FINDING_FAIL);
	return count;
}

/* "virtual time beside real cores: of 60 figures 51 agree, 4 do not, 5 are undecided" */
static void print_counts(const char *who, const struct witnesses *w)
{
	printf("%s beside real cores: of %zu figures %zu agree, %zu do not, %zu are undecided", who, w->count,
	       w->of[FINDING_PASS], w->of[FINDING_FAIL], w->of[FINDING_UNDECIDED] + w->of[FINDING_MISSING]);
}

static void print(const struct witnesses *w)
{
	print_counts("virtual time", w);
	if (w->worst != NULL)
		printf(";\nthroughput is at most %.1f %% off where that is decided (%s, %s, %d workers)",
		       100 * w->worst_error, w->worst->live->cell.cast, w->worst->live->cell.model,
		       w->worst->live->cell.workers);
	puts("");
}

static void put_models(struct predict_trust *trust, const struct witnesses *w)
{
	int count = 0;
	for (size_t i = 0; all_models[i] != NULL && count < TRUST_MODELS; i++) {
		double worst = witnesses_worst_of(w, all_models[i]->name);
		if (isnan(worst))
			continue;
		snprintf(trust->of[count].model, sizeof(trust->of[0].model), "%s", all_models[i]->name);
		trust->of[count++].worst = worst;
	}
}

static void keep(const struct session *session, const struct witnesses *w, int usable_cpus)
{
	char error[300];
	bool is_whole = session->driver.sample_count > 0 && w->worst != NULL && decided(w) >= DECIDED_LEAST &&
			strcmp(w->worst->live->cell.experiment, WITNESS_EXPERIMENT) == 0;
	if (!is_whole)
		return;
	struct predict_trust trust = {.is_known = true, .worst = w->worst_error, .cores = usable_cpus};
	put_models(&trust, w);
	if (predict_trust_store(&trust, error, sizeof(error)) != 0)
		log_warn("%s", error);
}

static void judge_virtual(const struct session *session, const struct run *run, const struct summary *summary,
			  int usable_cpus)
{
	struct witnesses w;
	witnesses_judge(run->samples, run->sample_count, summary, SOURCE_VIRTUAL, usable_cpus, &w);
	if (w.count > 0)
		print(&w);
	keep(session, &w, usable_cpus);
	witnesses_release(&w);
}

/* No part of what is kept: how far an interpreter differs says nothing of virtual time. */
static void judge_python(const struct run *run, const struct summary *summary, int usable_cpus)
{
	struct witnesses w;
	witnesses_judge(run->samples, run->sample_count, summary, SOURCE_CPYTHON, usable_cpus, &w);
	if (w.count > 0) {
		print_counts(counterpart_label(run->manifest), &w);
		puts("");
	}
	witnesses_release(&w);
}

void witness_end(const struct session *session)
{
	struct run run;
	struct host host;
	struct summary summary;
	char error[300];
	const struct plan *plan = session->plan;
	bool has_others = has_cells(plan, SOURCE_VIRTUAL) || has_cells(plan, SOURCE_CPYTHON);
	if (!has_others || !has_cells(plan, SOURCE_LIVE) ||
	    run_load(&run, session->dir, error, sizeof(error)) != 0)
		return;
	host_read(&host);
	summarise(run.samples, run.sample_count, plan->options.min_samples, &summary);
	judge_virtual(session, &run, &summary, host.usable_cpus);
	judge_python(&run, &summary, host.usable_cpus);
	summary_release(&summary);
	run_release(&run);
}
