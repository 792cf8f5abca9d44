/*
 * record: what becomes of a made-up trace, and two recordings of real work, of which only what they are made of is
 * looked at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/record.h>
#include <gilbench/util.h>

#include "cli/command.h"
#include "driver/record_segments.h"

extern const struct command command_once;

/* ---- a trace that is told ---- */

struct story {
	struct trace_ring ring;
	uint64_t now_ns;
};

static void story_begin(struct story *s)
{
	*s = (struct story){.ring = {.room = 20000}, .now_ns = 1000000};
	s->ring.event = xcalloc(s->ring.room, sizeof(*s->ring.event));
	trace_record(&s->ring, s->now_ns, TRACE_BEGIN, false, 0);
	trace_record(&s->ring, s->now_ns, TRACE_ASK, false, 0);
	trace_record(&s->ring, s->now_ns, TRACE_TAKE, false, 0);
}

/* Something happens `ns` after the last. */
static void after(struct story *s, uint64_t ns, enum trace_kind kind, bool flag, int other)
{
	s->now_ns += ns;
	trace_record(&s->ring, s->now_ns, kind, flag, other);
}

/* Holds the lock for so long and lets it go. */
static void drop_after(struct story *s, uint64_t ns)
{
	after(s, ns, TRACE_DROP, false, 0);
}

/* What the lock costs is left out. */
static void take(struct story *s)
{
	after(s, 70, TRACE_ASK, false, 0);
	after(s, 30, TRACE_TAKE, false, 0);
}

static void call(struct story *s, uint64_t ns, bool waits, bool names_fd)
{
	after(s, 40, TRACE_CALL, waits, names_fd);
	after(s, ns, TRACE_RETURN, false, 0);
	take(s);
}

static void sleep_for(struct story *s, int asked_ns, uint64_t late_ns)
{
	after(s, 40, TRACE_SLEEP, false, asked_ns);
	after(s, (uint64_t)asked_ns + late_ns, TRACE_WOKE, false, 0);
	take(s);
}

static void ticks(struct story *s, int count)
{
	after(s, 0, TRACE_TICKS, false, count);
}

static void done_after(struct story *s, uint64_t ns)
{
	after(s, ns, TRACE_DONE, false, 0);
}

static struct recording recording_of(struct story *s)
{
	struct recording recording;
	recording_read(&s->ring, &recording);
	free(s->ring.event);
	return recording;
}

/* ---- what is expected ---- */

static char error[256];

/* Both recordings are used up. */
static void describes(struct recording timed, struct recording counted, const struct record_facts *facts,
		      const char *expected, int64_t tick_ns)
{
	struct profile profile;
	int status = recording_profile(&timed, &counted, facts, &profile, error, sizeof(error));
	recording_release(&timed);
	recording_release(&counted);
	if (status != 0) {
		assert_string_equal(error, expected);
		return;
	}
	char *text = profile_text(&profile);
	assert_string_equal(text, expected);
	assert_int_equal(profile.tick_ns, tick_ns);
	free(text);
	profile_release(&profile);
}

static struct recording nothing(void)
{
	struct story s;
	story_begin(&s);
	return recording_of(&s);
}

static const struct record_facts no_facts;

static struct recording spinning(int count, uint64_t ns, uint64_t noise_ns, int tick_count, int more_ticks)
{
	struct story s;
	story_begin(&s);
	for (int i = 0; i < count; i++) {
		if (tick_count > 0)
			ticks(&s, tick_count + i * more_ticks);
		done_after(&s, ns + (uint64_t)i * noise_ns);
	}
	return recording_of(&s);
}

static void test_work_with_checkpoints_is_interpreted(void **state)
{
	(void)state;
	describes(spinning(40, 1000000, 0, 0, 0), spinning(10, 1100000, 0, 80001, 0), &no_facts, "gil:1ms",
		  13);
}

static void test_work_without_keeps_the_lock(void **state)
{
	(void)state;
	describes(spinning(40, 1000000, 0, 0, 0), spinning(10, 1000000, 0, 1, 0), &no_facts, "hold:1ms",
		  PROFILE_TICK_NS);
}

static void test_interpreted_work_varies_if_its_ticks_do(void **state)
{
	(void)state;
	/* 1 to 2.95 ms, once by other programs, once by its own. */
	describes(spinning(40, 1000000, 50000, 0, 0), spinning(10, 1000000, 0, 80001, 0), &no_facts,
		  "gil:2ms", 25);
	describes(spinning(40, 1000000, 50000, 0, 0), spinning(10, 1000000, 0, 80001, 10000), &no_facts,
		  "gil:recorded(2ms)", 15);
}

/* A request: work, a wait, a moment under the lock. */
static struct recording requests(int count, int wait_ns, int more_ns, uint64_t late_ns)
{
	struct story s;
	story_begin(&s);
	for (int i = 0; i < count; i++) {
		drop_after(&s, 200000);
		sleep_for(&s, wait_ns + i * more_ns, late_ns);
		done_after(&s, 300);
	}
	return recording_of(&s);
}

static void test_a_sleep_has_the_length_that_was_asked_for(void **state)
{
	(void)state;
	describes(requests(40, 4000000, 0, 90000), requests(5, 4000000, 0, 0), &no_facts,
		  "hold:200us+wait:4ms+gil:300ns", PROFILE_TICK_NS);
}

static void test_waits_that_differ_are_a_distribution(void **state)
{
	(void)state;
	struct recording timed = requests(41, 1000000, 100000, 90000), counted = nothing();
	struct profile profile;
	assert_true(recording_varies(&timed));
	assert_int_equal(recording_profile(&timed, &counted, &no_facts, &profile, error, sizeof(error)), 0);
	/* The first is left out: its caches were cold. */
	const struct segment *wait = &profile.segment[1];
	assert_int_equal(wait->spread, SPREAD_EMPIRICAL);
	assert_int_equal(wait->value_count, 40);
	assert_int_equal(wait->values[0], 1100000);
	assert_int_equal(wait->values[39], 5000000);
	assert_int_equal(wait->mean_ns, 3050000);
	profile_release(&profile);
	recording_release(&counted);
	recording_release(&timed);
}

static void test_many_values_become_quantiles(void **state)
{
	(void)state;
	struct recording timed = requests(2000, 1000000, 1000, 0), counted = nothing();
	struct profile profile;
	assert_int_equal(recording_profile(&timed, &counted, &no_facts, &profile, error, sizeof(error)), 0);
	assert_int_equal(profile.segment[1].value_count, SEGMENT_VALUES_MAX);
	assert_in_range(profile.segment[1].mean_ns, 1999000, 2001000);
	profile_release(&profile);
	recording_release(&counted);
	recording_release(&timed);
}

static struct recording calls(uint64_t ns, bool waits)
{
	struct story s;
	story_begin(&s);
	for (int i = 0; i < 20; i++) {
		drop_after(&s, 400);
		call(&s, ns, waits, false);
		done_after(&s, 100);
	}
	return recording_of(&s);
}

static void test_calls(void **state)
{
	(void)state;
	describes(calls(700000, false), nothing(), &no_facts, "gil:400ns+free:700us+gil:100ns",
		  PROFILE_TICK_NS);
	/* Whether a call waits or computes, its processor time says. */
	describes(calls(700000, true), nothing(), &(struct record_facts){.cpu_s = 20e-6},
		  "gil:400ns+block:700us+gil:100ns", PROFILE_TICK_NS);
	describes(calls(15000, true), nothing(), &(struct record_facts){.cpu_s = 14e-6},
		  "gil:400ns+free:15us+gil:100ns", PROFILE_TICK_NS);
}

static struct recording answers(void)
{
	struct story s;
	story_begin(&s);
	for (int i = 0; i < 20; i++) {
		drop_after(&s, 300);
		call(&s, 20000, true, true);
		drop_after(&s, 900);
		call(&s, 6000, true, false);
		done_after(&s, 200);
	}
	return recording_of(&s);
}

static void test_a_server_and_its_client(void **state)
{
	(void)state;
	struct record_facts facts = {.has_client = true, .op_s = 28e-6, .cpu_s = 9e-6, .client_s = 7e-6};
	describes(answers(), nothing(), &facts, "gil:300ns+client:7us+free:20us+gil:900ns+free:6us+gil:200ns",
		  PROFILE_TICK_NS);
	/* On one CPU: 9 - 2 - 1.4 us are for both calls. */
	facts.switch_s = 2e-6;
	describes(answers(), nothing(), &facts,
		  "gil:300ns+client:5us+free:2.8us+gil:900ns+free:2.8us+gil:200ns", PROFILE_TICK_NS);
	/* Without a client of its own it waits for whoever sends. */
	describes(answers(), nothing(), &(struct record_facts){.cpu_s = 8e-6},
		  "gil:300ns+wait:20us+gil:900ns+free:6us+gil:200ns", PROFILE_TICK_NS);
	facts.client_s = 28e-6;
	describes(answers(), nothing(), &facts,
		  "its companions compute while nobody asks them, so that a client's part of an operation "
		  "cannot be told",
		  0);
}

static void test_a_release_is_a_segment(void **state)
{
	(void)state;
	struct story s;
	story_begin(&s);
	for (int i = 0; i < 20; i++) {
		drop_after(&s, 5000);
		take(&s);
		done_after(&s, 7000);
	}
	describes(recording_of(&s), nothing(), &no_facts, "hold:5us+free:100ns+hold:7us", PROFILE_TICK_NS);
}

static void test_a_forced_drop_ends_nothing(void **state)
{
	(void)state;
	struct story s;
	story_begin(&s);
	for (int i = 0; i < 20; i++) {
		after(&s, 5000, TRACE_DROP, true, 0);
		after(&s, 0, TRACE_ASK, false, 0);
		after(&s, 9000000, TRACE_TAKE, true, 0);
		done_after(&s, 7000);
	}
	describes(recording_of(&s), nothing(), &no_facts, "hold:12us", PROFILE_TICK_NS);
}

/* Every `period`-th goes another way. */
static struct recording mixture(int period)
{
	struct story s;
	story_begin(&s);
	for (int i = 1; i <= 100; i++) {
		drop_after(&s, 5000);
		if (i % period == 0)
			call(&s, 9000000, false, false);
		else
			sleep_for(&s, 2000000, 0);
		done_after(&s, 7000);
	}
	return recording_of(&s);
}

static void test_the_commonest_way_is_taken_if_it_is_common(void **state)
{
	(void)state;
	describes(mixture(20), nothing(), &no_facts, "hold:5us+wait:2ms+hold:7us", PROFILE_TICK_NS);
	describes(mixture(5), nothing(), &no_facts,
		  "its operations are of different kinds (80 % go the commonest way, 90 % must)", 0);
}

static void test_tasks_that_need_others_are_refused(void **state)
{
	(void)state;
	struct story waits, enters;
	story_begin(&waits);
	drop_after(&waits, 100);
	after(&waits, 10, TRACE_WAIT, true, 0);
	after(&waits, 1000, TRACE_WOKE, false, 0);
	take(&waits);
	done_after(&waits, 100);
	describes(recording_of(&waits), nothing(), &no_facts,
		  "its tasks wait for each other, which the profile of one task cannot describe", 0);
	story_begin(&enters);
	after(&enters, 10, TRACE_WAIT, true, 0);
	after(&enters, 10, TRACE_WOKE, false, 0);
	ticks(&enters, 5);
	done_after(&enters, 100);
	describes(spinning(20, 120, 0, 0, 0), recording_of(&enters), &no_facts,
		  "its tasks wait for each other, which the profile of one task cannot describe", 0);
}

static void test_so_many_segments(void **state)
{
	(void)state;
	struct story s;
	story_begin(&s);
	for (int i = 0; i < SEGMENT_MAX; i++) {
		drop_after(&s, 5000);
		take(&s);
	}
	done_after(&s, 1);
	describes(recording_of(&s), nothing(), &no_facts,
		  "an operation has 129 segments, and a profile at most 64", 0);
}

static void test_events_go_through_json(void **state)
{
	(void)state;
	struct story s;
	story_begin(&s);
	drop_after(&s, 5000);
	sleep_for(&s, INT32_MAX, 12);
	done_after(&s, 1);
	struct trace_ring back;
	json_t *numbers = record_to_json(&s.ring);
	assert_int_equal(record_from_json(numbers, &back), 0);
	assert_int_equal(back.count, s.ring.count);
	for (uint32_t i = 0; i < back.count; i++) {
		assert_int_equal(back.event[i].time_ns, s.ring.event[i].time_ns);
		assert_int_equal(back.event[i].kind, s.ring.event[i].kind);
		assert_int_equal(back.event[i].flag, s.ring.event[i].flag);
		assert_int_equal(back.event[i].other, s.ring.event[i].other);
	}
	assert_int_equal(record_from_json(NULL, &(struct trace_ring){0}), -1);
	json_decref(numbers);
	free(back.event);
	free(s.ring.event);
}

/* ---- real work, in processes of its own ---- */

static const struct cell cell = {.experiment = "adhoc",
				 .cast = "spin:2,mixed:3",
				 .params = "spin.iterations=2000 mixed.work_ms=0.1 mixed.wait_ms=1",
				 .model = "gil",
				 .policy = "",
				 .workers = 5,
				 .kind = CELL_WINDOW,
				 .window_s = 1};

/* A hostile build lets go of the lock at every checkpoint: no two operations go the same way there, and nothing can be
 * recorded. */
static void needs_a_lock_that_is_kept(void)
{
#ifdef GILBENCH_HOSTILE
	skip();
#endif
}

static void test_real_work(void **state)
{
	(void)state;
	needs_a_lock_that_is_kept();
	struct profile_cast cast = {0};
	if (profile_record(&cell, 0.4, &cast, error, sizeof(error)) != 0)
		fail_msg("%s", error);
	assert_int_equal(cast.count, 2);
	assert_string_equal(cast.role[0].name, "spin");
	assert_string_equal(cast.role[0].workload, "spin");
	assert_int_equal(cast.role[0].tasks, 2);
	assert_int_equal(cast.role[0].profile.count, 1);
	assert_int_equal(cast.role[0].profile.segment[0].kind, SEGMENT_GIL);
	assert_int_equal(cast.role[0].profile.segment[0].spread, SPREAD_CONSTANT);
	assert_int_equal(cast.role[1].tasks, 3);
	const struct profile *mixed = &cast.role[1].profile;
	assert_int_equal(mixed->count, 3);
	assert_int_equal(mixed->segment[0].kind, SEGMENT_GIL);
	assert_int_equal(mixed->segment[1].kind, SEGMENT_WAIT);
	assert_in_range(mixed->segment[1].mean_ns, 900000, 1000000);
	/* Some hundred nanoseconds after the wait, without a tick: in a slow build they may be long enough for native work. */
	assert_in_range(mixed->segment[2].kind, SEGMENT_GIL, SEGMENT_HOLD);
	profile_cast_release(&cast);
}

static void test_real_work_that_cannot_be_recorded(void **state)
{
	(void)state;
	needs_a_lock_that_is_kept();
	struct profile_cast cast = {0};
	struct cell other = cell;
	other.cast = "counter";
	other.params = "";
	assert_int_equal(profile_record(&other, 0.1, &cast, error, sizeof(error)), -1);
	assert_string_equal(error, "'counter' cannot be recorded: its tasks wait for each other, which the "
				   "profile of one task cannot describe");
	assert_int_equal(cast.count, 0);
	other.cast = "spni";
	assert_int_equal(profile_record(&other, 0.1, &cast, error, sizeof(error)), -1);
	assert_string_equal(error, "there is no workload 'spni'; did you mean 'spin'?");
}

int main(int argc, char **argv)
{
	/* What profile_record starts is this program. */
	if (argc > 1 && strcmp(argv[1], "once") == 0)
		return command_once.run(argc - 1, argv + 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_work_with_checkpoints_is_interpreted),
		cmocka_unit_test(test_work_without_keeps_the_lock),
		cmocka_unit_test(test_interpreted_work_varies_if_its_ticks_do),
		cmocka_unit_test(test_a_sleep_has_the_length_that_was_asked_for),
		cmocka_unit_test(test_waits_that_differ_are_a_distribution),
		cmocka_unit_test(test_many_values_become_quantiles),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_a_server_and_its_client),
		cmocka_unit_test(test_a_release_is_a_segment),
		cmocka_unit_test(test_a_forced_drop_ends_nothing),
		cmocka_unit_test(test_the_commonest_way_is_taken_if_it_is_common),
		cmocka_unit_test(test_tasks_that_need_others_are_refused),
		cmocka_unit_test(test_so_many_segments),
		cmocka_unit_test(test_events_go_through_json),
		cmocka_unit_test(test_real_work),
		cmocka_unit_test(test_real_work_that_cannot_be_recorded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
