/*
 * gil_world: the simulated lock without a thread: its rules, and what gil.c does with them, as a world that moves one
 * critical section at a time. For tests of the rules.
 *
 * The rules are the functions of src/sync/gil_logic.h, the ones that run in the lock itself. Around them stands a
 * model of src/sync/gil.c: which critical sections a thread goes through, and where it sleeps.
 *
 *	OUT --take--> HOLDS <--may go-- AWAKE <--woken, timed out, for no reason-- ASLEEP
 *	 |  \--take, it is locked------------------------------------------------> ASLEEP <--may not go-- AWAKE
 *	 |            HOLDS --drop--> OUT    HOLDS --checkpoint, turn over--> WANTS --take--> as from OUT
 *	 |                 \--asked, forced switching--> SEES <--woken-- SEES_ASLEEP;  SEES --switched--> OUT or WANTS
 *	 +--> ENDED
 *
 * Whoever sleeps may time out or wake for no reason at any moment, a signal may go to any sleeper of its condition
 * (that is the `choice` of a step), and a timer may tick at any moment. A semaphore's rules are those of barging on a
 * condition; its sleeping is the kernel's and not modelled.
 *
 * Assertions on the way: who was asked and let go does not have the lock back before another had it (but for plain
 * barging, which promises nothing); an heir has waited longest, I/O-bound ones first.
 */
#ifndef GILBENCH_TESTS_GIL_WORLD_H
#define GILBENCH_TESTS_GIL_WORLD_H

#include <stdbool.h>
#include <string.h>

#include "sync/gil_logic.h"

#define ACTORS 3

enum place { OUT, WANTS, ASLEEP, AWAKE, HOLDS, SEES, SEES_ASLEEP, ENDED };

struct actor {
	struct gil_party party;
	enum place place;
	bool has_timed_out;
	bool wants_back; /* after the switch that it waits to see */
	bool owes;       /* it was asked and let go, and nobody else has had the lock since */
	uint32_t seen;
	uint64_t arrival;
};

/* Lies at one address while it is stepped, for the logic's pointers lead into it; copies are only kept. */
struct world {
	struct gil_logic logic;
	struct actor actor[ACTORS];
	int actors;
	uint64_t arrivals;
};

static struct world now;

/* What can happen next: to each actor one of these, or a tick of the timer. */
enum move { TAKE, END, WAKE_FOR_NOTHING, TIME_OUT, LOOK, DROP, CHECKPOINT, SEE, MOVES };
#define TICK (ACTORS * MOVES)

static bool is_io(const struct actor *a)
{
	return a->party.waits_as_io;
}

static int class_of(const struct actor *a)
{
	return is_io(a) ? GIL_IO : GIL_OTHERS;
}

/* In the queue: wants it and has not been given it. */
static bool waits(const struct actor *a)
{
	return (a->place == ASLEEP || a->place == AWAKE) && !a->party.is_heir;
}

/* The choice-th actor at this place (of a class, or -1) goes to another; false: there are not that many, but no
 * sleeper at all is the one outcome 0. */
static bool wake_one(enum place from, int class, enum place to, int choice)
{
	int found = 0;
	for (int i = 0; i < now.actors; i++) {
		struct actor *a = &now.actor[i];
		if (a->place != from || (class >= 0 && class_of(a) != class))
			continue;
		if (found++ == choice) {
			a->place = to;
			return true;
		}
	}
	return found == 0 && choice == 0;
}

/* `a` has it now: nobody owes anything any more but `a`, who must not. */
static void had(struct actor *a)
{
	assert_false(a->owes);
	for (int i = 0; i < now.actors; i++)
		now.actor[i].owes = false;
}

/* become_holder of src/sync/gil.c. */
static bool become_holder(struct actor *a, int choice)
{
	bool is_heir = a->party.is_heir;
	a->place = HOLDS;
	a->party.is_heir = false;
	if (is_heir)
		return choice == 0;
	logic_grant(&now.logic, &a->party);
	had(a);
	bool is_forced = now.logic.policy.handoff == GIL_HANDOFF_FORCED;
	bool has_choice = is_forced ? wake_one(SEES_ASLEEP, -1, SEES, choice) : choice == 0;
	logic_settle(&now.logic, &now.logic.policy, &a->party);
	return has_choice;
}

static void sleep_now(struct actor *a)
{
	a->place = ASLEEP;
	a->seen = now.logic.switch_number;
}

static bool take(struct actor *a, int choice)
{
	if (logic_is_free(&now.logic))
		return become_holder(a, choice);
	logic_enter(&now.logic, &a->party);
	a->arrival = ++now.arrivals;
	sleep_now(a);
	return choice == 0;
}

static bool look(struct actor *a, int choice)
{
	if (a->has_timed_out)
		logic_timed_out(&now.logic, a->seen);
	a->has_timed_out = false;
	if (!logic_may_go(&now.logic, &a->party)) {
		sleep_now(a);
		return choice == 0;
	}
	if (!a->party.is_heir)
		logic_leave(&now.logic, &a->party);
	return become_holder(a, choice);
}

/* An heir was chosen: nobody of its class came before it, and no I/O-bound one waits if it is none. */
static void check_heir(struct actor *heir)
{
	had(heir);
	for (int i = 0; i < now.actors; i++) {
		struct actor *a = &now.actor[i];
		if (waits(a))
			assert_true(is_io(a) == is_io(heir) ? a->arrival > heir->arrival : is_io(heir));
	}
}

static bool apply_wake(struct gil_wake wake, int choice)
{
	switch (wake.how) {
	case GIL_WAKE_NOBODY:
		break;
	case GIL_WAKE_ONE:
		return wake_one(ASLEEP, wake.of, AWAKE, choice);
	case GIL_WAKE_ALL:
		for (int i = 0; i < now.actors; i++)
			if (now.actor[i].place == ASLEEP && class_of(&now.actor[i]) == wake.of)
				now.actor[i].place = AWAKE;
		break;
	case GIL_WAKE_THIS:
		for (int i = 0; i < now.actors; i++)
			if (&now.actor[i].party == wake.whom && now.actor[i].place == ASLEEP)
				now.actor[i].place = AWAKE;
		break;
	}
	return choice == 0;
}

static bool drop(struct actor *a, bool is_forced, int choice)
{
	struct gil_logic *l = &now.logic;
	bool was_asked = logic_is_asked(l);
	a->owes = was_asked && l->policy.handoff != GIL_HANDOFF_BARGING;
	a->wants_back = is_forced;
	bool must_see = was_asked && logic_must_see_switch(&l->policy);
	a->place = must_see ? SEES : is_forced ? WANTS : OUT;
	bool has_choice = apply_wake(logic_drop(l, &l->policy, &a->party, is_forced), choice);
	for (int i = 0; i < now.actors; i++)
		if (now.actor[i].party.is_heir)
			check_heir(&now.actor[i]);
	return has_choice;
}

static bool checkpoint(struct actor *a, int choice)
{
	bool is_over = now.logic.policy.slice == GIL_SLICE_TICKS ? logic_spend(&now.logic, 1)
								 : logic_is_asked(&now.logic);
	return is_over ? drop(a, true, choice) : choice == 0;
}

static bool see(struct actor *a)
{
	a->place = !logic_has_switched(&now.logic, &a->party) ? SEES_ASLEEP : a->wants_back ? WANTS : OUT;
	return true;
}

static bool wake_up(struct actor *a, bool has_timed_out)
{
	a->has_timed_out = has_timed_out;
	a->place = a->place == ASLEEP ? AWAKE : SEES;
	return true;
}

/* Where each move can be made; bits of places. */
static const unsigned places_of[MOVES] = {[TAKE] = 1 << OUT | 1 << WANTS,
					  [END] = 1 << OUT,
					  [WAKE_FOR_NOTHING] = 1 << ASLEEP | 1 << SEES_ASLEEP,
					  [TIME_OUT] = 1 << ASLEEP,
					  [LOOK] = 1 << AWAKE,
					  [DROP] = 1 << HOLDS,
					  [CHECKPOINT] = 1 << HOLDS,
					  [SEE] = 1 << SEES};

static bool move(struct actor *a, enum move m, int choice)
{
	switch (m) {
	case TAKE:
		return take(a, choice);
	case LOOK:
		return look(a, choice);
	case DROP:
		return drop(a, false, choice);
	case CHECKPOINT:
		return checkpoint(a, choice);
	case SEE:
		return choice == 0 && see(a);
	case WAKE_FOR_NOTHING:
		return choice == 0 && wake_up(a, false);
	case TIME_OUT:
		return choice == 0 && now.logic.policy.slice == GIL_SLICE_INTERVAL && wake_up(a, true);
	case END:
		a->place = ENDED;
		return choice == 0;
	case MOVES:
		break;
	}
	return false;
}

/* Makes a step; false: it cannot be made, or not with this choice (`now` is then worthless). */
static bool step(int what, int choice)
{
	if (what == TICK) {
		logic_tick(&now.logic);
		return choice == 0 && now.logic.policy.slice == GIL_SLICE_QUANTUM;
	}
	struct actor *a = &now.actor[what / MOVES];
	enum move m = (enum move)(what % MOVES);
	return what / MOVES < now.actors && places_of[m] >> a->place & 1 && move(a, m, choice);
}

/* A world in which nothing has happened. */
static inline void world_begin(const struct gil_policy *policy, int actors)
{
	memset(&now, 0, sizeof(now));
	logic_init(&now.logic, policy);
	if (policy->primitive == GIL_PRIMITIVE_SEMAPHORE)
		now.logic.policy.primitive = GIL_PRIMITIVE_CONDITION;
	now.actors = actors;
}

#endif
