/*
 * claim: judges an experiment's claims on a summary. See claim.h for what each verdict needs.
 *
 * The noise floor is how far two runs of the very same cell may differ. So a range with one end ("2..", a
 * claim that something is larger) is confirmed, and any range is refuted, only by a margin above the floor. A
 * range with two ends carries its own tolerance; lying inside it is enough.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "report/selected.h"

/* A claim, its number, and its bounds (-INFINITY, INFINITY where a side is open). */
struct question {
	struct expectation expectation;
	struct selected selected;
	double low, high;
	double floor; /* noise floor as a ratio - 1; 0 where it does not apply */
	struct interval value;
	struct interval ceiling; /* of that many workers */
};

const char *claim_verdict_name(enum claim_verdict verdict)
{
	static const char *const names[] = {"confirmed", "refuted", "undecided"};
	return names[verdict];
}

static char *range_text(const struct question *q)
{
	const struct metric *metric = q->selected.metric;
	char *low = metric_text(metric, q->low), *high = metric_text(metric, q->high);
	char *text = isinf(q->low)    ? xasprintf("at most %s", high)
		     : isinf(q->high) ? xasprintf("at least %s", low)
				      : xasprintf("%s to %s", low, high);
	free(low);
	free(high);
	return text;
}

/* The bounds, were that the ceiling. */
static void set_bounds(struct question *q, const struct claim_machine *machine, double ceiling)
{
	int imagined = cell_cores(&q->selected.row->cell);
	const struct expression_names names = {imagined > 0 ? imagined : machine->usable_cpus,
					       imagined > 0 ? imagined : machine->physical_cores,
					       q->selected.row->cell.workers, ceiling};
	const char *low = q->expectation.low, *high = q->expectation.high;
	char error[300];
	q->low = -INFINITY;
	q->high = INFINITY;
	/* Their syntax was checked with the claim's. */
	if (low[0] != '\0')
		expression_value(low, &names, &q->low, error, sizeof(error));
	if (high[0] != '\0')
		expression_value(high, &names, &q->high, error, sizeof(error));
}

/* NULL, or why the bounds are not known. */
static char *find_bounds(struct question *q, const struct summary *summary,
			 const struct claim_machine *machine)
{
	int workers = q->selected.row->cell.workers, cores = cell_cores(&q->selected.row->cell);
	/* An imagined machine gives each worker a core for as long as it has one. */
	q->ceiling =
		cores > 0 ? (struct interval){fmin(workers, cores), NAN, NAN} : ceiling_at(summary, workers);
	set_bounds(q, machine, q->ceiling.mid);
	if (isnan(q->low) || isnan(q->high))
		return xasprintf("the machine's ceiling at %d workers was not measured", workers);
	return NULL;
}

/* Intervals are of times and their ratios, which is what twins are compared by. A share (of the lock's time, of the
 * operations) is no time, and near 1 it has no room for a margin of some per cent. */
static double floor_of(const struct selected *s, const struct summary *summary)
{
	if (!interval_exists(&s->value) || s->metric->unit == METRIC_SHARE)
		return 0;
	double floor = isnan(s->row->noise_floor) ? summary->noise_floor : s->row->noise_floor;
	return isnan(floor) ? 0 : floor;
}

/* The verdict on a value that has an interval; *why is set where it is undecided. */
static enum claim_verdict judge_interval(const struct question *q, char **why)
{
	const struct interval *v = &q->value;
	bool is_inside = v->lo >= q->low && v->hi <= q->high;
	bool is_outside = v->hi < q->low || v->lo > q->high;
	bool is_one_sided = isinf(q->low) || isinf(q->high);
	double bound = v->mid < q->low || isinf(q->high) ? q->low : q->high;
	double margin = v->mid > 0 && bound > 0 ? fabs(log(v->mid / bound)) : (double)INFINITY;
	if (!is_inside && !is_outside) {
		*why = xstrdup("the interval lies across a bound");
		return CLAIM_UNDECIDED;
	}
	if (margin < log1p(q->floor) && (is_outside || is_one_sided)) {
		*why = xasprintf("the margin of %.1f %% is below the noise floor of %.1f %%",
				 expm1(margin) * 100, q->floor * 100);
		return CLAIM_UNDECIDED;
	}
	return is_inside ? CLAIM_CONFIRMED : CLAIM_REFUTED;
}

/* The fewest samples of the cells that a number is made of. */
static unsigned samples_of(const struct selected *s)
{
	bool has_over = s->over != NULL && s->over->samples < s->row->samples;
	return has_over ? s->over->samples : s->row->samples;
}

static enum claim_verdict judge_value(const struct question *q, char **why)
{
	unsigned samples = samples_of(&q->selected);
	if (samples < STATS_LEAST) {
		*why = xasprintf("n = %u, and %d are needed", samples, STATS_LEAST);
		return CLAIM_UNDECIDED;
	}
	if (interval_exists(&q->value))
		return judge_interval(q, why);
	if (q->expectation.selection.metric->has_interval) {
		*why = xstrdup("there is no interval");
		return CLAIM_UNDECIDED;
	}
	bool is_inside = q->value.mid >= q->low && q->value.mid <= q->high;
	*why = xstrdup("judged by its value, it has no interval");
	return is_inside ? CLAIM_CONFIRMED : CLAIM_REFUTED;
}

/* The ceiling is measured, too: a verdict that holds at one end of its interval and not at the other is none.
 */
static enum claim_verdict judge_at_ceilings(const struct question *q, const struct claim_machine *machine,
					    char **why)
{
	enum claim_verdict verdict = judge_value(q, why);
	const double ends[] = {q->ceiling.lo, q->ceiling.hi};
	for (size_t i = 0; i < ARRAY_LEN(ends) && interval_exists(&q->ceiling); i++) {
		struct question other = *q;
		char *ignored = NULL;
		set_bounds(&other, machine, ends[i]);
		enum claim_verdict there = judge_value(&other, &ignored);
		free(ignored);
		if (there == verdict || verdict == CLAIM_UNDECIDED)
			continue;
		free(*why);
		*why = xasprintf("the ceiling is only known to be %.2f to %.2f", q->ceiling.lo,
				 q->ceiling.hi);
		verdict = CLAIM_UNDECIDED;
	}
	return verdict;
}

static void judge(struct question *q, const struct summary *summary, const struct claim_machine *machine,
		  struct judgement *out)
{
	struct selected *s = &q->selected;
	char *why = s->why != NULL ? xstrdup(s->why) : find_bounds(q, summary, machine);
	if (why != NULL) {
		char *value = interval_text(s->metric, &s->value);
		out->sentence = xasprintf("%s is %s: %s", s->name, value, why);
		free(value);
		free(why);
		return;
	}
	q->value = s->value;
	q->floor = floor_of(s, summary);
	out->verdict = judge_at_ceilings(q, machine, &why);
	char *value = interval_text(s->metric, &q->value), *range = range_text(q);
	out->sentence = xasprintf("%s is %s; claimed %s%s%s", s->name, value, range, why != NULL ? ": " : "",
				  why != NULL ? why : "");
	free(value);
	free(range);
	free(why);
}

void claim_judge(const struct claim *claim, const struct experiment *experiment,
		 const struct summary *summary, const struct claim_machine *machine, struct judgement *out)
{
	struct question q = {0};
	char error[300];
	*out = (struct judgement){.verdict = CLAIM_UNDECIDED};
	if (expectation_parse(claim->text, &q.expectation, error, sizeof(error)) != 0) {
		out->text = xstrdup(claim->text);
		out->sentence = xasprintf("the claim cannot be read: %s", error);
		return;
	}
	out->text = xstrdup(q.expectation.text);
	selected_find(&q.expectation.selection, experiment->name, summary, machine, &q.selected);
	judge(&q, summary, machine, out);
	selected_release(&q.selected);
}

void judgement_release(struct judgement *judgement)
{
	free(judgement->text);
	free(judgement->sentence);
	*judgement = (struct judgement){0};
}
