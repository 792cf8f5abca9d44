/*
 * page_results: the table of one experiment, a row per cell and role, and what failed in the whole run.
 */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

/* Which optional columns have something to say. */
struct columns {
	bool has_params, has_roles, has_policy, has_speedup, has_latency, has_lost;
};

static struct columns columns_needed(const struct report *report, int experiment)
{
	struct columns c = {0};
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (row_set(&report->experiments[experiment], row) < 0)
			continue;
		/* Parameters need a column where they differ for one workload. */
		for (size_t k = 0; k < i; k++) {
			const struct summary_row *other = &report->summary.rows[k];
			c.has_params |= row_set(&report->experiments[experiment], other) >= 0 &&
					strcmp(other->cell.cast, row->cell.cast) == 0 &&
					strcmp(other->cell.params, row->cell.params) != 0;
		}
		c.has_roles |= strcmp(row->role, row->workload) != 0 || strchr(row->cell.cast, ',') != NULL;
		c.has_policy |= *row->cell.policy != '\0' && strcmp(row->cell.policy, "py3") != 0;
		c.has_speedup |= isfinite(row->speedup.mid);
		c.has_latency |= isfinite(row->lat_p50_s);
		c.has_lost |= row->lost_ops > 0;
	}
	return c;
}

static void results_header(struct doc *doc, const struct columns *c)
{
	char align[TABLE_COLUMNS_MAX + 1] = "ll";
	size_t n = 2;
	for (int i = 0; i < c->has_params + c->has_roles + c->has_policy; i++)
		align[n++] = 'l';
	for (int i = 0; i < 5 + 2 * c->has_latency + c->has_lost; i++)
		align[n++] = 'r';
	for (int i = 0; i < 2 * c->has_speedup; i++)
		align[n++] = 'l';
	align[n++] = 'l';
	align[n] = '\0';
	doc_table(doc, align);
	static const char *const first[] = {"workload", "model"};
	for (size_t i = 0; i < ARRAY_LEN(first); i++)
		doc_cell(doc, "%s", first[i]);
	if (c->has_params)
		doc_cell(doc, "parameters");
	if (c->has_roles)
		doc_cell(doc, "role");
	if (c->has_policy)
		doc_cell(doc, "policy");
	doc_cell(doc, "workers");
	doc_cell(doc, "n");
	doc_cell(doc, "wall, median [95 %%]");
	doc_cell(doc, "operations/s");
	doc_cell(doc, "cores used");
	if (c->has_latency) {
		doc_cell(doc, "p50");
		doc_cell(doc, "p99");
	}
	if (c->has_lost)
		doc_cell(doc, "lost");
	if (c->has_speedup) {
		doc_cell(doc, "speed-up [95 %%]");
		doc_cell(doc, "verdict");
	}
	doc_cell(doc, "status");
}

static void results_names(struct doc *doc, const struct report *report, const struct columns *c,
			  const struct summary_row *row)
{
	char *model = model_words(report, row->cell.model);
	doc_cell(doc, "%s", row->workload);
	doc_cell(doc, "%s", model);
	if (c->has_params)
		doc_cell(doc, "%s", row->cell.params);
	if (c->has_roles)
		doc_cell(doc, "%s", row->role);
	if (c->has_policy)
		doc_cell(doc, "%s", row->cell.policy);
	free(model);
}

static void results_row(struct doc *doc, const struct report *report, const struct columns *c,
			const struct summary_row *row)
{
	const char *mark = row_is_ok(row) ? "" : MARK_BAD;
	bool is_over = report->facts.usable > 0 && row->cell.workers > report->facts.usable;
	results_names(doc, report, c, row);
	doc_cell(doc, "%d%s", row->workers, is_over ? " (over)" : "");
	doc_cell(doc, "%u", row->samples);
	doc_cell(doc, "%s", text_seconds_interval(&row->wall_s).text);
	doc_cell(doc, "%s", text_count(row->throughput_per_s).text);
	doc_cell(doc, "%s", text_plain(row->cores_used).text);
	if (c->has_latency) {
		doc_cell(doc, "%s", text_seconds(row->lat_p50_s).text);
		doc_cell(doc, "%s", text_seconds(row->lat_p99_s).text);
	}
	if (c->has_lost)
		doc_cell(doc, "%s", text_count(row->lost_ops).text);
	if (c->has_speedup) {
		doc_cell(doc, "%s", text_ratio_interval(&row->speedup).text);
		doc_cell(doc, "%s", verdict_words(report, row));
	}
	doc_cell(doc, "%s%s%s", mark, status_words(row), mark);
}

void page_results(struct doc *doc, const struct report *report, int experiment)
{
	const struct experiment *e = &report->experiments[experiment];
	struct columns c = columns_needed(report, experiment);
	double floor = NAN;
	bool has_over = false;

	results_header(doc, &c);
	for (size_t set = 0; set < e->set_count; set++)
		for (size_t i = 0; i < report->summary.count; i++) {
			const struct summary_row *row = &report->summary.rows[i];
			if (row_set(e, row) != (int)set)
				continue;
			results_row(doc, report, &c, row);
			floor = fmax(floor, row->noise_floor);
			has_over |= report->facts.usable > 0 && row->cell.workers > report->facts.usable;
		}
	doc_text(doc, "Noise floor of these cells: %s%s.%s", text_percent(floor).text,
		 isfinite(floor) ? "; a ratio nearer to 1 is called the same" : " (too few samples)",
		 has_over ? " (over): more workers than usable CPUs." : "");
}

/* The first sample of the row's cell that failed. */
static const struct sample *failed_sample(const struct report *report, const struct summary_row *row)
{
	for (size_t i = 0; i < report->run->sample_count; i++) {
		const struct sample *sample = &report->run->samples[i];
		if (sample->status != SAMPLE_OK && cell_equal(&sample->cell, &row->cell))
			return sample;
	}
	return NULL;
}

/* `gilbench once` with the cell's own words and the failed sample's seed. */
static char *repeat_command(const struct cell *cell, const struct sample *sample)
{
	char *text = NULL, *params = xstrdup(cell->params), *rest = params, *word;
	char *cast = text_shell_word(cell->cast);
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	fprintf(to, "build/gilbench once --workload %s --model %s --workers %d", cast, cell->model,
		cell->workers);
	while ((word = strsep(&rest, " ")) != NULL)
		if (*word != '\0') {
			char *quoted = text_shell_word(word);
			fprintf(to, " --param %s", quoted);
			free(quoted);
		}
	if (*cell->policy != '\0')
		fprintf(to, " --gil %s", cell->policy);
	if (cell->kind == CELL_WINDOW)
		fprintf(to, " --window %gs", cell->window_s);
	else
		fprintf(to, " --ops %" PRIu64, sample->ops_asked);
	fprintf(to, " --seed %" PRIu64, sample->seed);
	fclose(to);
	free(params);
	free(cast);
	return text;
}

void page_failures(struct doc *doc, const struct report *report)
{
	bool has_heading = false;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		const struct sample *sample = row_is_ok(row) ? NULL : failed_sample(report, row);
		if (sample == NULL)
			continue;
		if (!has_heading)
			doc_heading(doc, 2, "failures", "What failed");
		has_heading = true;
		char *label = cell_label(&row->cell), *error = text_one_line(sample->error);
		char *command = repeat_command(&row->cell, sample);
		doc_text(doc, MARK_BAD "%s" MARK_BAD " %s: %s", row->status, label,
			 *error != '\0' ? error : "no reason was given");
		if (sample->status != SAMPLE_UNSUPPORTED)
			doc_command(doc, "%s", command);
		free(label);
		free(error);
		free(command);
	}
}
