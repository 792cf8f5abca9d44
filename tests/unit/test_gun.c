/* gun: nobody runs before it is fired, threads and processes alike; everybody stays until released. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <gilbench/clock.h>
#include <gilbench/gun.h>
#include <gilbench/shm.h>

#define WORKERS 4

/* Bound of every wait: long enough for a loaded machine; a failure, not a measurement. */
#define PATIENCE_NS (20ull * NS_PER_S)

struct race {
	struct gun gun;
	_Atomic uint32_t began, left;
	uint64_t started_ns[WORKERS];
	bool was_fired[WORKERS];
};

static struct arena arena;

static struct race *race_new(void)
{
	assert_int_equal(arena_open(&arena, sizeof(struct race)), 0);
	struct race *race = arena_take(&arena, sizeof(*race));
	gun_init(&race->gun);
	return race;
}

static void run_worker(struct race *race, int index)
{
	race->was_fired[index] = gun_arrive(&race->gun);
	if (race->was_fired[index]) {
		race->started_ns[index] = clock_now_ns();
		atomic_fetch_add(&race->began, 1);
		gun_finish(&race->gun);
	}
	atomic_fetch_add(&race->left, 1);
}

/* Fires and checks what must hold whatever the workers are. */
static void fire_and_check(struct race *race)
{
	assert_true(gun_wait_line(&race->gun, WORKERS, PATIENCE_NS));
	assert_int_equal(atomic_load(&race->began), 0);
	uint64_t start_ns = gun_fire(&race->gun, NS_PER_S);
	assert_true(gun_wait_finish(&race->gun, WORKERS, PATIENCE_NS));
	assert_true(race->gun.stop_ns == start_ns + NS_PER_S);
	for (int i = 0; i < WORKERS; i++) {
		assert_true(race->was_fired[i]);
		assert_true(race->started_ns[i] >= start_ns);
	}
	assert_int_equal(atomic_load(&race->left), 0);
	gun_release(&race->gun);
}

struct seat {
	struct race *race;
	int index;
};

static void *thread_main(void *arg)
{
	const struct seat *seat = arg;
	run_worker(seat->race, seat->index);
	return NULL;
}

static void start_threads(struct race *race, pthread_t threads[WORKERS], struct seat seats[WORKERS])
{
	for (int i = 0; i < WORKERS; i++) {
		seats[i] = (struct seat){race, i};
		assert_int_equal(pthread_create(&threads[i], NULL, thread_main, &seats[i]), 0);
	}
}

static void test_threads(void **state)
{
	(void)state;
	pthread_t threads[WORKERS];
	struct seat seats[WORKERS];
	struct race *race = race_new();
	start_threads(race, threads, seats);
	fire_and_check(race);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(atomic_load(&race->left), WORKERS);
	arena_close(&arena);
}

static void test_processes(void **state)
{
	(void)state;
	pid_t pids[WORKERS];
	struct race *race = race_new();
	for (int i = 0; i < WORKERS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0) {
			run_worker(race, i);
			_exit(0);
		}
	}
	fire_and_check(race);
	for (int i = 0; i < WORKERS; i++) {
		int status;
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(atomic_load(&race->left), WORKERS);
	arena_close(&arena);
}

static void test_called_off(void **state)
{
	(void)state;
	pthread_t threads[WORKERS];
	struct seat seats[WORKERS];
	struct race *race = race_new();
	start_threads(race, threads, seats);
	gun_call_off(&race->gun);
	for (int i = 0; i < WORKERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < WORKERS; i++)
		assert_false(race->was_fired[i]);
	assert_int_equal(atomic_load(&race->began), 0);
	arena_close(&arena);
}

/* A worker that never comes does not keep the starter for ever. */
static void test_missing_worker(void **state)
{
	(void)state;
	struct race *race = race_new();
	assert_false(gun_wait_line(&race->gun, 1, NS_PER_MS));
	assert_false(gun_wait_finish(&race->gun, 1, NS_PER_MS));
	assert_true(gun_wait_line(&race->gun, 0, NS_PER_MS));
	arena_close(&arena);
}

static void test_batch_has_no_stop(void **state)
{
	(void)state;
	struct race *race = race_new();
	uint64_t start_ns = gun_fire(&race->gun, 0);
	assert_true(race->gun.start_ns == start_ns);
	assert_true(race->gun.stop_ns == UINT64_MAX);
	arena_close(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_threads),           cmocka_unit_test(test_processes),
		cmocka_unit_test(test_called_off),        cmocka_unit_test(test_missing_worker),
		cmocka_unit_test(test_batch_has_no_stop),
	};
	return cmocka_run_group_tests_name("gun", tests, NULL, NULL);
}
