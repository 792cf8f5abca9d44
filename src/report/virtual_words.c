/*
 * virtual_words: what must stand beside numbers of virtual time wherever they are shown: that nothing was run, on which
 * machine it was imagined, and where its costs come from. See parts.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual.h>
#include <gilbench/virtual_cell.h>

#include "report/parts.h"

bool experiment_is_virtual(const struct report *report, int experiment)
{
	bool has_any = false;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (row_set(&report->experiments[experiment], row) < 0)
			continue;
		if (row->cell.source != SOURCE_VIRTUAL)
			return false;
		has_any = true;
	}
	return has_any;
}

bool report_is_virtual(const struct report *report)
{
	for (size_t i = 0; i < report->summary.count; i++)
		if (report->summary.rows[i].cell.source != SOURCE_VIRTUAL)
			return false;
	return report->summary.count > 0;
}

bool report_has_recordings(const struct report *report)
{
	const json_t *said = json_object_get(report->run->manifest, VIRTUAL_KEY);
	return json_array_size(json_object_get(said, "recordings")) > 0;
}

int experiment_cores(const struct report *report, int experiment, int set)
{
	int cores = 0;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		int of = row_set(&report->experiments[experiment], row), here = row_cores(report, row);
		if (of < 0 || (set >= 0 && of != set))
			continue;
		if (cores > 0 && here != cores)
			return 0;
		cores = here;
	}
	return cores;
}

static const char *virtual_text(const struct report *report, const char *key)
{
	char *path = xasprintf(VIRTUAL_KEY ".costs.%s", key);
	const char *text = manifest_text(report->run, path, "not known");
	free(path);
	return text;
}

/* Is some cell of the experiment ("any": -1) under that model? */
static bool has_model(const struct report *report, int experiment, const char *model)
{
	for (size_t i = 0; i < report->summary.count; i++)
		if (row_set(&report->experiments[experiment], &report->summary.rows[i]) >= 0 &&
		    strcmp(report->summary.rows[i].cell.model, model) == 0)
			return true;
	return false;
}

char *virtual_costs_words(const struct report *report)
{
	return xasprintf("%s (%s)", virtual_text(report, "text"), virtual_text(report, "origin_text"));
}

char *virtual_paragraph(const struct report *report, int experiment)
{
	bool is_free_assumed = strcmp(virtual_text(report, "origin.free"), "said") != 0;
	bool has_free = has_model(report, experiment, "free");
	const char *ran =
		report_has_recordings(report)
			? "each workload ran here alone for a second, and what it did was recorded. All "
			  "other numbers are a simulator's"
			: "nothing of this was run. The numbers are a simulator's";
	char *costs = virtual_costs_words(report);
	char *free_words =
		has_free ? xasprintf(" Under free, interpreted work takes %.15g times as long%s.",
				     manifest_number(report->run, VIRTUAL_KEY ".costs.free"),
				     is_free_assumed ? ", which is an assumption and not a measurement" : "")
			 : xstrdup("");
	char *text =
		xasprintf("Virtual time: %s, which knows cores, a queue for them, the lock and the loop, and "
			  "no caches, memory or other "
			  "programs. What it takes for costs: %s.%s Intervals say how much the seed matters, "
			  "and nothing of how right the model is.",
			  ran, costs, free_words);
	free(costs);
	free(free_words);
	return text;
}
