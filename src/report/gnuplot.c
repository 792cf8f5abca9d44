/*
 * gnuplot: run it on every chart, two at a time.
 *
 * A report must be there within ten seconds and gnuplot takes a fifth of a second per chart, so two processes
 * halve it on the smallest machine we support; more would gain little. A gnuplot that hangs is killed when
 * the time is over: its chart is then not drawn, which the report says.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gilbench/clock.h>
#include <gilbench/util.h>

#include "report/chart.h"

/* Processes at a time. */
#define GNUPLOT_PROCESSES 2
/* How often children are looked at: far below what one chart takes, far above what looking costs. */
#define POLL_MS 5

struct drawing {
	pid_t pid; /* 0: this place is free */
	struct chart *chart;
};

/* In the child: gnuplot in the charts' folder, silent, with nothing but its script. */
static _Noreturn void exec_gnuplot(const char *dir, const char *script)
{
	int null = open("/dev/null", O_RDWR);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	if (chdir(dir) != 0)
		_exit(126);
	execlp("gnuplot", "gnuplot", script, (char *)NULL);
	_exit(127);
}

static pid_t gnuplot_start(const char *dir, const struct chart *chart)
{
	char *script = xasprintf("%s.gp", chart->name);
	pid_t pid = fork();
	if (pid == 0)
		exec_gnuplot(dir, script);
	free(script);
	return pid;
}

/* gnuplot exits with 0 on some faults, such as a terminal that it lacks. The SVG is written last, so its end
 * tells that both are whole. */
bool chart_has_picture(const struct chart *chart, const char *dir)
{
	static const char end[] = "</svg>";
	struct stat png;
	char *png_path = xasprintf("%s/%s.png", dir, chart->name);
	char *svg_path = xasprintf("%s/%s.svg", dir, chart->name), *svg = read_file(svg_path, NULL);
	size_t length = svg != NULL ? strlen(svg) : 0;
	/* The end may be followed by empty lines. */
	const char *tail = length > 32 ? svg + length - 32 : svg;
	bool is_there =
		stat(png_path, &png) == 0 && png.st_size > 0 && tail != NULL && strstr(tail, end) != NULL;
	free(png_path);
	free(svg_path);
	free(svg);
	return is_there;
}

/* Old pictures must not pass for new ones. */
static void remove_pictures(const char *dir, const struct chart *chart)
{
	char *png_path = xasprintf("%s/%s.png", dir, chart->name);
	char *svg_path = xasprintf("%s/%s.svg", dir, chart->name);
	unlink(png_path);
	unlink(svg_path);
	free(png_path);
	free(svg_path);
}

/* Reap a finished place. True when it is free now. */
static bool drawing_poll(struct drawing *d, const char *dir, bool *is_absent)
{
	int status;
	if (d->pid == 0)
		return true;
	if (waitpid(d->pid, &status, WNOHANG) != d->pid)
		return false;
	d->pid = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		*is_absent = true;
	d->chart->is_drawn =
		WIFEXITED(status) && WEXITSTATUS(status) == 0 && chart_has_picture(d->chart, dir);
	return true;
}

static void drawings_kill(struct drawing places[GNUPLOT_PROCESSES])
{
	for (int i = 0; i < GNUPLOT_PROCESSES; i++)
		if (places[i].pid > 0) {
			kill(places[i].pid, SIGKILL);
			waitpid(places[i].pid, NULL, 0);
		}
}

int charts_draw(struct chart *charts, size_t count, const char *dir, double seconds)
{
	struct drawing places[GNUPLOT_PROCESSES] = {{0}};
	uint64_t end_ns = clock_now_ns() + (uint64_t)(seconds * 1e9);
	size_t next = 0, busy = 0;
	bool is_absent = false;

	for (size_t i = 0; i < count; i++)
		if (!charts[i].is_drawn)
			remove_pictures(dir, &charts[i]);
	do {
		busy = 0;
		for (int i = 0; i < GNUPLOT_PROCESSES; i++) {
			while (next < count && charts[next].is_drawn)
				next++;
			if (drawing_poll(&places[i], dir, &is_absent) && next < count && !is_absent) {
				pid_t pid = gnuplot_start(dir, &charts[next]);
				places[i] = (struct drawing){pid > 0 ? pid : 0, &charts[next++]};
			}
			busy += places[i].pid > 0;
		}
		poll(NULL, 0, POLL_MS);
	} while ((busy > 0 || (next < count && !is_absent)) && clock_now_ns() < end_ns);
	drawings_kill(places);

	int drawn = 0;
	for (size_t i = 0; i < count; i++)
		drawn += charts[i].is_drawn;
	return is_absent ? -ENOENT : drawn;
}
