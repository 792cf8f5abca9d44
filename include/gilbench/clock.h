/*
 * clock: monotonic time in nanoseconds. Layer 0. Never blocks; good in any thread and after fork.
 */
#ifndef GILBENCH_CLOCK_H
#define GILBENCH_CLOCK_H

#include <stdint.h>
#include <time.h>

#define NS_PER_S  1000000000u
#define NS_PER_MS 1000000u
#define NS_PER_US 1000u

/* CLOCK_MONOTONIC now, in ns: comparable between the processes of one machine. About 20 to 50 ns a call. */
static inline uint64_t clock_now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static inline double clock_seconds(uint64_t ns)
{
	return (double)ns / 1e9;
}

static inline struct timespec clock_timespec(uint64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S)};
}

/* Median cost of one clock_now_ns() in ns, measured now (takes about 1 ms). */
double clock_cost_ns(void);
/* Smallest step the clock can show, in ns (clock_getres). */
double clock_resolution_ns(void);
/* UTC as "2026-11-20T12:34:56Z" into `text` (at least 24 bytes). */
void clock_utc(char *text, int bytes);

#endif
