/*
 * workloads: what step contributes is what value() says, for every workload that needs no companion, and
 * known answers from elsewhere.
 */
#include <inttypes.h>

#include "fake_model.h"

/* ---- every workload proves its answer ---- */

static const struct {
	const char *name, *params;
} cells[] = {
	{"null", ""},
	{"spin", "iterations=1"},
	{"spin", "iterations=777"},
	{"registers", "rounds=1"},
	{"registers", "rounds=12345"},
	{"primes", "numbers=1"},
	{"primes", "numbers=200"},
	{"hash", "bytes=1"},
	{"hash", "bytes=2047"},
	{"hash", "bytes=2048"},
	{"hash", "bytes=70001"},
	{"compress", "bytes=1"},
	{"compress", "bytes=5000"},
	{"compress", "bytes=5000 level=9"},
	{"matmul", "size=1"},
	{"matmul", "size=17"},
	{"sort", "items=1"},
	{"sort", "items=1000"},
	{"sleep", "ms=0.01"},
	{"mixed", "work_ms=0 wait_ms=0"},
	{"mixed", "work_ms=0.01 wait_ms=0.01"},
	{"mixed", "work_ms=0.01 wait_ms=0.01 spread=exp"},
	{"files", "bytes=1"},
	{"files", "bytes=5000"},
	{"counter", "updates=1"},
	{"counter", "updates=100 guard=none"},
	{"scan", "bytes=8"},
	{"scan", "bytes=4104"},
	{"handoff", ""},
	{"ticker", "period_ms=0.01 work_us=1"},
	{"release", "us=0"},
	{"release", "us=1"},
	{"turns", "most_ms=1"},
	{"turns", "what=gap most_ms=1"},
	{"lock", "what=release times=1"},
	{"lock", "what=mutex times=3"},
	{"lock", "what=clock times=100"},
	{"lock", "what=allowance times=10"},
	{"lock", "what=checkpoint times=77"},
	{"lock", "what=bare times=1000"},
	{"wake", "hold_us=1"},
	{"wake", "what=futex hold_us=1"},
	{"transfer", "how=share bytes=8"},
	{"transfer", "how=share bytes=4096"},
	{"transfer", "how=copy bytes=8"},
	{"transfer", "how=copy bytes=1000000"},
};

static void test_steps_contribute_what_value_says(void **state)
{
	(void)state;
	static const int tasks[] = {1, 2, 3, 8};
	static const uint64_t ops[] = {0, 1, 2, 19};
	for (size_t c = 0; c < ARRAY_LEN(cells); c++)
		for (size_t n = 0; n < ARRAY_LEN(tasks); n++)
			for (size_t o = 0; o < ARRAY_LEN(ops); o++) {
				struct cell_run *run =
					start(cells[c].name, cells[c].params, tasks[n], ops[o]);
				run_all(run);
				if (actual_sum(run) != expected_sum(run) || run->done != ops[o] ||
				    check(run) != 0)
					fail_msg("%s %s, %d tasks, %" PRIu64 " of %" PRIu64
						 " ops: sum %" PRIu64 ", expected %" PRIu64 " (%s)",
						 cells[c].name, cells[c].params, tasks[n], run->done, ops[o],
						 actual_sum(run), expected_sum(run), run->job.error);
				finish(run);
			}
}

static void test_inputs_repeat_with_the_period(void **state)
{
	(void)state;
	for (size_t c = 0; c < ARRAY_LEN(cells); c++) {
		struct cell_run *run = start(cells[c].name, cells[c].params, 1, 0);
		const struct workload *w = run->job.workload;
		for (uint64_t op = 0; w->period > 0 && op < 3; op++)
			assert_int_equal(w->value(&run->job, op), w->value(&run->job, op + w->period));
		finish(run);
	}
}

/* ---- known answers ---- */

/* pi(2 000 000) - pi(1 000 000) = 148933 - 78498. */
static void test_primes_between_one_and_two_million(void **state)
{
	(void)state;
	struct cell_run *run = start("primes", "numbers=62500", 1, 16);
	uint64_t primes = 0;
	for (uint64_t op = 0; op < 16; op++)
		primes += run->job.workload->value(&run->job, op);
	assert_int_equal(primes, 148933 - 78498);
	finish(run);
}

/* The first 8 bytes of the digest of `data`, as step and value() see them. */
static void expect_digest(const char *params, const void *data, size_t bytes, const char *hex)
{
	struct cell_run *run = start("hash", params, 1, 1);
	memcpy(run->job.shared, data, bytes);
	run_all(run);
	uint64_t value = run->job.workload->value(&run->job, 0);
	unsigned char first[8];
	char text[17];
	memcpy(first, &value, sizeof(first));
	for (size_t i = 0; i < sizeof(first); i++)
		snprintf(text + 2 * i, 3, "%02x", first[i]);
	assert_string_equal(text, hex);
	assert_int_equal(actual_sum(run), value + 1);
	finish(run);
}

/* FIPS 180-4's examples: "abc", the two-block message, a million a. */
static void test_hash_gives_the_standard_digests(void **state)
{
	(void)state;
	static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	char *many = xcalloc(1000000, 1);
	memset(many, 'a', 1000000);
	expect_digest("bytes=3", "abc", 3, "ba7816bf8f01cfea");
	expect_digest("bytes=56", two_blocks, 56, "248d6a61d20638b8");
	expect_digest("bytes=1000000", many, 1000000, "cdc76e5c9914fb92");
	free(many);
}

static void test_hash_keeps_the_lock_below_2048_bytes(void **state)
{
	(void)state;
	struct cell_run *small = start("hash", "bytes=2047", 1, 5),
			*large = start("hash", "bytes=2048", 1, 5);
	run_all(small);
	run_all(large);
	assert_int_equal(small->steps_call, 0);
	assert_int_equal(large->steps_call, 5);
	finish(small);
	finish(large);
}

/* 1 MiB holds the numbers 0 .. 131071. */
static void test_scan_adds_up_all_words(void **state)
{
	(void)state;
	struct cell_run *run = start("scan", "bytes=1MiB", 1, 0);
	assert_int_equal(run->job.workload->value(&run->job, 0), 131072u / 2 * UINT64_C(131071));
	finish(run);
}

static void test_sleep_goes_on_waiting_when_woken_early(void **state)
{
	(void)state;
	struct cell_run *run = start("sleep", "ms=60000", 1, 1);
	struct task *t = &run->task[0];
	assert_int_equal(run->job.workload->step(t), STEP_WAIT);
	uint64_t deadline_ns = t->wait.deadline_ns;
	t->wait = (struct task_wait){.fd = -1};
	assert_int_equal(run->job.workload->step(t), STEP_WAIT);
	assert_int_equal(t->wait.deadline_ns, deadline_ns);
	finish(run);
}

static void test_mixed_draws_the_same_waits_again(void **state)
{
	(void)state;
	struct cell_run *a = start("mixed", "work_ms=0 wait_ms=4 spread=exp", 1, 1);
	bool differ = false;
	for (uint64_t op = 0; op < 20; op++) {
		assert_true(job_exponential(&a->job, op, 0, 4) == job_exponential(&a->job, op, 0, 4));
		differ = differ ||
			 job_exponential(&a->job, op, 0, 4) != job_exponential(&a->job, op + 1, 0, 4);
	}
	assert_true(differ);
	finish(a);
}

/* ---- lost updates ---- */

static _Atomic uint32_t raised = 1;
static struct cell_run *intruded;

/* Between a task's load and its store, another task makes a whole update. */
static void intrude(struct task *t, unsigned ticks)
{
	(void)t, (void)ticks;
	intruded->task[0].breaker = &quiet;
	assert_true(advance(intruded, 1));
}

static void test_unguarded_counter_reports_lost_updates(void **state)
{
	(void)state;
	static const struct task_ops intruding = {
		.eval_break = intrude, .lock = no_lock, .unlock = no_lock, .signal = count_signal};
	struct cell_run *run = intruded = start("counter", "updates=1 guard=none", 2, 2);
	run->task[0].ops = &intruding;
	run->task[0].breaker = &raised;
	run_all(run);
	assert_int_equal(run->done, 2);
	assert_int_equal(check(run), 0);
	assert_int_equal(run->job.lost_ops, 1);
	finish(run);
}

static void test_guarded_counter_must_be_right(void **state)
{
	(void)state;
	struct cell_run *run = start("counter", "updates=3", 1, 4);
	run_all(run);
	assert_int_equal(check(run), 0);
	run->done++;
	assert_int_equal(check(run), -1);
	assert_non_null(strstr(run->job.error, "12 after 15 updates"));
	finish(run);
}

/* ---- the lock's own cost ---- */

static unsigned releases, breaks;

static void count_release(struct task *t)
{
	(void)t;
	releases++;
}

static void count_break(struct task *t, unsigned ticks)
{
	(void)t;
	breaks += ticks;
}

static void test_lock_does_what_it_says_that_often(void **state)
{
	(void)state;
	static const struct task_ops counting = {.eval_break = count_break,
						 .lock = no_lock,
						 .unlock = no_lock,
						 .signal = count_signal,
						 .release = count_release};
	static const char *const what[] = {"what=release times=123", "what=checkpoint times=45",
					   "what=bare times=9"};
	for (size_t i = 0; i < ARRAY_LEN(what); i++) {
		struct cell_run *run = start("lock", what[i], 1, 2);
		run->task[0].ops = &counting;
		run->task[0].breaker = &raised;
		run_all(run);
		assert_int_equal(actual_sum(run), expected_sum(run));
		finish(run);
	}
	assert_int_equal(releases, 2 * 123);
	assert_int_equal(breaks, 2 * 45);
}

/* The first turn begins when the other task waits for its own, whose latency is no longer than from that turn's end. */
static void test_wake_counts_from_letting_go(void **state)
{
	(void)state;
	struct cell_run *run = start("wake", "hold_us=1", 2, 2);
	assert_true(advance(run, 0));
	assert_false(advance(run, 0));
	assert_true(advance(run, 1));
	uint64_t began_ns = clock_now_ns();
	assert_true(advance(run, 0));
	assert_int_equal(run->last[0], STEP_DONE);
	run->task[1].latency_ns = NOT_SAID;
	assert_true(advance(run, 1));
	assert_int_equal(run->last[1], STEP_DONE);
	assert_true(run->task[1].latency_ns != NOT_SAID);
	assert_true(run->task[1].latency_ns <= clock_now_ns() - began_ns);
	finish(run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps_contribute_what_value_says),
		cmocka_unit_test(test_inputs_repeat_with_the_period),
		cmocka_unit_test(test_primes_between_one_and_two_million),
		cmocka_unit_test(test_hash_gives_the_standard_digests),
		cmocka_unit_test(test_hash_keeps_the_lock_below_2048_bytes),
		cmocka_unit_test(test_scan_adds_up_all_words),
		cmocka_unit_test(test_sleep_goes_on_waiting_when_woken_early),
		cmocka_unit_test(test_mixed_draws_the_same_waits_again),
		cmocka_unit_test(test_unguarded_counter_reports_lost_updates),
		cmocka_unit_test(test_guarded_counter_must_be_right),
		cmocka_unit_test(test_lock_does_what_it_says_that_often),
		cmocka_unit_test(test_wake_counts_from_letting_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
