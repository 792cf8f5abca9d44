/*
 * near: comparing doubles in tests, both values printed.
 */
#ifndef TESTS_NEAR_H
#define TESTS_NEAR_H

#include <math.h>

/* Relative, with an absolute floor of the same size. */
#define assert_near(seen_, expected_)                                            \
	do {                                                                     \
		double s_ = (seen_), e_ = (expected_);                           \
		if (!(fabs(s_ - e_) <= 1e-9 * fmax(1, fabs(e_))))                \
			fail_msg("%s is %.12g, expected %.12g", #seen_, s_, e_); \
	} while (0)
#define assert_within(seen_, expected_, tolerance_)                              \
	do {                                                                     \
		double s_ = (seen_), e_ = (expected_);                           \
		if (!(fabs(s_ - e_) <= (tolerance_)))                            \
			fail_msg("%s is %.12g, expected %.12g", #seen_, s_, e_); \
	} while (0)
#define assert_nan(seen_)                                                       \
	do {                                                                    \
		double s_ = (seen_);                                            \
		if (!isnan(s_))                                                 \
			fail_msg("%s is %.12g, expected no value", #seen_, s_); \
	} while (0)

#endif
