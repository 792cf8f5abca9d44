/*
 * contenders: see contenders.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/log.h>
#include <gilbench/util.h>

#include "cli/contenders.h"
#include "report/text.h"

static struct cpython probe(const char *path)
{
	struct cpython python;
	char error[400];
	int status = cpython_probe(path, &python, error, sizeof(error));
	if (status == -EINTR)
		exit(EXIT_INTERRUPTED);
	if (status != 0)
		die_usage("%s", error);
	return python;
}

struct contender contender_named(const char *path)
{
	struct contender contender;
	struct cpython python = probe(path);
	contender_init(&contender, &python);
	return contender;
}

void contender_renew(struct contender *c)
{
	struct cpython now = probe(c->python.path);
	if (strcmp(now.version, c->python.version) != 0)
		die_usage("%s was Python %s when this run began, and is %s now", c->python.path,
			  c->python.version, now.version);
	cpython_release(&c->python);
	c->python = now;
}

char *contender_client(void)
{
	char *self = realpath("/proc/self/exe", NULL);
	if (self == NULL)
		die("/proc/self/exe");
	/* The default of echo's client_us. The script splits it as a shell does. */
	char *word = text_shell_word(self), *command = xasprintf("%s client --work-us 1", word);
	free(word);
	free(self);
	return command;
}
