/*
 * page_box: "What these numbers are not", with this run's numbers, and the commands that repeat the run.
 *
 * The four warnings are those that readers of such charts get wrong: compiled code is not Python; processes
 * that share a counter are not a pool that ships pickles; libuv is not asyncio; a bare C process is not an
 * interpreter.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/pages.h"
#include "report/text.h"

enum workers_wanted { FEWEST, MOST };

/* The first finished row of a workload under a model with so many workers; NULL: not in this run. */
static const struct summary_row *row_of(const struct report *report, const char *workload, const char *model,
					enum workers_wanted wanted)
{
	const struct summary_row *best = NULL;
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if ((workload == NULL || strcmp(row->workload, workload) == 0) &&
		    strcmp(row->cell.experiment, "controls") != 0 && strcmp(row->cell.model, model) == 0 &&
		    row_is_ok(row) && row->cell.source == SOURCE_LIVE &&
		    (best == NULL ||
		     (wanted == MOST ? row->workers > best->workers : row->workers < best->workers)))
			best = row;
	}
	return best;
}

static void box_operations(struct doc *doc, const struct report *report)
{
	const struct summary_row *seq = row_of(report, "spin", "seq", FEWEST);
	if (seq == NULL)
		seq = row_of(report, NULL, "seq", FEWEST);
	doc_item(doc,
		 MARK_STRONG
		 "Not Python's speed." MARK_STRONG
		 " The work is compiled code that stands for Python: ratios between models carry over, "
		 "operations per second do not.%s%s%s%s%s",
		 seq != NULL ? " (Here one worker does " : "",
		 seq != NULL ? text_count(seq->throughput_per_s.mid).text : "",
		 seq != NULL ? " operations of " : "", seq != NULL ? seq->workload : "",
		 seq != NULL ? " a second; Python's number is its own.)" : "");
}

static void box_processes(struct doc *doc, const struct report *report)
{
	/* Few, so that nobody waits for a CPU: what is meant is the size of the work. */
	const struct summary_row *spin = row_of(report, "spin", "fork", FEWEST);
	const struct summary_row *fork = spin != NULL ? spin : row_of(report, NULL, "fork", FEWEST);
	double per_op = fork != NULL ? fork->wall_s.mid * fork->workers / fork->ops : NAN;
	doc_item(doc,
		 MARK_STRONG
		 "Not a process pool." MARK_STRONG " " MARK_CODE "fork" MARK_CODE
		 " takes work from a shared counter, while a Python pool ships every operation: below "
		 "about a millisecond per operation processes look better here than in Python.%s%s%s%s%s",
		 isfinite(per_op) ? " (Here an operation of " : "", isfinite(per_op) ? fork->workload : "",
		 isfinite(per_op) ? " takes a process " : "",
		 isfinite(per_op) ? text_seconds(per_op).text : "", isfinite(per_op) ? ".)" : "");
}

/* The harness's cost of one operation on the loop, from the control. */
static double null_cost(const struct report *report, const char *model)
{
	for (size_t i = 0; i < report->summary.count; i++) {
		const struct summary_row *row = &report->summary.rows[i];
		if (strcmp(row->workload, "null") == 0 && strcmp(row->cell.model, model) == 0 &&
		    row_is_ok(row))
			return row->wall_s.mid * row->workers / row->ops;
	}
	return NAN;
}

static void box_loop(struct doc *doc, const struct report *report)
{
	double cost = null_cost(report, "uv");
	doc_item(doc,
		 MARK_STRONG "Not asyncio." MARK_STRONG " " MARK_CODE "uv" MARK_CODE
			     " is libuv in C and costs a fraction of asyncio per operation%s%s%s.",
		 isfinite(cost) ? " (here " : "", isfinite(cost) ? text_seconds(cost).text : "",
		 isfinite(cost) ? " for one that does nothing)" : "");
}

static void box_memory(struct doc *doc, const struct report *report)
{
	const struct summary_row *fork = row_of(report, NULL, "fork", MOST);
	bool is_known = fork != NULL && isfinite(fork->rss_bytes.mid);
	char *here = is_known ? xasprintf(" (here %s for %d processes)", text_bytes(fork->rss_bytes.mid).text,
					  fork->workers)
			      : xstrdup("");
	doc_item(doc,
		 MARK_STRONG
		 "Not an interpreter's memory." MARK_STRONG
		 " Memory per worker is that of a bare C process%s; a Python worker takes tens of MiB more.",
		 here);
	free(here);
}

static void box_virtual(struct doc *doc)
{
	doc_item(doc, MARK_STRONG "Not measurements." MARK_STRONG
				  " Virtual time knows how long each part of the work takes alone, and works "
				  "out who waits for whom. It "
				  "cannot know what many cores do to one another's caches and memory.");
	doc_item(doc, MARK_STRONG "Not your service." MARK_STRONG
				  " A profile is as good as the numbers that it is written from; time them, "
				  "and ask what would have to "
				  "change for another answer.");
}

void page_box(struct doc *doc, const struct report *report)
{
	doc_box(doc, "What these numbers are not");
	if (report_is_virtual(report)) {
		box_virtual(doc);
		doc_box_end(doc);
		return;
	}
	box_operations(doc, report);
	box_processes(doc, report);
	box_loop(doc, report);
	box_memory(doc, report);
	doc_box_end(doc);
}

/* The directory that the command names with -o, else where every run can be found. Free it. */
static char *repeated_place(const char *command)
{
	static const char *const options[] = {" -o ", " --output ", " --output="};
	for (size_t i = 0; i < ARRAY_LEN(options); i++) {
		const char *at = strstr(command, options[i]);
		if (at != NULL) {
			at += strlen(options[i]);
			return xasprintf("%.*s", (int)strcspn(at, " "), at);
		}
	}
	return xstrdup("results/latest");
}

void page_repeat(struct doc *doc, const struct report *report)
{
	const struct facts *f = &report->facts;
	char *command = text_one_line(f->command), *place = repeated_place(command);
	bool has_seed = strstr(command, "--seed") != NULL || *f->seed == '\0';
	doc_heading(doc, 2, "repeat", "Repeating this run");
	doc_text(doc,
		 "Seed %s, commit %s%s. The same seed gives the same order of cells and the same random "
		 "work%s.",
		 *f->seed != '\0' ? f->seed : "not known", *f->commit != '\0' ? f->commit : "not known",
		 f->is_dirty ? ", with uncommitted changes that are not part of it" : "",
		 report_is_virtual(report) ? "; with the same costs, the same numbers to the last digit"
					   : "");
	doc_command(doc, "%s%s%smake\n%s%s%s%s\nbuild/gilbench report %s",
		    *f->commit != '\0' ? "git checkout " : "", f->commit, *f->commit != '\0' ? "\n" : "",
		    strncmp(command, "gilbench", 8) == 0 ? "build/" : "",
		    *command != '\0' ? command : "build/gilbench run", has_seed ? "" : " --seed ",
		    has_seed ? "" : f->seed, place);
	free(command);
	free(place);
}
