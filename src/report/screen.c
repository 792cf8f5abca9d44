/*
 * screen: what `gilbench report` says on the terminal: every claim in one line, as many as one screen takes.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/parts.h"
#include "report/text.h"

/* A terminal of 80x24 less the lines around. */
#define CLAIM_LINES   18
#define LINE_COLUMNS  79
#define VERDICT_WIDTH 10

static void claim_line(FILE *to, const struct judgement *judgement)
{
	char *text = text_one_line(judgement->text);
	char *wrapped = text_wrap(text, LINE_COLUMNS - VERDICT_WIDTH - 3, 1);
	fprintf(to, "  %-*s %s\n", VERDICT_WIDTH, claim_verdict_name(judgement->verdict), wrapped);
	free(text);
	free(wrapped);
}

static void experiment_lines(FILE *to, const struct report *report, int e, int *lines, int *left_out)
{
	const struct experiment *experiment = &report->experiments[e];
	if (experiment->claim_count == 0)
		return;
	if (*lines + 2 > CLAIM_LINES) {
		*left_out += (int)experiment->claim_count;
		return;
	}
	fprintf(to, "%s\n", experiment->name);
	(*lines)++;
	for (size_t i = 0; i < experiment->claim_count; i++) {
		if (*lines < CLAIM_LINES)
			claim_line(to, &report->judgements[e][i]);
		else
			(*left_out)++;
		*lines += *lines < CLAIM_LINES;
	}
}

char *report_screen(const struct report *report)
{
	char *text = NULL;
	size_t bytes = 0;
	int lines = 0, left_out = 0, drawn = 0;
	FILE *to = open_memstream(&text, &bytes);

	for (size_t i = 0; report->validation != NULL && i < report->validation->count; i++) {
		char *sentence = verdicts_sentence(&report->validation->pythons[i]);
		fprintf(to, "%s\n", sentence);
		free(sentence);
	}
	for (size_t e = 0; e < report->experiment_count; e++)
		experiment_lines(to, report, (int)e, &lines, &left_out);
	if (left_out > 0)
		fprintf(to, "  ... and %d more claims in the report\n", left_out);
	for (size_t i = 0; i < report->chart_count; i++)
		drawn += report->charts[i].is_drawn;
	if (strcmp(report->facts.status, "complete") != 0)
		fprintf(to, "The run is not complete (status: %s).\n", report->facts.status);
	if (!report->has_gnuplot && report->chart_count > 0)
		fprintf(to, "No chart is drawn: gnuplot was not found (Debian: gnuplot-nox).\n");
	fprintf(to, "charts: %s (%d of %zu drawn)\n", report->plots_dir, drawn, report->chart_count);
	fprintf(to, "%s/report.html\n", report->run->path);
	fclose(to);
	return text;
}
