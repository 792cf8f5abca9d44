/*
 * wakes: how soon a thread runs that slept, and what waking it costs who does it. See wakes.h.
 *
 * Two threads, each on a CPU of its own, for two kinds of sleep.
 *
 * For the lock: the real one, with CPython's rules (py3). The one holds it and computes, so that the other's core goes
 * idle; notes the time, lets go, notes it again; the other notes the time when it has the lock. The switch interval is
 * long, or the sleeper would wake by itself to ask.
 *
 *	holder    take, post "go", until the other asks;  compute ....... drop   sleep until "done"
 *	                                              \                  |    \              /
 *	sleeper   sleep until "go" .................. ask, take: sleep ..........|.. has it, drop, post "done"
 *	                                                 |<-- idle_ns -->|<- late ->|
 *
 * For a time: the sleeper sleeps for idle_ns with the kernel's default slack, and notes how late it is; the holder
 * computes until it has slept often enough. Where there is one CPU the sleeper is alone.
 *
 * The sleeper does nothing but sleep, so where a neighbour has its CPU it may run at once all the same: such wake-ups
 * are not those of an idle core, but they are no time slices either. Both threads on one CPU, or both free to choose,
 * would be something else: a scheduler that shares by groups makes the sleeper pay for what the other computes.
 *
 * What is between the two threads is protected by the lock itself; the two flags are not.
 */
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include <gilbench/clock.h>
#include <gilbench/gil.h>
#include <gilbench/stats.h>
#include <gilbench/util.h>

#include "driver/wakes.h"

/* Enough for a median; as often as some ten milliseconds allow. */
#define WAKES 60

/* The first are of cold caches and of a thread that has just been made. */
#define WAKES_DROPPED 3

struct pair {
	struct gil *gil;
	int holder_cpu, sleeper_cpu;
	uint64_t idle_ns;
	sem_t go, done;
	atomic_bool
		is_asking; /* written by the sleeper, read by the holder: it wants the lock now. No data follows it */
	atomic_bool is_over; /* written by the sleeper, read by the other: it sleeps no more, or never did */
	uint64_t ran_ns;     /* protected by the lock */
	double late_ns[WAKES], signal_ns[WAKES]; /* the holder's; where it is for a time, the sleeper's */
};

static void keep_on(int cpu)
{
	cpu_set_t set;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	/* A CPU that has gone meanwhile: then it runs anywhere, which is no worse than not at all. */
	sched_setaffinity(0, sizeof(set), &set);
}

static void wait_for(sem_t *sem)
{
	while (sem_wait(sem) != 0 && errno == EINTR)
		;
}

/* ---- for the lock ---- */

static void *sleeper_main(void *arg)
{
	struct pair *p = arg;
	struct gil_thread me;
	keep_on(p->sleeper_cpu);
	gil_thread_init(&me, p->gil, false);
	for (int i = 0; i < WAKES_DROPPED + WAKES; i++) {
		wait_for(&p->go);
		atomic_store(&p->is_asking, true);
		gil_take(&me);
		p->ran_ns = clock_now_ns();
		gil_drop(&me);
		sem_post(&p->done);
	}
	return NULL;
}

static void compute_until(uint64_t until_ns)
{
	while (clock_now_ns() < until_ns)
		;
}

static void wake_once(struct pair *p, struct gil_thread *me, int place)
{
	gil_take(me);
	sem_post(&p->go);
	/* Gives way: where both are on one CPU after all, the other could not ask otherwise. */
	while (!atomic_load(&p->is_asking) && !atomic_load(&p->is_over))
		sched_yield();
	compute_until(clock_now_ns() + p->idle_ns);
	atomic_store(&p->is_asking, false);
	uint64_t before_ns = clock_now_ns();
	gil_drop(me);
	uint64_t after_ns = clock_now_ns();
	wait_for(&p->done);
	if (place < 0)
		return;
	p->late_ns[place] = (double)(p->ran_ns - before_ns);
	p->signal_ns[place] = (double)(after_ns - before_ns);
}

static void *holder_main(void *arg)
{
	struct pair *p = arg;
	struct gil_thread me;
	keep_on(p->holder_cpu);
	gil_thread_init(&me, p->gil, false);
	for (int i = 0; i < WAKES_DROPPED + WAKES; i++)
		wake_once(p, &me, i - WAKES_DROPPED);
	return NULL;
}

/* ---- for a time ---- */

static void sleep_once(struct pair *p, int place)
{
	uint64_t until_ns = clock_now_ns() + p->idle_ns;
	const struct timespec until = clock_timespec(until_ns);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		;
	uint64_t late_ns = clock_now_ns() - until_ns;
	/* Less than the slack was a stroke of luck: another timer came by. */
	if (place >= 0)
		p->late_ns[place] = late_ns > COST_SLACK_NS ? (double)(late_ns - COST_SLACK_NS) : 1;
}

static void *timed_sleeper_main(void *arg)
{
	struct pair *p = arg;
	keep_on(p->sleeper_cpu);
	/* Whatever slack the program was started with. */
	prctl(PR_SET_TIMERSLACK, COST_SLACK_NS, 0, 0, 0);
	for (int i = 0; i < WAKES_DROPPED + WAKES; i++)
		sleep_once(p, i - WAKES_DROPPED);
	atomic_store(&p->is_over, true);
	return NULL;
}

static void *busy_main(void *arg)
{
	struct pair *p = arg;
	keep_on(p->holder_cpu);
	while (!atomic_load(&p->is_over))
		compute_until(clock_now_ns() + NS_PER_US);
	return NULL;
}

/* ---- together ---- */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Of a logarithm that is normal, 16 and 84 % lie one standard deviation off. Neighbours make wake-ups longer and never
 * shorter: where the upper half is the wider one, it is theirs. */
static double sigma_of_log(double low_ns, double middle_ns, double high_ns)
{
	return fmin(log(high_ns / low_ns) / 2, log(middle_ns / low_ns));
}

static void settle(struct pair *p, struct wakes *wakes)
{
	qsort(p->late_ns, WAKES, sizeof(double), compare);
	*wakes = (struct wakes){.count = WAKES,
				.median_ns = median(p->late_ns, WAKES),
				.signal_ns = median(p->signal_ns, WAKES)};
	wakes->sigma =
		sigma_of_log(p->late_ns[WAKES * 16 / 100], wakes->median_ns, p->late_ns[WAKES * 84 / 100]);
}

/* The first and the last CPU: those two share no core, however siblings are numbered. */
static bool choose_cpus(struct pair *p)
{
	cpu_set_t cpus;
	CPU_ZERO(&cpus);
	sched_getaffinity(0, sizeof(cpus), &cpus);
	p->holder_cpu = p->sleeper_cpu = -1;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &cpus))
			continue;
		p->sleeper_cpu = cpu;
		if (p->holder_cpu < 0)
			p->holder_cpu = cpu;
	}
	return p->holder_cpu != p->sleeper_cpu;
}

/* 0 or -errno. Without the other thread: `is_alone`. */
static int run_pair(struct pair *p, void *(*sleeper_of)(void *), void *(*other_of)(void *), bool is_alone)
{
	pthread_t sleeper, other;
	int error = is_alone ? 0 : pthread_create(&other, NULL, other_of, p);
	if (error != 0)
		return -error;
	error = pthread_create(&sleeper, NULL, sleeper_of, p);
	/* Without a sleeper the other may end. */
	for (int i = 0; error != 0 && i < WAKES_DROPPED + WAKES; i++)
		sem_post(&p->done);
	if (error != 0)
		atomic_store(&p->is_over, true);
	else
		pthread_join(sleeper, NULL);
	if (!is_alone)
		pthread_join(other, NULL);
	return -error;
}

static int run_for_lock(struct pair *p)
{
	char error[64];
	struct gil_policy policy;
	if (gil_policy_parse("py3,interval=1s", &policy, error, sizeof(error)) != 0)
		return -EINVAL;
	p->gil = gil_new(&policy);
	sem_init(&p->go, 0, 0);
	sem_init(&p->done, 0, 0);
	int status = run_pair(p, sleeper_main, holder_main, false);
	sem_destroy(&p->go);
	sem_destroy(&p->done);
	gil_free(p->gil);
	return status;
}

int wakes_measure(void *unused, bool is_timed, uint64_t idle_ns, struct wakes *wakes)
{
	(void)unused;
	struct pair p = {.idle_ns = idle_ns};
	bool is_alone = !choose_cpus(&p);
	int status = is_timed   ? run_pair(&p, timed_sleeper_main, busy_main, is_alone)
		     : is_alone ? -EINVAL
				: run_for_lock(&p);
	if (status == 0)
		settle(&p, wakes);
	return status;
}
