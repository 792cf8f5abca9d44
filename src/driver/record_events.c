/*
 * record_events: from a ring to stretches of single operations; and events through a pipe. See record_segments.h.
 *
 * One task ran alone, so the lock was always free and nothing between two stretches was waited for; what lies between
 * them (dropping, taking, asking the clock) is the harness's and is left out:
 *
 *	TAKE ....... DROP  CALL .... RETURN  ASK TAKE .. DONE ..... DROP  SLEEP ..... WOKE  ASK TAKE
 *	  held               call                held   |  held             wait
 *	                                        an operation's end
 *
 * A sleep counts with the length that was asked for: what it was late is the machine's, and a simulation adds that of
 * the machine that it simulates. Other waits count with the length that they had.
 */
#include <stdlib.h>

#include <gilbench/record.h>
#include <gilbench/util.h>

#include "driver/record_segments.h"

/* Numbers of one event in JSON: time since the last, kind, flag, other. */
#define EVENT_NUMBERS 4

struct reader {
	struct recording *recording;
	size_t room;
	bool is_holding, is_outside; /* has the lock; is in a call or a wait */
	struct stretch now;          /* while is_holding or is_outside; began at from_ns */
	uint64_t from_ns, dropped_ns;
	bool was_forced; /* its last drop was not of its own accord, and it is not back yet */
	size_t whole;    /* stretches of whole operations */
};

static void add(struct reader *r, uint64_t at_ns)
{
	struct recording *to = r->recording;
	if (to->count == r->room) {
		r->room = r->room < 256 ? 256 : 2 * r->room;
		to->stretch = xrealloc(to->stretch, r->room, sizeof(*to->stretch));
	}
	int64_t ns = (int64_t)(at_ns - r->from_ns);
	/* Longer than it was asked to be. */
	bool is_late =
		r->now.kind == STRETCH_WAIT && r->now.ns > 0 && r->now.ns < INT32_MAX && ns > r->now.ns;
	if (!is_late)
		r->now.ns = ns;
	to->stretch[to->count++] = r->now;
}

static void begin(struct reader *r, uint64_t at_ns, enum stretch_kind kind, int64_t asked_ns)
{
	r->from_ns = at_ns;
	r->now = (struct stretch){.kind = kind, .ns = asked_ns};
}

static void take(struct reader *r, uint64_t at_ns)
{
	const struct recording *to = r->recording;
	if (r->was_forced) {
		r->from_ns += at_ns - r->dropped_ns;
		r->was_forced = false;
		return;
	}
	bool is_release = to->count > r->whole && to->stretch[to->count - 1].kind == STRETCH_HELD;
	if (is_release) {
		begin(r, r->dropped_ns, STRETCH_RELEASE, 0);
		add(r, at_ns);
	}
	begin(r, at_ns, STRETCH_HELD, 0);
	r->is_holding = true;
}

/* One that was forced interrupts a stretch, and is no end of it. */
static void drop(struct reader *r, const struct trace_event *e)
{
	r->dropped_ns = e->time_ns;
	r->was_forced = e->flag;
	if (r->was_forced)
		return;
	add(r, e->time_ns);
	r->is_holding = false;
}

static void leave(struct reader *r, const struct trace_event *e, enum stretch_kind kind, int64_t asked_ns)
{
	/* A critical section is entered with the lock. */
	if (r->is_holding)
		return;
	begin(r, e->time_ns, kind, asked_ns);
	r->is_outside = true;
}

static void come_back(struct reader *r, const struct trace_event *e)
{
	if (r->is_outside)
		add(r, e->time_ns);
	r->is_outside = false;
}

/* Ticks belong to the lock's stretch that goes on, or was the last. */
static void count_ticks(struct reader *r, unsigned ticks)
{
	struct recording *to = r->recording;
	if (r->is_holding)
		r->now.ticks += ticks;
	else if (to->count > 0 && to->stretch[to->count - 1].kind == STRETCH_HELD)
		to->stretch[to->count - 1].ticks += ticks;
}

static void done(struct reader *r, uint64_t at_ns)
{
	struct recording *to = r->recording;
	if (r->is_holding) {
		add(r, at_ns);
		begin(r, at_ns, STRETCH_HELD, 0);
	}
	to->first[++to->ops] = r->whole = to->count;
}

static enum stretch_kind call_kind(const struct trace_event *e)
{
	return e->other != 0 ? STRETCH_RECEIVE : e->flag ? STRETCH_BLOCK : STRETCH_CALL;
}

static void read_event(struct reader *r, const struct trace_event *e)
{
	switch ((enum trace_kind)e->kind) {
	case TRACE_TAKE:
		take(r, e->time_ns);
		break;
	case TRACE_DROP:
		drop(r, e);
		break;
	case TRACE_WAIT:
		r->recording->needs_others |= e->flag;
		leave(r, e, STRETCH_WAIT, 0);
		break;
	case TRACE_SLEEP:
		leave(r, e, STRETCH_WAIT, e->other);
		break;
	case TRACE_CALL:
		leave(r, e, call_kind(e), 0);
		break;
	case TRACE_WOKE:
	case TRACE_RETURN:
		come_back(r, e);
		break;
	case TRACE_TICKS:
		count_ticks(r, (unsigned)e->other);
		break;
	case TRACE_DONE:
		done(r, e->time_ns);
		break;
	case TRACE_BEGIN:
	case TRACE_ASK:
	case TRACE_REQUEST:
	case TRACE_END:
	case TRACE_KINDS:
		break;
	}
}

void recording_read(const struct trace_ring *ring, struct recording *recording)
{
	*recording = (struct recording){.first = xcalloc(RECORD_OPS_MAX + 1, sizeof(size_t))};
	struct reader r = {.recording = recording};
	for (uint32_t i = 0; i < ring->count && recording->ops < RECORD_OPS_MAX; i++)
		read_event(&r, &ring->event[i]);
}

void recording_release(struct recording *recording)
{
	free(recording->stretch);
	free(recording->first);
	*recording = (struct recording){0};
}

/* ---- through a pipe ---------------------------------------------------------------------------------- */

json_t *record_to_json(const struct trace_ring *ring)
{
	json_t *numbers = json_array();
	uint64_t before_ns = 0;
	for (uint32_t i = 0; i < ring->count; i++) {
		const struct trace_event *e = &ring->event[i];
		json_array_append_new(numbers, json_integer((json_int_t)(e->time_ns - before_ns)));
		json_array_append_new(numbers, json_integer(e->kind));
		json_array_append_new(numbers, json_integer(e->flag));
		json_array_append_new(numbers, json_integer(e->other));
		before_ns = e->time_ns;
	}
	return numbers;
}

int record_from_json(const json_t *numbers, struct trace_ring *ring)
{
	size_t count = json_array_size(numbers) / EVENT_NUMBERS;
	*ring = (struct trace_ring){.count = (uint32_t)count, .room = (uint32_t)count};
	if (!json_is_array(numbers) || count > RECORD_EVENTS_MAX)
		return -1;
	ring->event = xcalloc(count, sizeof(*ring->event));
	uint64_t time_ns = 0;
	for (size_t i = 0; i < count; i++) {
		json_int_t number[EVENT_NUMBERS];
		for (size_t k = 0; k < EVENT_NUMBERS; k++)
			number[k] = json_integer_value(json_array_get(numbers, i * EVENT_NUMBERS + k));
		time_ns += (uint64_t)number[0];
		ring->event[i] = (struct trace_event){.time_ns = time_ns,
						      .kind = (uint16_t)number[1],
						      .flag = (uint16_t)number[2],
						      .other = (int32_t)number[3]};
	}
	return 0;
}
