/*
 * page_failures: the cells that crashed, hung, gave a wrong answer or are not supported, and for each the one
 * command that runs its first failed sample again.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/counterpart.h>
#include <gilbench/util.h>
#include <gilbench/virtual.h>

#include "report/pages.h"
#include "report/text.h"

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

static char *python_command(const struct report *report, const struct cell *cell, const struct sample *sample)
{
	const struct request request = {.cell = cell, .ops = sample->ops_asked, .seed = sample->seed};
	struct counterparts beside = {.python = report->python};
	if (report->python != NULL)
		return counterparts_command(&beside, &request);
	struct validate_sides sides = {.count = report->validation != NULL ? report->validation->count : 0};
	struct contender *contenders = xcalloc(sides.count + 1, sizeof(*contenders));
	for (size_t i = 0; i < sides.count; i++)
		contenders[i] = report->validation->pythons[i].contender;
	sides.contenders = contenders;
	char *command = validate_command(&sides, &request);
	free(contenders);
	return command;
}

static char *command_of(const struct report *report, const struct cell *cell, const struct sample *sample)
{
	const struct request request = {.cell = cell, .ops = sample->ops_asked, .seed = sample->seed};
	if (cell->source == SOURCE_VIRTUAL)
		return virtual_command(NULL, &request);
	return cell->source == SOURCE_CPYTHON ? python_command(report, cell, sample)
					      : repeat_command(cell, sample);
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
		char *command = command_of(report, &row->cell, sample);
		doc_text(doc, MARK_BAD "%s" MARK_BAD " %s: %s", row->status, label,
			 *error != '\0' ? error : "no reason was given");
		if (sample->status != SAMPLE_UNSUPPORTED)
			doc_command(doc, "%s", command);
		free(label);
		free(error);
		free(command);
	}
}
