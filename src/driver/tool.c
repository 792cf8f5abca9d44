/*
 * tool: asking other programs for a line or two, such as `gnuplot --version`.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gilbench/util.h>

#include "driver/tool.h"

/* More than any version or commit. The exact value does not matter. */
#define OUTPUT_BYTES 65536

static pid_t start(const char *const argv[], int out_fd)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
	/* posix_spawn does not change the strings; its type is older than const. */
	int error = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error == 0 ? pid : -error;
}

static size_t read_all(int fd, char *text, size_t room)
{
	size_t length = 0;
	ssize_t got;
	while (length < room && ((got = read(fd, text + length, room - length)) > 0 || errno == EINTR))
		length += got > 0 ? (size_t)got : 0;
	return length;
}

char *tool_output(const char *const argv[])
{
	int ends[2], status = -1;
	if (pipe2(ends, O_CLOEXEC) != 0)
		return NULL;
	pid_t pid = start(argv, ends[1]);
	close(ends[1]);
	char *text = xcalloc(OUTPUT_BYTES, 1);
	errno = 0;
	if (pid > 0)
		read_all(ends[0], text, OUTPUT_BYTES - 1);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
		free(text);
		return NULL;
	}
	size_t length = strlen(text);
	if (length > 0 && text[length - 1] == '\n')
		text[length - 1] = '\0';
	return text;
}
