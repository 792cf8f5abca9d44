/*
 * child: one process that is started, listened to, and reaped.
 *
 *	fork -> own process group -> PDEATHSIG -> is the parent still there? -> exec
 *
 * Guaranteed: no process outlives its sample. A child that ends is killed again as a group before it is
 * reaped, while its process group still cannot be another's; one that hangs is killed as a group; and when
 * this process dies by kill -9, the kernel kills the child, whose own children die with it in the same way.
 *
 * The end is seen through a pidfd, not through the end of the pipe: a stray grandchild may hold the pipe
 * open.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gilbench/clock.h>
#include <gilbench/driver.h>
#include <gilbench/util.h>

#include "driver/child.h"
#include "driver/signals.h"

#define PADDING_NAME "GILBENCH_PADDING"

/* How Python's account of an error begins; what happened is its last line. */
#define TRACEBACK "Traceback (most recent call last)"

/* In the child, between fork and exec: only calls that are safe there. Exit status 127 as a shell's. */
static _Noreturn void become(const char *program, char *const argv[], char *const environment[], int answer,
			     int complaints, pid_t parent)
{
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The parent may have died before the line above: then nobody would kill this process. */
	if (getppid() != parent)
		_exit(127);
	signals_for_child();
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDOUT_FILENO);
	dup2(complaints, STDERR_FILENO);
	if (answer == CHILD_ANSWER_FD)
		fcntl(answer, F_SETFD, 0);
	else
		dup2(answer, CHILD_ANSWER_FD);
	execvpe(program, argv, environment);
	_exit(127);
}

static bool is_kept(const char *variable, const char *dropped)
{
	bool is_padding = strncmp(variable, PADDING_NAME "=", sizeof(PADDING_NAME)) == 0;
	return !is_padding && (dropped == NULL || strncmp(variable, dropped, strlen(dropped)) != 0);
}

static size_t word_count(char *const words[])
{
	size_t count = 0;
	while (words[count] != NULL)
		count++;
	return count;
}

char **environment_new(const char *dropped, char *const added[], unsigned padding)
{
	size_t count = word_count(environ), more = word_count(added), kept = 0;
	char **out = xcalloc(count + more + 2, sizeof(*out));
	for (size_t i = 0; i < count; i++)
		if (is_kept(environ[i], dropped))
			out[kept++] = environ[i];
	for (size_t i = 0; i < more; i++)
		out[kept++] = added[i];
	out[kept] = xcalloc(sizeof(PADDING_NAME) + padding + 1, 1);
	memset(out[kept], 'x', sizeof(PADDING_NAME) + padding);
	memcpy(out[kept], PADDING_NAME "=", sizeof(PADDING_NAME));
	return out;
}

void environment_free(char **environment)
{
	size_t last = 0;
	while (environment[last + 1] != NULL)
		last++;
	free(environment[last]);
	free(environment);
}

static int start(struct child *child, const char *program, char *const argv[], char *const environment[],
		 int answer)
{
	pid_t parent = getpid();
	child->pid = fork();
	if (child->pid < 0)
		return -errno;
	if (child->pid == 0)
		become(program, argv, environment, answer, child->complaints_fd, parent);
	/* Both sides set the group: whoever comes first, it exists before the other goes on. */
	setpgid(child->pid, child->pid);
	child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd >= 0)
		return 0;
	int error = errno;
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
	return -error;
}

int child_start(struct child *child, const char *program, char *const argv[], unsigned padding)
{
	char *const nothing[] = {NULL}, **environment = environment_new(NULL, nothing, padding);
	int status = child_start_in(child, program, argv, environment);
	environment_free(environment);
	return status;
}

int child_start_in(struct child *child, const char *program, char *const argv[], char *const environment[])
{
	int ends[2], status;
	child->complaints_fd = memfd_create("gilbench-complaints", MFD_CLOEXEC);
	if (child->complaints_fd < 0)
		return -errno;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		status = -errno;
		goto close_complaints;
	}
	child->answer_fd = ends[0];
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	status = start(child, program, argv, environment, ends[1]);
	close(ends[1]);
	if (status == 0)
		return 0;
	close(ends[0]);
close_complaints:
	close(child->complaints_fd);
	return status;
}

struct answer {
	char *text;
	size_t length, room, limit;
};

/* Everything that lies in the pipe; what is beyond the limit is read and dropped. False at its end. */
static bool drain(int fd, struct answer *answer)
{
	for (;;) {
		if (answer->room - answer->length < 4096) {
			answer->room = answer->room * 2 + 65536;
			answer->text = xrealloc(answer->text, answer->room, 1);
		}
		ssize_t got = read(fd, answer->text + answer->length, answer->room - answer->length - 1);
		if (got <= 0)
			return got < 0 && (errno == EAGAIN || errno == EINTR);
		answer->length += (size_t)got;
		if (answer->length > answer->limit)
			answer->length = answer->limit;
	}
}

/* Sleep until something happens, with stop signals let in. 0 when the deadline has passed. */
static int sleep_until(struct pollfd *fds, nfds_t count, uint64_t deadline_ns)
{
	sigset_t none;
	uint64_t now = clock_now_ns();
	struct timespec rest = clock_timespec(deadline_ns > now ? deadline_ns - now : 0);
	sigemptyset(&none);
	int ready = ppoll(fds, count, &rest, &none);
	return ready < 0 ? 1 : ready;
}

enum child_end child_listen(struct child *child, uint64_t deadline_ns, size_t limit, char **text,
			    size_t *length, int *status)
{
	struct answer answer = {.limit = limit};
	struct pollfd fds[] = {{.fd = child->pidfd, .events = POLLIN},
			       {.fd = child->answer_fd, .events = POLLIN}};
	enum child_end end = CHILD_EXITED;
	while ((fds[0].revents & POLLIN) == 0) {
		fds[0].revents = fds[1].revents = 0;
		if (sleep_until(fds, ARRAY_LEN(fds), deadline_ns) == 0)
			end = CHILD_PAST_DEADLINE;
		else if (driver_is_stopped())
			end = CHILD_STOPPED;
		if (end != CHILD_EXITED)
			break;
		if (fds[1].revents != 0 && !drain(child->answer_fd, &answer))
			fds[1].fd = -1;
	}
	/* The whole group, before reaping: until then the group's number cannot be used again. */
	kill(-child->pid, SIGKILL);
	while (waitpid(child->pid, status, 0) < 0 && errno == EINTR)
		;
	if (fds[1].fd >= 0)
		drain(child->answer_fd, &answer);
	if (answer.text == NULL)
		answer.text = xcalloc(1, 1);
	answer.text[answer.length] = '\0';
	*text = answer.text;
	*length = answer.length;
	return end;
}

static void read_complaint(const struct child *child, off_t from, char *text, size_t bytes)
{
	ssize_t got = pread(child->complaints_fd, text, bytes - 1, from);
	text[got > 0 ? got : 0] = '\0';
}

/* Keeps the last line that is not empty. */
static void keep_last_line(char *text)
{
	size_t end = strlen(text);
	while (end > 0 && text[end - 1] == '\n')
		text[--end] = '\0';
	const char *newline = strrchr(text, '\n');
	if (newline != NULL)
		memmove(text, newline + 1, strlen(newline));
}

void child_finish(struct child *child, char *complaint, size_t bytes)
{
	struct stat status = {0};
	fstat(child->complaints_fd, &status);
	read_complaint(child, 0, complaint, bytes);
	if (strstr(complaint, TRACEBACK) != NULL) {
		off_t tail = (off_t)bytes - 1;
		read_complaint(child, status.st_size > tail ? status.st_size - tail : 0, complaint, bytes);
		keep_last_line(complaint);
	}
	complaint[strcspn(complaint, "\n")] = '\0';
	close(child->pidfd);
	close(child->answer_fd);
	close(child->complaints_fd);
}
