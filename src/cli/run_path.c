/*
 * run_path: finding the run that a person means.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gilbench/util.h>

#include "cli/run_path.h"

/* Most names of runs that are compared with what was typed. */
#define NAMES_MAX 512

#define LATEST "results/latest"

static bool exists(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0;
}

/* The name in results/ most like the last part of `argument`, or NULL. Free it. */
static char *nearest_run(const char *argument)
{
	const char *names[NAMES_MAX], *slash = strrchr(argument, '/');
	size_t count = 0;
	DIR *dir = opendir("results");
	struct dirent *entry;
	while (dir != NULL && count < NAMES_MAX && (entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.' && strcmp(entry->d_name, "README.md") != 0)
			names[count++] = xstrdup(entry->d_name);
	if (dir != NULL)
		closedir(dir);
	const char *near = nearest_name(slash != NULL ? slash + 1 : argument, names, count);
	char *found = near != NULL ? xstrdup(near) : NULL;
	for (size_t i = 0; i < count; i++)
		free((char *)(uintptr_t)names[i]);
	return found;
}

static _Noreturn void die_missing(const char *argument)
{
	char *near = nearest_run(argument);
	errno = 0;
	if (near != NULL)
		die_usage("there is no run '%s'; did you mean results/%s?", argument, near);
	die_usage("there is no run '%s'; `ls results` shows the runs of this folder, and `gilbench run` "
		  "makes one",
		  argument);
}

/* results/latest is a link; the report must lie and be named by what it points to. */
static char *path_resolve(const char *argument)
{
	char target[4096];
	ssize_t length = readlink(argument, target, sizeof(target) - 1);
	if (length <= 0)
		return xstrdup(argument);
	target[length] = '\0';
	const char *slash = strrchr(argument, '/');
	if (target[0] == '/' || slash == NULL)
		return xstrdup(target);
	return xasprintf("%.*s/%s", (int)(slash - argument), argument, target);
}

void run_path_load(struct run *run, const char *argument)
{
	char error[1024], *path;
	if (argument == NULL && !exists(LATEST))
		die_usage("there is no run yet (no " LATEST
			  "); `gilbench run` makes one, or name a run directory");
	if (argument == NULL)
		argument = LATEST;
	char *in_results = xasprintf("results/%s", argument);
	if (exists(argument))
		path = path_resolve(argument);
	else if (strchr(argument, '/') == NULL && exists(in_results))
		path = path_resolve(in_results);
	else
		die_missing(argument);
	free(in_results);
	size_t length = strlen(path);
	while (length > 1 && path[length - 1] == '/')
		path[--length] = '\0';
	if (run_load(run, path, error, sizeof(error)) != 0) {
		errno = 0;
		die_usage("%s", error);
	}
	free(path);
}
