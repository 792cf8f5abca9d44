/*
 * witness: the pairs of a run and what is judged of them. See witness.h.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/stats.h>
#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>
#include <gilbench/witness.h>

/* A second mode is worth the name when its operations take half as long again as nine tenths of all do. */
#define MODE_APART 1.5
#define MODE_LEAST 0.003
#define MODE_MOST  0.03

/* Judging one pair. */
struct pair {
	const struct summary_row *live, *other;
	struct hist *live_hist, *other_hist; /* all samples' latencies; NULL: none */
	bool is_crowd, is_oversubscribed;
	int cores;
	struct witnesses *out;
};

static bool has_numbers(const struct summary_row *row)
{
	return row->samples > 0 && (strcmp(row->status, "ok") == 0 || strcmp(row->status, "few") == 0);
}

/* The same model and load on the same work? */
static bool is_same_kind(const struct summary_row *live, const struct summary_row *other)
{
	const struct cell *a = &live->cell, *b = &other->cell;
	return a->source == SOURCE_LIVE && a->kind == b->kind && a->workers == b->workers &&
	       strcmp(a->experiment, b->experiment) == 0 && strcmp(a->cast, b->cast) == 0 &&
	       strcmp(a->model, b->model) == 0 && strcmp(live->role, other->role) == 0;
}

/* The virtual cell's parameters are the other's once its machine is taken away. */
static bool is_same_virtually(const struct cell *a, const struct cell *b, int cores)
{
	struct virtual_words of_live, of_simulated;
	char error[200], *live_rest, *rest;
	if (strcmp(a->policy, b->policy) != 0 ||
	    virtual_words_read(a->params, &of_live, &live_rest, error, sizeof(error)) != 0)
		return false;
	if (virtual_words_read(b->params, &of_simulated, &rest, error, sizeof(error)) != 0) {
		free(live_rest);
		return false;
	}
	bool is_same = of_simulated.cores == cores && of_simulated.rate_per_s == of_live.rate_per_s &&
		       of_simulated.is_poisson == of_live.is_poisson && strcmp(live_rest, rest) == 0;
	free(live_rest);
	free(rest);
	return is_same;
}

/* The interpreter's parameters are the live cell's; of several locks it has the rules of one. */
static bool is_same_in_python(const struct cell *a, const struct cell *b)
{
	return strcmp(a->params, b->params) == 0 &&
	       (strcmp(a->model, "gil") != 0 || strcmp(a->policy, contender_lock(b->policy)) == 0);
}

static bool is_same_work(const struct summary_row *live, const struct summary_row *other, int cores)
{
	return is_same_kind(live, other) &&
	       (other->cell.source == SOURCE_VIRTUAL ? is_same_virtually(&live->cell, &other->cell, cores)
						     : is_same_in_python(&live->cell, &other->cell));
}

/* All latencies of one row. Free it. */
static struct hist *latencies_of(const struct sample *samples, size_t count, const struct summary_row *row)
{
	struct hist *all = xcalloc(1, sizeof(*all));
	hist_reset(all);
	for (size_t i = 0; i < count; i++)
		for (int r = 0; cell_equal(&samples[i].cell, &row->cell) && r < samples[i].role_count; r++)
			if (samples[i].status == SAMPLE_OK && samples[i].role[r].latency != NULL &&
			    strcmp(samples[i].role[r].role, row->role) == 0)
				hist_merge(all, samples[i].role[r].latency);
	return all;
}

/* Where one of the live modes ends: between what nine tenths take and the longest. 0: there is but one. */
static double mode_edge_ns(const struct hist *h)
{
	double usual = hist_quantile(h, 0.9);
	return h->count > 0 && (double)h->max_ns > MODE_APART * MODE_APART * usual
		       ? sqrt(usual * (double)h->max_ns)
		       : 0;
}

static double share_beyond(const struct hist *h, double edge_ns)
{
	return h->count > 0 ? 1 - hist_share_below(h, edge_ns) : (double)NAN;
}

/* ---- one finding ---------------------------------------------------------------------------------------- */

/* Virtual time without an interval is one value: its samples are alike. Of an interpreter there are too few. */
static struct interval whole_interval(const struct pair *p, const struct interval *other)
{
	bool is_sharp = !interval_exists(other) && p->other->cell.source == SOURCE_VIRTUAL;
	return is_sharp ? (struct interval){other->mid, other->mid, other->mid} : *other;
}

static struct interval ratio_of(const struct interval *other, const struct interval *live)
{
	bool has_both = interval_exists(live) && interval_exists(other);
	return (struct interval){.mid = other->mid / live->mid,
				 .lo = has_both ? other->lo / live->hi : (double)NAN,
				 .hi = has_both ? other->hi / live->lo : (double)NAN};
}

static void put(const struct pair *p, enum witness_measure measure, enum band_kind kind, double band,
		const struct interval *live, const struct interval *other, const struct interval *relation)
{
	struct witnesses *out = p->out;
	struct witness_finding *f = &out->findings[out->count++];
	*f = (struct witness_finding){.live = p->live,
				      .other = p->other,
				      .measure = measure,
				      .kind = kind,
				      .band = band,
				      .live_value = *live,
				      .other_value = *other,
				      .relation = *relation,
				      .verdict = band_judge(kind, band, relation)};
	out->of[f->verdict]++;
}

/* What the machine gives of what a virtual cell uses: all of one core, of all cores its ceiling, in between in proportion. */
static struct interval given(const struct pair *p)
{
	const struct interval *ceiling = &p->out->ceiling;
	double cores = p->cores, used = p->other->cores_used;
	double part = cores > 1 && used > 1 ? (fmin(used, cores) - 1) / (cores - 1) : 0;
	if (p->other->cell.source != SOURCE_VIRTUAL || isnan(ceiling->mid) || !(part > 0))
		return (struct interval){1, 1, 1};
	return (struct interval){.mid = 1 - part * (1 - ceiling->mid),
				 .lo = 1 - part * (1 - ceiling->lo),
				 .hi = 1 - part * (1 - ceiling->hi)};
}

static void put_throughput(const struct pair *p)
{
	const struct interval share = given(p), *live = &p->live->throughput_per_s;
	struct interval other = whole_interval(p, &p->other->throughput_per_s);
	other.mid *= share.mid;
	other.lo *= share.lo;
	other.hi *= share.hi;
	const struct interval ratio = ratio_of(&other, live);
	put(p, WITNESS_PER_S, BAND_RATIO, p->is_crowd ? 0.3 : 0.05, live, &other, &ratio);
}

static void put_ratio(const struct pair *p, enum witness_measure measure, double band,
		      const struct interval *live, const struct interval *other)
{
	const struct interval whole = whole_interval(p, other), ratio = ratio_of(&whole, live);
	put(p, measure, BAND_RATIO, p->is_crowd ? 0.3 : band, live, other, &ratio);
}

/* A share of n operations is known to twice its standard error. */
static struct interval share_interval(double share, double n)
{
	double error = 2 * sqrt(share * (1 - share) / n);
	return (struct interval){.mid = share, .lo = share - error, .hi = share + error};
}

static void put_share(const struct pair *p, double live_share, double edge_ns)
{
	double share = share_beyond(p->other_hist, edge_ns);
	bool is_virtual = p->other->cell.source == SOURCE_VIRTUAL;
	struct interval live = share_interval(live_share, (double)p->live_hist->count),
			other = is_virtual ? (struct interval){share, share, share}
					   : share_interval(share, (double)p->other_hist->count);
	const struct interval points = {share - live.mid, other.lo - live.hi, other.hi - live.lo};
	put(p, WITNESS_BEYOND, BAND_POINTS, 0.01, &live, &other, &points);
}

static void judge_tail(const struct pair *p)
{
	double edge_ns = mode_edge_ns(p->live_hist);
	double share = edge_ns > 0 ? share_beyond(p->live_hist, edge_ns) : 0;
	if (share >= MODE_LEAST && share <= MODE_MOST)
		put_share(p, share, edge_ns);
	else
		put_ratio(p, WITNESS_P99, 0.2, &p->live->lat_p99_iv, &p->other->lat_p99_iv);
}

static void judge(const struct pair *p)
{
	put_throughput(p);
	if (p->live_hist->count == 0 || p->other_hist->count == 0)
		return;
	put_ratio(p, WITNESS_P50, 0.1, &p->live->lat_p50_iv, &p->other->lat_p50_iv);
	if (!p->is_oversubscribed)
		judge_tail(p);
}

/* ---- all of them ---------------------------------------------------------------------------------------- */

/* An echo whose cast has two computing tasks and more. */
static bool is_crowd(const struct summary_row *row)
{
	return strcmp(row->workload, "echo") == 0 && row->cell.workers - row->workers >= 2;
}

static bool is_oversubscribed(const struct cell *cell, int cores)
{
	bool has_own_cores = strcmp(cell->model, "threads") == 0 || strcmp(cell->model, "fork") == 0;
	return has_own_cores && cell->workers > cores;
}

/* Independent processes of register arithmetic, one for each core: the controls of every run. */
static struct interval ceiling_of(const struct summary *summary, int cores)
{
	struct interval share = {(double)NAN, (double)NAN, (double)NAN};
	for (size_t i = 0; i < summary->count; i++) {
		const struct summary_row *row = &summary->rows[i];
		if (strcmp(row->workload, "registers") != 0 || strcmp(row->cell.model, "fork") != 0 ||
		    row->cell.workers != cores || !interval_exists(&row->speedup))
			continue;
		share = (struct interval){.mid = fmin(row->speedup.mid / cores, 1),
					  .lo = fmin(row->speedup.lo / cores, 1),
					  .hi = fmin(row->speedup.hi / cores, 1)};
	}
	return share;
}

/* Error of a decided throughput; NAN of any other finding. */
static double error_of(const struct witness_finding *f)
{
	bool is_decided = f->verdict == FINDING_PASS || f->verdict == FINDING_FAIL;
	bool counts = f->measure == WITNESS_PER_S && is_decided && strcmp(f->live->workload, "echo") != 0;
	return counts ? fabs(f->relation.mid - 1) : (double)NAN;
}

static void find_worst(struct witnesses *w)
{
	for (size_t i = 0; i < w->count; i++) {
		double error = error_of(&w->findings[i]);
		if (isnan(error) || (w->worst != NULL && error <= w->worst_error))
			continue;
		w->worst = &w->findings[i];
		w->worst_error = error;
	}
}

double witnesses_worst_of(const struct witnesses *w, const char *model)
{
	double worst = (double)NAN;
	for (size_t i = 0; i < w->count; i++)
		if (strcmp(w->findings[i].live->cell.model, model) == 0)
			worst = fmax(worst, error_of(&w->findings[i]));
	return worst;
}

void witnesses_judge(const struct sample *samples, size_t count, const struct summary *summary,
		     enum cell_source beside, int usable_cpus, struct witnesses *out)
{
	*out = (struct witnesses){.findings = xcalloc(3 * summary->count + 1, sizeof(*out->findings)),
				  .ceiling = ceiling_of(summary, usable_cpus)};
	for (size_t i = 0; i < summary->count; i++)
		for (size_t k = 0; k < summary->count; k++) {
			const struct summary_row *live = &summary->rows[i], *other = &summary->rows[k];
			if (other->cell.source != beside || !has_numbers(live) || !has_numbers(other) ||
			    !is_same_work(live, other, usable_cpus))
				continue;
			const struct pair pair = {
				.live = live,
				.other = other,
				.live_hist = latencies_of(samples, count, live),
				.other_hist = latencies_of(samples, count, other),
				.is_crowd = is_crowd(live),
				.is_oversubscribed = is_oversubscribed(&live->cell, usable_cpus),
				.cores = usable_cpus,
				.out = out,
			};
			judge(&pair);
			free(pair.live_hist);
			free(pair.other_hist);
		}
	find_worst(out);
}

void witnesses_release(struct witnesses *w)
{
	free(w->findings);
	*w = (struct witnesses){.findings = NULL};
}
