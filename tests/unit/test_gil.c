/* gil: one holder at a time, no wake-up lost, forced switches happen, and the accounts add up, under every policy and
 * in real threads. */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <gilbench/clock.h>
#include <gilbench/gil.h>
#include <gilbench/hist.h>
#include <gilbench/util.h>

#define THREADS 4

/* Acquisitions of one policy by all threads. A sanitized build is ten times as slow, and a hostile one hands over at
 * every checkpoint. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__) || defined(GILBENCH_HOSTILE)
#define ACQUISITIONS 100000
#else
#define ACQUISITIONS 1000000
#endif

/* Of each combination of fields that has no name: enough to meet everything that may happen many times. */
#define FEW_ACQUISITIONS (ACQUISITIONS / 12)

/* Bound of every loop that waits for something to happen; a failure, not a measurement. */
#define PATIENCE_NS (30ull * NS_PER_S)

struct player {
	struct gil_thread me;
	pthread_t thread;
	struct scene *scene;
	uint64_t turns;
	struct hist waits;
	struct turn *turn; /* where a test wants them all */
	size_t turn_count;
	uint64_t asked_ns; /* for the first time */
};

/* From having the lock to letting it go. */
struct turn {
	uint64_t from_ns, to_ns;
};

/* Everything but the flags is protected by the lock under test, and by nothing else: ThreadSanitizer would
 * see a second holder. */
struct scene {
	struct gil *gil;
	struct player player[THREADS];
	uint64_t total, turns;
	pthread_barrier_t start;
	bool is_inside;
	uint64_t intrusions;
	uint64_t in_vain; /* drops that were asked for and let nobody in */
	_Atomic uint32_t is_held, stop;
};

static struct gil_policy policy_of(const char *text)
{
	struct gil_policy policy;
	char error[200] = "";
	if (gil_policy_parse(text, &policy, error, sizeof(error)) != 0)
		fail_msg("'%s': %s", text, error);
	return policy;
}

static struct scene *scene_new(const char *policy)
{
	struct gil_policy p = policy_of(policy);
	struct scene *scene = xcalloc(1, sizeof(*scene));
	scene->gil = gil_new(&p);
	for (int i = 0; i < THREADS; i++) {
		scene->player[i].scene = scene;
		gil_thread_init(&scene->player[i].me, scene->gil, true);
		hist_reset(&scene->player[i].waits);
		scene->player[i].me.waits = &scene->player[i].waits;
	}
	return scene;
}

static void play(struct scene *scene, void *(*first)(void *), void *(*others)(void *), int count)
{
	for (int i = 0; i < count; i++)
		assert_int_equal(pthread_create(&scene->player[i].thread, NULL, i == 0 ? first : others,
						&scene->player[i]),
				 0);
	for (int i = 0; i < count; i++)
		pthread_join(scene->player[i].thread, NULL);
}

static void scene_free(struct scene *scene)
{
	gil_free(scene->gil);
	free(scene);
}

static void inside(struct player *p)
{
	p->scene->intrusions += p->scene->is_inside;
	p->scene->is_inside = true;
	p->scene->total++;
	p->turns++;
	p->scene->is_inside = false;
}

/* Own drops and checkpoints mixed. */
static void *take_and_drop(void *arg)
{
	struct player *p = arg;
	/* Nobody is done before all are there. */
	pthread_barrier_wait(&p->scene->start);
	for (uint64_t i = 0; i < p->scene->turns; i++) {
		gil_take(&p->me);
		inside(p);
		/* Long enough for others to come and fall asleep. */
		if (i % 64 == 0)
			sched_yield();
		if (i % 16 == 0)
			gil_checkpoint(&p->me, 20);
		inside(p);
		gil_drop(&p->me);
	}
	return NULL;
}

/* One record per take, of what wait_ns adds up; the longest is the histogram's. */
static void expect_waits(const struct player *p, bool has_stats)
{
	assert_int_equal(p->waits.count, has_stats ? p->me.acquisitions : 0);
	assert_int_equal(p->waits.sum_ns, p->me.wait_ns);
	assert_int_equal(p->waits.max_ns, p->me.longest_wait_ns);
}

static void play_by(const char *policy, int threads, uint64_t acquisitions)
{
	uint64_t turns = acquisitions / (uint64_t)threads;
	struct scene *scene = scene_new(policy);
	pthread_barrier_init(&scene->start, NULL, (unsigned)threads);
	scene->turns = turns;
	uint64_t began_ns = clock_now_ns();
	play(scene, take_and_drop, take_and_drop, threads);
	pthread_barrier_destroy(&scene->start);
	double seconds = clock_seconds(clock_now_ns() - began_ns);
	uint64_t switches = 0;
	for (int i = 0; i < threads; i++)
		switches += scene->player[i].me.switches;
	print_message("# %-40s %d acquisitions, %llu switches, %.2f s\n", policy, (int)acquisitions,
		      (unsigned long long)switches, seconds);
	assert_int_equal(scene->total, 2 * (uint64_t)threads * turns);
	assert_int_equal(scene->intrusions, 0);
	for (int i = 0; i < threads; i++) {
		assert_in_range(scene->player[i].me.acquisitions, turns, 2 * turns);
		assert_in_range(scene->player[i].me.switches, 1, 2 * turns);
		expect_waits(&scene->player[i], policy_of(policy).has_stats);
	}
	scene_free(scene);
}

static void test_a_million_acquisitions(void **state)
{
	(void)state;
	for (const struct gil_policy_entry *e = gil_policies; e->summary != NULL; e++) {
		/* A convoy under direct hand-off never ends, and where every hand-over wakes all sleepers of one
		 * condition, four threads take half a minute. */
		bool wakes_all = e->policy.handoff == GIL_HANDOFF_FIFO &&
				 e->policy.primitive == GIL_PRIMITIVE_CONDITION;
		play_by(e->policy.name, wakes_all ? 2 : THREADS, ACQUISITIONS);
	}
}

/* Every way to sleep and wake that no named policy has. */
static void test_other_combinations(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"py2,primitive=condition",
		"py2,primitive=per-waiter",
		"py2,handoff=fifo,primitive=condition",
		"py3,interval=1us",
		"py3,handoff=barging,interval=10us",
		"py3,primitive=per-waiter,interval=10us",
		"prio,interval=1us",
		"prio,primitive=per-waiter,interval=10us",
		"fifo,interval=1us,priority=io",
		"fifo,primitive=per-waiter,priority=io",
		"ruby,primitive=condition",
		"ruby,handoff=forced,quantum=100us,tick=100us",
		"ruby,priority=io,stats=off",
	};
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		play_by(texts[i], THREADS, FEW_ACQUISITIONS);
}

/* Holds the lock for good, with a checkpoint per turn: the others get in by forced switches alone. */
static void *checkpoint_until_stop(void *arg)
{
	struct player *p = arg;
	uint64_t deadline_ns = clock_now_ns() + PATIENCE_NS;
	gil_take(&p->me);
	atomic_store(&p->scene->is_held, 1);
	while (atomic_load(&p->scene->stop) < THREADS - 1 && clock_now_ns() < deadline_ns) {
		inside(p);
		if (atomic_load(gil_breaker(p->scene->gil)) == 0)
			continue;
		uint64_t total = p->scene->total;
		gil_checkpoint(&p->me, 10);
		p->scene->in_vain += p->scene->total == total;
	}
	gil_drop(&p->me);
	return NULL;
}

#define VISITS 20

/* Of each thread that never lets go of its own accord. */
#define CHECKPOINTS 40000

static void *visit(void *arg)
{
	struct player *p = arg;
	while (atomic_load(&p->scene->is_held) == 0)
		sched_yield();
	for (int i = 0; i < VISITS; i++) {
		gil_take(&p->me);
		inside(p);
		gil_drop(&p->me);
	}
	atomic_fetch_add(&p->scene->stop, 1);
	return NULL;
}

static void let_in_by(const char *policy)
{
	struct scene *scene = scene_new(policy);
	play(scene, checkpoint_until_stop, visit, THREADS);
	assert_int_equal(atomic_load(&scene->stop), THREADS - 1);
	assert_int_equal(scene->intrusions, 0);
#ifndef GILBENCH_HOSTILE
	/* Who was asked does not take the lock again before another had it; a hostile holder lets go unasked. */
	if (policy_of(policy).slice != GIL_SLICE_TICKS)
		assert_int_equal(scene->in_vain, 0);
	assert_true(scene->player[0].me.forced > 0);
#endif
	for (int i = 1; i < THREADS; i++)
		assert_int_equal(scene->player[i].turns, VISITS);
	scene_free(scene);
}

static void test_a_holder_that_goes_on_lets_waiters_in(void **state)
{
	(void)state;
	let_in_by("py2");
	let_in_by("py3,interval=100us");
	let_in_by("fifo,interval=100us");
	let_in_by("prio,interval=100us");
	let_in_by("ruby,quantum=1ms,tick=500us");
}

static void *all_checkpoint(void *arg)
{
	struct player *p = arg;
	gil_take(&p->me);
	for (int i = 0; i < CHECKPOINTS; i++) {
		inside(p);
		gil_checkpoint(&p->me, 1);
	}
	gil_drop(&p->me);
	return NULL;
}

/* Everybody wants it all the time, at the shortest interval: forced switches end, nobody sleeps for ever. */
static void test_no_wake_up_is_lost(void **state)
{
	(void)state;
	struct scene *scene = scene_new("py3,interval=1us");
	play(scene, all_checkpoint, all_checkpoint, THREADS);
	assert_int_equal(scene->total, THREADS * CHECKPOINTS);
	assert_int_equal(scene->intrusions, 0);
	scene_free(scene);
}

#ifndef GILBENCH_HOSTILE
/* A hostile lock gives way when nobody asked. */
static void test_alone_nothing_is_asked(void **state)
{
	(void)state;
	struct scene *scene = scene_new("py3,interval=1us");
	struct gil_thread *me = &scene->player[0].me;
	gil_take(me);
	for (int i = 0; i < 100; i++)
		gil_checkpoint(me, 1);
	gil_drop(me);
	assert_int_equal(me->forced, 0);
	assert_int_equal(me->switches, 1);
	assert_true(me->held_ns > 0);
	scene_free(scene);
}
#endif

/* The only threads that stay when a cell has ended are those that were there before. */
static int count_threads(void)
{
	char *text = read_file("/proc/self/status", NULL);
	int threads = -1;
	assert_non_null(text);
	const char *line = strstr(text, "\nThreads:");
	if (line != NULL)
		sscanf(line, "\nThreads: %d", &threads);
	free(text);
	return threads;
}

static void test_a_timer_ends_with_its_lock(void **state)
{
	(void)state;
	int before = count_threads();
	struct gil_policy policy = policy_of("ruby,quantum=60s,tick=60s");
	uint64_t began_ns = clock_now_ns();
	for (int i = 0; i < 10; i++) {
		struct gil *gil = gil_new(&policy);
		struct gil_thread first, second;
		gil_thread_init(&first, gil, true);
		gil_thread_init(&second, gil, true);
		assert_int_equal(count_threads(), before + 1);
		gil_free(gil);
	}
	assert_true(clock_now_ns() - began_ns < PATIENCE_NS);
	assert_int_equal(count_threads(), before);
}

/* One reading of the clock says when it was asked for and when it was had. */
static void test_a_free_lock_is_not_waited_for(void **state)
{
	(void)state;
	static const char *const policies[] = {"py2", "py3", "fifo", "prio", "ruby"};
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		struct scene *scene = scene_new(policies[i]);
		struct gil_thread *me = &scene->player[0].me;
		gil_take(me);
		gil_drop(me);
		assert_int_equal(me->wait_ns, 0);
		assert_int_equal(me->longest_wait_ns, 0);
		assert_true(me->held_ns > 0 && me->held_ns < PATIENCE_NS);
		scene_free(scene);
	}
}

static void *take_once(void *arg)
{
	struct player *p = arg;
	atomic_store(&p->scene->is_held, 1);
	gil_take(&p->me);
	gil_drop(&p->me);
	return NULL;
}

/* The other one comes, as far as one can see, and the lock is kept for a millisecond more. */
static void keep_waiting(struct scene *scene)
{
	pthread_t thread;
	atomic_store(&scene->is_held, 0);
	gil_take(&scene->player[0].me);
	assert_int_equal(pthread_create(&thread, NULL, take_once, &scene->player[1]), 0);
	uint64_t until_ns = clock_now_ns() + NS_PER_MS;
	while (atomic_load(&scene->is_held) == 0 || clock_now_ns() < until_ns)
		sched_yield();
	gil_drop(&scene->player[0].me);
	pthread_join(thread, NULL);
}

/* That it came in time is a matter of luck: so until it did. */
static void test_a_held_lock_is_waited_for(void **state)
{
	(void)state;
	static const char *const policies[] = {"py2", "py3", "fifo", "prio", "ruby"};
	for (size_t i = 0; i < ARRAY_LEN(policies); i++) {
		struct scene *scene = scene_new(policies[i]);
		struct gil_thread *other = &scene->player[1].me;
		uint64_t began_ns = clock_now_ns(), until_ns = began_ns + PATIENCE_NS;
		while (other->wait_ns == 0 && clock_now_ns() < until_ns)
			keep_waiting(scene);
		assert_true(other->wait_ns > 0);
		assert_true(other->longest_wait_ns > 0 && other->longest_wait_ns <= other->wait_ns);
		assert_true(other->wait_ns < clock_now_ns() - began_ns);
		scene_free(scene);
	}
}

static void test_stats_can_be_off(void **state)
{
	(void)state;
	struct scene *scene = scene_new("py3,stats=off");
	gil_take(&scene->player[0].me);
	gil_drop(&scene->player[0].me);
	assert_int_equal(scene->player[0].me.held_ns, 0);
	assert_int_equal(scene->player[0].me.acquisitions, 1);
	expect_waits(&scene->player[0], false);
	scene_free(scene);
}

/* ---- the accounts add up ---- */

/* Turns of each thread. */
#define TURNS 500

/* The turn that has just ended began at `from_ns`, with `held_ns` on the account. */
static void note_turn(struct player *p, uint64_t from_ns, uint64_t held_ns)
{
	p->turn[p->turn_count++] = (struct turn){from_ns, from_ns + (p->me.held_ns - held_ns)};
}

/* Takes, and makes checkpoints until the lock was given away so often; `has_own`: it also lets go of its own accord. */
static void take_turns(struct player *p, bool has_own)
{
	uint64_t deadline_ns = clock_now_ns() + PATIENCE_NS;
	pthread_barrier_wait(&p->scene->start);
	gil_take(&p->me);
	p->asked_ns = p->me.taken_at_ns - p->me.wait_ns;
	while (p->turn_count + 1 < TURNS && clock_now_ns() < deadline_ns) {
		uint64_t from_ns = p->me.taken_at_ns, held_ns = p->me.held_ns, had = p->me.acquisitions;
		inside(p);
		gil_checkpoint(&p->me, 30);
		if (has_own && p->turns % 8 == 0 && p->me.acquisitions == had) {
			gil_drop(&p->me);
			gil_take(&p->me);
		}
		if (p->me.acquisitions != had)
			note_turn(p, from_ns, held_ns);
		/* The others have come to their end, and alone nobody is asked. */
		if (atomic_load(&p->scene->stop) == THREADS - 1)
			break;
	}
	uint64_t from_ns = p->me.taken_at_ns, held_ns = p->me.held_ns;
	gil_drop(&p->me);
	note_turn(p, from_ns, held_ns);
	atomic_fetch_add(&p->scene->stop, 1);
}

static void *take_all_turns(void *arg)
{
	take_turns(arg, true);
	return NULL;
}

static void *take_forced_turns(void *arg)
{
	take_turns(arg, false);
	return NULL;
}

static int by_begin(const void *a, const void *b)
{
	const struct turn *one = a, *two = b;
	return one->from_ns < two->from_ns ? -1 : one->from_ns > two->from_ns;
}

/* For how long somebody had the lock, by the turns of all; overlaps are counted once. */
static uint64_t busy_ns(struct turn *turns, size_t count)
{
	uint64_t busy = 0, until_ns = 0;
	qsort(turns, count, sizeof(*turns), by_begin);
	for (size_t i = 0; i < count; i++) {
		uint64_t from_ns = turns[i].from_ns > until_ns ? turns[i].from_ns : until_ns;
		busy += turns[i].to_ns > from_ns ? turns[i].to_ns - from_ns : 0;
		until_ns = turns[i].to_ns > until_ns ? turns[i].to_ns : until_ns;
	}
	return busy;
}

static struct scene *play_turns(const char *policy, void *(*role)(void *), struct turn *turns)
{
	struct scene *scene = scene_new(policy);
	pthread_barrier_init(&scene->start, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		scene->player[i].turn = turns + (size_t)i * TURNS;
	play(scene, role, role, THREADS);
	pthread_barrier_destroy(&scene->start);
	return scene;
}

/* Oracle O3: held times of all threads add up to the time for which the lock was busy, which is at most all there
 * was. To the nanosecond, for a turn's ends are what both are made of. */
static void test_held_times_add_up_to_the_locks_busy_time(void **state)
{
	(void)state;
	static const char *const policies[] = {"py2", "py3,interval=50us",
					       "fifo,interval=50us,primitive=per-waiter",
					       "prio,interval=50us", "ruby,quantum=200us,tick=100us"};
	struct turn *turns = xcalloc(THREADS * TURNS, sizeof(*turns)),
		    *all = xcalloc(THREADS * TURNS, sizeof(*all));
	for (size_t n = 0; n < ARRAY_LEN(policies); n++) {
		struct scene *scene = play_turns(policies[n], take_all_turns, turns);
		uint64_t held = 0, end_ns = 0;
		size_t count = 0;
		for (int i = 0; i < THREADS; i++) {
			const struct player *p = &scene->player[i];
			held += p->me.held_ns;
			memcpy(all + count, p->turn, p->turn_count * sizeof(*all));
			count += p->turn_count;
			end_ns = p->turn[p->turn_count - 1].to_ns > end_ns ? p->turn[p->turn_count - 1].to_ns
									   : end_ns;
		}
		uint64_t busy = busy_ns(all, count);
		if (busy != held || held > end_ns - all[0].from_ns)
			fail_msg("%s: held %llu ns, busy %llu ns, of %llu ns", policies[n],
				 (unsigned long long)held, (unsigned long long)busy,
				 (unsigned long long)(end_ns - all[0].from_ns));
		scene_free(scene);
	}
	free(turns);
	free(all);
}

/* Who lets go only when it must, holds or waits from its first asking to its last drop. */
static void test_held_and_waited_are_all_the_time_of_a_busy_thread(void **state)
{
	(void)state;
	static const char *const policies[] = {"py2", "py3,interval=50us", "fifo,interval=50us",
					       "prio,interval=50us", "ruby,quantum=200us,tick=100us"};
	struct turn *turns = xcalloc(THREADS * TURNS, sizeof(*turns));
	for (size_t n = 0; n < ARRAY_LEN(policies); n++) {
		struct scene *scene = play_turns(policies[n], take_forced_turns, turns);
		for (int i = 0; i < THREADS; i++) {
			const struct player *p = &scene->player[i];
			uint64_t last_ns = p->turn[p->turn_count - 1].to_ns;
			assert_int_equal(p->me.held_ns + p->me.wait_ns, last_ns - p->asked_ns);
			expect_waits(p, true);
		}
		scene_free(scene);
	}
	free(turns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_million_acquisitions),
		cmocka_unit_test(test_other_combinations),
		cmocka_unit_test(test_a_holder_that_goes_on_lets_waiters_in),
		cmocka_unit_test(test_no_wake_up_is_lost),
#ifndef GILBENCH_HOSTILE
		cmocka_unit_test(test_alone_nothing_is_asked),
#endif
		cmocka_unit_test(test_a_timer_ends_with_its_lock),
		cmocka_unit_test(test_a_free_lock_is_not_waited_for),
		cmocka_unit_test(test_a_held_lock_is_waited_for),
		cmocka_unit_test(test_stats_can_be_off),
		cmocka_unit_test(test_held_times_add_up_to_the_locks_busy_time),
		cmocka_unit_test(test_held_and_waited_are_all_the_time_of_a_busy_thread),
	};
	return cmocka_run_group_tests_name("gil", tests, NULL, NULL);
}
