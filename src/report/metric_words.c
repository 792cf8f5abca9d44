/*
 * metric_words: see metric_words.h. Columns that charts are often made of have words; the others their names, which
 * are words enough.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/metric_words.h"

static const struct {
	const char *metric, *words;
} table[] = {
	{"throughput_per_s", "operations per second"},
	{"speedup", "speed-up over seq"},
	{"lat_p50_s", "latency, p50"},
	{"lat_p90_s", "latency, p90"},
	{"lat_p99_s", "latency, p99"},
	{"lat_max_s", "longest latency"},
	{"cores_used", "cores used"},
	{"ctx_voluntary", "voluntary context switches"},
	{"fairness", "Jain's fairness index"},
	{"gil_switches", "switches of the lock"},
	{"gil_switches_per_op", "times the lock was lost, per operation"},
	{"gil_wait_per_switch_s", "wait for the lock, each time it was lost"},
	{"gil_longest_wait_s", "longest wait for the lock"},
	{"gil_wait_p50_s", "wait for the lock, p50"},
	{"gil_wait_p99_s", "wait for the lock, p99"},
};

const char *metric_words(const struct metric *metric)
{
	for (size_t i = 0; i < ARRAY_LEN(table); i++)
		if (strcmp(table[i].metric, metric->name) == 0)
			return table[i].words;
	return metric->name;
}

struct number_text metric_number_interval(const struct metric *metric, const struct interval *iv)
{
	struct number_text text;
	switch (metric->unit) {
	case METRIC_SECONDS:
		return text_seconds_interval(iv);
	case METRIC_BYTES:
		return text_bytes_interval(iv);
	case METRIC_PER_S:
		text = text_count_interval(iv);
		break;
	default:
		return text_plain_interval(iv);
	}
	/* "1.2 k/s [1.1, 1.3]": the unit stands behind the middle. */
	char *interval = strstr(text.text, " [");
	struct number_text out;
	snprintf(out.text, sizeof(out.text), "%.*s/s%.60s",
		 (int)(interval != NULL ? (size_t)(interval - text.text) : strlen(text.text)), text.text,
		 interval != NULL ? interval : "");
	return out;
}

struct number_text metric_number(const struct metric *metric, double value)
{
	const struct interval alone = {value, NAN, NAN};
	return metric_number_interval(metric, &alone);
}

double metric_axis_unit(const struct metric *metric, double max, const char **name)
{
	static const struct {
		double size;
		const char *name;
	} seconds[] = {{1e-3, "ms"}, {1e-6, "µs"}};
	bool is_short = max < seconds[0].size;
	*name = "";
	switch (metric->unit) {
	case METRIC_SECONDS:
		*name = seconds[is_short].name;
		return seconds[is_short].size;
	case METRIC_BYTES:
		*name = "MiB";
		return 1024.0 * 1024;
	default:
		return 1;
	}
}
