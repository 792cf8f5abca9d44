/*
 * claims: every claim of the run judged once, for the first page, the conclusions and the screen alike.
 */
#include <stdlib.h>

#include <gilbench/util.h>

#include "report/parts.h"

struct claim_machine report_machine(const struct report *report)
{
	return (struct claim_machine){report->facts.usable, report->facts.cores};
}

void claims_read(struct report *report)
{
	struct claim_machine machine = report_machine(report);
	report->judgements = xcalloc(report->experiment_count + 1, sizeof(struct judgement *));
	for (size_t e = 0; e < report->experiment_count; e++) {
		const struct experiment *experiment = &report->experiments[e];
		report->judgements[e] = xcalloc(experiment->claim_count + 1, sizeof(struct judgement));
		for (size_t i = 0; i < experiment->claim_count; i++)
			claim_judge(&experiment->claims[i], experiment, &report->summary, &machine,
				    &report->judgements[e][i]);
	}
}

void claims_release(struct report *report)
{
	for (size_t e = 0; e < report->experiment_count; e++) {
		for (size_t i = 0; i < report->experiments[e].claim_count; i++)
			judgement_release(&report->judgements[e][i]);
		free(report->judgements[e]);
	}
	free(report->judgements);
}

struct claim_counts claims_count(const struct report *report, int experiment)
{
	struct claim_counts counts = {0};
	counts.all = (int)report->experiments[experiment].claim_count;
	for (int i = 0; i < counts.all; i++)
		counts.of[report->judgements[experiment][i].verdict]++;
	return counts;
}
