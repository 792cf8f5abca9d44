/*
 * gil_explore: the lock's rules, stepped through every order that two and three threads can take (gil_world.h).
 *
 * All states that can be reached are visited, each once, so there is no bound on the length of a run. The bounds are
 * three threads, two ticks to a turn, and one timer tick to a quantum.
 *
 * Shown for every combination of fields that gil_policy_parse accepts:
 *
 *  - one holder at most, and the lock knows it;
 *  - no wake-up is lost: a free lock that is waited for has a waiter awake, an heir is awake, and nobody sleeps for a
 *    switch that has happened; time-outs are not needed for that;
 *  - who was asked does not have it back before another had it (forced, fifo);
 *  - the lock goes to who has waited longest, I/O-bound ones first under priority=io (fifo);
 *  - a CPU-bound holder stands asked while an I/O-bound thread waits (priority=io);
 *  - from every state all threads can come to their end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <gilbench/util.h>

#include "gil_world.h"

/* Room for states: more than any policy has; a power of two, for it is a table of hashes as well. */
#define STATES (1u << 18)
#define EDGES  (1u << 22)

/* The states found so far, in the order in which they were found. */
static struct {
	uint64_t key[STATES];
	void *world[STATES];
	uint32_t slot[2 * STATES]; /* hash -> number of a state + 1 */
	struct {
		uint32_t from, to;
	} edge[EDGES];
	uint32_t states, edges;
} found;

/* Everything that decides what can happen next, and nothing that only grows: numbers of switches and arrivals count by
 * their order alone. */
static uint64_t key_of_actor(const struct actor *a)
{
	uint64_t rank = 0;
	for (int i = 0; i < now.actors; i++)
		rank += waits(a) && waits(&now.actor[i]) && now.actor[i].arrival < a->arrival;
	bool has_seen = a->seen == now.logic.switch_number && (a->place == ASLEEP || a->place == AWAKE);
	return (uint64_t)a->place | rank << 3 | (uint64_t)a->has_timed_out << 5 |
	       (uint64_t)a->wants_back << 6 | (uint64_t)a->owes << 7 | (uint64_t)has_seen << 8 |
	       (uint64_t)a->party.is_cpu_bound << 9 | (uint64_t)a->party.is_heir << 10 |
	       (uint64_t)is_io(a) << 11;
}

static uint64_t key_of_now(void)
{
	const struct gil_logic *l = &now.logic;
	uint64_t key = 0, last = 0;
	for (int i = 0; i < now.actors; i++) {
		key = key << 12 | key_of_actor(&now.actor[i]);
		if (l->last_holder == &now.actor[i].party)
			last = (uint64_t)i + 1;
	}
	/* Of the timer's ticks only "as many as a quantum" counts. */
	uint64_t ticks = l->timer_ticks < 2 ? l->timer_ticks : 2;
	return key << 12 | last << 10 | (uint64_t)l->ticks_left << 8 | ticks << 6 |
	       (uint64_t)(l->timed_switch == l->switch_number) << 2 | (uint64_t)l->is_locked << 1 |
	       logic_is_asked(l);
}

/* The number of this state, new or not. */
static uint32_t number_of_now(void)
{
	uint64_t key = key_of_now();
	uint32_t at = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> 40);
	for (;; at++) {
		uint32_t *slot = &found.slot[at % (2 * STATES)];
		if (*slot != 0 && found.key[*slot - 1] != key)
			continue;
		if (*slot == 0) {
			assert_true(found.states < STATES);
			found.key[found.states] = key;
			found.world[found.states] = xcalloc(1, sizeof(now));
			memcpy(found.world[found.states], &now, sizeof(now));
			*slot = ++found.states;
		}
		return *slot - 1;
	}
}

static int count_at(enum place place)
{
	int count = 0;
	for (int i = 0; i < now.actors; i++)
		count += now.actor[i].place == place;
	return count;
}

static void check_holder(void)
{
	const struct gil_logic *l = &now.logic;
	int heirs = 0;
	for (int i = 0; i < now.actors; i++) {
		const struct actor *a = &now.actor[i];
		heirs += a->party.is_heir;
		if (a->place == HOLDS || a->party.is_heir)
			assert_ptr_equal(l->last_holder, &a->party);
		/* An heir that sleeps on, or a switch that is not heard of: a lost wake-up. */
		assert_false(a->party.is_heir && a->place != AWAKE);
		assert_false(a->place == SEES_ASLEEP && logic_has_switched(l, &a->party));
	}
	assert_int_equal(count_at(HOLDS) + heirs, l->is_locked);
}

static void check_waiters(void)
{
	const struct gil_logic *l = &now.logic;
	uint32_t waiting[GIL_CLASSES] = {0}, awake = 0;
	for (int i = 0; i < now.actors; i++) {
		const struct actor *a = &now.actor[i];
		if (!waits(a))
			continue;
		waiting[class_of(a)]++;
		awake += a->place == AWAKE;
	}
	assert_int_equal(l->waiting_count[GIL_IO], waiting[GIL_IO]);
	assert_int_equal(l->waiting_count[GIL_OTHERS], waiting[GIL_OTHERS]);
	if (!l->is_locked)
		assert_true(awake > 0 || !logic_is_waited_for(l));
	if (!l->is_locked && l->policy.handoff == GIL_HANDOFF_FIFO)
		assert_false(logic_is_waited_for(l));
	if (l->is_locked && l->last_holder->is_cpu_bound && waiting[GIL_IO] > 0)
		assert_true(logic_is_asked(l));
}

/* Every step that can be made from a state, with every choice. */
static void visit(uint32_t from)
{
	for (int what = 0; what <= TICK; what++) {
		for (int choice = 0;; choice++) {
			memcpy(&now, found.world[from], sizeof(now));
			if (!step(what, choice))
				break;
			check_holder();
			check_waiters();
			assert_true(found.edges < EDGES);
			found.edge[found.edges].from = from;
			found.edge[found.edges++].to = number_of_now();
		}
	}
}

/* Marks, backwards from the end, whence it can be reached: until nothing is added. */
static void check_end_is_near(void)
{
	unsigned char *can_end = xcalloc(found.states, 1);
	uint32_t marked = 0, before = UINT32_MAX;
	for (uint32_t i = 0; i < found.states; i++) {
		memcpy(&now, found.world[i], sizeof(now));
		can_end[i] = count_at(ENDED) == now.actors;
		marked += can_end[i];
	}
	assert_true(marked > 0);
	for (; marked != before;) {
		before = marked;
		for (uint32_t e = found.edges; e-- > 0;) {
			if (can_end[found.edge[e].from] || !can_end[found.edge[e].to])
				continue;
			can_end[found.edge[e].from] = 1;
			marked++;
		}
	}
	free(can_end);
	assert_int_equal(marked, found.states);
}

static uint32_t explore(const struct gil_policy *policy, int actors)
{
	struct gil_policy small = *policy;
	small.check_ticks = 1;
	small.quantum_ns = small.tick_ns = 1;
	memset(found.slot, 0, sizeof(found.slot));
	found.states = found.edges = 0;
	world_begin(&small, actors);
	number_of_now();
	for (uint32_t i = 0; i < found.states; i++)
		visit(i);
	check_end_is_near();
	for (uint32_t i = 0; i < found.states; i++)
		free(found.world[i]);
	return found.states;
}

static void test_named_policies(void **state)
{
	(void)state;
	for (const struct gil_policy_entry *e = gil_policies; e->summary != NULL; e++) {
		uint32_t two = explore(&e->policy, 2), three = explore(&e->policy, 3);
		print_message("# %-5s %u states of 2 threads, %u of 3\n", e->policy.name, two, three);
		/* A world that stands still would show nothing. */
		assert_in_range(two, 20, STATES);
		assert_in_range(three, two * 5, STATES);
	}
}

/* Every combination that is not refused. */
static void test_all_combinations(void **state)
{
	(void)state;
	static const char *const slices[] = {"interval", "ticks", "quantum"};
	static const char *const handoffs[] = {"barging", "forced", "fifo"};
	static const char *const rest[] = {
		"priority=none,primitive=condition", "priority=io,primitive=condition",
		"priority=none,primitive=per-waiter", "priority=io,primitive=per-waiter",
		"priority=none,primitive=semaphore"};
	int count = 0;
	for (size_t i = 0; i < 3 * 3 * ARRAY_LEN(rest); i++) {
		char text[128], error[200];
		struct gil_policy policy;
		snprintf(text, sizeof(text), "slice=%s,handoff=%s,%s", slices[i % 3], handoffs[i / 3 % 3],
			 rest[i / 9]);
		if (gil_policy_parse(text, &policy, error, sizeof(error)) != 0)
			continue;
		explore(&policy, 2);
		explore(&policy, 3);
		count++;
	}
	/* slice=interval and quantum with everything but semaphores; ticks: barging with all three, fifo with two. */
	assert_int_equal(count, 2 * 3 * 4 + 3 + 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_named_policies),
		cmocka_unit_test(test_all_combinations),
	};
	return cmocka_run_group_tests_name("gil_explore", tests, NULL, NULL);
}
