/*
 * metric: the numeric columns of a summary row, by name. See expectation.h.
 *
 * Columns that carry their own 95 % interval give it; efficiency is speed-up by workers, so its interval is
 * speed-up's, divided; all others come alone (lo and hi NAN) and are judged by value.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gilbench/expectation.h>
#include <gilbench/util.h>

static struct interval alone(double value)
{
	return (struct interval){value, NAN, NAN};
}

/* A getter for one field: WHOLE has an interval of its own, ALONE is a plain number. */
#define WHOLE(FIELD)                                                        \
	static struct interval get_##FIELD(const struct summary_row *row) { \
		return row->FIELD;                                          \
	}
#define ALONE(FIELD)                                                        \
	static struct interval get_##FIELD(const struct summary_row *row) { \
		return alone(row->FIELD);                                   \
	}

WHOLE(wall_s)
WHOLE(speedup)
WHOLE(throughput_per_s)
WHOLE(rss_bytes)
WHOLE(setup_s)
WHOLE(gil_held_fraction)
WHOLE(gil_waited_fraction)
WHOLE(gil_wait_p50_s)
WHOLE(gil_wait_p99_s)
WHOLE(fairness)
WHOLE(gil_switches_per_op)
WHOLE(gil_wait_per_switch_s)
ALONE(ops)
ALONE(cpu_s)
ALONE(cores_used)
ALONE(ctx_voluntary)
ALONE(ctx_involuntary)
ALONE(lat_p90_s)
ALONE(lat_max_s)
ALONE(gil_wait_s)
ALONE(gil_acquisitions)
ALONE(gil_switches)
ALONE(gil_forced)
ALONE(gil_longest_wait_s)
ALONE(lost_ops)

/* The percentile itself is of the merged histogram; the bootstrap only says how far it may be off. */
static struct interval get_lat_p50_s(const struct summary_row *row)
{
	return (struct interval){row->lat_p50_s, row->lat_p50_iv.lo, row->lat_p50_iv.hi};
}

static struct interval get_lat_p99_s(const struct summary_row *row)
{
	return (struct interval){row->lat_p99_s, row->lat_p99_iv.lo, row->lat_p99_iv.hi};
}

static struct interval get_efficiency(const struct summary_row *row)
{
	return (struct interval){row->efficiency, row->speedup.lo / row->workers,
				 row->speedup.hi / row->workers};
}

static const struct metric metrics[] = {
	{"speedup", METRIC_RATIO, true, get_speedup},
	{"efficiency", METRIC_RATIO, true, get_efficiency},
	{"wall_s", METRIC_SECONDS, true, get_wall_s},
	{"throughput_per_s", METRIC_PER_S, true, get_throughput_per_s},
	{"ops", METRIC_COUNT, false, get_ops},
	{"cpu_s", METRIC_SECONDS, false, get_cpu_s},
	{"cores_used", METRIC_RATIO, false, get_cores_used},
	{"ctx_voluntary", METRIC_COUNT, false, get_ctx_voluntary},
	{"ctx_involuntary", METRIC_COUNT, false, get_ctx_involuntary},
	{"lat_p50_s", METRIC_SECONDS, true, get_lat_p50_s},
	{"lat_p90_s", METRIC_SECONDS, false, get_lat_p90_s},
	{"lat_p99_s", METRIC_SECONDS, true, get_lat_p99_s},
	{"lat_max_s", METRIC_SECONDS, false, get_lat_max_s},
	{"gil_held_fraction", METRIC_SHARE, true, get_gil_held_fraction},
	{"gil_waited_fraction", METRIC_SHARE, true, get_gil_waited_fraction},
	{"gil_wait_s", METRIC_SECONDS, false, get_gil_wait_s},
	{"gil_acquisitions", METRIC_COUNT, false, get_gil_acquisitions},
	{"gil_switches", METRIC_COUNT, false, get_gil_switches},
	{"gil_forced", METRIC_COUNT, false, get_gil_forced},
	{"gil_longest_wait_s", METRIC_SECONDS, false, get_gil_longest_wait_s},
	{"gil_wait_p50_s", METRIC_SECONDS, true, get_gil_wait_p50_s},
	{"gil_wait_p99_s", METRIC_SECONDS, true, get_gil_wait_p99_s},
	{"fairness", METRIC_SHARE, true, get_fairness},
	{"rss_bytes", METRIC_BYTES, true, get_rss_bytes},
	{"setup_s", METRIC_SECONDS, true, get_setup_s},
	{"lost_ops", METRIC_COUNT, false, get_lost_ops},
	{"gil_switches_per_op", METRIC_SHARE, true, get_gil_switches_per_op},
	{"gil_wait_per_switch_s", METRIC_SECONDS, true, get_gil_wait_per_switch_s},
};

const struct metric *metric_find(const char *name, char *error, size_t error_bytes)
{
	const char *names[ARRAY_LEN(metrics)];
	for (size_t i = 0; i < ARRAY_LEN(metrics); i++) {
		names[i] = metrics[i].name;
		if (strcmp(names[i], name) == 0)
			return &metrics[i];
	}
	const char *near = nearest_name(name, names, ARRAY_LEN(metrics));
	if (near != NULL)
		snprintf(error, error_bytes, "there is no metric '%s'; did you mean '%s'?", name, near);
	else
		snprintf(error, error_bytes,
			 "there is no metric '%s'; it is a numeric column of summary.csv, such as speedup, "
			 "wall_s, cores_used or lat_p99_s",
			 name);
	return NULL;
}

/* The largest unit in which the value is at least 1, so that people read 12.3 ms and not 0.0123 s. */
static char *scaled(double value, const char *const units[], const double sizes[], size_t count)
{
	size_t i = 0;
	while (i + 1 < count && fabs(value) < sizes[i])
		i++;
	return xasprintf("%.3g %s", value / sizes[i], units[i]);
}

char *metric_text(const struct metric *metric, double value)
{
	static const char *const times[] = {"s", "ms", "us", "ns"};
	static const double time_sizes[] = {1, 1e-3, 1e-6, 1e-9};
	static const char *const sizes[] = {"GiB", "MiB", "KiB", "bytes"};
	static const double byte_sizes[] = {1024.0 * 1024 * 1024, 1024.0 * 1024, 1024, 1};
	static const char *const rates[] = {"million per second", "thousand per second", "per second"};
	static const double rate_sizes[] = {1e6, 1e3, 1};
	if (isnan(value))
		return xstrdup("not measured");
	switch (metric->unit) {
	case METRIC_SECONDS:
		return scaled(value, times, time_sizes, ARRAY_LEN(times));
	case METRIC_BYTES:
		return scaled(value, sizes, byte_sizes, ARRAY_LEN(sizes));
	case METRIC_PER_S:
		return scaled(value, rates, rate_sizes, ARRAY_LEN(rates));
	case METRIC_COUNT:
		return xasprintf("%.0f", value);
	case METRIC_SHARE:
		return xasprintf("%.3g", value);
	case METRIC_RATIO:
		break;
	}
	return xasprintf(fabs(value) < 9.95 ? "%.2f" : "%.1f", value);
}
