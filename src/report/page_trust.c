/*
 * page_trust: how far to trust this run: noise floor, what the harness itself costs, the machine's ceiling,
 * the pure wait, hyperfine, and the machine with the build.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual.h>

#include "report/pages.h"
#include "report/text.h"

/* Of what was imagined: no twins, no controls, but costs. */
static void trust_virtual(struct doc *doc, const struct report *report)
{
	if (json_object_get(report->run->manifest, VIRTUAL_KEY) == NULL)
		return;
	char *costs = virtual_costs_words(report), *line = text_one_line(costs);
	doc_heading(doc, 3, "virtual", "Virtual time");
	doc_text(doc,
		 "Cells in virtual time were simulated with these costs: %s. What is simulated and what is "
		 "not, and how "
		 "far it was found to agree with what runs, is in docs/virtual-time.md.",
		 line);
	free(line);
	free(costs);
}

static void trust_floor(struct doc *doc, const struct report *report)
{
	const json_t *groups = json_object_get(report->run->manifest, "groups"), *group;
	size_t i;
	doc_heading(doc, 3, "noise", "Noise floor");
	doc_text(doc,
		 "Each group's baseline has an A/A twin: the same cell, measured again in every block under "
		 "another "
		 "name. The noise floor is the upper 95 %% bound of the difference between the two: %s for "
		 "this run "
		 "(the largest of its groups). No difference below it is called one.",
		 text_percent(report->facts.floor).text);
	if (json_array_size(groups) == 0)
		return;
	static const char *const names[] = {"experiment", "cast", "parameters", "noise floor", "blocks"};
	doc_table(doc, "lllrr");
	for (size_t k = 0; k < ARRAY_LEN(names); k++)
		doc_cell(doc, "%s", names[k]);
	json_array_foreach (groups, i, group) {
		const json_t *floor = json_object_get(group, "noise_floor");
		if (json_number_value(floor) <= 0)
			continue;
		for (size_t k = 0; k < 3; k++) {
			const char *const keys[] = {"experiment", "cast", "params"};
			const char *text = json_string_value(json_object_get(group, keys[k]));
			char *line = text_one_line(text != NULL ? text : "");
			doc_cell(doc, "%s", line);
			free(line);
		}
		doc_cell(doc, "%s",
			 text_percent(json_is_number(floor) ? json_number_value(floor) : (double)NAN).text);
		doc_cell(doc, "%lld", (long long)json_integer_value(json_object_get(group, "blocks")));
	}
}

static bool is_control(const struct summary_row *row, const char *workload)
{
	return strcmp(row->cell.experiment, "controls") == 0 && strcmp(row->workload, workload) == 0;
}

static void trust_harness(struct doc *doc, const struct report *report)
{
	bool has_header = false;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (!is_control(row, "null") || !row_is_ok(row))
			continue;
		if (!has_header) {
			doc_heading(doc, 3, "harness", "What the harness costs");
			doc_text(doc, "The workload " MARK_CODE "null" MARK_CODE
				      " does nothing, so its time is the harness's own: per task, wall time "
				      "× workers / "
				      "operations, with the latency of each operation recorded. It is part "
				      "of every number "
				      "here; beside an operation of 1 ms it is too small to see.");
			doc_table(doc, "lrrr");
			doc_cell(doc, "model");
			doc_cell(doc, "workers");
			doc_cell(doc, "per operation and task");
			doc_cell(doc, "share of 1 ms");
		}
		has_header = true;
		double cost = row->wall_s.mid * row->workers / row->ops;
		model_cell(doc, report, row->cell.model);
		doc_cell(doc, "%d", row->workers);
		doc_cell(doc, "%s", text_seconds(cost).text);
		/* Two digits after the point: the share is a few thousandths of a percent. */
		doc_cell(doc, "%.3f %%", cost / 1e-3 * 100);
	}
}

/* One row per number of workers of a manifest's table {"1": 1.0, ...}. */
static void control_table(struct doc *doc, const json_t *values, const char *name)
{
	const char *workers;
	const json_t *value;
	doc_table(doc, "rr");
	doc_cell(doc, "workers");
	doc_cell(doc, "%s", name);
	json_object_foreach ((json_t *)(uintptr_t)values, workers, value) {
		const json_t *mid = json_is_object(value) ? json_object_get(value, "mid") : value;
		if (!json_is_number(mid))
			continue;
		doc_cell(doc, "%s", workers);
		doc_cell(doc, "%s", text_ratio(json_number_value(mid)).text);
	}
}

static void trust_controls(struct doc *doc, const struct report *report)
{
	const json_t *ceiling = json_object_get(report->run->manifest, "ceiling");
	const json_t *wait = json_object_get(report->run->manifest, "wait_control");
	if (json_object_size(ceiling) > 0) {
		doc_heading(doc, 3, "ceiling", "The machine's ceiling");
		doc_text(
			doc,
			"As many independent processes of register arithmetic as workers, nothing shared: no "
			"model "
			"can do better on this machine at that moment. It is the dashed line of the charts.");
		control_table(doc, ceiling, "ceiling, speed-up");
	}
	if (json_object_size(wait) > 0) {
		doc_heading(doc, 3, "wait", "The pure wait");
		doc_text(doc,
			 "Waits use no processor, so N workers must wait N times as fast; where they do "
			 "not, the machine's timers are at fault, and the waiting charts suffer with them.");
		control_table(doc, wait, "speed-up");
	}
}

void page_trust(struct doc *doc, const struct report *report)
{
	doc_heading(doc, 2, "trust", "How far to trust this run");
	/* A validation has neither twins nor controls: its other side is what it is measured by. */
	trust_virtual(doc, report);
	if (report->validation == NULL && !report_is_virtual(report)) {
		trust_floor(doc, report);
		trust_harness(doc, report);
		trust_controls(doc, report);
		page_hyperfine(doc, report);
	}
	page_machine(doc, report);
}
