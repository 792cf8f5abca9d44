/*
 * costs: standard values, NAME=VALUE with units, and costs in words.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/costs.h>
#include <gilbench/util.h>

static char error[256];

static void says(char *text, const char *expected)
{
	assert_string_equal(text, expected);
	free(text);
}

static void refuses(const char *assignment, const char *sentence)
{
	struct costs costs, before;
	costs_standard(&costs);
	before = costs;
	assert_int_equal(costs_set(&costs, assignment, error, sizeof(error)), -1);
	assert_string_equal(error, sentence);
	assert_memory_equal(&costs, &before, sizeof(costs));
}

static void takes(struct costs *costs, const char *assignment)
{
	error[0] = '\0';
	assert_int_equal(costs_set(costs, assignment, error, sizeof(error)), 0);
	assert_string_equal(error, "");
}

static void test_standard(void **state)
{
	(void)state;
	struct costs costs;
	costs_standard(&costs);
	says(costs_text(&costs), "switch=2us wakeup=75us handoff=20us poll=2us slice=3ms free=1.08");
	assert_true(costs.wakeup_ns > COST_SLACK_NS);
	for (enum cost cost = 0; cost < COSTS; cost++) {
		assert_int_equal(costs.origin[cost], COST_ASSUMED);
		assert_true(cost_is_valid(&costs, cost));
	}
	assert_null(cost_ns(&costs, COST_FREE));
	assert_ptr_equal(cost_ns(&costs, COST_POLL), &costs.poll_ns);
}

static void test_set(void **state)
{
	(void)state;
	struct costs costs;
	costs_standard(&costs);
	costs.handoff_sigma = 0.7;
	takes(&costs, "switch=0");
	takes(&costs, "wakeup=0us");
	takes(&costs, "handoff=1.5ms");
	takes(&costs, "poll=250ns");
	takes(&costs, "slice=0.5s");
	takes(&costs, "free=1.10");
	says(costs_text(&costs), "switch=0 wakeup=0 handoff=1.5ms poll=250ns slice=500ms free=1.1");
	assert_int_equal(costs.handoff_ns, 1500000);
	assert_float_equal(costs.handoff_sigma, 0.7, 0);
	for (enum cost cost = 0; cost < COSTS; cost++)
		assert_int_equal(costs.origin[cost], COST_SAID);
	takes(&costs, "wakeup=1s");
	takes(&costs, "slice=1us");
	takes(&costs, "free=1");
	says(costs_text(&costs), "switch=0 wakeup=1s handoff=1.5ms poll=250ns slice=1us free=1");
}

/* What a text says can be set again: nothing is lost on the way. */
static void test_text_is_exact(void **state)
{
	(void)state;
	struct costs costs, again;
	costs_standard(&costs);
	costs_standard(&again);
	for (int64_t ns = 1; ns < 1000000000; ns = ns * 7 + 3) {
		costs.poll_ns = ns;
		char *value = cost_text(&costs, COST_POLL), *assignment = xasprintf("poll=%s", value);
		takes(&again, assignment);
		assert_int_equal(again.poll_ns, ns);
		free(value);
		free(assignment);
	}
}

static void test_refuses(void **state)
{
	(void)state;
	refuses("switch", "'switch' is not NAME=VALUE, such as switch=2us");
	refuses("=2us", "'=2us' is not NAME=VALUE, such as switch=2us");
	refuses("", "'' is not NAME=VALUE, such as switch=2us");
	refuses("swich=2us", "there is no cost 'swich'; did you mean 'switch'?");
	refuses("lunch=2us",
		"there is no cost 'lunch'; there are: switch, wakeup, handoff, poll, slice, free");
	refuses("switch=2", "switch=2 lacks its unit: 2us, or ns, ms, s");
	refuses("switch=", "switch must be a time from 0 to 1s, such as 2us, not ''");
	refuses("switch=2k", "switch must be a time from 0 to 1s, such as 2us, not '2k'");
	refuses("switch=-2us", "switch must be a time from 0 to 1s, such as 2us, not '-2us'");
	refuses("handoff=nan", "handoff must be a time from 0 to 1s, such as 20us, not 'nan'");
	refuses("handoff=inf", "handoff must be a time from 0 to 1s, such as 20us, not 'inf'");
	refuses("wakeup=1e30s", "wakeup must be a time from 0 to 1s, such as 75us, not '1e30s'");
	refuses("poll=1e999us", "poll must be a time from 0 to 1s, such as 2us, not '1e999us'");
	refuses("slice=0", "slice must be a time from 1us to 3600s, such as 3ms, not '0'");
	refuses("free=0.9", "free must be a factor from 1 to 10, such as 1.08, not '0.9'");
	refuses("free=nan", "free must be a factor from 1 to 10, such as 1.08, not 'nan'");
	refuses("free=8%", "free must be a factor from 1 to 10, such as 1.08, not '8%'");
	refuses("free=11", "free must be a factor from 1 to 10, such as 1.08, not '11'");
}

static void test_valid(void **state)
{
	(void)state;
	struct costs costs;
	costs_standard(&costs);
	costs.slice_ns = 0;
	costs.wakeup_ns = -1;
	costs.handoff_ns = 1000000001;
	costs.free_factor = 0;
	assert_false(cost_is_valid(&costs, COST_SLICE));
	assert_false(cost_is_valid(&costs, COST_WAKEUP));
	assert_false(cost_is_valid(&costs, COST_HANDOFF));
	assert_false(cost_is_valid(&costs, COST_FREE));
	assert_true(cost_is_valid(&costs, COST_SWITCH));
}

static void test_origin(void **state)
{
	(void)state;
	struct costs costs;
	costs_standard(&costs);
	says(costs_origin_text(&costs),
	     "costs: switch, wakeup, handoff, poll, slice and free are assumptions, "
	     "not measurements");
	for (enum cost cost = 0; cost < COST_FREE; cost++)
		costs.origin[cost] = COST_MEASURED;
	says(costs_origin_text(&costs),
	     "costs: switch, wakeup, handoff, poll and slice were measured on this "
	     "machine; free is an assumption, not a measurement");
	takes(&costs, "slice=1ms");
	takes(&costs, "free=1.2");
	says(costs_origin_text(&costs),
	     "costs: switch, wakeup, handoff and poll were measured on this machine; "
	     "slice and free were given");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_standard),      cmocka_unit_test(test_set),
		cmocka_unit_test(test_text_is_exact), cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_valid),         cmocka_unit_test(test_origin),
	};
	return cmocka_run_group_tests_name("costs", tests, NULL, NULL);
}
