/*
 * page_experiment: one experiment as question, setup, code, results, conclusions. Nothing in the conclusions
 * was written before it was measured: they are the file's claims, judged on this run's data.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/registry.h>
#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

/* What the section is about: a profile on a list of cores, as it says itself; else the parameters of its rows, all of
 * them. Free it. */
static char *setup_params(const struct experiment *e, const struct cell_set *cells,
			  const struct summary_row *any)
{
	if (cells->profiles == NULL)
		return text_one_line(any != NULL ? any->cell.params : "");
	const char *cores = cells->cores.text != NULL ? cells->cores.text : e->cores.text;
	char *line = text_one_line(cells->params.text);
	char *text = cores != NULL ? xasprintf("%s, cores %s", line, cores) : xstrdup(line);
	free(line);
	return text;
}

static void setup_set(struct doc *doc, const struct report *report, int experiment, int set)
{
	const struct experiment *e = &report->experiments[experiment];
	const struct cell_set *cells = &e->sets[set];
	const struct summary_row *any = NULL;
	for (size_t i = 0; i < report->summary.count && any == NULL; i++)
		if (row_set(e, &report->summary.rows[i]) == set)
			any = &report->summary.rows[i];
	char *name = text_one_line(cells->name), *params = setup_params(e, cells, any);
	if (any == NULL)
		doc_item(doc, MARK_STRONG "%s" MARK_STRONG ": %s; not measured in this run.", name,
			 cells->cast.text);
	else if (any->cell.kind == CELL_WINDOW)
		doc_item(doc, MARK_STRONG "%s" MARK_STRONG ": %s, %s; counted for %s.", name,
			 cells->cast.text, params, text_seconds(any->cell.window_s).text);
	else
		doc_item(doc, MARK_STRONG "%s" MARK_STRONG ": %s, %s; a fixed number of operations, timed.",
			 name, cells->cast.text, *params != '\0' ? params : "no parameters");
	free(name);
	free(params);
}

/* The same model, or shapes of one kind: gil*2 explains gil*4, too. */
static bool is_alike(const char *a, const char *b)
{
	const char *star = strchr(a, '*');
	return strcmp(a, b) == 0 || (star != NULL && strncmp(a, b, (size_t)(star - a) + 1) == 0);
}

/* Each model of the experiment once, with its label: what a name in a table stands for. */
static void setup_models(struct doc *doc, const struct report *report, int experiment)
{
	const char *seen[CHART_SERIES_MAX];
	int count = 0;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		int at = 0;
		if (row_set(&report->experiments[experiment], row) < 0)
			continue;
		while (at < count && !is_alike(seen[at], row->cell.model))
			at++;
		if (at < count || count == CHART_SERIES_MAX)
			continue;
		seen[count++] = row->cell.model;
		doc_item(doc, MARK_CODE "%s" MARK_CODE ": %s", row->cell.model,
			 model_label(report->run, row->cell.model));
	}
}

static void page_setup(struct doc *doc, const struct report *report, int experiment)
{
	const struct experiment *e = &report->experiments[experiment];
	doc_text(doc, MARK_STRONG "Setup" MARK_STRONG);
	for (size_t s = 0; s < e->set_count; s++)
		setup_set(doc, report, experiment, (int)s);
	setup_models(doc, report, experiment);
}

/* The sources of the workloads that took part, each once. */
static void page_code(struct doc *doc, const struct report *report, int experiment)
{
	const json_t *sources = json_object_get(report->run->manifest, "sources"), *text;
	const char *name;
	const struct experiment *e = &report->experiments[experiment];
	char *said = NULL;
	/* The cast away is jansson's: its iterator takes no const. */
	json_object_foreach ((json_t *)(uintptr_t)sources, name, text) {
		bool is_used = false;
		for (size_t i = 0; i < report->summary.count && !is_used; i++)
			is_used = row_set(e, &report->summary.rows[i]) >= 0 &&
				  strcmp(report->summary.rows[i].workload, name) == 0;
		if (!is_used || !json_is_string(text))
			continue;
		if (said == NULL)
			doc_text(doc, MARK_STRONG "Code" MARK_STRONG);
		free(said);
		said = xasprintf("The workload %s, as it was measured", name);
		doc_source(doc, said, json_string_value(text));
	}
	free(said);
	if (e->text != NULL)
		doc_source(doc, "The experiment's file", e->text);
}

static void page_charts(struct doc *doc, const struct report *report, int experiment)
{
	for (size_t i = 0, n = 0; i < report->chart_count; i++)
		if (report->places[i].experiment == experiment)
			page_chart_put(doc, report, &report->charts[i], n++ % 2 == 1);
}

/* A line is a paragraph. */
static void notes_put(struct doc *doc, const char *notes)
{
	char *copy = xstrdup(notes != NULL ? notes : ""), *rest = copy, *line;
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *clean = text_one_line(line);
		if (*clean != '\0')
			doc_text(doc, "%s", clean);
		free(clean);
	}
	free(copy);
}

static void page_conclusions(struct doc *doc, const struct report *report, int experiment)
{
	static const char *const marks[] = {
		[CLAIM_CONFIRMED] = MARK_GOOD, [CLAIM_REFUTED] = MARK_BAD, [CLAIM_UNDECIDED] = MARK_OPEN};
	const struct experiment *e = &report->experiments[experiment];
	char *answer = answer_text(report, experiment, -1), *answer_line = text_one_line(answer);
	doc_text(doc, MARK_STRONG "Conclusions" MARK_STRONG);
	doc_text(doc, "%s", answer_line);
	free(answer);
	free(answer_line);
	for (size_t i = 0; i < e->claim_count; i++) {
		const struct judgement *j = &report->judgements[experiment][i];
		char *text = text_one_line(j->text), *sentence = text_one_line(j->sentence);
		doc_item(doc, "%s%s%s: “%s”. %s", marks[j->verdict], claim_verdict_name(j->verdict),
			 marks[j->verdict], text, sentence);
		free(text);
		free(sentence);
	}
	if (e->claim_count == 0)
		doc_text(doc, "This experiment claims nothing; the table is its result.");
	notes_put(doc, e->notes);
}

static void virtual_say(struct doc *doc, const struct report *report, int experiment)
{
	if (!experiment_is_virtual(report, experiment))
		return;
	char *paragraph = virtual_paragraph(report, experiment), *line = text_one_line(paragraph);
	doc_text(doc, "%s", line);
	free(line);
	free(paragraph);
}

void page_experiment(struct doc *doc, const struct report *report, int experiment)
{
	const struct experiment *e = &report->experiments[experiment];
	char *slug = text_slug(e->name), *id = xasprintf("experiment-%s", slug);
	char *title = text_one_line(e->title), *question = text_one_line(e->question);
	doc_heading(doc, 3, id, "%s", title);
	doc_text(doc, MARK_STRONG "Question" MARK_STRONG " %s", question);
	virtual_say(doc, report, experiment);
	page_setup(doc, report, experiment);
	page_code(doc, report, experiment);
	doc_text(doc, MARK_STRONG "Results" MARK_STRONG);
	page_charts(doc, report, experiment);
	page_results(doc, report, experiment);
	page_lock(doc, report, experiment);
	page_fits(doc, report, experiment);
	page_witness(doc, report, experiment);
	page_conclusions(doc, report, experiment);
	free(slug);
	free(id);
	free(title);
	free(question);
}
