/*
 * answer: an experiment's answer with this run's numbers in place of its {placeholders}. See claim.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>
#include <gilbench/virtual_cell.h>

#include "report/selected.h"

static const struct metric plain_ratio = {"ceiling", METRIC_RATIO, true, NULL};

/* The cores of the machine that all of an experiment's cells were imagined on; 0: there is none. */
static int imagined_cores(const struct experiment *experiment, const struct summary *summary)
{
	int cores = 0;
	for (size_t i = 0; i < summary->count; i++) {
		const struct cell *cell = &summary->rows[i].cell;
		if (strcmp(cell->experiment, experiment->name) != 0)
			continue;
		int here = cell_cores(cell);
		if (here == 0 || (cores > 0 && here != cores))
			return 0;
		cores = here;
	}
	return cores;
}

static char *ceiling_text(const struct selection *s, const struct summary *summary,
			  const struct claim_machine *machine, bool is_imagined)
{
	const struct expression_names names = {machine->usable_cpus, machine->physical_cores, NAN, NAN};
	char error[200];
	double workers;
	if (expression_value(s->of.workers, &names, &workers, error, sizeof(error)) != 0)
		return xstrdup("not measured");
	struct interval ceiling = ceiling_at(summary, (int)workers);
	if (is_imagined)
		ceiling = (struct interval){fmin(floor(workers), machine->usable_cpus), NAN, NAN};
	return interval_text(&plain_ratio, &ceiling);
}

static char *placeholder_text(const char *inside, const struct experiment *experiment,
			      const struct summary *summary, const struct claim_machine *real)
{
	int cores = imagined_cores(experiment, summary);
	const struct claim_machine imagined = {.usable_cpus = cores, .physical_cores = cores};
	const struct claim_machine *machine = cores > 0 ? &imagined : real;
	enum placeholder_kind kind;
	struct selection selection;
	struct selected selected;
	char error[300];
	if (placeholder_parse(inside, &kind, &selection, error, sizeof(error)) != 0)
		return xstrdup("not measured");
	if (kind == PLACEHOLDER_CORES)
		return xasprintf("%d", machine->usable_cpus);
	if (kind == PLACEHOLDER_CEILING)
		return ceiling_text(&selection, summary, machine, cores > 0);
	selected_find(&selection, experiment->name, summary, machine, &selected);
	char *text = interval_text(selected.metric, &selected.value);
	selected_release(&selected);
	return text;
}

char *answer_expand(const struct experiment *experiment, const struct summary *summary,
		    const struct claim_machine *machine)
{
	if (experiment->answer == NULL)
		return NULL;
	char *text = xstrdup("");
	const char *at = experiment->answer;
	for (const char *open = strchr(at, '{'); open != NULL; open = strchr(at, '{')) {
		const char *close = strchr(open, '}');
		if (close == NULL)
			break;
		char *inside = xasprintf("%.*s", (int)(close - open - 1), open + 1);
		char *value = placeholder_text(inside, experiment, summary, machine);
		char *longer = xasprintf("%s%.*s%s", text, (int)(open - at), at, value);
		free(inside);
		free(value);
		free(text);
		text = longer;
		at = close + 1;
	}
	char *whole = xasprintf("%s%s", text, at);
	free(text);
	return whole;
}
