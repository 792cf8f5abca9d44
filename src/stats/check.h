/*
 * check: the self-test of the statistics, one check at a time. Layer 3.
 */
#ifndef STATS_CHECK_H
#define STATS_CHECK_H

#include <stdint.h>

enum check_kind {
	CHECK_EQUAL,    /* seen must be within `tolerance` of expected */
	CHECK_AT_LEAST, /* seen must not be below expected */
	CHECK_AT_MOST,  /* seen must not be above expected */
	CHECK_ESTIMATE, /* seen must be within `tolerance`, and within CHECK_ERRORS standard errors, of expected */
	CHECK_SHOWN /* for comparison only; never fails */
};

struct check {
	char what[80];
	enum check_kind kind;
	double expected, seen, tolerance;
	double standard_error; /* CHECK_ESTIMATE: of `seen`; else not used */
	unsigned n;            /* cases, rounds or replicates behind `seen` */
};

/* Beyond so many standard errors chance is no excuse: once in 16,000 normal means. */
#define CHECK_ERRORS 4

/* Hears of each check as soon as it is done. */
typedef void check_report(const struct check *, void *context);

/* Known answers; takes milliseconds. */
void check_oracles(uint64_t seed, check_report *report, void *context);
/* Coverage, false alarms and power over `rounds` fake runs each; about 1 ms a round. */
void check_coverage(uint64_t seed, unsigned rounds, check_report *report, void *context);
/* Coverage of the bootstrap of latency percentiles, which is shown and not judged. */
void check_latency(uint64_t seed, unsigned rounds, check_report *report, void *context);
/* Did it pass? */
int check_passed(const struct check *);

#endif
