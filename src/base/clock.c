/*
 * clock: what reading the clock costs and how fine it is. See clock.h.
 */
#include <stdlib.h>

#include <gilbench/clock.h>

/* Enough readings for a median that is stable to a nanosecond, few enough to take about a millisecond. */
#define COST_ROUNDS   31
#define COST_READINGS 1000

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

double clock_cost_ns(void)
{
	double cost[COST_ROUNDS];
	for (int round = 0; round < COST_ROUNDS; round++) {
		uint64_t start = clock_now_ns(), last = start;
		for (int i = 0; i < COST_READINGS; i++)
			last = clock_now_ns();
		cost[round] = (double)(last - start) / COST_READINGS;
	}
	qsort(cost, COST_ROUNDS, sizeof(cost[0]), compare_doubles);
	return cost[COST_ROUNDS / 2];
}

double clock_resolution_ns(void)
{
	struct timespec t;
	clock_getres(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

void clock_utc(char *text, int bytes)
{
	time_t now = time(NULL);
	struct tm utc;
	gmtime_r(&now, &utc);
	strftime(text, (size_t)bytes, "%Y-%m-%dT%H:%M:%SZ", &utc);
}
