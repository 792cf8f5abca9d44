/*
 * trace: a ring keeps its first events in order and counts the rest; what a lock records of real threads adds up to its
 * own counters, under every policy.
 */
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include <gilbench/clock.h>
#include <gilbench/gil.h>
#include <gilbench/trace.h>
#include <gilbench/util.h>

/* ---- the ring ---------------------------------------------------------------------------------------- */

static void open_or_fail(struct trace *trace, int tasks, uint32_t room)
{
	int error = trace_open(trace, tasks, room);
	if (error != 0)
		fail_msg("trace_open: %s", strerror(-error));
}

static void test_a_ring_keeps_the_first(void **state)
{
	(void)state;
	struct trace trace;
	open_or_fail(&trace, 2, 5);
	for (uint64_t t = 1; t <= 12; t++)
		trace_record(&trace.ring[0], t, TRACE_REQUEST, t % 2 == 0, (int)t + 100);
	assert_int_equal(trace.ring[0].count, 5);
	assert_int_equal(trace.ring[0].lost, 7);
	for (uint64_t i = 0; i < 5; i++) {
		const struct trace_event *e = &trace.ring[0].event[i];
		assert_int_equal(e->time_ns, i + 1);
		assert_int_equal(e->kind, TRACE_REQUEST);
		assert_int_equal(e->flag, (i + 1) % 2 == 0);
		assert_int_equal(e->other, (int)i + 101);
	}
	trace_close(&trace);
}

/* A full ring does not spill into the next one, and every ring knows whose it is. */
static void test_rings_are_apart(void **state)
{
	(void)state;
	struct trace trace;
	open_or_fail(&trace, 3, 4);
	for (int i = 0; i <= 3; i++)
		assert_int_equal(trace.ring[i].task, i);
	assert_ptr_equal(trace_timer_ring(&trace), &trace.ring[3]);
	trace_record(&trace.ring[1], 7, TRACE_DONE, false, 0);
	for (int i = 0; i < 9; i++)
		trace_record(&trace.ring[0], 1, TRACE_ASK, false, 0);
	for (int i = 0; i < 9; i++)
		trace_record(&trace.ring[2], 2, TRACE_ASK, false, 0);
	assert_int_equal(trace.ring[1].count, 1);
	assert_int_equal(trace.ring[1].lost, 0);
	assert_int_equal(trace.ring[1].event[0].time_ns, 7);
	assert_int_equal(trace_timer_ring(&trace)->count, 0);
	trace_close(&trace);
}

static void test_processes_share_rings(void **state)
{
	(void)state;
	struct trace trace;
	int status;
	open_or_fail(&trace, 1, 8);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (int i = 0; i < 10; i++)
			trace_record(&trace.ring[0], 40 + (uint64_t)i, TRACE_DONE, true, -1);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(trace.ring[0].count, 8);
	assert_int_equal(trace.ring[0].lost, 2);
	assert_int_equal(trace.ring[0].event[7].time_ns, 47);
	assert_int_equal(trace.ring[0].event[7].other, -1);
	trace_close(&trace);
}

/* ---- the lock ---------------------------------------------------------------------------------------- */

#define THREADS 3
#define TURNS   2000

struct player {
	struct gil_thread me;
	pthread_t thread;
	pthread_barrier_t *start;
};

static void *play(void *arg)
{
	struct player *p = arg;
	pthread_barrier_wait(p->start);
	for (int i = 0; i < TURNS; i++) {
		gil_take(&p->me);
		if (i % 8 == 0)
			sched_yield();
		gil_checkpoint(&p->me, 30);
		gil_drop(&p->me);
	}
	return NULL;
}

/* ASK, requests, TAKE, DROP, again and again; the sums are the thread's own counters, to the nanosecond. */
static void check_ring(const struct trace_ring *ring, const struct gil_thread *me)
{
	uint64_t asked_ns = 0, taken_ns = 0, wait_ns = 0, held_ns = 0, takes = 0, switches = 0, forced = 0;
	enum trace_kind next = TRACE_ASK;
	assert_int_equal(ring->lost, 0);
	for (uint32_t i = 0; i < ring->count; i++) {
		const struct trace_event *e = &ring->event[i];
		if (e->kind == TRACE_REQUEST) {
			assert_int_equal(next, TRACE_TAKE);
			assert_in_range(e->other, 0, THREADS - 1);
			assert_int_not_equal(e->other, ring->task);
			continue;
		}
		assert_int_equal(e->kind, next);
		if (i > 0)
			assert_true(e->time_ns >= ring->event[i - 1].time_ns);
		if (e->kind == TRACE_ASK) {
			asked_ns = e->time_ns;
			next = TRACE_TAKE;
		} else if (e->kind == TRACE_TAKE) {
			taken_ns = e->time_ns;
			wait_ns += taken_ns - asked_ns;
			takes++;
			switches += e->flag;
			next = TRACE_DROP;
		} else {
			held_ns += e->time_ns - taken_ns;
			forced += e->flag;
			next = TRACE_ASK;
		}
	}
	assert_int_equal(next, TRACE_ASK);
	assert_int_equal(wait_ns, me->wait_ns);
	assert_int_equal(held_ns, me->held_ns);
	assert_int_equal(takes, me->acquisitions);
	assert_int_equal(switches, me->switches);
	assert_int_equal(forced, me->forced);
}

struct turn {
	uint64_t taken_ns, dropped_ns;
	int task;
	bool is_switch;
};

static int compare_turns(const void *a, const void *b)
{
	const struct turn *x = a, *y = b;
	return (x->taken_ns > y->taken_ns) - (x->taken_ns < y->taken_ns);
}

/* In order of time nobody takes before the other has dropped, and a take is a switch just when another had it. */
static void check_turns(const struct trace *trace)
{
	struct turn *turns = xcalloc(2 * THREADS * TURNS + 1, sizeof(*turns));
	size_t count = 0;
	for (int i = 0; i < THREADS; i++)
		for (uint32_t k = 0; k < trace->ring[i].count; k++) {
			const struct trace_event *e = &trace->ring[i].event[k];
			if (e->kind == TRACE_TAKE)
				turns[count++] = (struct turn){e->time_ns, 0, i, e->flag};
			else if (e->kind == TRACE_DROP)
				turns[count - 1].dropped_ns = e->time_ns;
		}
	qsort(turns, count, sizeof(*turns), compare_turns);
	for (size_t k = 1; k < count; k++) {
		assert_true(turns[k].taken_ns >= turns[k - 1].dropped_ns);
		assert_int_equal(turns[k].is_switch, turns[k].task != turns[k - 1].task);
	}
	free(turns);
}

static void trace_policy(const char *text)
{
	struct gil_policy policy;
	struct trace trace;
	struct player player[THREADS];
	pthread_barrier_t start;
	char error[200];
	assert_int_equal(gil_policy_parse(text, &policy, error, sizeof(error)), 0);
	open_or_fail(&trace, THREADS, 8 * TURNS);
	struct gil *gil = gil_new(&policy);
	gil_trace(gil, trace_timer_ring(&trace));
	pthread_barrier_init(&start, NULL, THREADS);
	for (int i = 0; i < THREADS; i++) {
		player[i].start = &start;
		/* stats=off is no hindrance. */
		gil_thread_init(&player[i].me, gil, false);
		gil_thread_trace(&player[i].me, &trace.ring[i]);
	}
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&player[i].thread, NULL, play, &player[i]), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(player[i].thread, NULL);
	pthread_barrier_destroy(&start);
	gil_free(gil);
	for (int i = 0; i < THREADS; i++)
		check_ring(&trace.ring[i], &player[i].me);
	check_turns(&trace);
	trace_close(&trace);
}

static void test_a_locks_events_are_its_counters(void **state)
{
	(void)state;
	for (const struct gil_policy_entry *e = gil_policies; e->summary != NULL; e++)
		trace_policy(e->policy.name);
	trace_policy("py3,interval=20us");
	trace_policy("prio,interval=20us");
	trace_policy("ruby,quantum=100us,tick=100us");
	trace_policy("py3,stats=off");
}

/* ---- requests ---------------------------------------------------------------------------------------- */

#ifndef GILBENCH_HOSTILE

/* Bound of every loop that waits for something to happen; a failure, not a measurement. */
#define PATIENCE_NS (30ull * NS_PER_S)

struct pair {
	struct gil *gil;
	struct gil_thread holder, waiter;
	_Atomic int is_held;
};

static void *hold_until_asked(void *arg)
{
	struct pair *p = arg;
	uint64_t end_ns = clock_now_ns() + PATIENCE_NS;
	gil_take(&p->holder);
	atomic_store(&p->is_held, 1);
	while (atomic_load(gil_breaker(p->gil)) == 0 && clock_now_ns() < end_ns)
		sched_yield();
	gil_checkpoint(&p->holder, 1);
	gil_drop(&p->holder);
	return NULL;
}

static void *want_it(void *arg)
{
	struct pair *p = arg;
	while (atomic_load(&p->is_held) == 0)
		sched_yield();
	gil_take(&p->waiter);
	gil_drop(&p->waiter);
	return NULL;
}

/* One thread holds until it is asked, the other wants the lock: who asked whom? */
static void ask_once(const char *text, struct trace *trace)
{
	struct gil_policy policy;
	pthread_t threads[2];
	char error[200];
	struct pair pair = {.is_held = 0};
	assert_int_equal(gil_policy_parse(text, &policy, error, sizeof(error)), 0);
	open_or_fail(trace, 2, 1000);
	pair.gil = gil_new(&policy);
	gil_trace(pair.gil, trace_timer_ring(trace));
	gil_thread_init(&pair.holder, pair.gil, true);
	gil_thread_trace(&pair.holder, &trace->ring[0]);
	gil_thread_init(&pair.waiter, pair.gil, true);
	gil_thread_trace(&pair.waiter, &trace->ring[1]);
	assert_int_equal(pthread_create(&threads[0], NULL, hold_until_asked, &pair), 0);
	assert_int_equal(pthread_create(&threads[1], NULL, want_it, &pair), 0);
	pthread_join(threads[0], NULL);
	pthread_join(threads[1], NULL);
	gil_free(pair.gil);
}

/* The first request in this ring, or NULL. */
static const struct trace_event *request_in(const struct trace_ring *ring)
{
	for (uint32_t i = 0; i < ring->count; i++)
		if (ring->event[i].kind == TRACE_REQUEST)
			return &ring->event[i];
	return NULL;
}

static void test_requests_say_who_asked_whom(void **state)
{
	(void)state;
	struct trace trace;
	ask_once("py3,interval=1ms", &trace);
	const struct trace_event *request = request_in(&trace.ring[1]);
	assert_non_null(request);
	assert_int_equal(request->other, 0);
	/* It was raised while it waited, and the holder's drop was forced. */
	assert_int_equal(request[-1].kind, TRACE_ASK);
	assert_int_equal(trace.ring[0].event[2].kind, TRACE_DROP);
	assert_int_equal(trace.ring[0].event[2].flag, 1);
	assert_null(request_in(trace_timer_ring(&trace)));
	trace_close(&trace);
}

/* Under ruby nobody asks but the timer. */
static void test_the_timer_asks_in_its_own_ring(void **state)
{
	(void)state;
	struct trace trace;
	ask_once("ruby,quantum=1ms,tick=1ms", &trace);
	assert_null(request_in(&trace.ring[0]));
	assert_null(request_in(&trace.ring[1]));
	const struct trace_event *request = request_in(trace_timer_ring(&trace));
	assert_non_null(request);
	assert_int_equal(request->other, 0);
	trace_close(&trace);
}

#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_ring_keeps_the_first),
		cmocka_unit_test(test_rings_are_apart),
		cmocka_unit_test(test_processes_share_rings),
		cmocka_unit_test(test_a_locks_events_are_its_counters),
#ifndef GILBENCH_HOSTILE
		cmocka_unit_test(test_requests_say_who_asked_whom),
		cmocka_unit_test(test_the_timer_asks_in_its_own_ring),
#endif
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
