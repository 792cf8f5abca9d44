/*
 * selected: the number that a claim or a placeholder means. Layer 4, inside src/report.
 */
#ifndef GILBENCH_REPORT_SELECTED_H
#define GILBENCH_REPORT_SELECTED_H

#include <gilbench/claim.h>
#include <gilbench/expectation.h>

struct selected {
	const struct summary_row *row, *over; /* over: of MODEL/MODEL, else NULL */
	const struct metric *metric;          /* how the value reads: a ratio's is a plain number */
	struct interval value;                /* mid NAN: there is none */
	char *name;                           /* "gil speedup (spin, 2 workers)" */
	char *why;                            /* why there is none, or NULL */
};

void selected_find(const struct selection *, const char *experiment, const struct summary *,
		   const struct claim_machine *, struct selected *);
void selected_release(struct selected *);
/* "0.99 (0.97 to 1.01)", "12.3 ms", "not measured". Free it. */
char *interval_text(const struct metric *, const struct interval *);

#endif
