/*
 * timeline: from recorded events to what each task did when, and its three forms: Chrome trace events, a picture, a
 * table. Layer 4.
 *
 *	struct timeline line;
 *	timeline_make(&line, &trace, &execution, TURNS_LOCK);
 *	char *json = timeline_json(&line, &cell, seed);
 *	timeline_draw(&line, &words, "plots", error, sizeof(error));
 *	timeline_release(&line);
 *
 * Call it when the cell has ended and before trace_close.
 */
#ifndef GILBENCH_TIMELINE_H
#define GILBENCH_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <gilbench/model.h>
#include <gilbench/trace.h>

/* What a task is doing: from the gun's sound to its end, in exactly one of these. */
enum timeline_state {
	TIMELINE_RUNNING, /* has its turn: the lock, or the loop; without either: whenever it is in none of these */
	TIMELINE_WANTS,    /* has asked for its turn */
	TIMELINE_CALL,     /* in a native call, without the lock */
	TIMELINE_WAITING,  /* for a descriptor, an event, a critical section */
	TIMELINE_SLEEPING, /* for the time */
	TIMELINE_HANDING,  /* did not give its turn back of its own accord; until it asks again or waits */
	TIMELINE_BETWEEN, /* gave it back, or has waited; until it waits or asks: 100 ns, unless it has no processor */
	TIMELINE_STATES
};

/* What tasks take turns at. */
enum timeline_turns { TURNS_NONE, TURNS_LOCK, TURNS_LOOP };

struct timeline_slice {
	uint64_t from_ns, to_ns;
	enum timeline_state state;
};

struct timeline_track {
	char name[64]; /* role and number: "spin 2" */
	/* In order of time, none over another. */
	struct timeline_slice *slice;
	size_t count;
	/* What the slices add up to; the lock's counters say the same. */
	uint64_t state_ns[TIMELINE_STATES];
	uint64_t takes, switches, forced, operations, longest_wait_ns;
};

/* One gave its turn back, another took the next. */
struct timeline_handoff {
	int from, to;        /* tracks */
	uint64_t held_ns;    /* when the first had taken it */
	uint64_t dropped_ns; /* when it gave it back */
	uint64_t taken_ns;
};

/* Something at a moment: a drop request (of track `whom`, -1 not known), or an operation done (`whom` is -2). */
struct timeline_mark {
	uint64_t time_ns;
	int track; /* who: track_count is the lock's timer */
	int whom;
};
#define TIMELINE_DONE (-2)

struct timeline {
	enum timeline_turns turns;
	uint64_t start_ns; /* the gun */
	uint64_t end_ns;   /* the last that is known of all */
	uint64_t events, lost;
	int track_count;
	struct timeline_track *track; /* in the order of the cast */
	struct timeline_handoff *handoff;
	size_t handoff_count;
	struct timeline_mark *mark;
	size_t mark_count;
};

void timeline_make(struct timeline *, const struct trace *, const struct execution *, enum timeline_turns);
void timeline_release(struct timeline *);
/* "running", "wants_gil" ("wants_loop" on a loop), "native call", ...: as in the trace file. */
const char *timeline_state_name(const struct timeline *, enum timeline_state);
/* "echo:1,spin:2, gil (py3)". Free it. */
char *timeline_label(const struct cell *);

/* The whole file, as the Trace Event Format has it (docs/trace.md). Times are microseconds since the gun, to the
 * nanosecond. Free it. */
char *timeline_json(const struct timeline *, const struct cell *, uint64_t seed);

/* A table, one line per task. */
void timeline_print(const struct timeline *, FILE *);

/* What a picture says besides. */
struct timeline_words {
	const char *name;    /* file stem: "timeline-convoy" */
	const char *label;   /* timeline_label */
	const char *machine; /* CPU model */
	int usable_cpus;
	const char *started; /* UTC */
	const char *commit;  /* "": not known */
	bool is_dirty;       /* the source differs from the commit */
	bool has_stand_ins;  /* compiled code stood for Python */
};

/* Write NAME.gp and NAME.dat into `dir`, which must exist, and draw NAME.svg and NAME.png where gnuplot is. 0; 1: they
 * were not drawn (`error` says why); -1: the files could not be written. Blocks while gnuplot runs. */
int timeline_draw(const struct timeline *, const struct timeline_words *, const char *dir, char *error,
		  size_t error_bytes);

#endif
