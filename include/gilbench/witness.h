/*
 * witness: virtual time, or the real CPython, beside what was measured on real cores, cell by cell. Layer 4.
 *
 *	struct witnesses w;
 *	witnesses_judge(run.samples, run.sample_count, &summary, SOURCE_VIRTUAL, usable_cpus, &w);
 *	... w.findings[i].verdict ...
 *	witnesses_release(&w);
 *
 * Two cells are a pair where they are the same work under the same model with as many workers, one live and one
 * virtual, on as many cores as this machine has usable; or one of an interpreter whose lock has the rules of the live
 * one. What is compared, and how far the two may be apart:
 *
 *	operations per second    5 %
 *	p50                     10 %
 *	p99                     20 %   not of threads and processes that are more than the cores: what a scheduler does
 *	                               with the last per cent of them is no question of the model's
 *	the share beyond         1 point   instead of p99 where it would lie on the edge of a second mode: where between
 *	                               0.3 and 3 % of the operations took much longer than the others
 *
 * Throughput of cells that use more than one core is compared with what virtual time says times what this machine gives:
 * its ceiling (the controls' independent processes) as a share of its cores, by how many cores are used. Two busy cores of a
 * guest are often less than two, and that is no question of the model's either.
 *
 * It is 30 % for an echo beside two or more computing tasks. The rule is band_judge's (validate.h): where the live
 * interval reaches across the edge, nothing is decided.
 */
#ifndef GILBENCH_WITNESS_H
#define GILBENCH_WITNESS_H

#include <stddef.h>

#include <gilbench/sample.h>
#include <gilbench/summary.h>
#include <gilbench/validate.h>

enum witness_measure { WITNESS_PER_S, WITNESS_P50, WITNESS_P99, WITNESS_BEYOND };

struct witness_finding {
	const struct summary_row *live, *other; /* of the summary */
	enum witness_measure measure;
	enum band_kind kind;
	double band;
	struct interval live_value, other_value;
	struct interval relation; /* other / live, or other - live in points */
	enum finding_verdict verdict;
};

struct witnesses {
	struct witness_finding *findings;
	size_t count, of[FINDING_MISSING + 1];
	struct interval
		ceiling; /* the share of its cores that this machine gives; mid is NAN: not measured, taken as 1 */
	/* The largest error of throughput that is decided, as a share (0.04 is 4 %); NULL: nothing is decided. Echoes, which
	 * have a band of their own, do not count. */
	const struct witness_finding *worst;
	double worst_error;
};

/* The summary is of these samples, whose histograms are there. Pairs come in the order of the summary's rows. */
void witnesses_judge(const struct sample *, size_t count, const struct summary *, enum cell_source beside,
		     int usable_cpus, struct witnesses *);
void witnesses_release(struct witnesses *);
/* The same of one model alone; NAN: nothing of it is decided. */
double witnesses_worst_of(const struct witnesses *, const char *model);

/* "p99"; the numbers of one finding as text, static, one at a time. */
const char *witness_measure_name(enum witness_measure);
struct witness_text {
	char live[96], other[96], relation[32], band[32];
};
void witness_words(const struct witness_finding *, struct witness_text *);

#endif
