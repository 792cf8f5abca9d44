/*
 * claim: verdicts and answers on summaries made by hand; nothing is measured.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/claim.h>
#include <gilbench/util.h>

/* Room for the rows below. */
#define ROWS 24

#define NONE ((struct interval){NAN, NAN, NAN})

static struct summary_row row(const char *experiment, const char *workload, const char *params,
			      const char *model, int workers, struct interval speedup)
{
	struct summary_row r = {.cell = {.experiment = experiment,
					 .cast = workload,
					 .params = params,
					 .model = model,
					 .policy = strcmp(model, "gil") == 0 ? "py3" : "",
					 .workers = workers},
				.workers = workers,
				.status = "ok",
				.samples = 6,
				.wall_s = NONE,
				.speedup = speedup,
				.lat_p50_iv = NONE,
				.lat_p99_iv = NONE,
				.gil_held_fraction = NONE,
				.gil_waited_fraction = NONE,
				.gil_wait_p50_s = NONE,
				.gil_wait_p99_s = NONE,
				.fairness = NONE,
				.noise_floor = 0.02};
	snprintf(r.role, sizeof(r.role), "%s", workload);
	snprintf(r.workload, sizeof(r.workload), "%s", workload);
	r.throughput_per_s = (struct interval){20200, 20100, 20300};
	r.efficiency = speedup.mid / workers;
	return r;
}

/* Two cores; their ceiling is 1.9. */
static struct summary make_summary(struct summary_row rows[ROWS])
{
	size_t n = 0;
	rows[n++] = row("controls", "registers", "rounds=9", "fork", 2, (struct interval){1.90, 1.88, 1.92});
	rows[n++] = row("controls", "registers", "rounds=9", "fork", 3, (struct interval){1.9, 1.2, 2.5});
	rows[n++] = row("x", "primes", "numbers=9", "threads", 3, (struct interval){1.9, 1.88, 1.92});
	rows[n++] = row("x", "spin", "iterations=9", "gil", 2, (struct interval){0.99, 0.97, 1.01});
	rows[n++] = row("x", "spin", "iterations=9", "threads", 2, (struct interval){1.88, 1.86, 1.89});
	rows[n++] = row("x", "spin", "iterations=9", "threads", 4, (struct interval){1.87, 1.80, 1.95});
	rows[n++] = row("x", "spin", "iterations=9", "fork", 2, (struct interval){1.5, NAN, NAN});
	rows[n - 1].status = "few";
	rows[n - 1].samples = 3;
	rows[n++] = row("x", "hash", "bytes=1024", "gil", 2, (struct interval){1.00, 0.99, 1.01});
	rows[n++] = row("x", "hash", "bytes=1048576", "gil", 2, (struct interval){1.80, 1.79, 1.81});
	rows[n++] = row("x", "hash", "bytes=1048576", "uv", 2, NONE);
	rows[n - 1].status = "crashed";
	rows[n++] = row("x", "counter", "guard=none", "threads", 2, NONE);
	rows[n - 1].lost_ops = 1234;
	rows[n++] = row("x", "counter", "guard=lock", "threads", 2, NONE);
	rows[n++] = row("x", "pipe", "ms=5", "gil", 8, (struct interval){7.5, 7.4, 7.6});
	rows[n++] = row("x", "pipe", "ms=5", "gil", 8, (struct interval){6.0, 5.9, 6.1});
	rows[n - 1].cell.policy = "py3,interval=1ms";
	rows[n++] = row("x", "sleep", "ms=5", "uv", 9, NONE);
	rows[n - 1].lat_p99_s = 0.030;
	rows[n - 1].lat_p99_iv = (struct interval){0.030, 0.028, 0.033};
	rows[n++] = row("x", "sleep", "ms=5", "uv-pool", 9, NONE);
	rows[n - 1].lat_p99_s = 0.006;
	rows[n - 1].lat_p99_iv = (struct interval){0.006, 0.0055, 0.007};
	rows[n++] = row("x", "ticker", "ms=1", "gil", 3, NONE);
	rows[n - 1].gil_held_fraction = (struct interval){0.25, 0.24, 0.26};
	rows[n - 1].gil_waited_fraction = (struct interval){0.9, 0.8, 0.95};
	rows[n - 1].gil_wait_p99_s = (struct interval){0.025, 0.020, 0.030};
	rows[n - 1].gil_longest_wait_s = 0.1;
	rows[n - 1].gil_acquisitions = 400;
	rows[n - 1].fairness = (struct interval){0.999, 0.995, 1};
	return (struct summary){.rows = rows, .count = n, .noise_floor = 0.02};
}

static const struct claim_machine two_cores = {.usable_cpus = 2, .physical_cores = 1};

static const struct {
	const char *claim;
	enum claim_verdict verdict;
	const char *sentence;
} cases[] = {
	{"gil speedup workload=spin workers=2 0.90..1.05 \"t\"", CLAIM_CONFIRMED,
	 "gil speedup (spin, 2 workers) is 0.99 (0.97 to 1.01); claimed 0.90 to 1.05"},
	{"gil speedup workload=spin workers=2 1.85.. \"t\"", CLAIM_REFUTED,
	 "gil speedup (spin, 2 workers) is 0.99 (0.97 to 1.01); claimed at least 1.85"},
	{"gil speedup workload=spin workers=2 ..0.5 \"t\"", CLAIM_REFUTED,
	 "gil speedup (spin, 2 workers) is 0.99 (0.97 to 1.01); claimed at most 0.50"},
	{"gil speedup workload=spin workers=2 1.00..1.05 \"t\"", CLAIM_UNDECIDED,
	 "gil speedup (spin, 2 workers) is 0.99 (0.97 to 1.01); claimed 1.00 to 1.05: the interval lies "
	 "across "
	 "a bound"},
	/* Outside, and inside one open side, by less than the noise floor. */
	{"gil speedup workload=spin workers=2 ..1.92/cores \"t\"", CLAIM_REFUTED, NULL},
	{"gil speedup workload=hash params~bytes=1024 workers=2 1.015..2 \"t\"", CLAIM_UNDECIDED,
	 "gil speedup (hash, bytes=1024, 2 workers) is 1.00 (0.99 to 1.01); claimed 1.01 to 2.00: the margin "
	 "of "
	 "1.5 % is below the noise floor of 2.0 %"},
	{"gil speedup workload=hash params~bytes=1024 workers=2 0.985.. \"t\"", CLAIM_UNDECIDED, NULL},
	{"gil speedup workload=hash params~bytes=1024 workers=2 0.985..1.05 \"t\"", CLAIM_CONFIRMED, NULL},
	/* Names in expressions. */
	{"threads speedup workload=spin workers=cores 0.93*ceiling..1.03*ceiling \"t\"", CLAIM_CONFIRMED,
	 "threads speedup (spin, 2 workers) is 1.88 (1.86 to 1.89); claimed 1.77 to 1.96"},
	{"threads speedup workload=spin workers=2*physical workers/1.2.. \"t\"", CLAIM_CONFIRMED, NULL},
	{"threads speedup workload=spin workers=2*cores 0.93*ceiling.. \"t\"", CLAIM_UNDECIDED,
	 "threads speedup (spin, 4 workers) is 1.87 (1.80 to 1.95): the machine's ceiling at 4 workers was "
	 "not "
	 "measured"},
	{"threads speedup workload=primes workers=3 0.93*ceiling..1.03*ceiling \"t\"", CLAIM_UNDECIDED,
	 "threads speedup (primes, 3 workers) is 1.90 (1.88 to 1.92); claimed 1.77 to 1.96: the ceiling is "
	 "only "
	 "known to be 1.20 to 2.50"},
	{"threads efficiency workload=spin workers=2 0.9..1 \"t\"", CLAIM_CONFIRMED, NULL},
	/* Not to be decided. */
	{"fork speedup workload=spin workers=2 1.8.. \"t\"", CLAIM_UNDECIDED,
	 "fork speedup (spin, 2 workers) is 1.50; claimed at least 1.80: n = 3, and 6 are "
	 "needed"},
	{"uv speedup workload=hash workers=2 1.. \"t\"", CLAIM_UNDECIDED,
	 "uv speedup (hash, 2 workers) is not measured: the cell of uv is crashed"},
	{"uv speedup workload=spin workers=2 1.. \"t\"", CLAIM_UNDECIDED,
	 "uv speedup is not measured: no such cell of uv was measured at 2 workers"},
	{"gil speedup workload=hash workers=2 1.. \"t\"", CLAIM_UNDECIDED,
	 "gil speedup is not measured: several cells of gil match; say which with workload=, params~, "
	 "workers= or source="},
	{"gil speedup workload=hash params~bytes=10 workers=2 1.. \"t\"", CLAIM_UNDECIDED, NULL},
	{"gil speedup workload=spin workers=2 1.. role=spin policy=fifo \"t\"", CLAIM_UNDECIDED, NULL},
	{"uv-pool speedup workload=sleep 1.. \"t\"", CLAIM_UNDECIDED,
	 "uv-pool speedup (sleep, 9 workers) is not measured: uv-pool has no speedup here"},
	/* Without an interval. */
	{"threads lost_ops params~guard=none workers=2 1.. \"t\"", CLAIM_CONFIRMED,
	 "threads lost_ops (counter, guard=none, 2 workers) is 1234; claimed at least 1: judged by its "
	 "value, it "
	 "has no interval"},
	{"threads lost_ops params~guard=none workers=2 0..0 \"t\"", CLAIM_REFUTED, NULL},
	{"threads lost_ops params~guard=lock workers=2 0..0 \"t\"", CLAIM_CONFIRMED, NULL},
	/* Of the lock: shares are judged by their interval, and the noise floor, which is of times, is not theirs. */
	{"gil fairness workload=ticker 0.99.. \"t\"", CLAIM_CONFIRMED,
	 "gil fairness (ticker, 3 workers) is 0.999 (0.995 to 1); claimed at least 0.99"},
	{"gil fairness workload=ticker 0.998.. \"t\"", CLAIM_UNDECIDED, NULL},
	{"gil fairness workload=ticker ..0.994 \"t\"", CLAIM_REFUTED, NULL},
	{"gil gil_held_fraction workload=ticker 0.2..0.3 \"t\"", CLAIM_CONFIRMED,
	 "gil gil_held_fraction (ticker, 3 workers) is 0.25 (0.24 to 0.26); claimed 0.2 to 0.3"},
	{"gil gil_waited_fraction workload=ticker 0.9.. \"t\"", CLAIM_UNDECIDED, NULL},
	{"gil gil_wait_p99_s workload=ticker 10ms..40ms \"t\"", CLAIM_CONFIRMED,
	 "gil gil_wait_p99_s (ticker, 3 workers) is 25 ms (20 ms to 30 ms); claimed 10 ms to 40 ms"},
	{"gil gil_wait_p50_s workload=ticker 10ms..40ms \"t\"", CLAIM_UNDECIDED, NULL},
	{"gil gil_longest_wait_s workload=ticker ..50ms \"t\"", CLAIM_REFUTED,
	 "gil gil_longest_wait_s (ticker, 3 workers) is 100 ms; claimed at most 50 ms: judged by its value, "
	 "it has "
	 "no interval"},
	{"gil gil_acquisitions workload=ticker 400..400 \"t\"", CLAIM_CONFIRMED, NULL},
	{"gil/gil gil_held_fraction workload=ticker /workload=spin /workers=2 1.. \"t\"", CLAIM_UNDECIDED,
	 NULL},
	/* The first policy answers where nothing is said. */
	{"gil speedup workload=pipe workers=8 7..8 \"t\"", CLAIM_CONFIRMED, NULL},
	{"gil speedup workload=pipe policy=py3,interval=1ms workers=8 7..8 \"t\"", CLAIM_REFUTED,
	 "gil speedup (pipe, py3,interval=1ms, 8 workers) is 6.00 (5.90 to 6.10); claimed 7.00 to 8.00"},
	/* However a policy is typed, a row has one spelling of it. */
	{"gil speedup workload=pipe policy=interval=1000us workers=8 5..7 \"t\"", CLAIM_CONFIRMED, NULL},
	/* Ratios. */
	{"uv/uv-pool lat_p99_s role=sleep 1.5.. \"t\"", CLAIM_CONFIRMED,
	 "uv/uv-pool lat_p99_s (sleep, 9 workers) is 5.00 (4.00 to 6.00); claimed at least 1.50"},
	{"uv lat_p99_s role=sleep ..20ms \"t\"", CLAIM_REFUTED,
	 "uv lat_p99_s (sleep, 9 workers) is 30 ms (28 ms to 33 ms); claimed at most 20 ms"},
	{"gil/gil speedup workload=hash params~bytes=1048576 /params~bytes=1024 workers=2 1.5..2 \"t\"",
	 CLAIM_CONFIRMED,
	 "gil/gil speedup (hash, bytes=1048576, 2 workers over hash, bytes=1024, 2 workers) is 1.80 (1.77 to "
	 "1.83); claimed 1.50 to 2.00"},
	/* Without a lock there is no policy to look for. */
	{"gil/threads speedup workload=spin policy=py3 workers=2 0.5..0.6 \"t\"", CLAIM_CONFIRMED,
	 "gil/threads speedup (spin, py3, 2 workers over spin, 2 workers) is 0.53 (0.51 to 0.54); claimed "
	 "0.50 to 0.60"},
	{"threads/gil speedup workload=pipe workers=8 1.. \"t\"", CLAIM_UNDECIDED, NULL},
	{"threads/threads lost_ops params~guard=none /params~guard=lock workers=2 1.. \"t\"", CLAIM_UNDECIDED,
	 "threads/threads lost_ops (counter, guard=none, 2 workers over counter, guard=lock, 2 workers) is "
	 "not "
	 "measured: the divisor is not above zero"},
};

static void test_verdicts(void **state)
{
	(void)state;
	struct summary_row rows[ROWS];
	const struct summary summary = make_summary(rows);
	const struct experiment experiment = {.name = (char[]){"x"}};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct claim claim = {.text = xstrdup(cases[i].claim)};
		struct judgement judgement;
		claim_judge(&claim, &experiment, &summary, &two_cores, &judgement);
		if (judgement.verdict != cases[i].verdict)
			fail_msg("%s\n%s: %s", claim.text, claim_verdict_name(judgement.verdict),
				 judgement.sentence);
		assert_string_equal(judgement.text, "t");
		if (cases[i].sentence != NULL)
			assert_string_equal(judgement.sentence, cases[i].sentence);
		judgement_release(&judgement);
		free(claim.text);
	}
}

static void test_answers(void **state)
{
	(void)state;
	static const struct {
		const char *answer, *text;
	} answers[] = {
		{"plain", "plain"},
		{"{cores} cores", "2 cores"},
		{"a {gil speedup workload=spin workers=2} b {ceiling workers=cores}.",
		 "a 0.99 (0.97 to 1.01) b 1.90 (1.88 to 1.92)."},
		{"{ceiling workers=7}", "not measured"},
		{"{uv speedup workload=spin}", "not measured"},
		{"{uv-pool lat_p99_s role=sleep}{fork speedup workload=spin}", "6 ms (5.5 ms to 7 ms)1.50"},
		{"{gil throughput_per_s workload=spin}",
		 "20.2 thousand per second (20.1 thousand per second to 20.3 thousand per second)"},
		{"{threads lost_ops params~guard=none} lost", "1234 lost"},
	};
	struct summary_row rows[ROWS];
	const struct summary summary = make_summary(rows);
	for (size_t i = 0; i < ARRAY_LEN(answers); i++) {
		struct experiment experiment = {.name = (char[]){"x"}, .answer = xstrdup(answers[i].answer)};
		char *text = answer_expand(&experiment, &summary, &two_cores);
		assert_string_equal(text, answers[i].text);
		free(text);
		free(experiment.answer);
	}
	const struct experiment silent = {.name = (char[]){"x"}};
	assert_null(answer_expand(&silent, &summary, &two_cores));
}

static void test_ceiling(void **state)
{
	(void)state;
	struct summary_row rows[ROWS];
	const struct summary summary = make_summary(rows);
	assert_true(ceiling_at(&summary, 2).mid == 1.9);
	assert_true(isnan(ceiling_at(&summary, 5).mid));
}

static void test_an_empty_summary_decides_nothing(void **state)
{
	(void)state;
	const struct summary summary = {.noise_floor = NAN};
	const struct experiment experiment = {.name = (char[]){"x"}};
	struct claim claim = {.text = xstrdup("gil speedup workers=2 0.9..1.1 \"t\"")};
	struct judgement judgement;
	claim_judge(&claim, &experiment, &summary, &two_cores, &judgement);
	assert_int_equal(judgement.verdict, CLAIM_UNDECIDED);
	judgement_release(&judgement);
	free(claim.text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_ceiling),
		cmocka_unit_test(test_an_empty_summary_decides_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
