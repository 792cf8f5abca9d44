/*
 * witness_end: see witness_end.h. The run is read back from its directory, for there the histograms are.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

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

static bool has_both(const struct plan *plan)
{
	bool has_live = false, has_virtual = false;
	for (size_t i = 0; i < plan->cell_count; i++) {
		has_live |= plan->cells[i].cell.source == SOURCE_LIVE;
		has_virtual |= plan->cells[i].cell.source == SOURCE_VIRTUAL;
	}
	return has_live && has_virtual;
}

static size_t decided(const struct witnesses *w)
{
	size_t count = 0;
	for (size_t i = 0; i < w->count; i++)
		count += w->findings[i].measure == WITNESS_PER_S &&
			 (w->findings[i].verdict == FINDING_PASS || w->findings[i].verdict == FINDING_FAIL);
	return count;
}

static void print(const struct witnesses *w)
{
	printf("virtual time beside real cores: of %zu figures %zu agree, %zu do not, %zu are undecided",
	       w->count, w->of[FINDING_PASS], w->of[FINDING_FAIL],
	       w->of[FINDING_UNDECIDED] + w->of[FINDING_MISSING]);
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

void witness_end(const struct session *session)
{
	struct run run;
	struct host host;
	struct summary summary;
	struct witnesses w;
	char error[300];
	if (!has_both(session->plan) || run_load(&run, session->dir, error, sizeof(error)) != 0)
		return;
	host_read(&host);
	summarise(run.samples, run.sample_count, session->plan->options.min_samples, &summary);
	witnesses_judge(run.samples, run.sample_count, &summary, host.usable_cpus, &w);
	if (w.count > 0)
		print(&w);
	keep(session, &w, host.usable_cpus);
	witnesses_release(&w);
	summary_release(&summary);
	run_release(&run);
}
