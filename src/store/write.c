/*
 * write: making and growing a run directory.
 *
 * Two kinds of file, two guarantees:
 *
 *   samples.jsonl   grows by one write(2) with O_APPEND per line. A write that the disk cut short is taken
 *                   back at once (ftruncate), so the file ends with a whole line whenever this process lives;
 *                   kill -9 in the middle of a write leaves at most one torn last line, which run_mend drops.
 *   all others      are written beside their place, flushed to the disk and renamed over it: a reader sees
 *                   the old text or the new one, never half of one.
 *
 * Samples are not flushed to the disk one by one: against a crash of the program nothing more is needed, and
 * against a power cut an fsync between samples would disturb the measuring.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gilbench/store.h>
#include <gilbench/util.h>

static char *path_in(const char *dir, const char *file)
{
	return xasprintf("%s/%s", dir, file);
}

int run_make_folders(const char *dir)
{
	char *path = xstrdup(dir);
	int status = 0;
	for (char *slash = strchr(path + 1, '/'); status == 0; slash = strchr(slash + 1, '/')) {
		if (slash != NULL)
			*slash = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			status = -errno;
		if (slash == NULL)
			break;
		*slash = '/';
	}
	free(path);
	return status;
}

static bool is_there(const char *dir, const char *file)
{
	char *path = path_in(dir, file);
	bool found = access(path, F_OK) == 0;
	free(path);
	return found;
}

int run_create(const char *dir)
{
	struct stat status;
	int error = run_make_folders(dir);
	if (error != 0)
		return error;
	if (stat(dir, &status) != 0)
		return -errno;
	if (!S_ISDIR(status.st_mode))
		return -ENOTDIR;
	if (is_there(dir, "manifest.json") || is_there(dir, "samples.jsonl"))
		return -EEXIST;
	return access(dir, W_OK) == 0 ? 0 : -errno;
}

/* 0, or -errno with nothing of `text` left in the file. */
static int append_whole(int fd, const char *text, size_t length)
{
	off_t before = lseek(fd, 0, SEEK_END);
	ssize_t written;
	do
		written = write(fd, text, length);
	while (written < 0 && errno == EINTR);
	if (written == (ssize_t)length)
		return 0;
	/* A short write says no more than that the room ended. */
	int error = written < 0 ? errno : ENOSPC;
	if (before >= 0 && ftruncate(fd, before) != 0)
		error = errno;
	return -error;
}

int run_append_sample(const char *dir, const struct sample *sample)
{
	json_t *object = sample_to_json(sample);
	char *json = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(12));
	json_decref(object);
	if (json == NULL)
		return -EILSEQ;
	char *line = xasprintf("%s\n", json), *path = path_in(dir, "samples.jsonl");
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	int status = fd < 0 ? -errno : append_whole(fd, line, strlen(line));
	if (fd >= 0 && close(fd) != 0 && status == 0)
		status = -errno;
	free(path);
	free(line);
	free(json);
	return status;
}

static int write_and_flush(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	int status = append_whole(fd, text, strlen(text));
	if (status == 0 && fsync(fd) != 0)
		status = -errno;
	if (close(fd) != 0 && status == 0)
		status = -errno;
	return status;
}

int run_write_text(const char *dir, const char *file, const char *text)
{
	char *path = path_in(dir, file), *beside = xasprintf("%s/.%s.%d", dir, file, (int)getpid());
	int status = write_and_flush(beside, text);
	if (status == 0 && rename(beside, path) != 0)
		status = -errno;
	if (status != 0)
		unlink(beside);
	free(beside);
	free(path);
	return status;
}

int run_write_manifest(const char *dir, const json_t *manifest)
{
	char *json = json_dumps(manifest, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
	if (json == NULL)
		return -EILSEQ;
	char *text = xasprintf("%s\n", json);
	int status = run_write_text(dir, "manifest.json", text);
	free(text);
	free(json);
	return status;
}

int run_mend(const char *dir)
{
	char *path = path_in(dir, "samples.jsonl");
	size_t length = 0;
	char *text = read_file(path, &length);
	int status = text == NULL && errno != ENOENT ? -errno : 0;
	size_t whole = length;
	while (whole > 0 && text[whole - 1] != '\n')
		whole--;
	if (whole < length)
		status = truncate(path, (off_t)whole) == 0 ? 1 : -errno;
	free(text);
	free(path);
	return status;
}
