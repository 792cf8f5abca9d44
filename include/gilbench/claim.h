/*
 * claim: what this run's data say about an experiment's claims and answer. Layer 4.
 *
 * Pure: the same summary gives the same sentences; nothing is printed. The grammar is in expectation.h.
 *
 *	confirmed   the 95 % interval lies inside the claimed range
 *	refuted     it lies wholly outside, by more than the noise floor
 *	undecided   anything else, and the sentence says why: the interval lies across a bound, there are fewer
 *	            than six samples, a cell is missing or failed, the margin is below the noise floor, another
 *	            value of the ceiling within its interval would give another verdict
 *
 * A metric that has no interval (memory, lost operations, ...) is judged by its value, and the sentence says
 * so.
 */
#ifndef GILBENCH_CLAIM_H
#define GILBENCH_CLAIM_H

#include <gilbench/experiment.h>
#include <gilbench/summary.h>

/* The machine that the samples came from (host.h of the run, not of the reader). */
struct claim_machine {
	int usable_cpus, physical_cores;
};

enum claim_verdict { CLAIM_CONFIRMED, CLAIM_REFUTED, CLAIM_UNDECIDED };

struct judgement {
	enum claim_verdict verdict;
	char *text;     /* what is claimed, in the experiment's words */
	char *sentence; /* the numbers: "gil speedup at 2 workers is 0.99 (0.97 to 1.01); claimed 0.90
			   to 1.05" */
};

const char *claim_verdict_name(enum claim_verdict);
void claim_judge(const struct claim *, const struct experiment *, const struct summary *,
		 const struct claim_machine *, struct judgement *);
void judgement_release(struct judgement *);

/* The experiment's answer with every {placeholder} replaced by this run's number, "0.99 (0.97 to 1.01)", or
 * by "not measured". NULL when the experiment has no answer. Free it. */
char *answer_expand(const struct experiment *, const struct summary *, const struct claim_machine *);

/* The machine's own speed-up at that many workers, from the controls; NAN fields where it was not measured.
 */
struct interval ceiling_at(const struct summary *, int workers);

#endif
