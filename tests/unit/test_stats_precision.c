/* The stopping rule: when a group may end, and that no cell can keep it going for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "samples.h"

#define PRECISION   0.02
#define SAMPLES_MAX 256

/* A group of `seq` and `gil` being sampled. */
struct group_run {
	struct sample samples[SAMPLES_MAX];
	size_t count;
};

static void add(struct group_run *run, struct sample sample)
{
	assert_true(run->count < SAMPLES_MAX);
	run->samples[run->count++] = sample;
}

/* Blocks of both cells; `gil` spreads by `spread` over its blocks, `seq` not at all. */
static void add_blocks(struct group_run *run, unsigned blocks, double spread)
{
	for (unsigned b = 0; b < blocks; b++) {
		add(run, fake_sample(fake_cell_of("seq", 1), b, 1));
		add(run, fake_sample(fake_cell_of("gil", 2), b, 1 + spread * (b % 6) / 5));
	}
}

static bool is_precise(const struct group_run *run)
{
	struct cell member = fake_cell_of("gil", 2);
	return group_is_precise(run->samples, run->count, &member, PRECISION);
}

static void looks_are_few(void **state)
{
	(void)state;
	unsigned looks = 0;
	for (unsigned blocks = 0; blocks <= 96; blocks++)
		looks += is_look(blocks);
	assert_int_equal(looks, 5);
	assert_true(is_look(6) && is_look(12) && is_look(24) && is_look(48) && is_look(96));
	assert_false(is_look(0) || is_look(3) || is_look(18));
}

static void a_quiet_group_stops_at_six_and_at_no_other(void **state)
{
	(void)state;
	for (unsigned blocks = 1; blocks <= 12; blocks++) {
		struct group_run run = {.count = 0};
		add_blocks(&run, blocks, 0.001);
		assert_int_equal(is_precise(&run), blocks == 6 || blocks == 12);
	}
}

static void one_noisy_cell_keeps_the_whole_group(void **state)
{
	(void)state;
	struct group_run run = {.count = 0};
	add_blocks(&run, 6, 0.1);
	assert_false(is_precise(&run));
}

/* Each cell is quiet but for one block that moves both: medians are not precise, though the ratio is. */
static void medians_are_judged_beside_ratios(void **state)
{
	(void)state;
	struct group_run run = {.count = 0};
	for (unsigned b = 0; b < 6; b++) {
		double drift = b == 3 ? 1.1 : 1;
		add(&run, fake_sample(fake_cell_of("seq", 1), b, drift));
		add(&run, fake_sample(fake_cell_of("gil", 2), b, drift));
	}
	assert_false(is_precise(&run));
}

/* Each median is narrow enough; their ratio, with opposite noise, is not. */
static void ratios_are_judged_beside_medians(void **state)
{
	(void)state;
	struct group_run run = {.count = 0};
	for (unsigned b = 0; b < 6; b++) {
		double up = b % 2 == 0 ? 1.0075 : 0.9925;
		add(&run, fake_sample(fake_cell_of("seq", 1), b, up));
		add(&run, fake_sample(fake_cell_of("gil", 2), b, 2 - up));
	}
	assert_false(is_precise(&run));
}

static void a_failing_cell_holds_nobody_up(void **state)
{
	(void)state;
	struct group_run run = {.count = 0};
	add_blocks(&run, 6, 0.001);
	for (unsigned b = 0; b < 6; b++)
		add(&run, b == 2 ? fake_failure(fake_cell_of("fork", 2), b, SAMPLE_CRASHED)
				 : fake_sample(fake_cell_of("fork", 2), b, 1 + b));
	assert_true(is_precise(&run));
}

static void a_group_that_only_fails_is_done(void **state)
{
	(void)state;
	struct group_run run = {.count = 0};
	for (unsigned b = 0; b < 6; b++)
		add(&run, fake_failure(fake_cell_of("gil", 2), b, SAMPLE_TIMEOUT));
	assert_true(is_precise(&run));
}

static void a_failing_baseline_leaves_the_medians(void **state)
{
	(void)state;
	struct group_run run = {.count = 0};
	for (unsigned b = 0; b < 6; b++) {
		add(&run, fake_failure(fake_cell_of("seq", 1), b, SAMPLE_WRONG));
		add(&run, fake_sample(fake_cell_of("gil", 2), b, 1));
	}
	assert_true(is_precise(&run));
}

static void twins_and_other_groups_do_not_count(void **state)
{
	(void)state;
	struct group_run run = {.count = 0};
	struct cell twin = fake_cell_of("seq", 1), stranger = fake_cell_of("gil", 2);
	twin.is_twin = true;
	stranger.params = "iterations=99";
	add_blocks(&run, 6, 0.001);
	for (unsigned b = 0; b < 6; b++) {
		add(&run, fake_sample(twin, b, 1 + b));
		add(&run, fake_sample(stranger, b, 1 + b));
	}
	assert_true(is_precise(&run));
}

static void nothing_measured_is_not_precise(void **state)
{
	(void)state;
	struct group_run run = {.count = 0};
	assert_false(is_precise(&run));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looks_are_few),
		cmocka_unit_test(a_quiet_group_stops_at_six_and_at_no_other),
		cmocka_unit_test(one_noisy_cell_keeps_the_whole_group),
		cmocka_unit_test(medians_are_judged_beside_ratios),
		cmocka_unit_test(ratios_are_judged_beside_medians),
		cmocka_unit_test(a_failing_cell_holds_nobody_up),
		cmocka_unit_test(a_group_that_only_fails_is_done),
		cmocka_unit_test(a_failing_baseline_leaves_the_medians),
		cmocka_unit_test(twins_and_other_groups_do_not_count),
		cmocka_unit_test(nothing_measured_is_not_precise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
