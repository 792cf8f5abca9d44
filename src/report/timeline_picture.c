/*
 * timeline_picture: which part of a timeline is drawn, and the words around it; timeline_boxes.c has the boxes.
 *
 * At most VIEW_NS are shown, for 5 ms must be wider than a few pixels: those around the longest wait for the lock that
 * fits into them. Shares are of the whole time, and the picture says so.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/timeline.h>
#include <gilbench/util.h>

#include "report/chart_px.h"
#include "report/parts.h"
#include "report/text.h"
#include "report/timeline_view.h"

/* Longest part of a timeline that is shown. */
#define VIEW_NS (60ull * NS_PER_MS)
/* A wait is shown with a little of what comes before and after it. */
#define WAIT_SHARE 0.9

/* A picture of a few tracks takes a fifth of a second. */
#define DRAW_SECONDS 20.0

/* ---- which part ---- */

struct found_wait {
	int track; /* -1: none */
	const struct timeline_slice *slice;
};

/* The longest wait for the turn within a time, no longer than `most_ns`. */
static struct found_wait longest_wait(const struct timeline *line, int tracks, uint64_t from_ns,
				      uint64_t to_ns, uint64_t most_ns)
{
	struct found_wait found = {-1, NULL};
	uint64_t longest_ns = 0;
	for (int i = 0; i < tracks; i++)
		for (size_t k = 0; k < line->track[i].count; k++) {
			const struct timeline_slice *s = &line->track[i].slice[k];
			uint64_t length_ns = s->to_ns - s->from_ns;
			if (s->state != TIMELINE_WANTS || s->from_ns < from_ns || s->to_ns > to_ns ||
			    length_ns > most_ns || length_ns <= longest_ns)
				continue;
			longest_ns = length_ns;
			found = (struct found_wait){i, s};
		}
	return found;
}

static void choose_part(struct view *v)
{
	const struct timeline *line = v->line;
	v->from_ns = line->start_ns;
	v->to_ns = line->end_ns;
	if (line->end_ns - line->start_ns <= VIEW_NS)
		return;
	struct found_wait wait = longest_wait(line, v->tracks->row_count, line->start_ns, line->end_ns,
					      (uint64_t)(WAIT_SHARE * VIEW_NS));
	if (wait.track >= 0) {
		uint64_t middle_ns = wait.slice->from_ns + (wait.slice->to_ns - wait.slice->from_ns) / 2;
		uint64_t last_ns = line->end_ns - VIEW_NS;
		v->from_ns =
			middle_ns > line->start_ns + VIEW_NS / 2 ? middle_ns - VIEW_NS / 2 : line->start_ns;
		v->from_ns = v->from_ns < last_ns ? v->from_ns : last_ns;
	}
	v->to_ns = v->from_ns + VIEW_NS;
}

/* The longest one that is shown from beginning to end. */
static struct found_wait shown_wait(const struct view *v)
{
	return longest_wait(v->line, v->tracks->row_count, v->from_ns, v->to_ns, UINT64_MAX);
}

/* ---- words ---- */

static void fill_words(struct chart_tracks *tracks, const struct timeline *line)
{
	static const char *const words[TRACK_LOOKS] = {
		[TRACK_RUNS] = "running",
		[TRACK_CALLS] = "in a native call",
		[TRACK_WANTS] = "wants the lock",
		[TRACK_BETWEEN] = "in between",
		[TRACK_WAITS] = "waiting for something else",
	};
	for (int look = 0; look < TRACK_LOOKS; look++)
		tracks->word[look] = words[look];
	if (line->turns == TURNS_LOOP)
		tracks->word[TRACK_WANTS] = "wants the loop";
	if (line->turns == TURNS_NONE)
		tracks->word[TRACK_WAITS] = "waiting";
}

static const char *title_of(enum timeline_turns turns)
{
	static const char *const titles[] = {
		[TURNS_NONE] = "Who runs, and who waits",
		[TURNS_LOCK] = "Who has the lock, who wants it, who waits for something else",
		[TURNS_LOOP] = "Who has the loop, who wants it, who waits for something else",
	};
	return titles[turns];
}

/* "60.0 ms of 201 ms are shown, from 82.1 ms on" */
static char *part_text(const struct view *v)
{
	const struct timeline *line = v->line;
	double whole_s = (double)(line->end_ns - line->start_ns) / 1e9;
	double shown_s = (double)(v->to_ns - v->from_ns) / 1e9;
	if (v->to_ns - v->from_ns == line->end_ns - line->start_ns)
		return xasprintf("All %s are shown", text_seconds(whole_s).text);
	if (v->from_ns == line->start_ns)
		return xasprintf("The first %s of %s are shown", text_seconds(shown_s).text,
				 text_seconds(whole_s).text);
	return xasprintf("%s of %s are shown, from %s on", text_seconds(shown_s).text,
			 text_seconds(whole_s).text, text_seconds(view_ms(v, (double)v->from_ns) / 1e3).text);
}

static uint64_t length_of(const struct found_wait *wait)
{
	return wait->slice->to_ns - wait->slice->from_ns;
}

/* Is the longest wait of all in the picture? */
static char *wait_words(const struct view *v)
{
	const struct timeline *line = v->line;
	struct found_wait shown = shown_wait(v);
	struct found_wait all =
		longest_wait(line, line->track_count, line->start_ns, line->end_ns, UINT64_MAX);
	if (all.track < 0)
		return xstrdup("");
	if (shown.track >= 0 && length_of(&shown) == length_of(&all))
		return xstrdup(", with the longest wait");
	return xasprintf("; the longest wait, %s by %s, is not in it",
			 text_seconds((double)length_of(&all) / 1e9).text, line->track[all.track].name);
}

/* Cell and policy; below, what is shown. */
static char *subtitle_of(const struct view *v, const struct timeline_words *words)
{
	const struct timeline *line = v->line;
	char *part = part_text(v), *wait = wait_words(v);
	char *tracks = line->track_count > TRACKS_MAX
			       ? xasprintf(", the first %d of %d tasks", TRACKS_MAX, line->track_count)
			       : xstrdup("");
	char *cell = xasprintf("%s%s", words->label, tracks), *shown = xasprintf("%s%s", part, wait);
	char *first = text_wrap(cell, SUBTITLE_COLUMNS, 1), *second = text_wrap(shown, SUBTITLE_COLUMNS, 2);
	char *text = xasprintf("%s\n%s", first, second);
	free(second);
	free(first);
	free(shown);
	free(cell);
	free(tracks);
	free(wait);
	free(part);
	return text;
}

static char *footer_of(const struct view *v, const struct timeline_words *words)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	fputs("one run, recorded", to);
	if (v->has_columns)
		fputs(" · several colours above one another: changes too quick to be drawn apart, heights "
		      "are "
		      "shares of time",
		      to);
	if (v->line->lost > 0)
		fputs(" · ends where the room for events was full", to);
	facts_machine(to, &(struct facts){.machine = words->machine,
					  .usable = words->usable_cpus,
					  .started = words->started,
					  .commit = words->commit,
					  .is_dirty = words->is_dirty});
	if (words->has_stand_ins)
		fputs(" · compiled stand-ins for Python code", to);
	fclose(to);
	char *wrapped = text_wrap(text, FOOTER_COLUMNS, FOOTER_LINES);
	free(text);
	return wrapped;
}

/* ---- the picture ---- */

/* Of the time of one task: from there on a state has a look of its own. Moments between two states are everywhere. */
static double least_share(enum timeline_state state)
{
	return state == TIMELINE_BETWEEN || state == TIMELINE_HANDING ? 0.001 : 0;
}

static void fill_rows(struct view *v)
{
	const struct timeline *line = v->line;
	double whole_ns = (double)(line->end_ns - line->start_ns);
	v->tracks->whole_ms = whole_ns / 1e6;
	v->tracks->is_used[TRACK_RUNS] = true;
	for (int i = 0; i < v->tracks->row_count; i++) {
		struct track_row *row = &v->tracks->row[i];
		snprintf(row->name, sizeof(row->name), "%s", line->track[i].name);
		for (int s = 0; s < TIMELINE_STATES; s++) {
			row->share[timeline_look_of[s]] += (double)line->track[i].state_ns[s] / whole_ns;
			v->tracks->is_used[timeline_look_of[s]] |=
				(double)line->track[i].state_ns[s] > least_share(s) * whole_ns;
		}
	}
}

/* The longest wait in view gets its length in words. */
static void label_wait(struct view *v)
{
	struct found_wait wait = shown_wait(v);
	v->tracks->wait_row = wait.track;
	if (wait.track < 0)
		return;
	v->tracks->wait_from_ms = view_ms(v, (double)wait.slice->from_ns);
	v->tracks->wait_to_ms = view_ms(v, (double)wait.slice->to_ns);
	snprintf(v->tracks->wait_text, sizeof(v->tracks->wait_text), "waited %s",
		 text_seconds((double)length_of(&wait) / 1e9).text);
}

static void make_chart(struct chart *chart, struct view *v, const struct timeline_words *words)
{
	const struct timeline *line = v->line;
	v->tracks = xcalloc(1, sizeof(*v->tracks));
	v->tracks->row_count = line->track_count < TRACKS_MAX ? line->track_count : TRACKS_MAX;
	fill_words(v->tracks, line);
	fill_rows(v);
	choose_part(v);
	v->tracks->from_ms = view_ms(v, (double)v->from_ns);
	v->tracks->to_ms = view_ms(v, (double)v->to_ns);
	label_wait(v);
	*chart = (struct chart){.name = xstrdup(words->name),
				.layout = LAYOUT_TRACKS,
				.title = xstrdup(title_of(line->turns)),
				.subtitle = subtitle_of(v, words),
				.x_label = xstrdup("milliseconds since the start"),
				.y_label = xstrdup(""),
				.footer = footer_of(v, words),
				.tracks = v->tracks};
	view_fill_boxes(v, chart);
	/* Only now is it known whether there are columns, which the footer explains. */
	free(chart->footer);
	chart->footer = footer_of(v, words);
}

int timeline_draw(const struct timeline *line, const struct timeline_words *words, const char *dir,
		  char *error, size_t error_bytes)
{
	struct chart chart;
	struct view view = {.line = line};
	make_chart(&chart, &view, words);
	int status = chart_write(&chart, dir);
	if (status != 0) {
		snprintf(error, error_bytes, "cannot write %s/%s.gp: %s", dir, words->name,
			 strerror(-status));
		chart_release(&chart);
		return -1;
	}
	int drawn = charts_draw(&chart, 1, dir, DRAW_SECONDS);
	if (drawn == -ENOENT)
		snprintf(error, error_bytes,
			 "gnuplot is not here: the picture was not drawn; `make deps` installs it, and "
			 "`gnuplot %s.gp` "
			 "in %s draws it",
			 words->name, dir);
	else if (drawn != 1)
		snprintf(error, error_bytes, "gnuplot could not draw %s/%s.gp", dir, words->name);
	chart_release(&chart);
	return drawn == 1 ? 0 : 1;
}
