/*
 * threads_crew: one thread per task, for the models threads and gil.
 *
 * A thread's stack is the system's default: 8 MiB of addresses, of which a task touches a few pages.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "model/engine.h"

static void *thread_main(void *worker)
{
	blocking_life(worker, RUSAGE_THREAD);
	return NULL;
}

int thread_crew_start(struct engine *e)
{
	for (int i = 0; i < e->task_count; i++) {
		int error = pthread_create(&e->workers[i].thread, NULL, thread_main, &e->workers[i]);
		if (error == 0) {
			e->at_line++;
			continue;
		}
		snprintf(e->error, sizeof(e->error),
			 "thread %d of %d could not be made: %s (limits: ulimit -u and -v, pids.max of the "
			 "cgroup)",
			 i + 1, e->task_count, strerror(error));
		gun_call_off(e->gun);
		thread_crew_join(e);
		return -error;
	}
	return 0;
}

void thread_crew_join(struct engine *e)
{
	for (int i = 0; i < e->at_line; i++)
		pthread_join(e->workers[i].thread, NULL);
	e->at_line = 0;
}

void thread_crew_wake(struct engine *e)
{
	for (int i = 0; i < e->at_line; i++)
		worker_interrupt(&e->workers[i]);
}
