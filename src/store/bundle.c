/*
 * bundle: a run that travelled as one .tar.gz, unpacked into a fresh temporary directory with tar(1).
 *
 * A bundle comes from elsewhere and is not trusted: before anything is written its list is read, and absolute
 * paths, `..`, links and devices are refused. The folder that holds manifest.json may be the top or one
 * below.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gilbench/util.h>

#include "store/bundle.h"

extern char **environ;

/* Start tar with its errors hidden and, where `out_fd` is not -1, its output there. Its pid, or -errno. */
static pid_t tar_start(const char *const argv[], int out_fd)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	if (out_fd >= 0)
		posix_spawn_file_actions_adddup2(&actions, out_fd, STDOUT_FILENO);
	/* posix_spawn does not change the strings; its type is older than const. */
	int error = posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	return error == 0 ? pid : -error;
}

static bool tar_succeeded(pid_t pid)
{
	int status;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* `line` is one of `tar -tv`: mode owner size date time name. A plain file or folder below the top? */
static bool is_safe_entry(const char *line)
{
	if (line[0] != '-' && line[0] != 'd')
		return false;
	const char *name = line;
	for (int field = 0; field < 5; field++) {
		name += strcspn(name, " ");
		name += strspn(name, " ");
	}
	if (name[0] == '/' || name[0] == '\0')
		return false;
	for (const char *part = name; part != NULL; part = strchr(part, '/')) {
		part += *part == '/';
		if (strncmp(part, "..", 2) == 0 && (part[2] == '/' || part[2] == '\0'))
			return false;
	}
	return true;
}

/* 0: every entry is safe; 1: one is not; -1: this is no .tar.gz. */
static int list_is_unsafe(const char *path)
{
	const char *const argv[] = {"tar", "--force-local", "-tvPzf", path, NULL};
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return -1;
	pid_t pid = tar_start(argv, ends[1]);
	close(ends[1]);
	FILE *list = fdopen(ends[0], "r");
	char *line = NULL;
	size_t room = 0, lines = 0;
	bool has_unsafe = false;
	while (list != NULL && getline(&line, &room, list) > 0) {
		line[strcspn(line, "\n")] = '\0';
		has_unsafe = has_unsafe || !is_safe_entry(line);
		lines++;
	}
	free(line);
	if (list != NULL)
		fclose(list);
	if (pid < 0 || !tar_succeeded(pid) || lines == 0)
		return -1;
	return has_unsafe;
}

static bool has_manifest(const char *dir)
{
	char *path = xasprintf("%s/manifest.json", dir);
	bool found = access(path, R_OK) == 0;
	free(path);
	return found;
}

/* The folder with manifest.json: `top` or one of its folders; NULL if there is none. Free it. */
static char *find_run(const char *top)
{
	if (has_manifest(top))
		return xstrdup(top);
	DIR *dir = opendir(top);
	char *found = NULL;
	for (struct dirent *entry; dir != NULL && found == NULL && (entry = readdir(dir)) != NULL;) {
		char *inner = xasprintf("%s/%s", top, entry->d_name);
		if (entry->d_name[0] != '.' && has_manifest(inner))
			found = xstrdup(inner);
		free(inner);
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

char *bundle_unpack(const char *path, char *error, size_t error_bytes)
{
	int unsafe = list_is_unsafe(path);
	if (unsafe != 0) {
		snprintf(error, error_bytes,
			 unsafe < 0 ? "%s is neither a run directory nor a bundle (.tar.gz) of one"
				    : "%s holds links or paths that lead out of it, so it was not unpacked",
			 path);
		return NULL;
	}
	const char *base = getenv("TMPDIR");
	char *top = xasprintf("%s/gilbench-bundle-XXXXXX", base != NULL && *base != '\0' ? base : "/tmp");
	char *found = NULL;
	if (mkdtemp(top) == NULL) {
		snprintf(error, error_bytes, "cannot make the folder %s: %s", top, strerror(errno));
		goto out;
	}
	const char *const argv[] = {"tar", "--force-local", "--no-same-owner", "-xzf", path, "-C", top, NULL};
	pid_t pid = tar_start(argv, -1);
	if (pid < 0 || !tar_succeeded(pid))
		snprintf(error, error_bytes, "tar could not unpack %s into %s", path, top);
	else if ((found = find_run(top)) == NULL)
		snprintf(error, error_bytes, "%s holds no run: there is no manifest.json in it", path);
out:
	free(top);
	return found;
}
