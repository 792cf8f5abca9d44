/*
 * bundle: a run with its report and charts as one .tar.gz, packed by tar(1).
 *
 * The report in a bundle must find its charts beside it, wherever it is unpacked: the run is copied (as links
 * to its files, which tar follows) into a temporary folder, the report is written anew there with its charts
 * in NAME/plots, and that folder is packed. The run itself is not touched.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gilbench/report.h>
#include <gilbench/util.h>

extern char **environ;

/* What a bundle holds beside what the report writes. hyperfine.json may be absent. */
static const char *const copied_files[] = {"manifest.json", "samples.jsonl", "hyperfine.json"};

/* Run a program with nothing on its standard streams; its exit status, or -1. */
static int run_program(const char *const argv[])
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int status = -1;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	/* posix_spawn does not change the strings; its type is older than const. */
	int failure = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (failure != 0)
		return -1;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int copy_file(const char *from_dir, const char *to_dir, const char *file)
{
	char *from = xasprintf("%s/%s", from_dir, file), *to = xasprintf("%s/%s", to_dir, file);
	size_t length = 0;
	char *text = read_file(from, &length);
	FILE *out = text != NULL ? fopen(to, "w") : NULL;
	int failure = text == NULL ? -errno : out == NULL ? -errno : 0;
	if (out != NULL) {
		bool is_whole = fwrite(text, 1, length, out) == length;
		if (fclose(out) != 0 || !is_whole)
			failure = -EIO;
	}
	free(text);
	free(from);
	free(to);
	return failure;
}

/* The copy with its report in `dir`. 0, or -1 with a sentence. */
static int bundle_fill(const struct run *run, const char *dir, char *error, size_t error_bytes)
{
	struct run copy;
	for (size_t i = 0; i < ARRAY_LEN(copied_files); i++) {
		int failure = copy_file(run->path, dir, copied_files[i]);
		if (failure != 0 && !(failure == -ENOENT && i > 1)) {
			snprintf(error, error_bytes, "cannot copy %s of %s: %s", copied_files[i], run->path,
				 strerror(-failure));
			return -1;
		}
	}
	if (run_load(&copy, dir, error, error_bytes) != 0)
		return -1;
	/* A torn last line is dropped at reading, so the copy may not have what made this one incomplete. */
	struct report *report = report_make(&copy, NULL);
	int status = report_draw(report, error, error_bytes);
	if (status == 0)
		status = report_write(report, error, error_bytes);
	report_release(report);
	run_release(&copy);
	return status;
}

static int bundle_pack(const char *parent, const char *name, const char *file, char *error,
		       size_t error_bytes)
{
	const char *const argv[] = {"tar",         "--force-local",
				    "--sort=name", "--owner=0",
				    "--group=0",   "--numeric-owner",
				    "-czf",        file,
				    "-C",          parent,
				    name,          NULL};
	if (run_program(argv) == 0)
		return 0;
	unlink(file);
	snprintf(error, error_bytes, "tar could not write %s", file);
	return -1;
}

int report_bundle(const struct run *run, const char *file, char *error, size_t error_bytes)
{
	const char *temporary = getenv("TMPDIR");
	char *parent = xasprintf("%s/gilbench-bundle-XXXXXX", temporary != NULL ? temporary : "/tmp");
	char *dir = NULL;
	int status = -1;

	if (mkdtemp(parent) == NULL) {
		snprintf(error, error_bytes, "cannot make a temporary folder %s: %s", parent,
			 strerror(errno));
		goto out;
	}
	dir = xasprintf("%s/%s", parent, run->name);
	if (mkdir(dir, 0777) != 0)
		snprintf(error, error_bytes, "cannot make %s: %s", dir, strerror(errno));
	else if (bundle_fill(run, dir, error, error_bytes) == 0)
		status = bundle_pack(parent, run->name, file, error, error_bytes);
	const char *const remove_argv[] = {"rm", "-rf", "--", parent, NULL};
	run_program(remove_argv);
	free(dir);
out:
	free(parent);
	return status;
}
