/*
 * gil_policy: the named policies, and what their fields may say. See gil.h.
 *
 * A policy is a row of data; no code anywhere asks for a policy's name. What a field means is src/sync/gil_logic.h;
 * which fields do not go together is src/sync/gil_policy_text.c. Where each row comes from stands in it, is printed by
 * `gilbench list policies`, and docs/policies.md tells the story.
 */
#include <string.h>

#include <gilbench/clock.h>

#include "sync/gil_fields.h"

/* What a field says in all policies that do not heed it, and in most that do. */
#define STANDARD                                                                                            \
	.has_stats = true, .check_ticks = 100, .interval_ns = 5 * NS_PER_MS, .quantum_ns = 100 * NS_PER_MS, \
	.tick_ns = 10 * NS_PER_MS

const struct gil_policy_entry gil_policies[] = {
	{
		.policy = {.name = "py3",
			   .slice = GIL_SLICE_INTERVAL,
			   .handoff = GIL_HANDOFF_FORCED,
			   .primitive = GIL_PRIMITIVE_CONDITION,
			   STANDARD},
		.summary = "a waiter asks for the lock after its interval; a holder that was asked waits for "
			   "the switch",
		.follows = "CPython 3.2 and later, A. Pitrou's lock of 2009 (sys.setswitchinterval)",
		.source =
			"Python/ceval_gil.h, ceval_gil.c from 3.12 on (take_gil, drop_gil, FORCE_SWITCHING)",
	},
	{
		.policy = {.name = "py2",
			   .slice = GIL_SLICE_TICKS,
			   .handoff = GIL_HANDOFF_BARGING,
			   .primitive = GIL_PRIMITIVE_SEMAPHORE,
			   STANDARD},
		.summary = "the holder lets go every 100 ticks and may have it back before anybody is awake",
		.follows = "CPython 2.7 and before, as it runs on Linux (sys.setcheckinterval)",
		.source = "Python/ceval.c (_Py_Ticker), Python/thread_pthread.h (USE_SEMAPHORES)",
	},
	{
		.policy = {.name = "fifo",
			   .slice = GIL_SLICE_INTERVAL,
			   .handoff = GIL_HANDOFF_FIFO,
			   .primitive = GIL_PRIMITIVE_CONDITION,
			   STANDARD},
		.summary = "py3 with the lock handed straight to who has waited longest",
		.follows = "no interpreter; the round-robin lock of K. V. Jonsson, April 2010, with py3's "
			   "interval",
		.source = "bugs.python.org/issue8299; Blasgen, Gray and others, The Convoy Phenomenon, 1979",
	},
	{
		.policy = {.name = "prio",
			   .slice = GIL_SLICE_INTERVAL,
			   .handoff = GIL_HANDOFF_FORCED,
			   .priority = GIL_PRIORITY_IO,
			   .primitive = GIL_PRIMITIVE_CONDITION,
			   STANDARD},
		.summary =
			"py3 where threads that let go of their own accord come first and ask the others at "
			"once",
		.follows = "D. Beazley's priority patch for CPython 3.2, February 2010 (not merged)",
		.source = "bugs.python.org/issue7946; dabeaz.blogspot.com, Revisiting thread priorities and "
			  "the "
			  "new GIL",
	},
	{
		.policy = {.name = "ruby",
			   .slice = GIL_SLICE_QUANTUM,
			   .handoff = GIL_HANDOFF_FIFO,
			   .primitive = GIL_PRIMITIVE_PER_WAITER,
			   STANDARD},
		.summary = "a timer ends the holder's turn after 100 ms; the lock goes to who has waited "
			   "longest",
		.follows = "CRuby's GVL, as up to 3.4 (RUBY_THREAD_TIMESLICE)",
		.source = "thread_pthread.c (timer thread, TIME_QUANTUM); bugs.ruby-lang.org/issues/20861",
	},
	{.summary = NULL},
};

const struct gil_policy_entry *gil_policy_find(const char *name)
{
	for (const struct gil_policy_entry *e = gil_policies; e->summary != NULL; e++)
		if (strcmp(e->policy.name, name) == 0)
			return e;
	return NULL;
}
