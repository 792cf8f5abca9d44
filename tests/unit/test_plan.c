/*
 * plan: the order of blocks and the seeds of samples depend on the seed alone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <gilbench/plan.h>

#define CELLS 37

static struct plan_cell cells[CELLS];

static struct plan plan_of(uint64_t seed)
{
	for (int i = 0; i < CELLS; i++)
		cells[i].group = i / 5;
	return (struct plan){.options.seed = seed, .cells = cells, .cell_count = CELLS};
}

static void test_every_block_is_a_permutation(void **state)
{
	(void)state;
	struct plan plan = plan_of(1);
	for (unsigned block = 0; block < 50; block++) {
		unsigned order[CELLS], seen[CELLS] = {0};
		plan_order(&plan, block, order);
		for (int i = 0; i < CELLS; i++) {
			assert_in_range(order[i], 0, CELLS - 1);
			assert_int_equal(seen[order[i]]++, 0);
		}
	}
}

static void test_same_seed_same_order(void **state)
{
	(void)state;
	unsigned one[CELLS], two[CELLS];
	struct plan plan = plan_of(42), again = plan_of(42), other = plan_of(43);
	plan_order(&plan, 3, one);
	plan_order(&again, 3, two);
	assert_memory_equal(one, two, sizeof(one));
	plan_order(&other, 3, two);
	assert_memory_not_equal(one, two, sizeof(one));
	plan_order(&plan, 4, two);
	assert_memory_not_equal(one, two, sizeof(one));
}

/* No cell has a place of its own: over many blocks each comes first about equally often. */
static void test_no_cell_is_favoured(void **state)
{
	(void)state;
	enum { BLOCKS = CELLS * 200 };
	unsigned first[CELLS] = {0};
	struct plan plan = plan_of(7);
	for (unsigned block = 0; block < BLOCKS; block++) {
		unsigned order[CELLS];
		plan_order(&plan, block, order);
		first[order[0]]++;
	}
	/* 200 expected, standard deviation 14: six of them either way. */
	for (int i = 0; i < CELLS; i++)
		assert_in_range(first[i], 115, 285);
}

static void test_seeds_of_a_group_agree_within_a_block(void **state)
{
	(void)state;
	struct plan plan = plan_of(9);
	assert_int_equal(plan_sample_seed(&plan, 0, 2), plan_sample_seed(&plan, 4, 2));
	assert_int_not_equal(plan_sample_seed(&plan, 0, 2), plan_sample_seed(&plan, 5, 2));
	assert_int_not_equal(plan_sample_seed(&plan, 0, 2), plan_sample_seed(&plan, 0, 3));
	/* They survive a JSON number. */
	for (unsigned block = 0; block < 100; block++)
		assert_true(plan_sample_seed(&plan, 0, block) < (1ull << 53));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_block_is_a_permutation),
		cmocka_unit_test(test_same_seed_same_order),
		cmocka_unit_test(test_no_cell_is_favoured),
		cmocka_unit_test(test_seeds_of_a_group_agree_within_a_block),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
