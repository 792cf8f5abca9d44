/*
 * judge: the rule alone, on numbers. See validate.h.
 *
 *	             1 - band          1          1 + band
 *	  ---- outside ---|------- inside the band ----|--- outside ----
 *	                  .    [ interval x      ]     .                  pass: the figure x is inside
 *	        [   x     .  ]                         .                  undecided: x outside, its interval is not
 *	  [  x  ]         .                            .                  fail: the whole interval is outside
 *
 * A figure without an interval (fewer than six windows) is undecided wherever it lies: nobody knows how far it
 * could have been off.
 */
#include <math.h>

#include "validate/cases.h"

enum finding_verdict band_judge(enum band_kind kind, double band, const struct interval *relation)
{
	double middle = kind == BAND_RATIO ? 1 : 0;
	double low = middle - band, high = middle + band;
	if (isnan(relation->mid))
		return FINDING_MISSING;
	if (!interval_exists(relation))
		return FINDING_UNDECIDED;
	if (relation->mid >= low && relation->mid <= high)
		return FINDING_PASS;
	return relation->hi < low || relation->lo > high ? FINDING_FAIL : FINDING_UNDECIDED;
}

const char *finding_verdict_name(enum finding_verdict verdict)
{
	static const char *const names[] = {
		[FINDING_PASS] = "pass",
		[FINDING_FAIL] = "FAIL",
		[FINDING_UNDECIDED] = "undecided",
		[FINDING_MISSING] = "not measured",
	};
	return names[verdict];
}
