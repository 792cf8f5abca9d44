/*
 * answer: an experiment's answer with this run's numbers in place of its {placeholders}. See claim.h.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/util.h>

#include "report/selected.h"

static const struct metric plain_ratio = {"ceiling", METRIC_RATIO, true, NULL};

static char *ceiling_text(const struct selection *s, const struct summary *summary,
			  const struct claim_machine *machine)
{
	const struct expression_names names = {machine->usable_cpus, machine->physical_cores, NAN, NAN};
	char error[200];
	double workers;
	if (expression_value(s->of.workers, &names, &workers, error, sizeof(error)) != 0)
		return xstrdup("not measured");
	struct interval ceiling = ceiling_at(summary, (int)workers);
	return interval_text(&plain_ratio, &ceiling);
}

static char *placeholder_text(const char *inside, const struct experiment *experiment,
			      const struct summary *summary, const struct claim_machine *machine)
{
	enum placeholder_kind kind;
	struct selection selection;
	struct selected selected;
	char error[300];
	if (placeholder_parse(inside, &kind, &selection, error, sizeof(error)) != 0)
		return xstrdup("not measured");
	if (kind == PLACEHOLDER_CORES)
		return xasprintf("%d", machine->usable_cpus);
	if (kind == PLACEHOLDER_CEILING)
		return ceiling_text(&selection, summary, machine);
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
