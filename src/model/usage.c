/*
 * usage: processor time, context switches and memory. Linux-only: /proc/PID/smaps_rollup.
 *
 * How to read the memory: the proportional set size counts a page that n processes map as 1/n in each, so a
 * sum over processes counts every page once. Resident set sizes would count libc once per process.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <gilbench/clock.h>

#include "model/engine.h"

static double timeval_s(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

void usage_read(int who, struct usage *out)
{
	struct rusage r;
	if (getrusage(who, &r) != 0)
		memset(&r, 0, sizeof(r));
	*out = (struct usage){.cpu_s = timeval_s(&r.ru_utime) + timeval_s(&r.ru_stime),
			      .ctx_voluntary = (double)r.ru_nvcsw,
			      .ctx_involuntary = (double)r.ru_nivcsw};
}

void usage_since(int who, const struct usage *before, struct usage *out)
{
	usage_read(who, out);
	out->cpu_s -= before->cpu_s;
	out->ctx_voluntary -= before->ctx_voluntary;
	out->ctx_involuntary -= before->ctx_involuntary;
}

void usage_add(struct usage *into, const struct usage *more)
{
	into->cpu_s += more->cpu_s;
	into->ctx_voluntary += more->ctx_voluntary;
	into->ctx_involuntary += more->ctx_involuntary;
}

double usage_pss_bytes(pid_t pid)
{
	char path[64], line[128];
	snprintf(path, sizeof(path), "/proc/%d/smaps_rollup", (int)pid);
	FILE *file = fopen(path, "re");
	if (file == NULL)
		return NAN;
	double kib = NAN;
	while (isnan(kib) && fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "Pss: %lf kB", &kib) != 1)
			kib = NAN;
	fclose(file);
	return kib * 1024;
}

double usage_process_cpu_s(pid_t pid)
{
	clockid_t clock;
	struct timespec t;
	if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &t) != 0)
		return 0;
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
