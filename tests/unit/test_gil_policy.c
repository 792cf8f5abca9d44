/* gil_policy: policies read as typed, written in one way, refused in one sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <gilbench/clock.h>
#include <gilbench/gil.h>
#include <gilbench/util.h>

static struct gil_policy policy_of(const char *text)
{
	struct gil_policy policy;
	char error[200] = "";
	if (gil_policy_parse(text, &policy, error, sizeof(error)) != 0)
		fail_msg("'%s': %s", text, error);
	return policy;
}

/* What is typed has this one spelling, which means the same. */
static void assert_written(const char *text, const char *canonical)
{
	struct gil_policy policy = policy_of(text);
	char *once = gil_policy_text(&policy);
	if (strcmp(once, canonical) != 0)
		fail_msg("'%s' is written '%s', not '%s'", text, once, canonical);
	policy = policy_of(once);
	char *twice = gil_policy_text(&policy);
	assert_string_equal(twice, once);
	free(twice);
	free(once);
}

static void test_named_policies_are_as_published(void **state)
{
	(void)state;
	struct gil_policy p = policy_of("py2");
	assert_true(p.slice == GIL_SLICE_TICKS && p.check_ticks == 100 && p.handoff == GIL_HANDOFF_BARGING &&
		    p.primitive == GIL_PRIMITIVE_SEMAPHORE);
	p = policy_of("py3");
	assert_true(p.slice == GIL_SLICE_INTERVAL && p.interval_ns == 5 * NS_PER_MS &&
		    p.handoff == GIL_HANDOFF_FORCED && p.primitive == GIL_PRIMITIVE_CONDITION);
	p = policy_of("fifo");
	assert_true(p.slice == GIL_SLICE_INTERVAL && p.handoff == GIL_HANDOFF_FIFO &&
		    p.primitive == GIL_PRIMITIVE_CONDITION);
	p = policy_of("prio");
	assert_true(p.slice == GIL_SLICE_INTERVAL && p.handoff == GIL_HANDOFF_FORCED &&
		    p.priority == GIL_PRIORITY_IO && p.primitive == GIL_PRIMITIVE_CONDITION);
	p = policy_of("ruby");
	assert_true(p.slice == GIL_SLICE_QUANTUM && p.quantum_ns == 100 * NS_PER_MS &&
		    p.tick_ns == 10 * NS_PER_MS && p.handoff == GIL_HANDOFF_FIFO &&
		    p.primitive == GIL_PRIMITIVE_PER_WAITER);
}

static void test_each_has_one_spelling(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
		{"py3", "py3"},
		{"py3,interval=5ms", "py3"},
		{"py3,interval=0.1ms", "py3,interval=100us"},
		{"py3,interval=1us", "py3,interval=1us"},
		{"py3,interval=2", "py3,interval=2s"},
		{"py3,interval=1500ns", "py3,interval=1500ns"},
		{"py2,check=1000", "py2,check=1000"},
		{"py2,check=10k", "py2,check=10000"},
		/* Without a name. */
		{"interval=5ms", "py3"},
		{"check=100", "py2"},
		{"quantum=100ms", "ruby"},
		{"tick=5ms", "ruby,tick=5ms"},
		{"handoff=fifo", "fifo"},
		{"handoff=fifo,check=7,primitive=condition", "py2,check=7,handoff=fifo,primitive=condition"},
		{"interval=2ms,handoff=fifo,priority=io", "py3,interval=2ms,handoff=fifo,priority=io"},
		/* A number says its kind of slice. */
		{"py3,quantum=50ms", "py3,quantum=50ms"},
		{"fifo,slice=quantum", "fifo,quantum=100ms"},
		{"fifo,tick=1ms", "fifo,quantum=100ms,tick=1ms"},
		{"py2,interval=5ms,primitive=condition", "py2,interval=5ms,primitive=condition"},
		/* Fields that are another policy's. */
		{"py3,handoff=fifo", "fifo"},
		{"prio,priority=none", "py3"},
		{"py3,priority=io", "prio"},
		{"fifo,quantum=100ms,primitive=per-waiter", "ruby"},
		{"py3,stats=off", "py3,stats=off"},
		{"py3,stats=on", "py3"},
	};
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++)
		assert_written(pairs[i][0], pairs[i][1]);
}

static void assert_refused(const char *text, const char *said)
{
	struct gil_policy policy;
	char error[200] = "";
	assert_int_equal(gil_policy_parse(text, &policy, error, sizeof(error)), -1);
	if (strstr(error, said) == NULL)
		fail_msg("'%s': said \"%s\", not \"...%s...\"", text, error, said);
}

static void test_bad_policies_are_refused(void **state)
{
	(void)state;
	assert_refused("", "no lock policy ''");
	assert_refused("py", "did you mean 'py3'");
	assert_refused("rubi", "did you mean 'ruby'");
	assert_refused("round-robin", "there are: py3, py2, fifo, prio, ruby");
	assert_refused("py3,", "FIELD=VALUE");
	assert_refused("py3,interval", "FIELD=VALUE");
	assert_refused("py3,intreval=1ms", "did you mean 'interval'");
	assert_refused("py3,colour=red", "there are: slice, interval, check");
	assert_refused("py3,interval=0.9us", "from 1us to 60s");
	assert_refused("py3,interval=61s", "from 1us to 60s");
	assert_refused("py3,interval=nan", "from 1us to 60s");
	assert_refused("py3,interval=fast", "from 1us to 60s");
	assert_refused("py2,check=0", "a whole number from 1 to 1000000000");
	assert_refused("py2,check=1.5", "a whole number");
	assert_refused("ruby,tick=1us", "from 100us");
	assert_refused("py3,handoff=nice", "one of barging|forced|fifo");
	assert_refused("py3,interval=1ms,interval=2ms", "interval is said twice");
}

static void test_contradictions_are_refused(void **state)
{
	(void)state;
	assert_refused("interval=1ms,check=10", "of different ways to end a turn");
	assert_refused("py3,slice=quantum,interval=1ms", "of different ways to end a turn");
	assert_refused("py2,interval=1ms", "primitive=semaphore goes with slice=ticks");
	assert_refused("py3,primitive=semaphore", "primitive=semaphore goes with slice=ticks");
	assert_refused("py2,handoff=fifo", "primitive=semaphore goes with handoff=barging");
	assert_refused("py3,check=100", "slice=ticks goes with handoff=barging or fifo");
	assert_refused("check=100,priority=io", "priority=io goes with slice=interval or quantum");
	assert_refused("ruby,quantum=5ms", "shorter than its tick");
}

/* Every field that a policy heeds is told, and no other. */
static void test_fields_are_told(void **state)
{
	(void)state;
	struct gil_policy ruby = policy_of("ruby");
	char all[512] = "", *text, *meaning;
	for (size_t i = 0; gil_policy_field(&ruby, i, &text, &meaning); i++) {
		assert_non_null(strchr(meaning, '('));
		strncat(all, text, sizeof(all) - strlen(all) - 1);
		strncat(all, " ", sizeof(all) - strlen(all) - 1);
		free(meaning);
		free(text);
	}
	assert_string_equal(all, "slice=quantum quantum=100ms tick=10ms handoff=fifo priority=none "
				 "primitive=per-waiter stats=on ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_named_policies_are_as_published),
		cmocka_unit_test(test_each_has_one_spelling),
		cmocka_unit_test(test_bad_policies_are_refused),
		cmocka_unit_test(test_contradictions_are_refused),
		cmocka_unit_test(test_fields_are_told),
	};
	return cmocka_run_group_tests_name("gil_policy", tests, NULL, NULL);
}
