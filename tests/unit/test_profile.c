/*
 * profile: what people write, and what they are told when that is wrong.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/profile.h>
#include <gilbench/util.h>

#include "near.h"

static char error[256];

static void reads(const char *text, const char *canonical)
{
	struct profile profile;
	if (profile_parse(text, &profile, error, sizeof(error)) != 0)
		fail_msg("'%s': %s", text, error);
	char *got = profile_text(&profile);
	assert_string_equal(got, canonical);
	/* The canonical text is its own. */
	struct profile again;
	assert_int_equal(profile_parse(got, &again, error, sizeof(error)), 0);
	assert_int_equal(again.count, profile.count);
	for (size_t i = 0; i < again.count; i++)
		assert_int_equal(again.segment[i].mean_ns, profile.segment[i].mean_ns);
	free(got);
	profile_release(&again);
	profile_release(&profile);
}

static void refuses(const char *text, const char *sentence)
{
	struct profile profile;
	if (profile_parse(text, &profile, error, sizeof(error)) == 0)
		fail_msg("'%s' was understood", text);
	assert_string_equal(error, sentence);
}

static void test_every_spelling_has_one_text(void **state)
{
	(void)state;
	reads("gil 2ms, wait exp(10ms), free lognormal(1ms, 0.5)",
	      "gil:2ms+wait:exp(10ms)+free:lognormal(1ms,0.5)");
	reads("gil:2ms+wait:exp(10ms)+free:lognormal(1ms,0.5)",
	      "gil:2ms+wait:exp(10ms)+free:lognormal(1ms,0.5)");
	reads("  GIL : 2000us ,hold  .5 ms,block Exp( 1s )+client 0.1us ",
	      "gil:2ms+hold:500us+block:exp(1s)+client:100ns");
	reads("gil 0ms, wait 1h", "gil:0s+wait:3600s");
	reads("gil 1e+3ns+free 1.234567891s", "gil:1us+free:1.234567891s");
	reads("wait 86400s", "wait:86400s");
}

static void test_lengths_are_whole_nanoseconds(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ns;
	} lengths[] = {{"gil 2ms", 2000000},      {"gil 0.1us", 100},         {"gil 1ns", 1},
		       {"gil 0.7ms", 700000},     {"gil 3.1ms", 3100000},     {"gil 1.7us", 1700},
		       {"gil 1.5m", 90000000000}, {"gil 24h", SEGMENT_MAX_NS}};
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		struct profile profile;
		assert_int_equal(profile_parse(lengths[i].text, &profile, error, sizeof(error)), 0);
		assert_int_equal(profile.segment[0].mean_ns, lengths[i].ns);
	}
}

static void test_sums_are_of_one_kind_or_of_all(void **state)
{
	(void)state;
	struct profile profile;
	assert_int_equal(profile_parse("gil 2ms, wait exp(10ms), gil 1ms", &profile, error, sizeof(error)),
			 0);
	assert_near(profile_seconds(&profile, SEGMENT_GIL), 0.003);
	assert_near(profile_seconds(&profile, SEGMENT_FREE), 0);
	assert_near(profile_seconds(&profile, SEGMENT_KINDS), 0.013);
	assert_int_equal(profile.tick_ns, PROFILE_TICK_NS);
}

static void test_a_recording_is_written_as_its_mean(void **state)
{
	(void)state;
	struct profile profile = {.count = 1};
	profile.segment[0] = (struct segment){.kind = SEGMENT_WAIT,
					      .spread = SPREAD_EMPIRICAL,
					      .mean_ns = 10500000,
					      .values = xcalloc(2, sizeof(int64_t)),
					      .value_count = 2};
	char *text = profile_text(&profile);
	assert_string_equal(text, "wait:recorded(10.5ms)");
	free(text);
	profile_release(&profile);
	assert_int_equal(profile.count, 0);
	refuses("wait:recorded(10.5ms)",
		"column 6: 'recorded' is no length; there are 2ms, exp(2ms) and lognormal(2ms, 0.5)");
}

static void test_mistakes_are_answered_where_they_are(void **state)
{
	(void)state;
	static const char *const mistakes[][2] = {
		{"", "column 1: a segment is missing here, such as 'gil 2ms' or 'wait exp(10ms)'"},
		{"gil 2ms,", "column 9: a segment is missing here, such as 'gil 2ms' or 'wait exp(10ms)'"},
		{"gil 2ms,,wait 1ms", "column 9: ',' is no kind of segment; a segment begins with one, as in "
				      "'gil 2ms'"},
		{"2ms gil",
		 "column 1: '2ms' is no kind of segment; a segment begins with one, as in 'gil 2ms'"},
		{"gil", "column 4: a length is missing after 'gil', as in 'gil 2ms'"},
		{"gil, wait 3ms", "column 4: a length is missing after 'gil', as in 'gil 2ms'"},
		{"gil2ms", "column 4: a space or a colon is missing between 'gil' and '2ms'"},
		{"gil 2", "column 5: 2 has no unit; write 2ms if you mean milliseconds"},
		{"gil 2, wait 3ms", "column 5: 2 has no unit; write 2ms if you mean milliseconds"},
		{"gil 2mss", "column 5: '2mss' is no length: the units are ns, us, ms, s, m and h"},
		{"gil 2µs", "column 5: '2µs' is no length: the units are ns, us, ms, s, m and h"},
		{"gil 2ms wait 3ms", "column 9: a comma is missing before 'wait'"},
		{"gil 2ms; wait 3ms", "column 8: a comma is missing before ';'"},
		{"gil -2ms", "column 5: a length cannot be negative"},
		{"gil 2ms, wait exp(-1ms)", "column 19: a length cannot be negative"},
		{"gil nan", "column 5: 'nan' is no length; there are 2ms, exp(2ms) and lognormal(2ms, 0.5)"},
		{"gil inf", "column 5: 'inf' is no length; there are 2ms, exp(2ms) and lognormal(2ms, 0.5)"},
		{"gil exp(nan)", "column 9: a length must be a number, not 'nan'"},
		{"gil 0x10ms", "column 5: a length must be a number, not '0x10ms'"},
		{"gil .ms", "column 5: a length must be a number, not '.ms'"},
		{"gil +2ms", "column 5: a length is missing after 'gil', as in 'gil 2ms'"},
		{"gil 1e999s", "column 5: 1e999s is too large a number"},
		{"gil 1e-999s", "column 5: 1e-999s is too small a number"},
		{"gil 25h", "column 5: 25h is longer than a day, the longest segment there is"},
		{"gil 1e300s", "column 5: 1e300s is longer than a day, the longest segment there is"},
		{"gil 0.1ns", "column 5: 0.1ns is shorter than a nanosecond, the shortest that is not 0"},
		{"gil 0ms", "column 1: this profile can never progress: no segment has a length above 0"},
		{"gil 0ms, wait exp(0s)",
		 "column 1: this profile can never progress: no segment has a length above 0"},
		{"gil exp", "column 8: '(' and a length are missing after 'exp', as in exp(2ms)"},
		{"gil exp 2ms", "column 9: '(' and a length are missing after 'exp', as in exp(2ms)"},
		{"gil exp(2ms", "column 12: ')' is missing after exp(2ms"},
		{"gil exp(2ms, wait 1ms", "column 12: ')' is missing after exp(2ms"},
		{"gil exp(2)", "column 9: 2 has no unit; write 2ms if you mean milliseconds"},
		{"gil expo(2ms)", "column 5: there is no 'expo' length; did you mean 'exp'?"},
		{"gil pareto(2ms)",
		 "column 5: 'pareto' is no length; there are 2ms, exp(2ms) and lognormal(2ms, 0.5)"},
		{"gil lognormal(2ms)",
		 "column 18: lognormal takes the mean and the standard deviation of the "
		 "logarithm, as in lognormal(2ms, 0.5)"},
		{"gil lognormal(2ms, 0)",
		 "column 20: the standard deviation of the logarithm must be above 0 and at most 4"},
		{"gil lognormal(2ms, 5)",
		 "column 20: the standard deviation of the logarithm must be above 0 and at most 4"},
		{"gil lognormal(2ms, nan)",
		 "column 20: the standard deviation of the logarithm must be a number, not 'nan'"},
	};
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++)
		refuses(mistakes[i][0], mistakes[i][1]);
}

static void test_words_from_elsewhere_are_answered_with_ours(void **state)
{
	(void)state;
	refuses("cpu 2ms", "column 1: 'cpu' is no kind of segment: interpreted work is 'gil'");
	refuses("wait 1ms, python 2ms",
		"column 11: 'python' is no kind of segment: interpreted work is 'gil'");
	refuses("native 2ms",
		"column 1: 'native' is no kind of segment: native code is 'hold' where it keeps the "
		"lock, 'free' where it lets go of it");
	refuses("io 2ms",
		"column 1: 'io' is no kind of segment: I/O is 'wait' (or 'block', where a call waits in "
		"the kernel and would stop an event loop)");
	refuses("sleep 2ms",
		"column 1: 'sleep' is no kind of segment: an awaited sleep is 'wait'; a call that "
		"blocks, such as time.sleep, is 'block'");
	refuses("wiat 2ms", "column 1: 'wiat' is no kind of segment; did you mean 'wait'?");
	refuses("Lock 2ms", "column 1: 'lock' is no kind of segment; did you mean 'block'?");
	refuses("network 2ms", "column 1: 'network' is no kind of segment; there are: gil, hold, free, wait, "
			       "block, client");
}

static void test_so_many_segments_and_no_more(void **state)
{
	(void)state;
	char text[(SEGMENT_MAX + 1) * 9 + 1] = "";
	for (int i = 0; i < SEGMENT_MAX; i++)
		strcat(text, i > 0 ? ",gil 2ms" : "gil 2ms");
	struct profile profile;
	assert_int_equal(profile_parse(text, &profile, error, sizeof(error)), 0);
	assert_int_equal(profile.count, SEGMENT_MAX);
	strcat(text, ",gil 2ms");
	refuses(text, "column 513: a profile has at most 64 segments");
}

static void test_a_short_buffer_is_enough_for_any_mistake(void **state)
{
	(void)state;
	struct profile profile;
	char little[12];
	assert_int_equal(profile_parse("native 2ms", &profile, little, sizeof(little)), -1);
	assert_string_equal(little, "column 1: '");
}

static void test_a_cast_is_made_of_roles(void **state)
{
	(void)state;
	struct profile_cast cast = {0};
	assert_int_equal(profile_cast_add(&cast, "gil 2ms", error, sizeof(error)), 0);
	assert_int_equal(profile_cast_add(&cast, "server:8 = gil 2ms, wait 10ms", error, sizeof(error)), 0);
	assert_int_equal(profile_cast_add(&cast, " back-ground_1=hold 1s", error, sizeof(error)), 0);
	assert_int_equal(cast.count, 3);
	assert_string_equal(cast.role[0].name, "profile");
	assert_string_equal(cast.role[0].workload, "profile");
	assert_int_equal(cast.role[0].tasks, 1);
	assert_string_equal(cast.role[1].name, "server");
	assert_string_equal(cast.role[1].workload, "profile");
	assert_int_equal(cast.role[1].tasks, 8);
	assert_int_equal(cast.role[1].profile.count, 2);
	assert_string_equal(cast.role[2].name, "back-ground_1");
	assert_int_equal(cast.role[2].tasks, 1);
	profile_cast_release(&cast);
	assert_int_equal(cast.count, 0);
}

static void test_roles_that_are_refused(void **state)
{
	(void)state;
	static const char *const mistakes[][2] = {
		{"gil 2ms",
		 "column 1: each of several profiles needs a name of its own, as in 'server:8 = gil 2ms'"},
		{" profile = gil 2ms", "column 2: there is a role 'profile' already"},
		{"= gil 2ms", "column 1: a role's name is one word of letters, digits, - and _, as in "
			      "'server:8 = gil 2ms'"},
		{"a.b:2 = gil 2ms", "column 2: a role's name is one word of letters, digits, - and _, as in "
				    "'server:8 = gil 2ms'"},
		{"a b = gil 2ms", "column 3: a role's name is one word of letters, digits, - and _, as in "
				  "'server:8 = gil 2ms'"},
		{"a:0 = gil 2ms",
		 "column 3: the number of tasks of 'a' must be a whole number from 1 to 1000000, not '0'"},
		{"a:-1 = gil 2ms",
		 "column 3: the number of tasks of 'a' must be a whole number from 1 to 1000000, not '-1'"},
		{"a:1000001 = gil 2ms", "column 3: the number of tasks of 'a' must be a whole number from 1 "
					"to 1000000, not '1000001'"},
		{"a: = gil 2ms",
		 "column 4: the number of tasks of 'a' must be a whole number from 1 to 1000000, not ''"},
		{"a:2x = gil 2ms",
		 "column 3: the number of tasks of 'a' must be a whole number from 1 to 1000000, not '2x'"},
		{"a:2 = ", "column 7: a segment is missing here, such as 'gil 2ms' or 'wait exp(10ms)'"},
		{"a:2 = gil 2ms, cpu 3ms",
		 "column 16: 'cpu' is no kind of segment: interpreted work is 'gil'"},
		{"a = gil 0s", "column 5: this profile can never progress: no segment has a length above 0"},
	};
	struct profile_cast cast = {0};
	assert_int_equal(profile_cast_add(&cast, "gil 2ms", error, sizeof(error)), 0);
	for (size_t i = 0; i < ARRAY_LEN(mistakes); i++) {
		if (profile_cast_add(&cast, mistakes[i][0], error, sizeof(error)) == 0)
			fail_msg("'%s' was understood", mistakes[i][0]);
		assert_string_equal(error, mistakes[i][1]);
		assert_int_equal(cast.count, 1);
	}
}

static void test_a_cast_has_room_for_so_many(void **state)
{
	(void)state;
	struct profile_cast cast = {0};
	char text[32];
	for (int i = 0; i < ROLE_MAX; i++) {
		snprintf(text, sizeof(text), "r%d = gil 2ms", i);
		assert_int_equal(profile_cast_add(&cast, text, error, sizeof(error)), 0);
	}
	assert_int_equal(profile_cast_add(&cast, "more = gil 2ms", error, sizeof(error)), -1);
	assert_string_equal(error, "a cast has at most 8 roles");
	profile_cast_release(&cast);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_spelling_has_one_text),
		cmocka_unit_test(test_lengths_are_whole_nanoseconds),
		cmocka_unit_test(test_sums_are_of_one_kind_or_of_all),
		cmocka_unit_test(test_a_recording_is_written_as_its_mean),
		cmocka_unit_test(test_mistakes_are_answered_where_they_are),
		cmocka_unit_test(test_words_from_elsewhere_are_answered_with_ours),
		cmocka_unit_test(test_so_many_segments_and_no_more),
		cmocka_unit_test(test_a_short_buffer_is_enough_for_any_mistake),
		cmocka_unit_test(test_a_cast_is_made_of_roles),
		cmocka_unit_test(test_roles_that_are_refused),
		cmocka_unit_test(test_a_cast_has_room_for_so_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
