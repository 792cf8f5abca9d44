/*
 * table: the findings on one interpreter as a table of at most 100 columns, and in sentences. See validate.h.
 *
 * `ratio` is simulated / CPython, or of shares the difference in points. A verdict is about the two sides in this
 * sitting, on this machine; where one differs the sentence says the cause if it is known, and else that it is not.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/text.h"
#include "validate/cases.h"

#define TEXT_COLUMNS  34
#define VALUE_COLUMNS 21
#define RATIO_COLUMNS 7
#define BAND_COLUMNS  5
#define LINE_COLUMNS  100

/* "12.3 % [11.0, 13.1]" */
static struct number_text percent_interval(const struct interval *share)
{
	struct number_text out = text_percent(share->mid);
	size_t used = strlen(out.text);
	if (interval_exists(share))
		snprintf(out.text + used, sizeof(out.text) - used, " [%.1f, %.1f]", share->lo * 100,
			 share->hi * 100);
	return out;
}

static struct number_text value_words(enum measure measure, const struct interval *value)
{
	if (isnan(value->mid))
		return (struct number_text){"-"};
	switch (measure) {
	case MEASURE_SPEEDUP:
		return text_ratio_interval(value);
	case MEASURE_P50:
	case MEASURE_P90:
		return text_seconds_interval(value);
	case MEASURE_FAST_SHARE:
	case MEASURE_LOST_SHARE:
		return percent_interval(value);
	default:
		return text_count_interval(value);
	}
}

static void relation_words(const struct finding *f, char *text, size_t bytes)
{
	bool is_points = f->figure->kind == BAND_POINTS;
	if (isnan(f->relation.mid))
		snprintf(text, bytes, "-");
	else if (is_points)
		snprintf(text, bytes, "%+.1f p", f->relation.mid * 100);
	else
		snprintf(text, bytes, "%.3f", f->relation.mid);
}

void finding_words(const struct finding *f, struct finding_text *out)
{
	snprintf(out->live, sizeof(out->live), "%s", value_words(f->figure->measure, &f->live).text);
	snprintf(out->python, sizeof(out->python), "%s", value_words(f->figure->measure, &f->python).text);
	relation_words(f, out->relation, sizeof(out->relation));
	snprintf(out->band, sizeof(out->band), "±%.0f %s", f->figure->band * 100,
		 f->figure->kind == BAND_POINTS ? "p" : "%");
}

/* printf pads bytes; columns are characters. */
static void print_padded(FILE *to, const char *text, size_t columns, bool is_right)
{
	size_t length = text_length(text), pad = length < columns ? columns - length : 0;
	fprintf(to, "%*s%s%*s", is_right ? (int)pad : 0, "", text, is_right ? 0 : (int)pad, "");
}

static void print_line(FILE *to, const char *const words[5], const char *verdict)
{
	print_padded(to, words[0], TEXT_COLUMNS, false);
	for (int i = 1; i < 5; i++) {
		fputc(' ', to);
		print_padded(to, words[i],
			     i < 3    ? VALUE_COLUMNS
			     : i == 3 ? RATIO_COLUMNS
				      : BAND_COLUMNS,
			     true);
	}
	fprintf(to, " %s\n", verdict);
}

static void print_finding(FILE *to, const struct finding *f)
{
	struct finding_text text;
	finding_words(f, &text);
	const char *const words[] = {f->figure->text, text.live, text.python, text.relation, text.band};
	print_line(to, words, f->verdict == FINDING_MISSING ? "missing" : finding_verdict_name(f->verdict));
}

/* "12 % above", "3.4 points below". */
static char *distance_words(const struct finding *f)
{
	double off = f->figure->kind == BAND_POINTS ? f->relation.mid : f->relation.mid - 1;
	return xasprintf("%.3g %s %s", fabs(off) * 100, f->figure->kind == BAND_POINTS ? "points" : "%",
			 off > 0 ? "above" : "below");
}

static char *interval_words(const struct finding *f)
{
	bool is_points = f->figure->kind == BAND_POINTS;
	if (is_points)
		return xasprintf("%+.1f to %+.1f points", f->relation.lo * 100, f->relation.hi * 100);
	return xasprintf("%.3f to %.3f", f->relation.lo, f->relation.hi);
}

char *finding_sentence(const struct finding *f, const struct verdicts *v)
{
	const char *label = v->contender.label, *text = f->figure->text;
	if (f->verdict == FINDING_PASS)
		return NULL;
	if (f->verdict == FINDING_MISSING)
		return xasprintf("%s: not measured, %s.", text, f->why_missing);
	if (!interval_exists(&f->relation))
		return xasprintf("%s: not decided, fewer than %d samples have no interval.", text,
				 STATS_LEAST);
	char *distance = distance_words(f), *interval = interval_words(f), *sentence;
	if (f->verdict == FINDING_UNDECIDED)
		sentence =
			xasprintf("%s: %s %s, but not decided: the interval, %s, reaches into the tolerance.",
				  text, distance, label, interval);
	else
		sentence = xasprintf("%s: %s %s (%s); %s.", text, distance, label, interval,
				     f->figure->cause != NULL ? f->figure->cause : "cause not known");
	free(distance);
	free(interval);
	return sentence;
}

/* Reading the clock and starting take less. */
#define QUIET_SHARE 0.97

char *busy_sentence(const struct verdicts *v)
{
	if (!(v->processor_share < QUIET_SHARE))
		return NULL;
	return xasprintf("Other work ran meanwhile: one computing thread alone got %s of a processor. A busy "
			 "machine hides "
			 "the convoy, on both sides; compare on a quiet one.",
			 text_percent(v->processor_share).text);
}

char *one_thread_sentence(const struct verdicts *v)
{
	if (v->one_thread_beside == NULL)
		return NULL;
	return xasprintf("One thread of %s runs at %s of the speed of %s, which has its lock.",
			 v->contender.label, text_ratio_interval(&v->one_thread).text,
			 v->one_thread_beside->label);
}

char *verdicts_sentence(const struct verdicts *v)
{
	const char *label = v->contender.label;
	size_t pass = v->of[FINDING_PASS], fail = v->of[FINDING_FAIL], open = v->of[FINDING_UNDECIDED];
	size_t missing = v->of[FINDING_MISSING], all = pass + fail + open + missing;
	char *rest = missing > 0 ? xasprintf(", %zu not measured", missing) : xstrdup("");
	char *sentence;
	if (all == 0)
		sentence = xasprintf("Nothing was compared with %s.", label);
	else if (pass == all)
		sentence =
			xasprintf("Yes: all %zu figures agree with %s within their tolerances.", all, label);
	else if (fail == 0)
		sentence = xasprintf(
			"As far as it was decided: %zu of %zu figures agree with %s, none differs, %zu "
			"undecided%s.",
			pass, all, label, open, rest);
	else
		sentence = xasprintf("Not in everything: of %zu figures %zu agree with %s, %zu differ%s, %zu "
				     "undecided%s.",
				     all, pass, label, fail, fail == 1 ? "s" : "", open, rest);
	free(rest);
	return sentence;
}

/* Lines after the first are indented twice as far. */
static void print_wrapped(FILE *to, const char *text, int indent)
{
	char *lines = text_wrap(text, (size_t)(LINE_COLUMNS - indent), 6), *rest = lines, *line;
	for (bool is_first = true; (line = strsep(&rest, "\n")) != NULL; is_first = false)
		fprintf(to, "%*s%s\n", is_first ? indent / 2 : indent, "", line);
	free(lines);
}

static void print_fit(FILE *to, const struct verdicts *v)
{
	const struct fit *fit = &v->contender.fit;
	if (fit->spin_python_s > 0)
		fprintf(to, "fitted: spin, %.0f turns there for 20000 here, both %.3g ms\n",
			fit->spin_iterations, fit->spin_live_s * 1e3);
	if (fit->echo_python_s > 0)
		fprintf(to,
			"        echo, %.2f us of work a request here: p50 %.1f and %.1f us beside a busy "
			"process\n",
			fit->echo_work_us, fit->echo_live_s * 1e6, fit->echo_python_s * 1e6);
}

static bool lacks_samples(const struct finding *f)
{
	return f->verdict == FINDING_UNDECIDED && !interval_exists(&f->relation);
}

/* Those that lack samples in one sentence: it is the same for all. */
static void print_sentences(FILE *to, const struct verdicts *v)
{
	size_t lacking = 0;
	for (size_t i = 0; i < v->count; i++) {
		const struct finding *f = &v->findings[i];
		bool is_said = f->figure->is_drawn_only || lacks_samples(f);
		char *sentence = is_said ? NULL : finding_sentence(f, v);
		lacking += !f->figure->is_drawn_only && lacks_samples(f);
		if (sentence != NULL)
			print_wrapped(to, sentence, 4);
		free(sentence);
	}
	if (lacking > 0)
		fprintf(to,
			"  %zu figure%s not decided: fewer than %d samples have no interval (give more "
			"--budget).\n",
			lacking, lacking == 1 ? " is" : "s are", STATS_LEAST);
}

void verdicts_print(const struct verdicts *v, const struct validate_options *options, FILE *to)
{
	const struct contender *c = &v->contender;
	fprintf(to, "Does the simulated lock%s%s%s behave like %s?\n",
		*c->policy != '\0' ? " (" : ", switched off,", c->policy, *c->policy != '\0' ? ")" : "",
		c->label);
	print_fit(to, v);
	const char *const head[] = {"", "simulated [95 %]", c->label, "ratio", "band"};
	print_line(to, head, "");
	for (size_t i = 0; i < v->count; i++)
		if (!v->findings[i].figure->is_drawn_only)
			print_finding(to, &v->findings[i]);
	char *answer = verdicts_sentence(v);
	print_wrapped(to, answer, 0);
	free(answer);
	char *const remarks[] = {busy_sentence(v), one_thread_sentence(v)};
	for (size_t i = 0; i < ARRAY_LEN(remarks); i++) {
		if (remarks[i] != NULL)
			print_wrapped(to, remarks[i], 4);
		free(remarks[i]);
	}
	print_sentences(to, v);
	for (size_t i = 0;; i++) {
		char *note = validate_note(c, options, i);
		if (note == NULL)
			break;
		print_wrapped(to, note, 4);
		free(note);
	}
}
