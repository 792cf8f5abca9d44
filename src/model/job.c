/*
 * job: the verbs that a workload's setup uses. See workload.h.
 */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <gilbench/util.h>

#include "model/engine.h"

/* The first sentence wins: what fails after it is mostly its consequence. The job lies in shared memory, so
 * the sentence of a worker process reaches the starter. */
__attribute__((format(printf, 2, 0))) static void fail(struct job *job, const char *format, va_list arguments)
{
	const struct lane *lane = job->harness;
	/* Who turns 0 to 1 writes the sentence; it is read after the workers have ended. */
	if (lane == NULL || atomic_exchange(lane->engine->failed, 1) == 0)
		vsnprintf(job->error, sizeof(job->error), format, arguments);
}

int job_fail(struct job *job, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fail(job, format, arguments);
	va_end(arguments);
	return -1;
}

int job_refuse(struct job *job, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fail(job, format, arguments);
	va_end(arguments);
	job->is_refused = true;
	return -1;
}

int task_event_init(struct job *job, struct task_event *event, unsigned count)
{
	*event = (struct task_event){.count = count};
	if (sem_init(&event->sem, job->has_processes, count) != 0)
		return job_fail(job, "an event could not be made: %s", strerror(errno));
	return 0;
}

int task_mutex_init(struct job *job, struct task_mutex *m)
{
	pthread_mutexattr_t attributes;
	pthread_mutexattr_init(&attributes);
	if (job->has_processes) {
		/* Robust: a worker that dies inside must not make the others hang. */
		pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
		pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	}
	int error = pthread_mutex_init(&m->mutex, &attributes);
	pthread_mutexattr_destroy(&attributes);
	return error == 0 ? 0 : job_fail(job, "a lock could not be made: %s", strerror(error));
}

uint64_t job_random(const struct job *job, uint64_t a, uint64_t b)
{
	uint64_t state = mix64(job->seed ^ mix64(a + 1)) ^ mix64(~b);
	return random_next(&state);
}

/* A number in (0, 1] from the upper 53 bits, the most that a double holds. */
static double unit_interval(uint64_t bits)
{
	return (double)((bits >> 11) + 1) * 0x1p-53;
}

double job_exponential(const struct job *job, uint64_t a, uint64_t b, double mean)
{
	return -mean * log(unit_interval(job_random(job, a, b)));
}
