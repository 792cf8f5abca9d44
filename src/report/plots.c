/*
 * plots: where the charts of a run lie. See report.h.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <gilbench/report.h>
#include <gilbench/util.h>

/* What `run` calls a directory when nobody says how: <UTC date-time>-<seed>. */
#define STANDARD_NAME "[0-9]*T[0-9]*Z-[0-9]*"

void plots_place(const char *run_dir, char **dir, char **link)
{
	char *real = realpath(run_dir, NULL);
	char *path = real != NULL ? real : xstrdup(run_dir), *slash = strrchr(path, '/');
	bool is_standard = slash != NULL && slash - path >= 8 && strncmp(slash - 8, "/results", 8) == 0 &&
			   fnmatch(STANDARD_NAME, slash + 1, 0) == 0;
	if (is_standard) {
		*dir = xasprintf("%.*s/plots/%s", (int)(slash - 8 - path), path, slash + 1);
		*link = xasprintf("../../plots/%s", slash + 1);
	} else {
		*dir = xasprintf("%s/plots", path);
		*link = xstrdup("plots");
	}
	free(path);
}

int plots_make(const char *dir)
{
	char *path = xstrdup(dir);
	int failure = 0;
	for (char *at = path + 1; failure == 0; at++) {
		char kept = *at;
		if (kept != '/' && kept != '\0')
			continue;
		*at = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			failure = -errno;
		*at = kept;
		if (kept == '\0')
			break;
	}
	free(path);
	return failure;
}
