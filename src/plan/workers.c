/*
 * workers: which numbers of workers a chart needs when nobody says.
 *
 * Computing cannot use more workers than there are cores, so its points lie close around that number and end
 * at twice it, where one sees what too many cost. Waiting is another axis: 1 to 32 on every machine. Mixed
 * work has its knee where waiting ends and computing begins, so it gets two points more.
 */
#include <string.h>

#include <gilbench/planner.h>
#include <gilbench/util.h>

/* Machines that classrooms have; the values are chosen, not computed. */
static const struct {
	int cores, count, workers[WORKERS_DEFAULT_MAX];
} common[] = {
	{2, 4, {1, 2, 3, 4}},
	{4, 5, {1, 2, 3, 4, 8}},
	{8, 6, {1, 2, 4, 6, 8, 16}},
	{16, 7, {1, 2, 4, 8, 12, 16, 32}},
};

/* Powers of two up to the cores of any machine, and three more. */
#define POINTS_MAX 40

static int insert(int points[POINTS_MAX], int count, int value)
{
	int at = 0;
	while (at < count && points[at] < value)
		at++;
	if (at < count && points[at] == value)
		return count;
	memmove(&points[at + 1], &points[at], (size_t)(count - at) * sizeof(points[0]));
	points[at] = value;
	return count + 1;
}

/* The inner point that lies closest, as a ratio, between its neighbours, and is not one of `keep`. */
static int most_crowded(const int points[], int count, const int keep[4])
{
	int best = -1;
	double least = 0;
	for (int i = 1; i + 1 < count; i++) {
		double room = (double)points[i + 1] / points[i - 1];
		bool is_kept = false;
		for (int k = 0; k < 4; k++)
			is_kept |= points[i] == keep[k];
		if (!is_kept && (best < 0 || room < least)) {
			best = i;
			least = room;
		}
	}
	return best;
}

static int uncommon(int usable, int physical, int out[WORKERS_DEFAULT_MAX])
{
	const int keep[4] = {2, physical, usable, 2 * usable};
	int points[POINTS_MAX], count = 0;
	for (int power = 1; power <= usable; power *= 2)
		count = insert(points, count, power);
	for (int i = 1; i < 4; i++)
		count = insert(points, count, keep[i]);
	while (count > WORKERS_DEFAULT_MAX) {
		int gone = most_crowded(points, count, keep);
		memmove(&points[gone], &points[gone + 1], (size_t)(count - gone - 1) * sizeof(points[0]));
		count--;
	}
	memcpy(out, points, (size_t)count * sizeof(points[0]));
	return count;
}

static int copy(const int *from, int count, int out[WORKERS_DEFAULT_MAX])
{
	memcpy(out, from, (size_t)count * sizeof(from[0]));
	return count;
}

int plan_default_workers(enum work_class class, int usable_cpus, int physical_cores,
			 int out[WORKERS_DEFAULT_MAX])
{
	static const int waiting[] = {1, 2, 4, 8, 16, 32}, mixed[] = {1, 2, 3, 4, 6, 8, 16, 32};
	if (class == WORK_WAIT)
		return copy(waiting, ARRAY_LEN(waiting), out);
	if (class == WORK_MIXED)
		return copy(mixed, ARRAY_LEN(mixed), out);
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		if (common[i].cores == usable_cpus)
			return copy(common[i].workers, common[i].count, out);
	/* A machine that does not know its cores, or counts more than it lets us use. */
	if (physical_cores < 1 || physical_cores > usable_cpus)
		physical_cores = usable_cpus;
	return uncommon(usable_cpus, physical_cores, out);
}
