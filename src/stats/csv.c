/*
 * csv: rows as summary.csv, RFC 4180. See summary_csv in summary.h.
 *
 * The table below is the format: other programs read these columns by name and by place, so it may only grow
 * at its end. A number that does not apply is NAN in a row and nothing in the file.
 */
#include <locale.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/summary.h>
#include <gilbench/util.h>

static const char text_columns[] = "experiment,role,workload,params,kind,model,policy,workers,source,status,"
				   "samples";

/* The columns after those of text: doubles of a row. */
static const struct {
	const char *name;
	size_t offset;
} numbers[] = {
	{"ops", offsetof(struct summary_row, ops)},
	{"wall_s", offsetof(struct summary_row, wall_s.mid)},
	{"wall_lo_s", offsetof(struct summary_row, wall_s.lo)},
	{"wall_hi_s", offsetof(struct summary_row, wall_s.hi)},
	{"throughput_per_s", offsetof(struct summary_row, throughput_per_s.mid)},
	{"speedup", offsetof(struct summary_row, speedup.mid)},
	{"speedup_lo", offsetof(struct summary_row, speedup.lo)},
	{"speedup_hi", offsetof(struct summary_row, speedup.hi)},
	{"efficiency", offsetof(struct summary_row, efficiency)},
	{"cpu_s", offsetof(struct summary_row, cpu_s)},
	{"cores_used", offsetof(struct summary_row, cores_used)},
	{"ctx_voluntary", offsetof(struct summary_row, ctx_voluntary)},
	{"ctx_involuntary", offsetof(struct summary_row, ctx_involuntary)},
	{"lat_p50_s", offsetof(struct summary_row, lat_p50_s)},
	{"lat_p90_s", offsetof(struct summary_row, lat_p90_s)},
	{"lat_p99_s", offsetof(struct summary_row, lat_p99_s)},
	{"lat_max_s", offsetof(struct summary_row, lat_max_s)},
	{"gil_held_fraction", offsetof(struct summary_row, gil_held_fraction.mid)},
	{"gil_wait_s", offsetof(struct summary_row, gil_wait_s)},
	{"gil_switches", offsetof(struct summary_row, gil_switches)},
	{"gil_forced", offsetof(struct summary_row, gil_forced)},
	{"fairness", offsetof(struct summary_row, fairness.mid)},
	{"rss_bytes", offsetof(struct summary_row, rss_bytes.mid)},
	{"setup_s", offsetof(struct summary_row, setup_s.mid)},
	{"lost_ops", offsetof(struct summary_row, lost_ops)},
	{"gil_waited_fraction", offsetof(struct summary_row, gil_waited_fraction.mid)},
	{"gil_acquisitions", offsetof(struct summary_row, gil_acquisitions)},
	{"gil_longest_wait_s", offsetof(struct summary_row, gil_longest_wait_s)},
	{"gil_wait_p50_s", offsetof(struct summary_row, gil_wait_p50_s.mid)},
	{"gil_wait_p99_s", offsetof(struct summary_row, gil_wait_p99_s.mid)},
	{"throughput_lo_per_s", offsetof(struct summary_row, throughput_per_s.lo)},
	{"throughput_hi_per_s", offsetof(struct summary_row, throughput_per_s.hi)},
	{"gil_switches_per_op", offsetof(struct summary_row, gil_switches_per_op.mid)},
	{"gil_wait_per_switch_s", offsetof(struct summary_row, gil_wait_per_switch_s.mid)},
};

/* A field is quoted only where it must be. */
static void put_text(FILE *to, const char *text)
{
	if (strpbrk(text, ",\"\r\n") == NULL) {
		fputs(text, to);
		return;
	}
	putc('"', to);
	for (; *text != '\0'; text++) {
		if (*text == '"')
			putc('"', to);
		putc(*text, to);
	}
	putc('"', to);
}

/* 10 digits: a nanosecond in ten seconds, more than any clock here resolves. */
static void put_number(FILE *to, double value)
{
	if (isfinite(value))
		fprintf(to, "%.10g", value);
}

/* Roles of one cell share its parameters; what tells their rows apart stands first. */
static void put_params(FILE *to, const struct cell *cell)
{
	bool has_roles = strpbrk(cell->cast, ":,") != NULL;
	char *params = has_roles ? xasprintf("cast=%s%s%s", cell->cast, cell->params[0] != '\0' ? " " : "",
					     cell->params)
				 : xstrdup(cell->params);
	put_text(to, params);
	free(params);
}

static void put_row(FILE *to, const struct summary_row *row)
{
	const struct cell *cell = &row->cell;
	const char *const first[] = {cell->experiment, row->role, row->workload};
	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		put_text(to, first[i]);
		putc(',', to);
	}
	put_params(to, cell);
	fprintf(to, ",%s,", cell_kind_name(cell->kind));
	put_text(to, cell->model);
	putc(',', to);
	put_text(to, cell->policy);
	fprintf(to, ",%d,%s,%s,%u", row->workers, cell_source_name(cell->source), row->status, row->samples);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		double value;
		memcpy(&value, (const char *)row + numbers[i].offset, sizeof(value));
		putc(',', to);
		put_number(to, value);
	}
	putc('\n', to);
}

static void put_all(FILE *to, const struct summary *summary)
{
	fputs(text_columns, to);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		fprintf(to, ",%s", numbers[i].name);
	putc('\n', to);
	for (size_t i = 0; i < summary->count; i++)
		put_row(to, &summary->rows[i]);
}

/* Whatever the program's locale is, a decimal point is a point. */
char *summary_csv(const struct summary *summary)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *to = open_memstream(&text, &bytes);
	locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (to == NULL)
		die("summary.csv: open_memstream");
	if (plain == (locale_t)0)
		die("summary.csv: newlocale");
	locale_t before = uselocale(plain);
	put_all(to, summary);
	if (fclose(to) != 0)
		die("summary.csv: fclose of a memory stream");
	uselocale(before);
	freelocale(plain);
	return text;
}
