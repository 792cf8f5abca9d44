/* Samples to rows: a fake model of known samples, every column known. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/clock.h>
#include <gilbench/summary.h>
#include <gilbench/util.h>

#include "near.h"
#include "samples.h"

#define BLOCKS 6

static const struct summary_row *row_of(const struct summary *summary, const char *model)
{
	const struct summary_row *row = summary_find(summary, NULL, NULL, NULL, model, 0);
	if (row == NULL)
		fail_msg("no row of %s", model);
	return row;
}

/* `seq` takes 1 s and `gil` 0.5 s times a drift that both share. Returns how many samples. */
static size_t two_cells(struct sample *samples, unsigned blocks)
{
	size_t count = 0;
	for (unsigned b = 0; b < blocks; b++) {
		double drift = 1 + 0.1 * b;
		samples[count++] = fake_sample(fake_cell_of("gil", 2), b, 0.5 * drift);
		samples[count++] = fake_sample(fake_cell_of("seq", 1), b, drift);
	}
	return count;
}

static void nothing_gives_no_rows(void **state)
{
	(void)state;
	struct summary summary;
	summarise(NULL, 0, BLOCKS, &summary);
	assert_int_equal(summary.count, 0);
	assert_nan(summary.noise_floor);
	assert_null(summary_find(&summary, NULL, NULL, NULL, NULL, 0));
	summary_release(&summary);
}

static void a_row_has_medians_and_paired_speedup(void **state)
{
	(void)state;
	struct sample samples[2 * BLOCKS];
	struct summary summary;
	summarise(samples, two_cells(samples, BLOCKS), BLOCKS, &summary);
	const struct summary_row *gil = row_of(&summary, "gil");
	assert_int_equal(summary.count, 2);
	assert_string_equal(gil->status, "ok");
	assert_string_equal(gil->role, "spin");
	assert_int_equal(gil->samples, BLOCKS);
	assert_int_equal(gil->workers, 2);
	assert_near(gil->ops, 1000);
	assert_near(gil->wall_s.mid, 0.625);
	assert_near(gil->wall_s.lo, 0.5);
	assert_near(gil->wall_s.hi, 0.75);
	assert_near(gil->speedup.mid, 2);
	assert_near(gil->speedup.lo, 2);
	assert_near(gil->speedup.hi, 2);
	assert_near(gil->efficiency, 1);
	assert_near(gil->cores_used, 2);
	assert_near(gil->ctx_voluntary, 3);
	assert_nan(gil->ctx_involuntary);
	assert_nan(gil->lat_p50_s);
	assert_nan(gil->noise_floor);
	summary_release(&summary);
}

/* Cells may do different numbers of operations: throughput decides, not time. */
static void speedup_is_of_throughput(void **state)
{
	(void)state;
	struct sample samples[2 * BLOCKS];
	struct summary summary;
	size_t count = two_cells(samples, BLOCKS);
	for (size_t i = 0; i < count; i++)
		if (samples[i].cell.workers == 2) {
			samples[i].role[0].ops = 4000;
			samples[i].role[0].throughput_per_s = 4000 / samples[i].wall_s;
		}
	summarise(samples, count, BLOCKS, &summary);
	assert_near(row_of(&summary, "gil")->speedup.mid, 8);
	summary_release(&summary);
}

/* In one group two interpreters, of which one is three times as fast as the other; each has its own baseline. */
static void an_interpreter_is_compared_with_itself(void **state)
{
	(void)state;
	static const char *const names[] = {"cpython-3.11.7", "cpython-3.12.1",
					    "cpython-3.12.1,interval=1ms"};
	struct sample samples[5 * BLOCKS];
	size_t count = 0;
	for (unsigned block = 0; block < BLOCKS; block++) {
		for (int i = 0; i < 5; i++) {
			bool is_seq = i % 2 == 0 && i < 4;
			struct cell cell = fake_cell_of(is_seq ? "seq" : "gil", is_seq ? 1 : 2);
			cell.source = SOURCE_CPYTHON;
			cell.policy = names[i / 2];
			samples[count++] = fake_sample(cell, block, (i < 2 ? 1.0 : 3.0) / (is_seq ? 1 : 2));
		}
	}
	struct summary summary;
	summarise(samples, count, BLOCKS, &summary);
	assert_int_equal(summary.count, 5);
	for (size_t i = 0; i < summary.count; i++)
		if (strcmp(summary.rows[i].cell.model, "gil") == 0)
			assert_near(summary.rows[i].speedup.mid, 2);
	summary_release(&summary);
}

static void seq_is_one_by_definition(void **state)
{
	(void)state;
	struct sample samples[2 * BLOCKS];
	struct summary summary;
	summarise(samples, two_cells(samples, BLOCKS), BLOCKS, &summary);
	assert_near(row_of(&summary, "seq")->speedup.mid, 1);
	assert_near(row_of(&summary, "seq")->speedup.lo, 1);
	assert_near(row_of(&summary, "seq")->efficiency, 1);
	summary_release(&summary);
	summarise(samples, two_cells(samples, 2), 2, &summary);
	assert_near(row_of(&summary, "seq")->speedup.mid, 1);
	assert_nan(row_of(&summary, "seq")->speedup.lo);
	summary_release(&summary);
}

static void no_seq_no_speedup(void **state)
{
	(void)state;
	struct sample one = fake_sample(fake_cell_of("gil", 2), 0, 1);
	struct summary summary;
	summarise(&one, 1, 1, &summary);
	assert_nan(summary.rows[0].speedup.mid);
	assert_nan(summary.rows[0].efficiency);
	assert_near(summary.rows[0].wall_s.mid, 1);
	assert_nan(summary.rows[0].wall_s.lo);
	summary_release(&summary);
}

/* A baseline of another experiment, of other parameters, or from another source is none. */
static void a_strangers_seq_does_not_count(void **state)
{
	(void)state;
	struct cell seq[3] = {fake_cell_of("seq", 1), fake_cell_of("seq", 1), fake_cell_of("seq", 1)};
	seq[0].experiment = "other";
	seq[1].params = "iterations=11";
	seq[2].source = SOURCE_VIRTUAL;
	struct sample samples[4] = {fake_sample(fake_cell_of("gil", 2), 0, 1)};
	for (int i = 0; i < 3; i++)
		samples[i + 1] = fake_sample(seq[i], 0, 1);
	struct summary summary;
	summarise(samples, 4, 1, &summary);
	assert_nan(row_of(&summary, "gil")->speedup.mid);
	summary_release(&summary);
}

static void a_missing_block_gives_no_pair(void **state)
{
	(void)state;
	struct sample samples[2 * 7];
	struct summary summary;
	size_t count = two_cells(samples, 7);
	/* `seq` of the last block is gone, that of block 0 went wrong: five pairs left. */
	samples[1].status = SAMPLE_WRONG;
	summarise(samples, count - 1, BLOCKS, &summary);
	const struct summary_row *gil = row_of(&summary, "gil");
	assert_int_equal(gil->samples, 7);
	assert_near(gil->speedup.mid, 2);
	assert_nan(gil->speedup.lo);
	assert_false(isnan(gil->wall_s.lo));
	assert_string_equal(row_of(&summary, "seq")->status, "wrong");
	assert_string_equal(gil->status, "ok");
	summary_release(&summary);
}

static void few_is_no_failure_and_a_failure_wins(void **state)
{
	(void)state;
	struct sample samples[4];
	struct summary summary;
	struct cell cell = fake_cell_of("gil", 2);
	samples[0] = fake_sample(cell, 0, 1);
	summarise(samples, 1, BLOCKS, &summary);
	assert_string_equal(summary.rows[0].status, "few");
	summary_release(&summary);
	samples[1] = fake_failure(cell, 1, SAMPLE_UNSUPPORTED);
	samples[2] = fake_failure(cell, 2, SAMPLE_TIMEOUT);
	samples[3] = fake_failure(cell, 3, SAMPLE_CRASHED);
	static const char *const gravest[] = {"unsupported", "timeout", "crashed"};
	for (size_t n = 2; n <= 4; n++) {
		summarise(samples, n, BLOCKS, &summary);
		assert_string_equal(summary.rows[0].status, gravest[n - 2]);
		assert_int_equal(summary.rows[0].samples, 1);
		summary_release(&summary);
	}
	samples[2].status = SAMPLE_WRONG;
	summarise(samples, 4, BLOCKS, &summary);
	assert_string_equal(summary.rows[0].status, "wrong");
	summary_release(&summary);
}

static void a_cell_that_only_fails_still_has_its_rows(void **state)
{
	(void)state;
	struct cell cell = fake_cell_of("gil", 5);
	cell.cast = "spin:1,echo:2,spin:2";
	struct sample failed[2] = {fake_failure(fake_cell_of("fork", 4), 0, SAMPLE_CRASHED),
				   fake_failure(cell, 0, SAMPLE_CRASHED)};
	struct summary summary;
	summarise(failed, 2, BLOCKS, &summary);
	assert_int_equal(summary.count, 4);
	const struct summary_row *one = row_of(&summary, "fork");
	assert_string_equal(one->role, "spin");
	assert_int_equal(one->workers, 4);
	assert_int_equal(one->samples, 0);
	assert_nan(one->wall_s.mid);
	assert_nan(one->lost_ops);
	static const char *const roles[] = {"echo", "spin", "spin2"};
	static const int workers[] = {2, 1, 2};
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(summary.rows[i + 1].role, roles[i]);
		assert_int_equal(summary.rows[i + 1].workers, workers[i]);
	}
	summary_release(&summary);
}

static void several_roles_have_a_row_each_and_no_speedup(void **state)
{
	(void)state;
	struct cell cell = fake_cell_of("seq", 3);
	cell.cast = "echo:1,spin:2";
	struct sample s = fake_sample(cell, 0, 2);
	s.role_count = 2;
	s.role[1] = s.role[0];
	s.role[1].throughput_per_s = 7;
	s.role[1].lost_ops = 5;
	snprintf(s.role[0].role, sizeof(s.role[0].role), "echo");
	struct summary summary;
	summarise(&s, 1, 1, &summary);
	assert_int_equal(summary.count, 2);
	assert_string_equal(summary.rows[0].role, "echo");
	assert_near(summary.rows[1].throughput_per_s.mid, 7);
	assert_near(summary.rows[1].lost_ops, 5);
	assert_nan(summary.rows[1].speedup.mid);
	assert_near(summary.rows[1].wall_s.mid, 2);
	summary_release(&summary);
}

/* Of each sample its own ratio: 1000 operations, and switches that differ. */
static void losses_of_the_lock_are_ratios_within_samples(void **state)
{
	(void)state;
	struct sample samples[7];
	for (unsigned b = 0; b < 7; b++) {
		samples[b] = fake_sample(fake_cell_of("gil", 2), b, 1);
		samples[b].role[0].gil_switches = 100 * b;
		samples[b].role[0].gil_wait_s = 0.5 * b;
	}
	samples[6].role[0].ops = 0;
	struct summary summary;
	summarise(samples, 7, 1, &summary);
	/* Six samples have operations: 0, 0.1 ... 0.5; six have switches, and waited 5 ms for each. */
	assert_near(summary.rows[0].gil_switches_per_op.mid, 0.25);
	assert_near(summary.rows[0].gil_switches_per_op.lo, 0);
	assert_near(summary.rows[0].gil_switches_per_op.hi, 0.5);
	assert_near(summary.rows[0].gil_wait_per_switch_s.mid, 0.005);
	summary_release(&summary);
	struct sample without_lock = fake_sample(fake_cell_of("threads", 2), 0, 1);
	summarise(&without_lock, 1, 1, &summary);
	assert_nan(summary.rows[0].gil_switches_per_op.mid);
	assert_nan(summary.rows[0].gil_wait_per_switch_s.mid);
	summary_release(&summary);
}

static void lost_operations_are_a_mean(void **state)
{
	(void)state;
	struct sample samples[4];
	for (unsigned b = 0; b < 4; b++)
		samples[b] = fake_sample(fake_cell_of("threads", 2), b, 1);
	samples[2].role[0].lost_ops = 8;
	struct summary summary;
	summarise(samples, 4, 1, &summary);
	assert_near(summary.rows[0].lost_ops, 2);
	summary_release(&summary);
}

static void twins_give_the_floor_and_no_row(void **state)
{
	(void)state;
	struct sample samples[3 * BLOCKS];
	size_t count = two_cells(samples, BLOCKS);
	struct cell twin = fake_cell_of("seq", 1), other = fake_cell_of("gil", 2);
	twin.is_twin = true;
	other.experiment = "zz";
	for (unsigned b = 0; b < BLOCKS; b++)
		samples[count++] = fake_sample(twin, b, (1 + 0.1 * b) * (b == 3 ? 1.04 : 1));
	struct sample all[3 * BLOCKS + 1];
	memcpy(all, samples, sizeof(samples));
	all[count] = fake_sample(other, 0, 1);
	struct summary summary;
	summarise(all, count + 1, BLOCKS, &summary);
	assert_int_equal(summary.count, 3);
	assert_near(summary.noise_floor, 0.04);
	assert_near(row_of(&summary, "gil")->noise_floor, 0.04);
	assert_nan(summary_find(&summary, "zz", NULL, NULL, NULL, 0)->noise_floor);
	summary_release(&summary);
}

static struct hist *hist_of(uint64_t ms, unsigned count)
{
	struct hist *h = xcalloc(1, sizeof(*h));
	hist_reset(h);
	for (unsigned i = 0; i < count; i++)
		hist_record(h, ms * NS_PER_MS);
	return h;
}

static void percentiles_are_of_all_operations_together(void **state)
{
	(void)state;
	struct sample samples[2] = {fake_sample(fake_cell_of("gil", 2), 0, 1),
				    fake_sample(fake_cell_of("gil", 2), 1, 1)};
	samples[0].role[0].latency = hist_of(1, 95);
	samples[1].role[0].latency = hist_of(50, 5);
	struct summary summary;
	summarise(samples, 2, 1, &summary);
	const struct summary_row *row = &summary.rows[0];
	assert_true(fabs(row->lat_p50_s / 0.001 - 1) < 0.01);
	assert_true(fabs(row->lat_p90_s / 0.001 - 1) < 0.01);
	assert_true(fabs(row->lat_p99_s / 0.050 - 1) < 0.01);
	assert_near(row->lat_max_s, 0.050);
	assert_false(interval_exists(&row->lat_p50_iv));
	summary_release(&summary);
	sample_release(&samples[0]);
	sample_release(&samples[1]);
}

/* Six samples under a lock: waits of 1 ms mostly, one sample with one of 80 ms; held 0.50 to 0.55. */
static void locked_samples(struct sample *samples)
{
	for (unsigned b = 0; b < BLOCKS; b++) {
		samples[b] = fake_sample(fake_cell_of("gil", 2), b, 0.5);
		struct role_sample *r = &samples[b].role[0];
		samples[b].gil_span_s = 2;
		r->gil_held_fraction = 0.5 + 0.01 * b;
		r->gil_waited_fraction = 0.9 - 0.1 * b;
		r->fairness = 1 - 0.1 * b;
		r->gil_acquisitions = 100 + b;
		r->gil_switches = 50;
		r->gil_forced = 20;
		r->gil_longest_wait_s = 0.001;
		r->wait = hist_of(1, 99);
	}
	hist_record(samples[3].role[0].wait, 80 * NS_PER_MS);
	samples[3].role[0].gil_longest_wait_s = 0.080;
}

static void what_the_lock_did_has_medians_and_intervals(void **state)
{
	(void)state;
	struct sample samples[BLOCKS];
	struct summary summary;
	locked_samples(samples);
	summarise(samples, BLOCKS, BLOCKS, &summary);
	const struct summary_row *row = &summary.rows[0];
	assert_near(row->gil_held_fraction.mid, 0.525);
	assert_near(row->gil_held_fraction.lo, 0.5);
	assert_near(row->gil_held_fraction.hi, 0.55);
	assert_near(row->gil_waited_fraction.mid, 0.65);
	assert_near(row->gil_waited_fraction.lo, 0.4);
	assert_near(row->gil_waited_fraction.hi, 0.9);
	assert_near(row->fairness.mid, 0.75);
	assert_near(row->fairness.lo, 0.5);
	assert_near(row->gil_acquisitions, 102.5);
	assert_near(row->gil_longest_wait_s, 0.080);
	assert_true(fabs(row->gil_wait_p50_s.mid / 0.001 - 1) < 0.01);
	assert_true(interval_exists(&row->gil_wait_p50_s));
	/* One of 595 waits: the 99th of a hundred is short. */
	assert_true(fabs(row->gil_wait_p99_s.mid / 0.001 - 1) < 0.01);
	assert_near(row->gil_switches_per_s, 25);
	assert_near(row->gil_forced_per_s, 10);
	summary_release(&summary);
	/* An older sample knows its wall time alone. */
	for (unsigned b = 0; b < BLOCKS; b++)
		samples[b].gil_span_s = NAN;
	summarise(samples, BLOCKS, BLOCKS, &summary);
	assert_near(summary.rows[0].gil_switches_per_s, 100);
	summary_release(&summary);
	for (unsigned b = 0; b < BLOCKS; b++)
		sample_release(&samples[b]);
}

static void without_a_lock_nothing_is_known_of_one(void **state)
{
	(void)state;
	struct sample s = fake_sample(fake_cell_of("threads", 2), 0, 1);
	struct summary summary;
	summarise(&s, 1, 1, &summary);
	const struct summary_row *row = &summary.rows[0];
	assert_nan(row->gil_held_fraction.mid);
	assert_nan(row->gil_waited_fraction.mid);
	assert_nan(row->gil_acquisitions);
	assert_nan(row->gil_longest_wait_s);
	assert_nan(row->gil_wait_p50_s.mid);
	assert_nan(row->gil_wait_p99_s.mid);
	assert_nan(row->gil_switches_per_s);
	assert_near(row->fairness.mid, 1);
	summary_release(&summary);
}

/* Whatever order samples come in, the rows are the same and in the order of tables. */
static void order_of_samples_does_not_matter(void **state)
{
	(void)state;
	struct sample samples[2 * BLOCKS + 2], turned[ARRAY_LEN(samples)];
	size_t count = two_cells(samples, BLOCKS);
	struct cell large = fake_cell_of("gil", 2), more = fake_cell_of("gil", 16);
	large.params = "iterations=9";
	samples[count++] = fake_sample(large, 0, 1);
	samples[count++] = fake_sample(more, 0, 1);
	for (size_t i = 0; i < count; i++)
		turned[i] = samples[count - 1 - i];
	struct summary a, b;
	summarise(samples, count, BLOCKS, &a);
	summarise(turned, count, BLOCKS, &b);
	char *one = summary_csv(&a), *two = summary_csv(&b);
	assert_string_equal(one, two);
	assert_string_equal(a.rows[0].cell.params, "iterations=9");
	assert_string_equal(a.rows[1].cell.model, "seq");
	assert_int_equal(a.rows[3].workers, 16);
	free(one);
	free(two);
	summary_release(&a);
	summary_release(&b);
}

static void find_matches_whole_words(void **state)
{
	(void)state;
	struct cell cell = fake_cell_of("gil", 2);
	cell.params = "work_ms=20 wait_ms=80";
	struct sample s = fake_sample(cell, 0, 1);
	struct summary summary;
	summarise(&s, 1, 1, &summary);
	assert_non_null(summary_find(&summary, "test", "spin", "wait_ms=80", "gil", 2));
	assert_non_null(summary_find(&summary, NULL, NULL, "work_ms=20", NULL, 0));
	assert_null(summary_find(&summary, NULL, NULL, "work_ms=2", NULL, 0));
	assert_null(summary_find(&summary, NULL, NULL, "ms=80", NULL, 0));
	assert_null(summary_find(&summary, NULL, NULL, NULL, NULL, 3));
	assert_null(summary_find(&summary, "other", NULL, NULL, NULL, 0));
	summary_release(&summary);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_gives_no_rows),
		cmocka_unit_test(a_row_has_medians_and_paired_speedup),
		cmocka_unit_test(speedup_is_of_throughput),
		cmocka_unit_test(an_interpreter_is_compared_with_itself),
		cmocka_unit_test(seq_is_one_by_definition),
		cmocka_unit_test(no_seq_no_speedup),
		cmocka_unit_test(a_strangers_seq_does_not_count),
		cmocka_unit_test(a_missing_block_gives_no_pair),
		cmocka_unit_test(few_is_no_failure_and_a_failure_wins),
		cmocka_unit_test(a_cell_that_only_fails_still_has_its_rows),
		cmocka_unit_test(several_roles_have_a_row_each_and_no_speedup),
		cmocka_unit_test(losses_of_the_lock_are_ratios_within_samples),
		cmocka_unit_test(lost_operations_are_a_mean),
		cmocka_unit_test(twins_give_the_floor_and_no_row),
		cmocka_unit_test(percentiles_are_of_all_operations_together),
		cmocka_unit_test(what_the_lock_did_has_medians_and_intervals),
		cmocka_unit_test(without_a_lock_nothing_is_known_of_one),
		cmocka_unit_test(order_of_samples_does_not_matter),
		cmocka_unit_test(find_matches_whole_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
