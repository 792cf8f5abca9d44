/*
 * scratch: an empty folder per cell, that does not stay behind.
 *
 * A cell that ends removes its folder. A cell that is killed cannot; but the lock (flock) that it holds on
 * the folder ends with its last process, so the next cell that makes a folder finds those without a living
 * owner and removes them. A process id in the name would not do: ids are used again, and mean nothing in
 * another container that shares /tmp.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/engine.h"

/* Whatever begins like this and has no owner is removed, so it must be a name that nobody gives to a folder
 * of their own (a run directory, an unpacked bundle). */
#define SCRATCH_PREFIX ".gilbench-cell-"

/* Directories that nftw may hold open. The exact value does not matter. */
#define WALK_DEPTH 16

/* A folder of ours is tried this often: each failure means that another cell cleaned it up just before it was
 * locked. The exact value does not matter. */
#define TRIES 8

static int remove_entry(const char *path, const struct stat *status, int flag, struct FTW *walk)
{
	(void)status, (void)flag, (void)walk;
	return remove(path);
}

static void remove_tree(const char *path)
{
	nftw(path, remove_entry, WALK_DEPTH, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

static const char *scratch_home(void)
{
	const char *home = getenv("TMPDIR");
	return home != NULL && *home == '/' ? home : "/tmp";
}

/* The folder's descriptor with the lock held, or -1: somebody lives there, or it is not ours. */
static int lock_folder(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;
	if (fd < 0)
		return -1;
	if (fstat(fd, &status) == 0 && status.st_uid == geteuid() && flock(fd, LOCK_EX | LOCK_NB) == 0 &&
	    fstat(fd, &status) == 0 && status.st_nlink > 0)
		return fd;
	close(fd);
	return -1;
}

static void sweep(const char *home)
{
	DIR *folder = opendir(home);
	if (folder == NULL)
		return;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		char path[PATH_MAX];
		if (strncmp(entry->d_name, SCRATCH_PREFIX, strlen(SCRATCH_PREFIX)) != 0 ||
		    (size_t)snprintf(path, sizeof(path), "%s/%s", home, entry->d_name) >= sizeof(path))
			continue;
		int fd = lock_folder(path);
		if (fd < 0)
			continue;
		remove_tree(path);
		close(fd);
	}
	closedir(folder);
}

int scratch_make(struct engine *e)
{
	const char *home = scratch_home();
	sweep(home);
	for (int i = 0; i < TRIES; i++) {
		snprintf(e->scratch, sizeof(e->scratch), "%s/" SCRATCH_PREFIX "XXXXXX", home);
		if (mkdtemp(e->scratch) == NULL)
			break;
		e->scratch_fd = lock_folder(e->scratch);
		if (e->scratch_fd >= 0)
			return 0;
	}
	int error = errno;
	snprintf(e->error, sizeof(e->error), "no folder could be made in %.100s: %s", home, strerror(error));
	e->scratch[0] = '\0';
	return -error;
}

void scratch_remove(struct engine *e)
{
	if (e->scratch[0] == '\0')
		return;
	remove_tree(e->scratch);
	close(e->scratch_fd);
}
