/*
 * session: the run directory around the driver's loop. See session.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <gilbench/log.h>
#include <gilbench/session.h>
#include <gilbench/summary.h>
#include <gilbench/util.h>

#include "driver/hyperfine.h"
#include "driver/manifest.h"

/* ---- where ---- */

char *session_standard_dir(uint64_t seed)
{
	char stamp[32];
	time_t now = time(NULL);
	struct tm utc;
	/* No colons: they mean something to tar, make and PATH. */
	strftime(stamp, sizeof(stamp), "%Y%m%dT%H%M%SZ", gmtime_r(&now, &utc));
	return xasprintf("results/%s-%llu", stamp, (unsigned long long)seed);
}

void session_link_latest(const char *dir)
{
	if (strncmp(dir, "results/", 8) != 0 || dir[8] == '\0' || strchr(dir + 8, '/') != NULL)
		return;
	unlink("results/.latest");
	if (symlink(dir + 8, "results/.latest") != 0 || rename("results/.latest", "results/latest") != 0)
		log_warn("results/latest could not be pointed to %s: %s", dir, strerror(errno));
}

/* Two processes that measure into one run would take every sample twice, and disturb each other. The lock ends
 * with this process, however it ends. Returns its descriptor, -1 where locks are not to be had, or -EWOULDBLOCK. */
static int lock_directory(const struct session *session)
{
	int fd = open(session->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	bool is_taken = errno == EWOULDBLOCK;
	close(fd);
	return is_taken ? -EWOULDBLOCK : -1;
}

static int open_directory(const struct session *session, char *error, size_t error_bytes)
{
	int status = session->resumed != NULL ? run_mend(session->dir) : run_create(session->dir);
	if (status == -EEXIST)
		snprintf(error, error_bytes,
			 "%s holds a run already; go on with it by --resume %s, or choose another -o",
			 session->dir, session->dir);
	else if (status < 0)
		snprintf(error, error_bytes, "cannot write into %s: %s", session->dir, strerror(-status));
	return status < 0 ? -1 : 0;
}

/* ---- going on with an earlier part ---- */

static const struct cell *planned_cell(const struct plan *plan, const struct cell *cell)
{
	for (size_t i = 0; i < plan->cell_count; i++)
		if (cell_equal(&plan->cells[i].cell, cell))
			return &plan->cells[i].cell;
	return NULL;
}

/* Its samples become the driver's, with their strings in the plan. The time they took counts against the
 * budget; after kill -9 nobody wrote it down, so it is at least what the samples say. */
static void take_over(struct session *session)
{
	const struct run *run = session->resumed;
	struct driver *driver = &session->driver;
	double spent_s = 0;
	driver->samples = xcalloc(run->sample_count, sizeof(*driver->samples));
	for (size_t i = 0; i < run->sample_count; i++) {
		const struct sample *from = &run->samples[i];
		const struct cell *cell = planned_cell(session->plan, &from->cell);
		if (cell == NULL)
			continue;
		struct sample *to = &driver->samples[driver->sample_count++];
		*to = sample_bare(from);
		to->cell = *cell;
		/* Seconds of virtual time are no time spent. */
		spent_s += from->wall_s > 0 && cell->source != SOURCE_VIRTUAL ? from->wall_s : 0;
		driver->failed += from->status == SAMPLE_WRONG || from->status == SAMPLE_CRASHED ||
				  from->status == SAMPLE_TIMEOUT;
	}
	double written_s = json_number_value(json_object_get(run->manifest, "duration_s"));
	driver->used_s = written_s > spent_s ? written_s : spent_s;
	driver->is_scaled = json_is_true(json_object_get(run->manifest, "scaled"));
}

/* ---- milestones ---- */

static int write_manifest(const struct session *session, const char *status)
{
	manifest_update(session, status);
	return run_write_manifest(session->dir, session->manifest);
}

static void on_calibrated(void *context, const struct driver *driver)
{
	struct session *session = context;
	(void)driver;
	/* A disk that is full now will be met again, with a sentence, by the next sample. */
	write_manifest(session, "running");
}

static int write_summary(const struct session *session)
{
	struct run run;
	struct summary summary;
	char error[256];
	/* From the disk: there the histograms are. */
	if (run_load(&run, session->dir, error, sizeof(error)) != 0)
		return -EIO;
	summarise(run.samples, run.sample_count, session->plan->options.min_samples, &summary);
	char *csv = summary_csv(&summary);
	int status = run_write_text(session->dir, "summary.csv", csv);
	free(csv);
	summary_release(&summary);
	run_release(&run);
	return status;
}

static const char *status_name(enum driver_end end)
{
	static const char *const names[] = {
		[DRIVER_DONE] = "complete",
		[DRIVER_INTERRUPTED] = "interrupted",
		[DRIVER_NO_BUDGET] = "failed",
		[DRIVER_NO_DISK] = "failed",
	};
	return names[end];
}

/* A directory without a sample is of no use to anybody. */
static void remove_empty(const struct session *session)
{
	char *manifest = xasprintf("%s/manifest.json", session->dir);
	unlink(manifest);
	rmdir(session->dir);
	free(manifest);
}

static int close_directory(struct session *session, enum driver_end end, char *error, size_t error_bytes)
{
	const struct driver *driver = &session->driver;
	int status = write_manifest(session, status_name(end));
	if (status == 0)
		status = write_summary(session);
	if (status != 0 && error[0] == '\0')
		snprintf(error, error_bytes, "cannot write to %s: %s; the samples are kept", session->dir,
			 strerror(-status));
	if (end == DRIVER_INTERRUPTED)
		return EXIT_INTERRUPTED;
	return end != DRIVER_DONE || status != 0 || driver->failed > 0 ? EXIT_MEASUREMENT : EXIT_DONE;
}

static int measure(struct session *session, char *error, size_t error_bytes)
{
	struct driver *driver = &session->driver;
	driver->plan = session->plan;
	driver->dir = session->dir;
	if (session->resumed != NULL)
		take_over(session);
	driver->on_calibrated = on_calibrated;
	driver->calibrated_context = session;
	session->manifest = manifest_begin(session);
	int status = write_manifest(session, "running");
	if (status != 0) {
		snprintf(error, error_bytes, "cannot write to %s: %s", session->dir, strerror(-status));
		return EXIT_MEASUREMENT;
	}
	driver->reserve_s = session->has_hyperfine ? hyperfine_reserve_s(session->plan) : 0;
	enum driver_end end = driver_run(driver);
	if (end == DRIVER_NO_BUDGET || end == DRIVER_NO_DISK)
		snprintf(error, error_bytes, "%s", driver->error);
	if (end == DRIVER_NO_BUDGET && driver->sample_count == 0) {
		remove_empty(session);
		return EXIT_USAGE;
	}
	if (end == DRIVER_DONE && session->has_hyperfine)
		hyperfine_run(session);
	return close_directory(session, end, error, error_bytes);
}

int session_run(struct session *session, char *error, size_t error_bytes)
{
	int lock = -1;
	error[0] = '\0';
	/* Before a torn line is mended: it may be one that is being written. */
	if (session->resumed != NULL)
		lock = lock_directory(session);
	if (lock != -EWOULDBLOCK && open_directory(session, error, error_bytes) != 0)
		return EXIT_USAGE;
	if (session->resumed == NULL)
		lock = lock_directory(session);
	if (lock == -EWOULDBLOCK) {
		snprintf(error, error_bytes, "another process is measuring into %s", session->dir);
		return EXIT_USAGE;
	}
	int status = measure(session, error, error_bytes);
	if (lock >= 0)
		close(lock);
	return status;
}

void session_release(struct session *session)
{
	driver_release(&session->driver);
	json_decref(session->manifest);
	session->manifest = NULL;
}
