/* gil_rules: what each policy decides, move by move, without a clock or a thread. Every order: test_gil_explore. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "gil_world.h"

enum { A, B, C };

static struct gil_logic *const rules = &now.logic;

static void begin(const char *text)
{
	struct gil_policy policy;
	char error[200] = "";
	if (gil_policy_parse(text, &policy, error, sizeof(error)) != 0)
		fail_msg("'%s': %s", text, error);
	world_begin(&policy, ACTORS);
}

/* One move, which must be possible. */
static void does(int who, enum move what)
{
	if (!step(who * MOVES + (int)what, 0))
		fail_msg("%c cannot make move %d at place %d", 'A' + who, (int)what,
			 (int)now.actor[who].place);
}

/* One interval of sleep that nobody ended. */
static void waits_in_vain(int who)
{
	does(who, TIME_OUT);
	does(who, LOOK);
}

static void assert_place(int who, enum place place)
{
	assert_int_equal(now.actor[who].place, place);
}

/* A holds it and is made CPU-bound: B asks, has it, and gives it back. */
static void make_cpu_bound(void)
{
	does(A, TAKE);
	does(B, TAKE);
	waits_in_vain(B);
	does(A, CHECKPOINT);
	does(B, LOOK);
	does(A, SEE);
	does(A, TAKE);
	does(B, DROP);
	does(A, LOOK);
	assert_true(now.actor[A].party.is_cpu_bound);
}

static void test_a_waiter_asks_after_its_interval(void **state)
{
	(void)state;
	begin("py3");
	does(A, TAKE);
	does(B, TAKE);
	assert_false(logic_is_asked(rules));
	waits_in_vain(B);
	assert_true(logic_is_asked(rules));
	does(A, CHECKPOINT);
	assert_place(A, SEES);
	does(A, SEE);
	assert_place(A, SEES_ASLEEP);
	does(B, LOOK);
	assert_place(B, HOLDS);
	assert_place(A, SEES);
	assert_false(logic_is_asked(rules));
}

static void test_a_switch_restarts_a_waiters_clock(void **state)
{
	(void)state;
	begin("py3");
	does(A, TAKE);
	does(B, TAKE);
	does(A, DROP);
	/* C was quicker than B, who was woken: B's wait begins anew. */
	does(C, TAKE);
	does(B, LOOK);
	assert_place(B, ASLEEP);
	does(A, TAKE);
	does(C, DROP);
	does(A, LOOK);
	if (now.actor[B].place == ASLEEP)
		waits_in_vain(B);
	else
		does(B, LOOK);
	assert_false(logic_is_asked(rules));
}

static void test_barging_without_a_request(void **state)
{
	(void)state;
	begin("py3");
	does(A, TAKE);
	does(B, TAKE);
	does(A, DROP);
	assert_place(A, OUT);
	does(A, TAKE);
	assert_place(A, HOLDS);
	does(B, LOOK);
	assert_place(B, ASLEEP);
}

static void test_fifo_hands_over_in_order(void **state)
{
	(void)state;
	begin("fifo");
	does(A, TAKE);
	does(C, TAKE);
	does(B, TAKE);
	does(A, DROP);
	assert_ptr_equal(rules->last_holder, &now.actor[C].party);
	does(A, TAKE);
	assert_place(A, ASLEEP);
	does(C, LOOK);
	assert_place(C, HOLDS);
	does(C, DROP);
	assert_ptr_equal(rules->last_holder, &now.actor[B].party);
}

static void test_io_asks_a_cpu_bound_holder_at_once(void **state)
{
	(void)state;
	begin("prio");
	make_cpu_bound();
	assert_false(logic_is_asked(rules));
	does(B, TAKE);
	assert_true(logic_is_asked(rules));
}

static void test_io_is_woken_first_and_asks_no_io(void **state)
{
	(void)state;
	begin("prio");
	make_cpu_bound();
	does(C, TAKE);
	does(A, DROP);
	assert_place(C, AWAKE);
	/* B was quicker, and is I/O-bound itself: C has nothing to ask of it. */
	does(B, TAKE);
	assert_place(B, HOLDS);
	assert_false(logic_is_asked(rules));
}

static void test_io_waiters_of_a_cpu_bound_taker_stand(void **state)
{
	(void)state;
	begin("handoff=barging,priority=io");
	does(A, TAKE);
	does(B, TAKE);
	waits_in_vain(B);
	does(A, CHECKPOINT);
	/* A was forced, so it is CPU-bound; it is quicker than B all the same. */
	does(A, TAKE);
	assert_place(A, HOLDS);
	assert_true(logic_is_asked(rules));
}

static void test_an_own_drop_makes_io_bound(void **state)
{
	(void)state;
	begin("prio");
	make_cpu_bound();
	does(A, DROP);
	assert_false(now.actor[A].party.is_cpu_bound);
}

static void test_ticks_end_a_turn_as_in_2_7(void **state)
{
	(void)state;
	begin("py2");
	for (int turn = 0; turn < 3; turn++) {
		for (int tick = 0; tick < 100; tick++)
			assert_false(logic_spend(rules, 1));
		assert_true(logic_spend(rules, 1));
	}
}

static void test_large_checkpoints_keep_the_average(void **state)
{
	(void)state;
	begin("py2");
	int turns = 0;
	for (int i = 0; i < 10100; i++)
		turns += logic_spend(rules, 10);
	assert_int_equal(turns, 1000);
	/* More than a turn at once is one turn's end, and no debt. */
	begin("py2");
	assert_true(logic_spend(rules, 100000));
	assert_false(logic_spend(rules, 1) && logic_spend(rules, 1) && logic_spend(rules, 1));
}

static void test_ticks_give_way_unasked(void **state)
{
	(void)state;
	begin("py2,check=1");
	does(A, TAKE);
	does(A, CHECKPOINT);
	assert_place(A, HOLDS);
	does(A, CHECKPOINT);
	assert_place(A, WANTS);
	does(A, TAKE);
	assert_place(A, HOLDS);
}

static void tick(int times)
{
	for (int i = 0; i < times; i++)
		assert_true(step(TICK, 0));
}

static void test_a_timer_ends_a_turn(void **state)
{
	(void)state;
	begin("ruby");
	does(A, TAKE);
	does(B, TAKE);
	/* Ten whole ticks of 10 ms are sure when an eleventh has been seen. */
	tick(10);
	assert_false(logic_is_asked(rules));
	tick(1);
	assert_true(logic_is_asked(rules));
	does(A, CHECKPOINT);
	does(B, LOOK);
	does(A, TAKE);
	assert_false(logic_is_asked(rules));
	tick(10);
	assert_false(logic_is_asked(rules));
	tick(1);
	assert_true(logic_is_asked(rules));
}

static void test_a_timer_counts_the_holders_run(void **state)
{
	(void)state;
	begin("ruby");
	does(A, TAKE);
	tick(50);
	assert_false(logic_is_asked(rules));
	does(A, DROP);
	tick(50);
	does(A, TAKE);
	/* Nobody had it meanwhile, so A's turn goes on and is long over. */
	does(B, TAKE);
	tick(1);
	assert_true(logic_is_asked(rules));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_waiter_asks_after_its_interval),
		cmocka_unit_test(test_a_switch_restarts_a_waiters_clock),
		cmocka_unit_test(test_barging_without_a_request),
		cmocka_unit_test(test_fifo_hands_over_in_order),
		cmocka_unit_test(test_io_asks_a_cpu_bound_holder_at_once),
		cmocka_unit_test(test_io_is_woken_first_and_asks_no_io),
		cmocka_unit_test(test_io_waiters_of_a_cpu_bound_taker_stand),
		cmocka_unit_test(test_an_own_drop_makes_io_bound),
		cmocka_unit_test(test_ticks_end_a_turn_as_in_2_7),
		cmocka_unit_test(test_large_checkpoints_keep_the_average),
		cmocka_unit_test(test_ticks_give_way_unasked),
		cmocka_unit_test(test_a_timer_ends_a_turn),
		cmocka_unit_test(test_a_timer_counts_the_holders_run),
	};
	return cmocka_run_group_tests_name("gil_rules", tests, NULL, NULL);
}
