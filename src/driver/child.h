/*
 * child: one process that is started, listened to, and reaped. Private to src/driver.
 */
#ifndef GILBENCH_DRIVER_CHILD_H
#define GILBENCH_DRIVER_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The descriptor on which the child gives its answer. */
#define CHILD_ANSWER_FD 3

struct child {
	pid_t pid;
	int pidfd;
	int answer_fd;     /* read end */
	int complaints_fd; /* the child's stderr, a memory file */
};

enum child_end { CHILD_EXITED, CHILD_PAST_DEADLINE, CHILD_STOPPED };

/* Start `program` in a process group of its own, dead with this process. `padding` bytes of environment move
 * its stack. 0 or -errno. */
int child_start(struct child *, const char *program, char *const argv[], unsigned padding);
/* The same with an environment of the caller's. */
int child_start_in(struct child *, const char *program, char *const argv[], char *const environment[]);
/* This process's environment, without the variables whose names begin with `dropped` (NULL: with all),
 * with those that are `added` ("NAME=VALUE" ended by NULL), and with `padding` bytes more at its end. Free it with
 * environment_free, before the added ones. */
char **environment_new(const char *dropped, char *const added[], unsigned padding);
void environment_free(char **environment);
/* Sleep until the child has ended, `deadline_ns` has passed, or a signal asked to stop; in the last two cases
 * its whole process group is killed. Its answer is in `text` (free it), at most `limit` bytes; the child is
 * reaped, its wait status in `status`. */
enum child_end child_listen(struct child *, uint64_t deadline_ns, size_t limit, char **text, size_t *length,
			    int *status);
/* First line of what the child wrote on stderr, "" if nothing; of a Python traceback the last, which says what
 * happened. Closes everything. */
void child_finish(struct child *, char *complaint, size_t bytes);

#endif
