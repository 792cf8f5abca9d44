/*
 * row_work: what one operation of a row costs, and what it ran on, as far as the run says. See parts.h.
 *
 * A virtual cell of a profile says it in its parameters. What a workload costs is known where the run has recorded it,
 * for its virtual cells; the same recording holds for the live ones beside them.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual.h>
#include <gilbench/virtual_cell.h>

#include "report/parts.h"

/* The role's own, taken out of the cast, which is released. */
static bool take_role(struct profile_cast *cast, const char *role, struct profile *profile)
{
	bool is_found = false;
	for (int i = 0; i < cast->count && !is_found; i++) {
		is_found = strcmp(cast->role[i].name, role) == 0;
		if (is_found) {
			*profile = cast->role[i].profile;
			cast->role[i].profile = (struct profile){.count = 0};
		}
	}
	profile_cast_release(cast);
	return is_found;
}

/* What the manifest has of virtual time, with no recording but that of this work, for they are long; NULL: it has none.
 * New reference. */
static json_t *recording_of(const struct report *report, const char *cast, const char *work)
{
	const json_t *object = json_object_get(report->run->manifest, VIRTUAL_KEY);
	json_t *costs = json_object_get(object, "costs"), *entry;
	size_t i;
	json_array_foreach (json_object_get(object, "recordings"), i, entry) {
		const char *of = json_string_value(json_object_get(entry, "cast"));
		const char *params = json_string_value(json_object_get(entry, "params"));
		if (of != NULL && params != NULL && strcmp(of, cast) == 0 && strcmp(params, work) == 0)
			return json_pack("{s:O, s:[O]}", "costs", costs, "recordings", entry);
	}
	return NULL;
}

static bool from_recordings(const struct report *report, const struct summary_row *row, const char *work,
			    struct profile *profile)
{
	struct virtual_runner runner;
	char error[200];
	json_t *object = recording_of(report, row->cell.cast, work);
	bool is_found = object != NULL && virtual_from_json(&runner, object, error, sizeof(error)) == 0;
	json_decref(object);
	if (!is_found)
		return false;
	is_found =
		runner.recording_count > 0 && take_role(&runner.recordings[0].profiles, row->role, profile);
	virtual_release(&runner);
	return is_found;
}

bool row_profile(const struct report *report, const struct summary_row *row, struct profile *profile)
{
	struct virtual_words words;
	struct profile_cast cast;
	char error[200], *work;
	bool is_found = false;
	if (virtual_words_read(row->cell.params, &words, &work, error, sizeof(error)) != 0)
		return false;
	if (!params_have_profiles(work))
		is_found = report != NULL && from_recordings(report, row, work, profile);
	else if (profile_cast_read(row->cell.cast, work, row->cell.workers, &cast, error, sizeof(error)) == 0)
		is_found = take_role(&cast, row->role, profile);
	free(work);
	return is_found;
}

int row_cores(const struct report *report, const struct summary_row *row)
{
	if (row->cell.source == SOURCE_VIRTUAL)
		return cell_cores(&row->cell);
	return report != NULL ? report->facts.usable : 0;
}
