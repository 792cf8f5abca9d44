/*
 * witness_words: the numbers of a pair of live and virtual cells as text. See witness.h.
 */
#include <stdio.h>

#include <gilbench/witness.h>

const char *witness_measure_name(enum witness_measure measure)
{
	static const char *const names[] = {[WITNESS_PER_S] = "operations/s",
					    [WITNESS_P50] = "p50",
					    [WITNESS_P99] = "p99",
					    [WITNESS_BEYOND] = "share of slow ones"};
	return names[measure];
}

static void value_text(char *out, size_t bytes, const struct witness_finding *f, const struct interval *v)
{
	bool is_share = f->kind == BAND_POINTS, is_time = !is_share && f->measure != WITNESS_PER_S;
	double scale = is_share ? 100 : is_time ? 1e3 : 1;
	const char *unit = is_share ? " %" : is_time ? " ms" : "";
	if (interval_exists(v) && v->lo < v->hi)
		snprintf(out, bytes, "%.4g%s [%.4g, %.4g]", v->mid * scale, unit, v->lo * scale,
			 v->hi * scale);
	else
		snprintf(out, bytes, "%.4g%s", v->mid * scale, unit);
}

void witness_words(const struct witness_finding *f, struct witness_text *out)
{
	value_text(out->live, sizeof(out->live), f, &f->live_value);
	value_text(out->other, sizeof(out->other), f, &f->other_value);
	if (f->kind == BAND_POINTS) {
		snprintf(out->relation, sizeof(out->relation), "%+.2f points", 100 * f->relation.mid);
		snprintf(out->band, sizeof(out->band), "±%g point", 100 * f->band);
	} else {
		snprintf(out->relation, sizeof(out->relation), "%+.1f %%", 100 * (f->relation.mid - 1));
		snprintf(out->band, sizeof(out->band), "±%g %%", 100 * f->band);
	}
}
