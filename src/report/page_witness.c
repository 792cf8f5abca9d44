/*
 * page_witness: virtual time, and the real CPython, beside real cores, pair by pair: what is off and what could not be decided. What agrees is
 * counted, not listed: in the summary it stands with its numbers.
 */
#include <stdio.h>
#include <stdlib.h>

#include <gilbench/counterpart.h>
#include <gilbench/util.h>
#include <gilbench/witness.h>

#include "report/pages.h"
#include "report/text.h"

static const char *mark_of(enum finding_verdict verdict)
{
	return verdict == FINDING_FAIL ? MARK_BAD : verdict == FINDING_PASS ? MARK_GOOD : MARK_OPEN;
}

static bool is_of(const struct report *report, int experiment, const struct witness_finding *f)
{
	return row_set(&report->experiments[experiment], f->live) >= 0;
}

static void finding_row(struct doc *doc, const struct report *report, const struct witness_finding *f)
{
	struct witness_text text;
	witness_words(f, &text);
	doc_cell(doc, "%s", f->live->cell.cast);
	doc_cell(doc, "%s", f->live->role);
	model_cell(doc, report, f->live->cell.model);
	doc_cell(doc, "%d", f->live->cell.workers);
	doc_cell(doc, "%s", witness_measure_name(f->measure));
	doc_cell(doc, "%s", text.live);
	doc_cell(doc, "%s", text.other);
	doc_cell(doc, "%s", text.relation);
	doc_cell(doc, "%s", text.band);
	doc_cell(doc, "%s%s%s", mark_of(f->verdict), finding_verdict_name(f->verdict), mark_of(f->verdict));
}

static void table(struct doc *doc, const struct report *report, int experiment, const char *who,
		  const struct witnesses *w)
{
	doc_table(doc, "lllrlrrrrl");
	doc_cell(doc, "cast");
	doc_cell(doc, "role");
	doc_cell(doc, "model");
	doc_cell(doc, "workers");
	doc_cell(doc, "figure");
	doc_cell(doc, "real cores [95 %%]");
	doc_cell(doc, "%s [95 %%]", who);
	doc_cell(doc, "off by");
	doc_cell(doc, "tolerance");
	doc_cell(doc, "verdict");
	for (size_t i = 0; i < w->count; i++)
		if (is_of(report, experiment, &w->findings[i]) && w->findings[i].verdict != FINDING_PASS)
			finding_row(doc, report, &w->findings[i]);
}

static size_t count_of(const struct report *report, int experiment, const struct witnesses *w,
		       enum finding_verdict verdict)
{
	size_t count = 0;
	for (size_t i = 0; i < w->count; i++)
		count += is_of(report, experiment, &w->findings[i]) && w->findings[i].verdict == verdict;
	return count;
}

/* One witness: how many figures agree, and which do not. */
static void witness_say(struct doc *doc, const struct report *report, int experiment, enum cell_source beside,
			const char *who)
{
	struct witnesses w;
	witnesses_judge(report->run->samples, report->run->sample_count, &report->summary, beside,
			report->facts.usable, &w);
	size_t agree = count_of(report, experiment, &w, FINDING_PASS),
	       off = count_of(report, experiment, &w, FINDING_FAIL),
	       open = count_of(report, experiment, &w, FINDING_UNDECIDED) +
		      count_of(report, experiment, &w, FINDING_MISSING);
	if (agree + off + open > 0) {
		doc_text(doc, MARK_STRONG "%s beside real cores" MARK_STRONG, who);
		doc_text(
			doc,
			"Of %zu figures that both have, %zu lie within their tolerance, %zu lie outside with "
			"their whole interval, %zu are undecided.",
			agree + off + open, agree, off, open);
		if (beside == SOURCE_VIRTUAL && w.ceiling.mid < 1)
			doc_text(doc,
				 "Where cells use more than one core, throughput is compared with virtual "
				 "time "
				 "times what this machine gives of its cores: %.0f %% of %d [%.0f, %.0f], by "
				 "its "
				 "ceiling. Pictures show what virtual time itself says.",
				 100 * w.ceiling.mid, report->facts.usable, 100 * w.ceiling.lo,
				 100 * w.ceiling.hi);
		if (beside == SOURCE_CPYTHON && report->python != NULL)
			page_fit_say(doc, report->python);
		if (off + open > 0)
			table(doc, report, experiment, beside == SOURCE_VIRTUAL ? "virtual time" : who, &w);
	}
	witnesses_release(&w);
}

void page_witness(struct doc *doc, const struct report *report, int experiment)
{
	witness_say(doc, report, experiment, SOURCE_VIRTUAL, "Virtual time");
	witness_say(doc, report, experiment, SOURCE_CPYTHON, counterpart_label(report->run->manifest));
}
