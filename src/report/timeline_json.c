/*
 * timeline_json: Chrome trace events, for Perfetto (ui.perfetto.dev) and chrome://tracing.
 *
 * One process, one thread per task, sorted as in the cast. A state is a complete event ("X"), and states of one track
 * never overlap, so they nest in every reader. Who wants the lock is counted on a counter track ("C"). A hand-off is a
 * flow ("s" to "f") between two running slices: it starts a nanosecond before the first ends, for at its end that slice
 * no longer encloses it; "bp":"e" binds the other end to the slice that encloses it, which begins then. Drop requests
 * and operations done are instants ("i").
 *
 * A trace may have a million events, and as one JSON value would take a kilobyte each; so each event is a value of
 * its own, and only its text is kept.
 *
 * Source: "Trace Event Format", the Chromium project.
 */
#include <math.h>
#include <stdlib.h>

#include <jansson.h>

#include <gilbench/timeline.h>
#include <gilbench/util.h>

/* Moments between two states, some 100 ns each, would be a third of the file. */
#define BETWEEN_LEAST_NS 1000

/* The one process of a trace. */
#define PID 1

struct writer {
	FILE *to;
	const struct timeline *line;
	bool has_event;
};

/* 15 digits: a day in microseconds, to the nanosecond. */
#define JSON_FLAGS (JSON_COMPACT | JSON_REAL_PRECISION(15))

/* Takes over the reference. */
static void put(struct writer *w, json_t *event)
{
	fputs(w->has_event ? ",\n" : "", w->to);
	json_dumpf(event, w->to, JSON_FLAGS);
	json_decref(event);
	w->has_event = true;
}

/* Microseconds. Perfetto multiplies by 1000 and cuts: 1.001 would become 1000 ns, the slice would begin before the one
 * in front of it has ended, and would be drawn below it. So such numbers get a hundredth of a nanosecond more. */
static double us_of(uint64_t ns)
{
	double us = (double)ns / 1e3;
	return (uint64_t)(us * 1e3) < ns ? us + 1e-5 : us;
}

static double us(const struct writer *w, uint64_t time_ns)
{
	return us_of(time_ns - w->line->start_ns);
}

/* Threads are numbered from 1: some readers take 0 for none. */
static int tid(int track)
{
	return track + 1;
}

/* Did the lock's own timer ever ask? */
static bool has_timer(const struct timeline *line)
{
	for (size_t i = 0; i < line->mark_count; i++)
		if (line->mark[i].track == line->track_count)
			return true;
	return false;
}

static void put_names(struct writer *w, const struct cell *cell)
{
	const struct timeline *line = w->line;
	char *label = timeline_label(cell);
	put(w, json_pack("{s:s, s:s, s:i, s:{s:s}}", "ph", "M", "name", "process_name", "pid", PID, "args",
			 "name", label));
	free(label);
	for (int i = 0; i < line->track_count + has_timer(line); i++) {
		const char *name = i < line->track_count ? line->track[i].name : "the lock's timer";
		put(w, json_pack("{s:s, s:s, s:i, s:i, s:{s:s}}", "ph", "M", "name", "thread_name", "pid",
				 PID, "tid", tid(i), "args", "name", name));
		put(w, json_pack("{s:s, s:s, s:i, s:i, s:{s:i}}", "ph", "M", "name", "thread_sort_index",
				 "pid", PID, "tid", tid(i), "args", "sort_index", i));
	}
}

static void put_states(struct writer *w)
{
	for (int i = 0; i < w->line->track_count; i++)
		for (size_t k = 0; k < w->line->track[i].count; k++) {
			const struct timeline_slice *s = &w->line->track[i].slice[k];
			if (s->state == TIMELINE_BETWEEN && s->to_ns - s->from_ns < BETWEEN_LEAST_NS)
				continue;
			put(w, json_pack("{s:s, s:s, s:s, s:i, s:i, s:f, s:f}", "ph", "X", "name",
					 timeline_state_name(w->line, s->state), "cat", "state", "pid", PID,
					 "tid", tid(i), "ts", us(w, s->from_ns), "dur",
					 us_of(s->to_ns - s->from_ns)));
		}
}

static void put_flow(struct writer *w, const char *phase, size_t id, int track, uint64_t time_ns)
{
	json_t *event =
		json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:f}", "ph", phase, "name", "hand-off", "cat",
			  "lock", "id", (int)id, "pid", PID, "tid", tid(track), "ts", us(w, time_ns));
	if (phase[0] == 'f')
		json_object_set_new(event, "bp", json_string("e"));
	put(w, event);
}

static void put_handoffs(struct writer *w)
{
	for (size_t i = 0; i < w->line->handoff_count; i++) {
		const struct timeline_handoff *h = &w->line->handoff[i];
		put_flow(w, "s", i + 1, h->from, h->dropped_ns > h->held_ns ? h->dropped_ns - 1 : h->held_ns);
		put_flow(w, "f", i + 1, h->to, h->taken_ns);
	}
}

static void put_marks(struct writer *w)
{
	const struct timeline *line = w->line;
	for (size_t i = 0; i < line->mark_count; i++) {
		const struct timeline_mark *m = &line->mark[i];
		bool is_done = m->whom == TIMELINE_DONE;
		json_t *event = json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:f}", "ph", "i", "s", "t", "name",
					  is_done ? "operation done" : "drop request", "cat",
					  is_done ? "work" : "lock", "pid", PID, "tid", tid(m->track), "ts",
					  us(w, m->time_ns));
		if (m->whom >= 0 && m->whom < line->track_count)
			json_object_set_new(event, "args",
					    json_pack("{s:s}", "of", line->track[m->whom].name));
		put(w, event);
	}
}

/* ---- who waits ---- */

struct edge {
	uint64_t time_ns;
	int by; /* one more, one less */
};

static int compare_edges(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;
	return (x->time_ns > y->time_ns) - (x->time_ns < y->time_ns);
}

/* Beginnings and ends of all waits for the turn, in order of time. Free it. */
static struct edge *wait_edges(const struct timeline *line, size_t *count)
{
	size_t slices = 0;
	for (int i = 0; i < line->track_count; i++)
		slices += line->track[i].count;
	struct edge *edges = xcalloc(2 * slices + 1, sizeof(*edges));
	*count = 0;
	for (int i = 0; i < line->track_count; i++)
		for (size_t k = 0; k < line->track[i].count; k++) {
			const struct timeline_slice *s = &line->track[i].slice[k];
			if (s->state != TIMELINE_WANTS)
				continue;
			edges[(*count)++] = (struct edge){s->from_ns, 1};
			edges[(*count)++] = (struct edge){s->to_ns, -1};
		}
	qsort(edges, *count, sizeof(*edges), compare_edges);
	return edges;
}

static void put_waiters(struct writer *w)
{
	size_t count;
	int waiters = 0;
	struct edge *edges = wait_edges(w->line, &count);
	for (size_t i = 0; i < count; i++) {
		waiters += edges[i].by;
		/* One value per moment. */
		if (i + 1 < count && edges[i + 1].time_ns == edges[i].time_ns)
			continue;
		put(w, json_pack("{s:s, s:s, s:i, s:f, s:{s:i}}", "ph", "C", "name", "waiters", "pid", PID,
				 "ts", us(w, edges[i].time_ns), "args", "waiters", waiters));
	}
	free(edges);
}

/* ---- the file ---- */

static void put_other_data(FILE *to, const struct timeline *line, const struct cell *cell, uint64_t seed)
{
	json_t *other = json_pack("{s:s, s:s, s:s, s:s, s:f, s:I, s:I, s:I, s:f}", "cast", cell->cast,
				  "params", cell->params, "model", cell->model, "policy", cell->policy,
				  "window_ms", cell->window_s * 1e3, "seed", (json_int_t)seed, "events",
				  (json_int_t)line->events, "events_dropped", (json_int_t)line->lost,
				  "shown_ms", (double)(line->end_ns - line->start_ns) / 1e6);
	json_dumpf(other, to, JSON_FLAGS);
	json_decref(other);
}

char *timeline_json(const struct timeline *line, const struct cell *cell, uint64_t seed)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	if (to == NULL)
		die("open_memstream");
	struct writer w = {.to = to, .line = line};
	fputs("{\"displayTimeUnit\":\"ms\",\n\"otherData\":", to);
	put_other_data(to, line, cell, seed);
	fputs(",\n\"traceEvents\":[\n", to);
	put_names(&w, cell);
	put_states(&w);
	if (line->turns != TURNS_NONE)
		put_waiters(&w);
	put_handoffs(&w);
	put_marks(&w);
	fputs("\n]}\n", to);
	fclose(to);
	return text;
}
