/*
 * page_validation: the simulated lock beside real interpreters. The numbers and verdicts are those of validate.h,
 * which `gilbench validate` prints; here they stand with their pictures.
 */
#include <stdlib.h>

#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

static const char *verdict_mark(enum finding_verdict verdict)
{
	static const char *const marks[] = {[FINDING_PASS] = MARK_GOOD,
					    [FINDING_FAIL] = MARK_BAD,
					    [FINDING_UNDECIDED] = MARK_OPEN,
					    [FINDING_MISSING] = MARK_OPEN};
	return marks[verdict];
}

static void finding_row(struct doc *doc, const struct finding *f)
{
	struct finding_text text;
	const char *mark = verdict_mark(f->verdict);
	finding_words(f, &text);
	doc_cell(doc, "%s", f->figure->text);
	doc_cell(doc, "%s", text.live);
	doc_cell(doc, "%s", text.python);
	doc_cell(doc, "%s", text.relation);
	doc_cell(doc, "%s", text.band);
	doc_cell(doc, "%s%s%s", mark, finding_verdict_name(f->verdict), mark);
}

static void table(struct doc *doc, const struct verdicts *v)
{
	doc_table(doc, "lrrrrl");
	doc_cell(doc, "figure");
	doc_cell(doc, "simulated [95 %%]");
	doc_cell(doc, "%s [95 %%]", v->contender.label);
	doc_cell(doc, "ratio");
	doc_cell(doc, "tolerance");
	doc_cell(doc, "verdict");
	for (size_t i = 0; i < v->count; i++)
		if (!v->findings[i].figure->is_drawn_only)
			finding_row(doc, &v->findings[i]);
}

void page_fit_say(struct doc *doc, const struct contender *c)
{
	const struct fit *fit = &c->fit;
	if (fit->spin_python_s > 0)
		doc_text(doc,
			 "So that an operation takes the same time on both sides, the interpreter's loop "
			 "makes %.0f turns "
			 "where the simulated work makes %d (%.3g and %.3g ms).",
			 fit->spin_iterations, FIT_ITERATIONS, fit->spin_live_s * 1e3,
			 fit->spin_python_s * 1e3 * fit->spin_iterations / FIT_ITERATIONS);
	if (fit->echo_python_s > 0)
		doc_text(doc,
			 "The simulated echo server works %.2f µs per request, so that its baseline (beside "
			 "a busy process, "
			 "no computing thread) has the interpreter's median: %.1f and %.1f µs.",
			 fit->echo_work_us, fit->echo_live_s * 1e6, fit->echo_python_s * 1e6);
}

static void contender_say(struct doc *doc, const struct validation *validation, const struct verdicts *v)
{
	char *slug = text_slug(v->contender.label), *id = xasprintf("validation-%s", slug);
	char *answer = verdicts_sentence(v);
	doc_heading(doc, 3, id, "Does the simulated lock behave like %s?", v->contender.label);
	doc_text(doc, "%s", answer);
	page_fit_say(doc, &v->contender);
	char *const remarks[] = {busy_sentence(v), one_thread_sentence(v)};
	for (size_t i = 0; i < ARRAY_LEN(remarks); i++) {
		if (remarks[i] != NULL)
			doc_text(doc, "%s", remarks[i]);
		free(remarks[i]);
	}
	table(doc, v);
	for (size_t i = 0; i < v->count; i++) {
		const struct finding *f = &v->findings[i];
		char *sentence = f->figure->is_drawn_only ? NULL : finding_sentence(f, v);
		char *line = text_one_line(sentence != NULL ? sentence : "");
		if (*line != '\0')
			doc_item(doc, "%s", line);
		free(line);
		free(sentence);
	}
	for (size_t i = 0;; i++) {
		char *note = validate_note(&v->contender, &validation->options, i);
		if (note == NULL)
			break;
		doc_item(doc, "%s", note);
		free(note);
	}
	free(answer);
	free(slug);
	free(id);
}

/* Each tolerance's reason once. */
static void reasons_say(struct doc *doc, const struct verdicts *v)
{
	doc_text(doc, "Why these tolerances:");
	const char *last = NULL;
	for (size_t i = 0; i < v->count; i++) {
		const struct figure *figure = v->findings[i].figure;
		if (figure->is_drawn_only || figure->why == last)
			continue;
		last = figure->why;
		struct finding_text text;
		finding_words(&v->findings[i], &text);
		doc_item(doc, "%s, %s: %s.", figure->text, text.band, figure->why);
	}
}

void page_validation(struct doc *doc, const struct report *report)
{
	const struct validation *validation = report->validation;
	for (size_t i = 0; i < validation->count; i++)
		contender_say(doc, validation, &validation->pythons[i]);
	doc_text(doc, "A figure passes when it lies inside its tolerance, fails when its whole interval lies "
		      "outside, and is "
		      "undecided otherwise. The ratio is simulated / CPython within the blocks of this run; "
		      "of shares it is "
		      "the difference in points.");
	if (validation->count > 0)
		reasons_say(doc, &validation->pythons[0]);
	for (size_t i = 0, n = 0; i < report->chart_count; i++)
		if (report->places[i].experiment < 0)
			page_chart_put(doc, report, &report->charts[i], n++ % 2 == 1);
}
