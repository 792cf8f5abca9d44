/*
 * timeline_text: the table that `gilbench trace` prints. Shares are of the time from the gun to the last event; what is
 * missing to 100 % is before a task began and after it had ended.
 */
#include <inttypes.h>
#include <string.h>

#include <gilbench/timeline.h>

#include "report/text.h"

/* What heads each state's column; a column whose state nobody was ever in is left out. */
static const char *heading(const struct timeline *line, enum timeline_state state)
{
	static const char *const headings[TIMELINE_STATES] = {
		[TIMELINE_RUNNING] = "running",   [TIMELINE_WANTS] = "wants lock",
		[TIMELINE_CALL] = "native call",  [TIMELINE_WAITING] = "waiting",
		[TIMELINE_SLEEPING] = "sleeping", [TIMELINE_HANDING] = "hands over",
		[TIMELINE_BETWEEN] = "between",
	};
	return state == TIMELINE_WANTS && line->turns == TURNS_LOOP ? "wants loop" : headings[state];
}

static bool is_ever(const struct timeline *line, enum timeline_state state)
{
	for (int i = 0; i < line->track_count; i++)
		if (line->track[i].state_ns[state] > 0)
			return true;
	return state == TIMELINE_RUNNING;
}

static void print_heading(const struct timeline *line, FILE *to)
{
	fprintf(to, "%-12s", "task");
	for (int s = 0; s < TIMELINE_STATES; s++)
		if (is_ever(line, s))
			fprintf(to, " %11s", heading(line, s));
	fprintf(to, " %10s", "operations");
	if (line->turns != TURNS_NONE)
		fprintf(to, " %8s %12s", "turns", "longest wait");
	if (line->turns == TURNS_LOCK)
		fprintf(to, " %8s %8s", "switches", "forced");
	fputc('\n', to);
}

static void print_track(const struct timeline *line, const struct timeline_track *t, FILE *to)
{
	double length_ns = (double)(line->end_ns - line->start_ns);
	fprintf(to, "%-12s", t->name);
	for (int s = 0; s < TIMELINE_STATES; s++)
		if (is_ever(line, s))
			fprintf(to, " %9.2f %%", 100 * (double)t->state_ns[s] / length_ns);
	fprintf(to, " %10" PRIu64, t->operations);
	if (line->turns != TURNS_NONE) {
		struct number_text longest = text_seconds((double)t->longest_wait_ns / 1e9);
		/* Bytes are not columns: the micro sign has two. */
		int pad = 12 + (int)(strlen(longest.text) - text_length(longest.text));
		fprintf(to, " %8" PRIu64 " %*s", t->takes, pad, longest.text);
	}
	if (line->turns == TURNS_LOCK)
		fprintf(to, " %8" PRIu64 " %8" PRIu64, t->switches, t->forced);
	fputc('\n', to);
}

void timeline_print(const struct timeline *line, FILE *to)
{
	print_heading(line, to);
	for (int i = 0; i < line->track_count; i++)
		print_track(line, &line->track[i], to);
}
