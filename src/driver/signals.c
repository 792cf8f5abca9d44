/*
 * signals: SIGINT and SIGTERM become one flag.
 *
 * Both are blocked but while the driver sleeps in ppoll, so a signal is never lost between looking at the
 * flag and going to sleep. A child starts with the mask and handlers that a program expects.
 */
#include <signal.h>
#include <stdlib.h>

#include <gilbench/driver.h>

#include "driver/signals.h"

/* Written by the handler, read by the one thread of the driver; never reset: a stop is final. */
static volatile sig_atomic_t is_stopped;

static void stop(int signal_number)
{
	(void)signal_number;
	is_stopped = 1;
}

static void stop_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

void driver_catch_signals(void)
{
	struct sigaction action = {.sa_handler = stop};
	sigset_t set;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	/* A full disk under `ulimit -f`, and a closed terminal, are errors of write(2) with a sentence. */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	stop_signals(&set);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

bool driver_is_stopped(void)
{
	sigset_t pending;
	sigpending(&pending);
	return is_stopped || sigismember(&pending, SIGINT) || sigismember(&pending, SIGTERM) ||
	       sigismember(&pending, SIGHUP);
}

void signals_for_child(void)
{
	static const int changed[] = {SIGINT, SIGTERM, SIGHUP, SIGXFSZ, SIGPIPE};
	sigset_t none;
	for (size_t i = 0; i < sizeof(changed) / sizeof(changed[0]); i++)
		signal(changed[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
