/*
 * page_first: what a reader must see who reads one page: where this was measured and what to distrust, the
 * two charts that are the story, one sentence per experiment, all speed-ups in one table, what the numbers
 * are not, and how to repeat them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

static void state_say(struct doc *doc, const struct report *report)
{
	const struct facts *f = &report->facts;
	if (strcmp(f->status, "complete") != 0) {
		const char *what = strcmp(f->status, "running") == 0
					   ? "did not end properly (it was killed, or is still going on)"
					   : "did not run to its end";
		doc_text(doc,
			 MARK_BAD "This run %s" MARK_BAD " (status: %s); what is here was measured before.%s",
			 what, f->status, *f->resume != '\0' ? " This command goes on with it:" : "");
		if (*f->resume != '\0')
			doc_command(doc, "%s", f->resume);
	}
	if (report->run->torn_lines > 0)
		doc_text(doc, "The last line of samples.jsonl was torn and has been dropped.");
	if (report->unreadable != NULL) {
		char *line = text_one_line(report->unreadable);
		doc_text(doc,
			 "An experiment's file in the manifest could not be read (%s): its cells are shown "
			 "without "
			 "its question and claims.",
			 line);
		free(line);
	}
	size_t throttled = 0;
	for (size_t i = 0; i < report->run->sample_count; i++)
		throttled += report->run->samples[i].is_throttled > 0;
	if (throttled > 0)
		doc_text(doc, "%zu of %zu samples ran while the container's CPU quota held them back.",
			 throttled, report->run->sample_count);
	if (f->is_scaled)
		doc_text(doc, "The budget was too short for samples of the usual length: operations per "
			      "sample were "
			      "scaled down, so intervals are wider than they need be.");
}

/* Warnings are written for a terminal, where commands stand in backquotes. */
static char *warning_text(const char *text)
{
	char *line = text_one_line(text != NULL ? text : "");
	size_t quotes = 0;
	for (const char *c = line; *c != '\0'; c++)
		quotes += *c == '`';
	for (char *c = line; *c != '\0' && quotes % 2 == 0; c++)
		if (*c == '`')
			*c = *MARK_CODE;
	return line;
}

static void warning_item(struct doc *doc, const json_t *entry)
{
	const char *what = json_string_value(json_is_object(entry) ? json_object_get(entry, "what") : entry);
	const char *cure = json_string_value(json_object_get(entry, "cure"));
	char *what_line = warning_text(what), *cure_line = warning_text(cure);
	doc_item(doc, "%s%s%s", what_line, *cure_line != '\0' ? ". Cure: " : "", cure_line);
	free(what_line);
	free(cure_line);
}

/* What the machine was warned of when measuring began, and what went wrong with the plan. */
static void warnings_list(struct doc *doc, const struct report *report)
{
	/* What is wrong with the machine does not matter where nothing ran on it. */
	const json_t *host = NULL;
	if (!report_is_virtual(report) || report_has_recordings(report))
		host = json_object_get(json_object_get(report->run->manifest, "host"), "warnings");
	const json_t *plan = json_object_get(report->run->manifest, "warnings"), *entry;
	size_t i;
	if (json_array_size(host) + json_array_size(plan) == 0)
		return;
	doc_text(doc, MARK_STRONG "Warnings" MARK_STRONG);
	json_array_foreach (host, i, entry)
		warning_item(doc, entry);
	json_array_foreach (plan, i, entry)
		warning_item(doc, entry);
}

/* Empty for a validation, which has no twins. Free it. */
static char *floor_words(const struct report *report)
{
	double level = report->facts.floor;
	if (report->validation != NULL)
		return xstrdup("");
	if (report_is_virtual(report))
		return xasprintf("; all of it in virtual time%s",
				 report_has_recordings(report) ? "" : ": nothing was run");
	return xasprintf(
		"; noise floor %s%s", text_percent(level).text,
		isfinite(level)
			? " (the largest of its groups; no difference below a group's floor is called one)"
			: " (not known: fewer than six pairs of twins)");
}

static void context_say(struct doc *doc, const struct report *report)
{
	const struct facts *f = &report->facts;
	char *context = text_one_line(f->context), *level = floor_words(report);
	doc_text(doc, "%s. Started %s; commit %s%s; %zu samples%s.", context, f->started,
		 *f->commit != '\0' ? f->commit : "not known", f->is_dirty ? " with uncommitted changes" : "",
		 report->run->sample_count, level);
	free(level);
	free(context);
	warnings_list(doc, report);
}

const struct chart *page_chart(const struct report *report, enum work_class class, enum chart_kind kind)
{
	for (size_t i = 0; i < report->chart_count; i++)
		if (report->charts[i].kind == kind && report->places[i].experiment >= 0 &&
		    report->experiments[report->places[i].experiment].class == class)
			return &report->charts[i];
	return NULL;
}

void page_chart_put(struct doc *doc, const struct report *report, const struct chart *chart, bool is_beside)
{
	if (is_beside)
		doc_chart_beside(doc, chart->name, report->plots_dir, report->plots_link, chart->alt,
				 chart->is_drawn);
	else
		doc_chart(doc, chart->name, report->plots_dir, report->plots_link, chart->alt,
			  chart->is_drawn);
}

static void charts_side_by_side(struct doc *doc, const struct report *report)
{
	const struct chart *cpu = page_chart(report, WORK_CPU, CHART_SPEEDUP);
	const struct chart *wait = page_chart(report, WORK_WAIT, CHART_SPEEDUP);
	if (cpu != NULL)
		page_chart_put(doc, report, cpu, false);
	if (wait != NULL)
		page_chart_put(doc, report, wait, cpu != NULL);
	if (cpu == NULL && wait == NULL && report->chart_count > 0)
		page_chart_put(doc, report, &report->charts[0], false);
	if (!report->has_gnuplot && report->chart_count > 0)
		doc_text(doc,
			 "gnuplot was not found, so no chart is drawn; the .gp and .dat files are there, and "
			 "`gilbench report` draws them once gnuplot is installed (Debian: gnuplot-nox).");
}

/* "2 claims confirmed, 1 refuted." */
static void sentence_claims(FILE *to, const struct report *report, int experiment)
{
	static const char *const marks[] = {MARK_GOOD, MARK_BAD, MARK_OPEN};
	struct claim_counts n = claims_count(report, experiment);
	int parts = 0;
	if (n.all == 0)
		return;
	fputs(" Claims: ", to);
	for (int i = 0; i < 3; i++)
		if (n.of[i] > 0)
			fprintf(to, "%s%d %s%s%s", parts++ > 0 ? ", " : "", n.of[i], marks[i],
				claim_verdict_name((enum claim_verdict)i), marks[i]);
	fputc('.', to);
}

static void sentences(struct doc *doc, const struct report *report)
{
	for (size_t e = 0; e < report->experiment_count; e++) {
		const struct experiment *experiment = &report->experiments[e];
		char *answer = answer_text(report, (int)e, -1), *claims = NULL;
		char *line = text_one_line(answer), *title = text_one_line(experiment->title);
		size_t bytes = 0;
		FILE *to = open_memstream(&claims, &bytes);
		sentence_claims(to, report, (int)e);
		fclose(to);
		doc_item(doc, MARK_STRONG "%s." MARK_STRONG " %s%s", title, line, claims);
		free(claims);
		free(answer);
		free(line);
		free(title);
	}
}

void page_first(struct doc *doc, const struct report *report)
{
	char *run = text_one_line(report->facts.run);
	doc_heading(doc, 1, "top", "gilbench: %s", run);
	free(run);
	state_say(doc, report);
	context_say(doc, report);
	doc_heading(doc, 2, "summary", "In short");
	if (report->validation != NULL) {
		page_validation(doc, report);
	} else {
		charts_side_by_side(doc, report);
		sentences(doc, report);
		page_matrix(doc, report);
		page_box(doc, report);
	}
	page_repeat(doc, report);
}
