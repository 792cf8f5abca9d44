/*
 * demo_end: see demo_end.h. The explanation is printed only where this run's numbers bear it out.
 */
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gilbench/log.h>
#include <gilbench/report.h>
#include <gilbench/util.h>

#include "cli/demo_end.h"
#include "cli/demo_plan.h"

/* A ceiling below this part of N is not a clock that drops or a shared core, but others at work. */
#define BUSY_BELOW 0.6

static double speedup(const struct demo_screen *screen, int panel, const char *model)
{
	for (int row = 0; row < DEMO_ROWS; row++)
		if (strcmp(demo_models[row], model) == 0)
			return screen->row[panel][row].speedup.mid;
	return NAN;
}

void demo_print_why(const struct demo_screen *screen)
{
	double computing = speedup(screen, DEMO_COMPUTING, "gil"),
	       waiting = speedup(screen, DEMO_WAITING, "gil");
	int n = screen->workers;
	if (screen->ceiling < BUSY_BELOW * n)
		printf("This machine was busy: even %d processes that share nothing reached only %.2f.\n"
		       "Close other programs and run it again; `gilbench doctor` may know more.\n",
		       n, screen->ceiling);
	else if (computing < 1.2 && waiting > 0.8 * n)
		printf("Why: who computes holds the GIL, so %d threads under it reach %.2f times one; who\n"
		       "waits lets go of it, so waits overlap and the same threads reach %.2f times one.\n",
		       n, computing, waiting);
	else
		printf("Unexpected: threads under a GIL reached %.2f computing and %.2f waiting; 1 and\n"
		       "%d are usual. `gilbench doctor` says what may disturb this machine.\n",
		       computing, waiting, n);
	puts("Measured: compiled C that stands for Python: ratios carry over, seconds do not.");
}

/* The first picture in a folder, as seen from here. Free it; NULL when there is none. */
static char *find_picture(const char *folder)
{
	char *found = NULL, here[4096];
	DIR *dir = opendir(folder);
	for (const struct dirent *entry; dir != NULL && (entry = readdir(dir)) != NULL;) {
		const char *dot = strrchr(entry->d_name, '.');
		if (found == NULL && dot != NULL && strcmp(dot, ".png") == 0)
			found = xasprintf("%s/%s", folder, entry->d_name);
	}
	if (dir != NULL)
		closedir(dir);
	size_t length = found != NULL && getcwd(here, sizeof(here)) != NULL ? strlen(here) : 0;
	if (length > 0 && strncmp(found, here, length) == 0 && found[length] == '/')
		memmove(found, found + length + 1, strlen(found) - length);
	return found;
}

void demo_print_chart(const char *dir)
{
	struct run run;
	char error[512];
	if (run_load(&run, dir, error, sizeof(error)) != 0) {
		log_warn("%s", error);
		return;
	}
	struct report *report = report_make(&run, NULL);
	char *picture = NULL;
	if (report_draw(report, error, sizeof(error)) != 0)
		log_warn("%s", error);
	else if ((picture = find_picture(report_plots_dir(report))) == NULL)
		printf("Chart: none, for gnuplot is missing (make deps installs it); samples:\n%s\n", dir);
	else
		printf("Chart: %s\n", picture);
	free(picture);
	report_release(report);
	run_release(&run);
}
