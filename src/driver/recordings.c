/*
 * recordings: every workload of a plan is recorded once, and travels in the manifest: a run that is gone on with, or
 * reported elsewhere, must not depend on what the machine did in another second.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/log.h>
#include <gilbench/record.h>
#include <gilbench/util.h>

#include "driver/recordings.h"
#include "driver/virtual_ahead.h"

/* How long one workload is looked at: hundreds of operations of a millisecond. The exact value does not matter. */
#define RECORD_S 1.0

const struct recording *recording_find(const struct virtual_runner *runner, const char *cast,
				       const char *params)
{
	for (size_t i = 0; i < runner->recording_count; i++)
		if (strcmp(runner->recordings[i].cast, cast) == 0 &&
		    strcmp(runner->recordings[i].params, params) == 0)
			return &runner->recordings[i];
	return NULL;
}

struct recording *recording_add(struct virtual_runner *runner, const char *cast, const char *params)
{
	runner->recordings =
		xrealloc(runner->recordings, runner->recording_count + 1, sizeof(*runner->recordings));
	struct recording *recording = &runner->recordings[runner->recording_count++];
	*recording = (struct recording){.cast = xstrdup(cast), .params = xstrdup(params)};
	return recording;
}

static void record(struct virtual_runner *runner, const struct cell *cell, const char *work)
{
	struct recording *recording = recording_add(runner, cell->cast, work);
	struct cell bare = *cell;
	char error[256];
	bare.params = work;
	bare.source = SOURCE_LIVE;
	log_progress("recording %s (%s)", cell->cast, work);
	if (profile_record(&bare, RECORD_S, &recording->profiles, error, sizeof(error)) != 0)
		recording->error = xstrdup(error);
	log_progress_end();
}

void virtual_record_cell(struct virtual_runner *runner, const struct cell *cell)
{
	struct virtual_words words;
	char error[256], *work;
	if (cell->source != SOURCE_VIRTUAL ||
	    virtual_words_read(cell->params, &words, &work, error, sizeof(error)) != 0)
		return;
	if (!params_have_profiles(work) && recording_find(runner, cell->cast, work) == NULL)
		record(runner, cell, work);
	free(work);
}

void virtual_record(struct virtual_runner *runner, const struct plan *plan)
{
	for (size_t i = 0; i < plan->cell_count; i++) {
		size_t before = runner->recording_count;
		virtual_record_cell(runner, &plan->cells[i].cell);
		if (runner->recording_count > before && runner->recordings[before].error != NULL)
			log_warn("%s", runner->recordings[before].error);
	}
}

void virtual_release(struct virtual_runner *runner)
{
	virtual_ahead_release(runner);
	for (size_t i = 0; i < runner->recording_count; i++) {
		free(runner->recordings[i].cast);
		free(runner->recordings[i].params);
		free(runner->recordings[i].error);
		profile_cast_release(&runner->recordings[i].profiles);
	}
	free(runner->recordings);
	runner->recordings = NULL;
	runner->recording_count = 0;
}
