/*
 * loop_crew: the crew of a loop: opening it, setting its tasks up, running it, closing it. See loop.c for
 * what happens on it.
 *
 * The loop's thread is the starter's own: there is nobody to fork or to join. Under uv-pool, libuv's pool has
 * as many threads as there are tasks, and they exist before the gun is fired.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gilbench/util.h>

#include "model/loop.h"

/* libuv's own bound on the size of its pool. */
#define POOL_MAX 1024

static void *stand(void *gun)
{
	gun_arrive(gun);
	return NULL;
}

/* Can this many threads exist at once? libuv aborts when its pool cannot have its threads; a limit should be
 * a sentence. Not part of what creating the workers costs. 0, or -errno. */
static int probe_threads(int count)
{
	struct gun gun;
	int made = 0, error = 0;
	pthread_t *threads = xcalloc((size_t)count, sizeof(*threads));
	gun_init(&gun);
	while (made < count && (error = pthread_create(&threads[made], NULL, stand, &gun)) == 0)
		made++;
	gun_call_off(&gun);
	for (int i = 0; i < made; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	return -error;
}

static void nothing(uv_work_t *work)
{
	(void)work;
}

static void was_nothing(uv_work_t *work, int status)
{
	(void)work, (void)status;
}

/* The pool starts all its threads when it gets its first work, and returns when they run. */
static int start_pool(struct loop *loop)
{
	char size[16];
	uv_work_t work;
	snprintf(size, sizeof(size), "%d", loop->pool_threads);
	setenv("UV_THREADPOOL_SIZE", size, 1);
	int error = uv_queue_work(&loop->uv, &work, nothing, was_nothing);
	if (error == 0)
		uv_run(&loop->uv, UV_RUN_DEFAULT);
	return error;
}

static void tasks_prepare(struct loop *loop)
{
	struct engine *e = loop->engine;
	loop->tasks = xcalloc((size_t)e->task_count, sizeof(struct loop_task));
	for (int i = 0; i < e->task_count; i++)
		loop->tasks[i] = (struct loop_task){.worker = &e->workers[i], .loop = loop};
	loop->stop.loop = loop;
	loop->live = e->task_count;
}

static void on_lost(uv_async_t *lost)
{
	struct loop *loop = lost->data;
	if (!loop->is_stopped)
		loop_stop(loop);
}

/* How the loop hears that a companion has died; it does not keep the loop alive. */
static int open_lost(struct loop *loop)
{
	loop->lost.data = loop;
	int error = uv_async_init(&loop->uv, &loop->lost, on_lost);
	if (error == 0)
		uv_unref((uv_handle_t *)&loop->lost);
	return error;
}

static void wake_all(struct engine *e)
{
	struct loop *loop = e->model;
	uv_async_send(&loop->lost);
}

static int open_loop(struct loop *loop)
{
	int error = uv_loop_init(&loop->uv);
	if (error == 0)
		error = timers_open(loop);
	if (error == 0) {
		loop->turn.data = loop;
		error = uv_idle_init(&loop->uv, &loop->turn);
	}
	if (error == 0 && loop->has_pool)
		error = start_pool(loop);
	if (error == 0 && loop->engine->companion_count > 0)
		error = open_lost(loop);
	return error;
}

static int start(struct engine *e)
{
	struct loop *loop = e->model;
	loop->engine = e;
	if (loop->pool_error != 0) {
		snprintf(e->error, sizeof(e->error),
			 "the pool's %d threads could not be made: %s (limits: ulimit -u and -v, pids.max of "
			 "the cgroup)",
			 loop->pool_threads, strerror(-loop->pool_error));
		return loop->pool_error;
	}
	timer_slack_set(1);
	tasks_prepare(loop);
	int error = open_loop(loop);
	if (error != 0) {
		snprintf(e->error, sizeof(e->error), "the event loop could not be made: %s",
			 strerror(-error));
		return error;
	}
	for (int i = 0; i < e->task_count; i++)
		if (worker_setup(&e->workers[i]) != 0)
			break;
	return 0;
}

static void begin_tasks(struct loop *loop)
{
	for (int i = 0; i < loop->engine->task_count; i++) {
		struct loop_task *task = &loop->tasks[i];
		worker_begin(task->worker);
		if (!loop_begin(task))
			loop_end(task);
	}
	if (loop->engine->execution->kind == CELL_WINDOW) {
		loop->stop.deadline_ns = loop->engine->gun->stop_ns;
		timers_add(&loop->stop);
	}
}

static void work(struct engine *e)
{
	struct loop *loop = e->model;
	struct usage before;
	usage_read(RUSAGE_SELF, &before);
	begin_tasks(loop);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	usage_since(RUSAGE_SELF, &before, &e->starter_usage);
	if (loop->live == 0)
		return;
	/* Nothing left that could wake anybody. */
	job_fail(e->lane[0].job, "%d tasks wait for what never comes", loop->live);
	for (int i = 0; i < e->task_count; i++)
		if (!e->workers[i].slot->has_published)
			worker_publish(&e->workers[i]);
}

static void close_handle(uv_handle_t *handle, void *unused)
{
	(void)unused;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void join(struct engine *e)
{
	struct loop *loop = e->model;
	for (int i = 0; i < e->task_count; i++)
		worker_teardown(&e->workers[i]);
	uv_walk(&loop->uv, close_handle, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	uv_loop_close(&loop->uv);
	close(loop->timers.fd);
	free(loop->timers.heap);
	for (int i = 0; i < loop->watch_count; i++)
		free(loop->watches[i]);
	free(loop->watches);
	free(loop->tasks);
}

static const struct crew crew = {.ops = &loop_ops,
				 .shares_histogram = true,
				 .start = start,
				 .work = work,
				 .wake_all = wake_all,
				 .join = join};

int loop_run(const struct execution *execution, struct sample *sample, bool has_pool)
{
	struct loop *loop = xcalloc(1, sizeof(*loop));
	loop->has_pool = has_pool;
	if (has_pool) {
		for (int i = 0; i < execution->role_count; i++)
			loop->pool_threads += execution->role[i].tasks;
		if (loop->pool_threads > POOL_MAX)
			loop->pool_threads = POOL_MAX;
		loop->pool_error = probe_threads(loop->pool_threads);
	}
	int error = engine_run(execution, sample, &crew, NULL, loop);
	free(loop);
	return error;
}
