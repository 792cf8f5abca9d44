/*
 * record: a workload's profile, seen by running it. Layer 4.
 *
 *	struct profile_cast cast = {0};
 *	if (profile_record(&cell, 2.0, &cast, error, sizeof(error)) == 0)
 *		... cast.role[0].profile: "gil:1ms+wait:4ms" ...; profile_cast_release(&cast);
 *
 * One task of each role runs alone, under model `gil`, in processes of its own (`gilbench once --record`), and what it
 * does is logged. What is made of it: src/driver/record_segments.c.
 */
#ifndef GILBENCH_RECORD_H
#define GILBENCH_RECORD_H

#include <stdint.h>

#include <jansson.h>

#include <gilbench/cell.h>
#include <gilbench/profile.h>
#include <gilbench/trace.h>

/* Most operations of one role that are looked at, and room for their events. */
#define RECORD_OPS_MAX    2000
#define RECORD_EVENTS_MAX 32768

/* Appends the roles of the cell's cast, with their tasks, to `out`. Blocks, asleep, for `budget_s` seconds at most, and
 * the starts of two or three processes a role. 0; or -1 with one sentence in `error`: what cannot be recorded, or was
 * interrupted. Then `out` has what it had. */
int profile_record(const struct cell *, double budget_s, struct profile_cast *out, char *error,
		   size_t error_bytes);

/* The events of one ring as one flat array of whole numbers, times as differences; and back. What is read: 0 and the
 * ring's own memory in `ring->event` (free it), or -1. */
json_t *record_to_json(const struct trace_ring *);
int record_from_json(const json_t *, struct trace_ring *ring);

#endif
