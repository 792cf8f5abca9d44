/*
 * pool: every piece once, whatever the number of threads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <gilbench/pool.h>

#define PIECES 500

static void count(void *context, size_t index)
{
	atomic_int *done = context;
	atomic_fetch_add(&done[index], 1);
}

static void test_every_piece_once(void **state)
{
	(void)state;
	static const int threads[] = {-1, 0, 1, 2, 3, 1000};
	for (size_t t = 0; t < sizeof(threads) / sizeof(threads[0]); t++) {
		atomic_int done[PIECES] = {0};
		pool_run(count, done, PIECES, threads[t]);
		for (int i = 0; i < PIECES; i++)
			assert_int_equal(done[i], 1);
	}
}

static void test_nothing_to_do(void **state)
{
	(void)state;
	pool_run(count, NULL, 0, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_piece_once),
		cmocka_unit_test(test_nothing_to_do),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
