/*
 * timeline: events to states.
 *
 * Each ring is walked once, by this machine; whatever begins a state ends the one before. `TAKE` and `DROP` also say
 * whether the task has its turn, which is what it goes back to after a call or a wait in between; a task that takes no
 * turns always has it.
 *
 *	BEGIN, WOKE, RETURN ---> running if it has its turn, else between
 *	ASK ---> wants      TAKE ---> running      DROP ---> between; handing over, if it was forced
 *	WAIT, SLEEP, CALL ---> that                END ---> nothing any more
 *
 * A full ring has lost what came after. Then all tracks end where the first full one does: what is shown is whole, and
 * sums over it are right.
 *
 * Hand-offs need no event of their own: takes and drops of one lock are stamped while it is held, so in order of time
 * they alternate, and the one who dropped before a take is who had it before.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/timeline.h>
#include <gilbench/util.h>

/* Lists grow by doubling. */
static void *room_for_one(void *list, size_t count, size_t bytes)
{
	bool is_full = count == 0 || (count >= 16 && (count & (count - 1)) == 0);
	return is_full ? xrealloc(list, count < 16 ? 16 : 2 * count, bytes) : list;
}

/* ---- one ring ---------------------------------------------------------------------------------------- */

struct walk {
	struct timeline *line;
	struct timeline_track *track;
	bool has_turn, is_open;
	struct timeline_slice now; /* while is_open; ends later */
};

static void close_slice(struct walk *w, uint64_t at_ns)
{
	struct timeline_track *t = w->track;
	if (!w->is_open)
		return;
	w->is_open = false;
	w->now.to_ns = at_ns;
	uint64_t length_ns = at_ns - w->now.from_ns;
	t->state_ns[w->now.state] += length_ns;
	if (w->now.state == TIMELINE_WANTS && length_ns > t->longest_wait_ns)
		t->longest_wait_ns = length_ns;
	t->slice = room_for_one(t->slice, t->count, sizeof(*t->slice));
	t->slice[t->count++] = w->now;
}

static void open_slice(struct walk *w, uint64_t at_ns, enum timeline_state state)
{
	close_slice(w, at_ns);
	w->is_open = true;
	w->now = (struct timeline_slice){.from_ns = at_ns, .state = state};
}

static void go_back(struct walk *w, uint64_t at_ns)
{
	open_slice(w, at_ns, w->has_turn ? TIMELINE_RUNNING : TIMELINE_BETWEEN);
}

static void add_mark(struct timeline *line, uint64_t time_ns, int track, int whom)
{
	line->mark = room_for_one(line->mark, line->mark_count, sizeof(*line->mark));
	line->mark[line->mark_count++] =
		(struct timeline_mark){.time_ns = time_ns, .track = track, .whom = whom};
}

static void take(struct walk *w, const struct trace_event *e)
{
	w->has_turn = true;
	w->track->takes++;
	w->track->switches += e->flag;
	open_slice(w, e->time_ns, TIMELINE_RUNNING);
}

static void drop(struct walk *w, const struct trace_event *e)
{
	w->has_turn = false;
	w->track->forced += e->flag;
	open_slice(w, e->time_ns, e->flag ? TIMELINE_HANDING : TIMELINE_BETWEEN);
}

static void step(struct walk *w, const struct trace_event *e)
{
	int track = (int)(w->track - w->line->track);
	switch ((enum trace_kind)e->kind) {
	case TRACE_BEGIN:
	case TRACE_WOKE:
	case TRACE_RETURN:
		go_back(w, e->time_ns);
		break;
	case TRACE_ASK:
		/* On a loop it may ask twice: when its call has ended, and when the loop has heard of that. */
		if (!w->is_open || w->now.state != TIMELINE_WANTS)
			open_slice(w, e->time_ns, TIMELINE_WANTS);
		break;
	case TRACE_TAKE:
		take(w, e);
		break;
	case TRACE_DROP:
		drop(w, e);
		break;
	case TRACE_WAIT:
		open_slice(w, e->time_ns, TIMELINE_WAITING);
		break;
	case TRACE_SLEEP:
		open_slice(w, e->time_ns, TIMELINE_SLEEPING);
		break;
	case TRACE_CALL:
		open_slice(w, e->time_ns, TIMELINE_CALL);
		break;
	case TRACE_REQUEST:
		add_mark(w->line, e->time_ns, track, e->other);
		break;
	case TRACE_DONE:
		w->track->operations++;
		add_mark(w->line, e->time_ns, track, TIMELINE_DONE);
		break;
	case TRACE_TICKS:
		break;
	case TRACE_END:
	case TRACE_KINDS:
		close_slice(w, e->time_ns);
		break;
	}
}

static void walk_ring(struct timeline *line, const struct trace_ring *ring, int track)
{
	struct walk w = {.line = line, .track = &line->track[track], .has_turn = line->turns == TURNS_NONE};
	for (uint32_t i = 0; i < ring->count && ring->event[i].time_ns <= line->end_ns; i++)
		step(&w, &ring->event[i]);
	close_slice(&w, line->end_ns);
}

/* ---- all of them ------------------------------------------------------------------------------------- */

/* The least last moment of the full rings; without one, the last moment of all. */
static uint64_t end_of(const struct trace *trace)
{
	uint64_t end_ns = trace->start_ns, whole_ns = UINT64_MAX;
	for (int i = 0; i < trace->tasks; i++) {
		const struct trace_ring *ring = &trace->ring[i];
		uint64_t last_ns = ring->count > 0 ? ring->event[ring->count - 1].time_ns : trace->start_ns;
		end_ns = last_ns > end_ns ? last_ns : end_ns;
		if (ring->lost > 0 && last_ns < whole_ns)
			whole_ns = last_ns;
	}
	return whole_ns < end_ns ? whole_ns : end_ns;
}

static int compare_by_take(const void *a, const void *b)
{
	const struct timeline_handoff *x = a, *y = b;
	if (x->held_ns == y->held_ns)
		return (x->dropped_ns > y->dropped_ns) - (x->dropped_ns < y->dropped_ns);
	return x->held_ns < y->held_ns ? -1 : 1;
}

/* Every turn of every track in order of time, as the beginning of a hand-off; then those that went on to another. */
static void find_handoffs(struct timeline *line)
{
	size_t turns = 0, kept = 0;
	for (int i = 0; i < line->track_count; i++)
		for (size_t k = 0; k < line->track[i].count; k++) {
			const struct timeline_slice *s = &line->track[i].slice[k];
			if (s->state != TIMELINE_RUNNING)
				continue;
			line->handoff = room_for_one(line->handoff, turns, sizeof(*line->handoff));
			line->handoff[turns++] = (struct timeline_handoff){
				.from = i, .held_ns = s->from_ns, .dropped_ns = s->to_ns};
		}
	if (turns > 0)
		qsort(line->handoff, turns, sizeof(*line->handoff), compare_by_take);
	for (size_t k = 0; k + 1 < turns; k++) {
		const struct timeline_handoff next = line->handoff[k + 1];
		struct timeline_handoff this = line->handoff[k];
		if (this.from == next.from)
			continue;
		this.to = next.from;
		this.taken_ns = next.held_ns;
		line->handoff[kept++] = this;
	}
	line->handoff_count = kept;
}

static void name_tracks(struct timeline *line, const struct execution *x)
{
	int track = 0;
	for (int r = 0; r < x->role_count; r++)
		for (int i = 0; i < x->role[r].tasks && track < line->track_count; i++, track++)
			snprintf(line->track[track].name, sizeof(line->track[track].name), "%s %d",
				 x->role[r].name, i + 1);
}

/* The timer only ever asks. */
static void walk_timer(struct timeline *line, const struct trace_ring *ring)
{
	for (uint32_t i = 0; i < ring->count && ring->event[i].time_ns <= line->end_ns; i++)
		add_mark(line, ring->event[i].time_ns, line->track_count, ring->event[i].other);
}

void timeline_make(struct timeline *line, const struct trace *trace, const struct execution *x,
		   enum timeline_turns turns)
{
	*line = (struct timeline){.turns = turns,
				  .start_ns = trace->start_ns,
				  .end_ns = end_of(trace),
				  .track_count = trace->tasks,
				  .track = xcalloc((size_t)trace->tasks, sizeof(struct timeline_track))};
	name_tracks(line, x);
	for (int i = 0; i <= trace->tasks; i++) {
		line->events += trace->ring[i].count;
		line->lost += trace->ring[i].lost;
	}
	for (int i = 0; i < trace->tasks; i++)
		walk_ring(line, &trace->ring[i], i);
	walk_timer(line, trace_timer_ring(trace));
	if (turns == TURNS_LOCK)
		find_handoffs(line);
}

void timeline_release(struct timeline *line)
{
	for (int i = 0; i < line->track_count; i++)
		free(line->track[i].slice);
	free(line->track);
	free(line->handoff);
	free(line->mark);
	*line = (struct timeline){0};
}

const char *timeline_state_name(const struct timeline *line, enum timeline_state state)
{
	static const char *const names[TIMELINE_STATES] = {
		[TIMELINE_RUNNING] = "running",   [TIMELINE_WANTS] = "wants_gil",
		[TIMELINE_CALL] = "native call",  [TIMELINE_WAITING] = "waiting",
		[TIMELINE_SLEEPING] = "sleeping", [TIMELINE_HANDING] = "hands_over",
		[TIMELINE_BETWEEN] = "between",
	};
	return state == TIMELINE_WANTS && line->turns == TURNS_LOOP ? "wants_loop" : names[state];
}

char *timeline_label(const struct cell *cell)
{
	bool has_params = cell->params[0] != '\0', has_policy = cell->policy[0] != '\0';
	bool is_cast = strpbrk(cell->cast, ":,") != NULL;
	char *tasks = is_cast ? xstrdup("") : xasprintf(":%d", cell->workers);
	char *label = xasprintf("%s%s%s%s%s, %s%s%s%s", cell->cast, tasks, has_params ? " (" : "",
				cell->params, has_params ? ")" : "", cell->model, has_policy ? " (" : "",
				cell->policy, has_policy ? ")" : "");
	free(tasks);
	return label;
}
