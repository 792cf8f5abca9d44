/*
 * log: sentences for people, on stderr. See log.h. The only state of layer 0: set once before any thread
 * starts.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <gilbench/clock.h>
#include <gilbench/log.h>

/* A log file that is not a terminal gets a sign of life this often. The exact value does not matter. */
#define PLAIN_INTERVAL_NS (10ull * NS_PER_S)

static bool quiet;
static bool has_line;          /* a progress line stands on the terminal */
static uint64_t last_plain_ns; /* when the last plain progress line was written */

void log_set_quiet(bool is_quiet)
{
	quiet = is_quiet;
}

bool log_is_quiet(void)
{
	return quiet;
}

bool log_is_terminal(void)
{
	const char *term = getenv("TERM");
	return isatty(STDERR_FILENO) && term != NULL && strcmp(term, "dumb") != 0;
}

bool log_has_colour(void)
{
	const char *no_colour = getenv("NO_COLOR");
	return log_is_terminal() && (no_colour == NULL || *no_colour == '\0');
}

void log_progress_end(void)
{
	if (has_line)
		fputs("\r\033[K", stderr);
	has_line = false;
}

void log_note(const char *format, ...)
{
	if (quiet)
		return;
	log_progress_end();
	va_list arguments;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

void log_warn(const char *format, ...)
{
	log_progress_end();
	fputs(log_has_colour() ? "\033[33mwarning:\033[0m " : "warning: ", stderr);
	va_list arguments;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

static int terminal_columns(void)
{
	struct winsize size;
	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
		return size.ws_col;
	return 80;
}

void log_progress(const char *format, ...)
{
	if (quiet)
		return;
	char line[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	if (log_is_terminal()) {
		fprintf(stderr, "\r\033[K%.*s", terminal_columns() - 1, line);
		fflush(stderr);
		has_line = true;
		return;
	}
	uint64_t now = clock_now_ns();
	if (last_plain_ns != 0 && now - last_plain_ns < PLAIN_INTERVAL_NS)
		return;
	last_plain_ns = now;
	fprintf(stderr, "%s\n", line);
}
