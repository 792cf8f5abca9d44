/*
 * chart_labels: names that do not lie over each other.
 *
 * Each name wants to stand beside the end of its line. Names that would touch form a cluster, a stack with
 * the least gap whose middle is the mean of what its members want; clusters that touch are merged, until none
 * do. This is isotonic regression by pooling neighbours (Ayer and others, 1955) on the positions less their
 * rank times the gap: the sum of squared displacements is the least possible for the given order.
 */
#include <stdlib.h>

#include "report/chart.h"

struct cluster {
	double sum; /* of (wanted - rank * gap) */
	int count;
};

static double cluster_mean(const struct cluster *c)
{
	return c->sum / c->count;
}

/* Insertion sort of indices by position: there are at most a few dozen. */
static void order_by(const double *y, int count, int *order)
{
	for (int i = 0; i < count; i++) {
		int k = i;
		for (; k > 0 && y[order[k - 1]] > y[i]; k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
}

static void clusters_pool(struct cluster *clusters, int *n)
{
	while (*n > 1 && cluster_mean(&clusters[*n - 2]) >= cluster_mean(&clusters[*n - 1])) {
		clusters[*n - 2].sum += clusters[*n - 1].sum;
		clusters[*n - 2].count += clusters[*n - 1].count;
		(*n)--;
	}
}

static double clamp(double value, double lo, double hi)
{
	return value < lo ? lo : value > hi ? hi : value;
}

void labels_spread(double *y, int count, double gap, double top, double bottom)
{
	int order[2 * CHART_SERIES_MAX];
	struct cluster clusters[2 * CHART_SERIES_MAX];
	int n = 0;

	if (count < 1 || count > 2 * CHART_SERIES_MAX)
		return;
	/* More names than fit are set closer: a little overlap beats names outside the picture. */
	if (gap * (count - 1) > bottom - top)
		gap = (bottom - top) / (count - 1);
	order_by(y, count, order);
	for (int rank = 0; rank < count; rank++) {
		clusters[n++] = (struct cluster){y[order[rank]] - rank * gap, 1};
		clusters_pool(clusters, &n);
	}
	int rank = 0;
	for (int c = 0; c < n; c++) {
		/* The frame's borders, as seen by positions less their rank times the gap. */
		double base = clamp(cluster_mean(&clusters[c]), top, bottom - (count - 1) * gap);
		for (int k = 0; k < clusters[c].count; k++, rank++)
			y[order[rank]] = base + rank * gap;
	}
}
