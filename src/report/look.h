/*
 * look: how each model, and each policy of the lock, looks in every chart. Layer 4, internal to the report.
 */
#ifndef GILBENCH_REPORT_LOOK_H
#define GILBENCH_REPORT_LOOK_H

/* gnuplot's point types: filled for what was measured with enough samples, hollow for few. */
struct look {
	const char *model;  /* or policy */
	const char *legend; /* used where the run does not say */
	const char *colour; /* "#rrggbb" */
	int filled, hollow;
};

/* Never NULL: a model that is not in the table gets the last, neutral one. */
const struct look *look_find(const char *model);
/* The same for a policy, "py3" or "py3,interval=1ms": fields do not change the look, names beside the points do. */
const struct look *look_of_policy(const char *policy);
/* The `line`-th line of a picture that shows several sides: 0 is ours, 1 to LOOK_OTHER - 1 are
 * interpreters. Never NULL. */
#define LOOK_OTHER 4 /* ours again, under another policy */
const struct look *look_side(int side, int line);

#endif
