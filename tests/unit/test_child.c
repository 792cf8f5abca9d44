/*
 * child: what a shell in the child's place may do, and what becomes of its descendants. Deadlines here are far
 * away or already past, so no test depends on how fast the machine is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gilbench/clock.h>
#include <gilbench/util.h>

#include "driver/child.h"

/* Far enough that only a hang reaches it. */
#define FAR_S 60u

/* Most polls of 10 ms for a process to be gone. */
#define GONE_POLLS 1000

struct outcome {
	enum child_end end;
	char *text;
	size_t length;
	int status;
	char complaint[100];
	pid_t pid;
};

static struct outcome run_shell_for(const char *script, uint64_t deadline_ns, size_t limit)
{
	char *const argv[] = {xstrdup("sh"), xstrdup("-c"), xstrdup(script), NULL};
	struct child child;
	struct outcome out;
	assert_int_equal(child_start(&child, "sh", argv, 100), 0);
	out.pid = child.pid;
	out.end = child_listen(&child, deadline_ns, limit, &out.text, &out.length, &out.status);
	child_finish(&child, out.complaint, sizeof(out.complaint));
	for (size_t i = 0; i < 3; i++)
		free(argv[i]);
	return out;
}

static struct outcome run_shell(const char *script)
{
	return run_shell_for(script, clock_now_ns() + (uint64_t)FAR_S * NS_PER_S, 1u << 20);
}

static void assert_group_gone(pid_t group)
{
	for (int i = 0; i < GONE_POLLS; i++) {
		if (kill(-group, 0) != 0)
			return;
		usleep(10000);
	}
	fail_msg("a process of group %d still lives", (int)group);
}

static void test_the_answer_comes_back(void **state)
{
	(void)state;
	struct outcome out = run_shell("echo hidden; echo answer >&3; echo oops >&2; echo more >&2; exit 3");
	assert_int_equal(out.end, CHILD_EXITED);
	assert_string_equal(out.text, "answer\n");
	assert_int_equal(out.length, 7);
	assert_string_equal(out.complaint, "oops");
	assert_true(WIFEXITED(out.status));
	assert_int_equal(WEXITSTATUS(out.status), 3);
	free(out.text);
}

static void test_no_answer_is_an_empty_one(void **state)
{
	(void)state;
	struct outcome out = run_shell("kill -SEGV $$");
	assert_int_equal(out.end, CHILD_EXITED);
	assert_int_equal(out.length, 0);
	assert_true(WIFSIGNALED(out.status));
	assert_int_equal(WTERMSIG(out.status), SIGSEGV);
	free(out.text);
}

static void test_a_flood_is_cut_at_the_limit(void **state)
{
	(void)state;
	struct outcome out = run_shell_for("yes | head -c 3000000 >&3",
					   clock_now_ns() + (uint64_t)FAR_S * NS_PER_S, 10000);
	assert_int_equal(out.end, CHILD_EXITED);
	assert_int_equal(out.length, 10000);
	free(out.text);
}

static void test_past_the_deadline_the_whole_group_is_killed(void **state)
{
	(void)state;
	struct outcome out = run_shell_for("sleep 1000 & sleep 1000 & wait", clock_now_ns() + NS_PER_MS, 100);
	assert_int_equal(out.end, CHILD_PAST_DEADLINE);
	assert_true(WIFSIGNALED(out.status));
	assert_int_equal(WTERMSIG(out.status), SIGKILL);
	assert_group_gone(out.pid);
	free(out.text);
}

static void test_a_stray_grandchild_neither_hangs_nor_survives(void **state)
{
	(void)state;
	/* It holds the pipe open. */
	struct outcome out = run_shell("sleep 1000 & echo answer >&3");
	assert_int_equal(out.end, CHILD_EXITED);
	assert_string_equal(out.text, "answer\n");
	assert_group_gone(out.pid);
	free(out.text);
}

static void test_the_environment_is_padded(void **state)
{
	(void)state;
	struct outcome out = run_shell("printf %s \"$GILBENCH_PADDING\" | wc -c >&3");
	assert_int_equal(atoi(out.text), 100);
	free(out.text);
}

static void test_a_missing_program_ends_like_a_shells(void **state)
{
	(void)state;
	char name[] = "/nonexistent/program", *const argv[] = {name, NULL};
	struct child child;
	char *text, complaint[10];
	size_t length;
	int status;
	assert_int_equal(child_start(&child, name, argv, 0), 0);
	child_listen(&child, clock_now_ns() + (uint64_t)FAR_S * NS_PER_S, 100, &text, &length, &status);
	child_finish(&child, complaint, sizeof(complaint));
	assert_int_equal(WEXITSTATUS(status), 127);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_answer_comes_back),
		cmocka_unit_test(test_no_answer_is_an_empty_one),
		cmocka_unit_test(test_a_flood_is_cut_at_the_limit),
		cmocka_unit_test(test_past_the_deadline_the_whole_group_is_killed),
		cmocka_unit_test(test_a_stray_grandchild_neither_hangs_nor_survives),
		cmocka_unit_test(test_the_environment_is_padded),
		cmocka_unit_test(test_a_missing_program_ends_like_a_shells),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
