/*
 * once_print: what `gilbench once` says of its sample: the cell, then each role, then each of its workers.
 *
 * How to read the lock's lines. Held is the share of the cell's time for which some task of the role had the lock;
 * over all roles it is 100 % at most, and what is missing is the lock being free or changing hands. Waited is the share
 * of the role's own time that its tasks spent asking: 100 % is every task waiting all the time, so two CPU-bound tasks
 * that take turns have held 100 % and waited 50 %. A task that neither holds nor waits sleeps, or works without the
 * lock.
 */
#include <inttypes.h>
#include <math.h>

#include <gilbench/hist.h>

#include "cli/once_print.h"
#include "report/text.h"

/* Workers that have a line of their own; more would push the role's lines off the screen. */
#define WORKER_LINES 16

static struct number_text quantile(const struct hist *hist, double q)
{
	return text_seconds(hist_quantile(hist, q) / 1e9);
}

static void print_latency(const struct role_sample *r, FILE *to)
{
	if (r->latency == NULL || r->latency->count == 0)
		return;
	fprintf(to, "  latency   p50 %.4g ms   p90 %.4g ms   p99 %.4g ms   max %.4g ms\n",
		hist_quantile(r->latency, 0.5) / 1e6, hist_quantile(r->latency, 0.9) / 1e6,
		hist_quantile(r->latency, 0.99) / 1e6, (double)r->latency->max_ns / 1e6);
}

static void print_lock(const struct role_sample *r, FILE *to)
{
	if (isnan(r->gil_switches))
		return;
	fprintf(to, "  lock      ");
	if (!isnan(r->gil_held_fraction))
		fprintf(to, "held %s of the time, waited %s of its tasks' time\n            ",
			text_share(r->gil_held_fraction).text, text_share(r->gil_waited_fraction).text);
	fprintf(to, "%.0f acquisitions, %.0f switches, %.0f forced\n", r->gil_acquisitions, r->gil_switches,
		r->gil_forced);
	if (r->wait != NULL && r->wait->count > 0)
		fprintf(to, "  wait      p50 %s   p99 %s   longest %s\n", quantile(r->wait, 0.5).text,
			quantile(r->wait, 0.99).text, text_seconds(r->gil_longest_wait_s).text);
}

static void print_worker(const struct sample *s, const struct role_sample *r, int index, FILE *to)
{
	const struct worker_sample *w = &r->worker[index];
	fprintf(to, "  worker %-2d %8" PRIu64 " operations", index, w->ops);
	if (!isnan(w->held_s)) {
		fputs(", held ", to);
		text_put(to, text_share(w->held_s / s->gil_span_s).text, 7);
		fputs(", waited ", to);
		text_put(to, text_share(w->wait_s / s->gil_span_s).text, 7);
		fputs(", wait p99 ", to);
		text_put(to, text_seconds(w->wait_p99_s).text, 7);
		fputs(", longest ", to);
		text_put(to, text_seconds(w->longest_wait_s).text, 7);
	}
	if (!isnan(r->gil_switches))
		fprintf(to, ", %6" PRIu64 " switches, %6" PRIu64 " forced", w->switches, w->forced);
	fputs("\n", to);
}

static void print_workers(const struct sample *s, const struct role_sample *r, FILE *to)
{
	if (r->worker_count < 2)
		return;
	for (int i = 0; i < r->worker_count && i < WORKER_LINES; i++)
		print_worker(s, r, i, to);
	if (r->worker_count > WORKER_LINES)
		fprintf(to, "  ... and %d more\n", r->worker_count - WORKER_LINES);
}

static void print_role(const struct sample *s, const struct role_sample *r, FILE *to)
{
	fprintf(to, "%s: %" PRIu64 " operations by %d task%s, %.6g per second, fairness %.3f\n", r->role,
		r->ops, r->tasks, r->tasks == 1 ? "" : "s", r->throughput_per_s, r->fairness);
	print_latency(r, to);
	print_lock(r, to);
	print_workers(s, r, to);
	if (r->lost_ops > 0)
		fprintf(to, "  lost      %" PRIu64 " operations\n", r->lost_ops);
	fprintf(to, "  checksum  %016" PRIx64 "\n", r->checksum);
}

void once_print(const struct sample *s, const struct model *model, FILE *to)
{
	fprintf(to, "%s (%s)\n", model->name, model->label);
	if (s->role_count > 0)
		fprintf(to, "wall %.6f s, cpu %.6f s (%.2f cores)", s->wall_s, s->cpu_s,
			s->cpu_s / s->wall_s);
	/* In virtual time nothing is set up, and nothing takes memory. */
	if (s->role_count > 0 && s->cell.source != SOURCE_VIRTUAL)
		fprintf(to, ", set-up %.6f s, memory %.1f MiB", s->setup_s, s->rss_bytes / 1048576);
	if (s->role_count > 0)
		fputc('\n', to);
	for (int i = 0; i < s->role_count; i++)
		print_role(s, &s->role[i], to);
	if (s->status != SAMPLE_OK)
		fprintf(to, "%s: %s\n", sample_status_name(s->status), s->error);
}
