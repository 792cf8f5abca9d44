/*
 * manifest: everything that is needed to repeat a run, and what was measured of the machine on the way.
 *
 * Written when the plan is made, again when it is calibrated, and at the end; killed in between, the file
 * still says `running` with the plan and the seed, which is all that --resume needs.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <gilbench/clock.h>
#include <gilbench/host.h>
#include <gilbench/planner.h>
#include <gilbench/summary.h>
#include <gilbench/util.h>

#include "driver/manifest.h"

static const char *run_name(const char *dir)
{
	const char *slash = strrchr(dir, '/');
	return slash != NULL && slash[1] != '\0' ? slash + 1 : dir;
}

/* The earlier part's manifest goes on, with one more time in `resumed`. */
static json_t *manifest_go_on(const struct run *earlier)
{
	json_t *manifest = json_deep_copy(earlier->manifest), *times = json_object_get(manifest, "resumed");
	char now[32];
	clock_utc(now, sizeof(now));
	if (!json_is_array(times)) {
		times = json_array();
		json_object_set_new(manifest, "resumed", times);
	}
	json_array_append_new(times, json_string(now));
	json_object_del(manifest, "finished");
	return manifest;
}

json_t *manifest_begin(const struct session *session)
{
	if (session->resumed != NULL)
		return manifest_go_on(session->resumed);
	json_t *manifest = json_object();
	struct host host;
	char started[32],
		*resume = xasprintf("gilbench %s --resume %s",
				    session->program != NULL ? session->program : "run", session->dir);
	host_read(&host);
	clock_utc(started, sizeof(started));
	json_object_set_new(manifest, "schema", json_string(MANIFEST_SCHEMA));
	json_object_set_new(manifest, "schema_version", json_integer(1));
	json_object_set_new(manifest, "run", json_string(run_name(session->dir)));
	json_object_set_new(manifest, "status", json_string("running"));
	json_object_set_new(manifest, "started", json_string(started));
	json_object_set_new(manifest, "command", json_string(session->command));
	json_object_set_new(manifest, "resume", json_string(resume));
	json_object_set_new(manifest, "seed", json_integer((json_int_t)session->plan->options.seed));
	json_object_set_new(manifest, "host", host_json(&host));
	json_object_set_new(manifest, "build", facts_build());
	json_object_set_new(manifest, "versions", facts_versions());
	json_object_set_new(manifest, "models", facts_models(session->plan));
	json_object_set_new(manifest, "sources", facts_sources(session->plan));
	json_object_set_new(manifest, "experiments", facts_experiments(session));
	if (session->more != NULL)
		json_object_update(manifest, session->more);
	free(resume);
	return manifest;
}

/* A number that is not known stays out. */
static void set_number(json_t *object, const char *key, double value)
{
	if (isfinite(value))
		json_object_set_new(object, key, json_real(value));
}

static json_t *groups_json(const struct session *session, const struct summary *summary)
{
	const struct plan *plan = session->plan;
	json_t *array = json_array();
	for (size_t g = 0; g < plan->group_count; g++) {
		const struct cell *member = &plan->cells[plan->groups[g].baseline].cell;
		json_t *object = json_pack("{s:s, s:s, s:s}", "experiment", member->experiment, "cast",
					   member->cast, "params", member->params);
		unsigned blocks = 0;
		for (size_t i = 0; i < summary->count; i++) {
			const struct summary_row *row = &summary->rows[i];
			if (!cell_same_group(&row->cell, member))
				continue;
			set_number(object, "noise_floor", row->noise_floor);
			if (row->samples > blocks)
				blocks = row->samples;
		}
		json_object_set_new(object, "blocks", json_integer(blocks));
		json_array_append_new(array, object);
	}
	return array;
}

/* Speed-ups of one control by its workers: {"1": 1.0, "2": 1.97}. */
static json_t *control_json(const struct summary *summary, const char *workload, const char *model)
{
	json_t *object = json_object();
	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		char workers[16];
		if (strcmp(row->cell.experiment, EXPERIMENT_CONTROLS) != 0 ||
		    strcmp(row->workload, workload) != 0 || strcmp(row->cell.model, model) != 0)
			continue;
		snprintf(workers, sizeof(workers), "%d", row->workers);
		set_number(object, workers, row->speedup.mid);
	}
	return object;
}

static void set_measured(const struct session *session)
{
	const struct driver *driver = &session->driver;
	struct summary summary;
	summarise(driver->samples, driver->sample_count, session->plan->options.min_samples, &summary);
	set_number(session->manifest, "noise_floor", summary.noise_floor);
	json_object_set_new(session->manifest, "groups", groups_json(session, &summary));
	json_object_set_new(session->manifest, "ceiling", control_json(&summary, "registers", "fork"));
	json_object_set_new(session->manifest, "wait_control", control_json(&summary, "sleep", "threads"));
	summary_release(&summary);
}

/* What the driver itself cost, so that a report can say that it did not disturb. */
static json_t *driver_json(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	double cpu_s = (double)usage.ru_utime.tv_sec + (double)usage.ru_stime.tv_sec +
		       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	return json_pack("{s:f, s:f}", "cpu_s", cpu_s, "rss_bytes", (double)usage.ru_maxrss * 1024);
}

void manifest_update(const struct session *session, const char *status)
{
	json_t *manifest = session->manifest, *plan = plan_to_json(session->plan);
	char now[32];
	json_object_set(manifest, "options", json_object_get(plan, "options"));
	json_object_set(manifest, "warnings", json_object_get(plan, "warnings"));
	json_object_set_new(manifest, "plan", plan);
	json_object_set_new(manifest, "status", json_string(status));
	json_object_set_new(manifest, "scaled", json_boolean(session->driver.is_scaled));
	json_object_set_new(manifest, "duration_s", json_real(session->driver.elapsed_s));
	json_object_set_new(manifest, "calibration_s", json_real(session->driver.calibration_s));
	json_object_set_new(manifest, "driver", driver_json());
	set_measured(session);
	if (strcmp(status, "running") != 0) {
		clock_utc(now, sizeof(now));
		json_object_set_new(manifest, "finished", json_string(now));
	}
}
