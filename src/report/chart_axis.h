/*
 * chart_axis: what x is where a chart is drawn over another number than workers. Layer 4, internal to the report.
 */
#ifndef GILBENCH_REPORT_CHART_AXIS_H
#define GILBENCH_REPORT_CHART_AXIS_H

#include "report/parts.h"

enum axis_kind { AXIS_ROLE, AXIS_PARAM, AXIS_FIELD, AXIS_SHARE, AXIS_CORES };

struct axis {
	const char *name; /* "spin", "us", "interval" */
	enum axis_kind kind;
	bool is_time; /* a field that is a time: values are in ms */
	const struct report
		*report; /* which knows the profiles of workloads, and the machine of live cells */
};

/* A role of the experiment's rows of that name; else a share of a profile (profile_share.h), in %, or `cores`; else a
 * parameter of one of them; else a field of a policy. */
struct axis axis_find(const struct report *, int experiment, const char *name);
/* Where the row lies on it; NAN where it does not. */
double axis_value(const struct axis *, const struct summary_row *);
/* "tasks of spin", "interval, ms". Free it. */
char *axis_label(const struct axis *);
/* The policy without the field that the axis shows: "py3" of "py3,interval=1ms". Free it. */
char *axis_policy(const struct axis *, const char *policy);

#endif
