/*
 * measuring: what the commands that measure into a run directory share. See measuring.h.
 */
#include <stdlib.h>
#include <string.h>

#include <gilbench/log.h>
#include <gilbench/session.h>
#include <gilbench/util.h>
#include <gilbench/validate.h>

#include "cli/measuring.h"
#include "report/text.h"

char *measuring_command(int argc, char **argv)
{
	char *text = xstrdup(argv[0]);
	for (int i = 1; i < argc; i++) {
		char *word = text_shell_word(argv[i]), *longer = xasprintf("%s %s", text, word);
		free(word);
		free(text);
		text = longer;
	}
	return text;
}

/* "out/" is "out". */
static void strip_slashes(char *dir)
{
	size_t length = strlen(dir);
	while (length > 1 && dir[length - 1] == '/')
		dir[--length] = '\0';
}

char *measuring_dir(const struct options *o, uint64_t seed)
{
	const char *said = o->resume != NULL ? o->resume : o->dir;
	char *dir = said != NULL ? xstrdup(said) : session_standard_dir(seed);
	strip_slashes(dir);
	return dir;
}

void measuring_resume(const struct options *o, const char *program, struct run *run, struct plan *plan)
{
	char error[512];
	if (run_load(run, o->resume, error, sizeof(error)) != 0 ||
	    plan_from_json(plan, json_object_get(run->manifest, "plan"), error, sizeof(error)) != 0)
		die_usage("cannot resume %s: %s", o->resume, error);
	bool is_validation = json_object_get(run->manifest, VALIDATE_KEY) != NULL;
	const char *right = is_validation ? "validate" : "run";
	if (strcmp(program, right) != 0)
		die_usage("%s is a run of %s; to go on with it: gilbench %s --resume %s", o->resume, right,
			  right, o->resume);
	const char *status = json_string_value(json_object_get(run->manifest, "status"));
	if (status != NULL && strcmp(status, "complete") == 0)
		die_usage("%s is complete; `gilbench report %s` draws it", o->resume, o->resume);
	if (run->torn_lines > 0)
		log_warn("%s: the last line of samples.jsonl was torn and is dropped", o->resume);
	if (o->has_budget)
		plan->options.budget_s = o->measure.budget_s;
}

void measuring_link(void *context, const struct plan *plan, size_t cell, const struct sample *sample)
{
	struct measuring_link *link = context;
	(void)plan;
	(void)cell;
	(void)sample;
	if (!link->is_made)
		session_link_latest(link->dir);
	link->is_made = true;
}
