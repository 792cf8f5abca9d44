/*
 * pool: see pool.h. The caller's own thread works too, so one thread is the plain loop.
 */
#include <pthread.h>
#include <stdatomic.h>

#include <gilbench/pool.h>
#include <gilbench/util.h>

/* More threads than this have no cores anywhere. The exact value does not matter. */
#define THREADS_MAX 256

struct pool {
	void (*work)(void *context, size_t index);
	void *context;
	size_t count;
	atomic_size_t next; /* claimed by all threads; pieces are handed to the joiner by pthread_join */
};

static void *work_on(void *shared)
{
	struct pool *pool = shared;
	for (size_t i; (i = atomic_fetch_add(&pool->next, 1)) < pool->count;)
		pool->work(pool->context, i);
	return NULL;
}

void pool_run(void (*work)(void *context, size_t index), void *context, size_t count, int threads)
{
	struct pool pool = {.work = work, .context = context, .count = count};
	pthread_t others[THREADS_MAX];
	int started = 0;
	while (started < THREADS_MAX && started + 1 < threads && (size_t)started + 1 < count &&
	       pthread_create(&others[started], NULL, work_on, &pool) == 0)
		started++;
	work_on(&pool);
	for (int i = 0; i < started; i++)
		pthread_join(others[i], NULL);
}
