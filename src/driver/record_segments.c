/*
 * record_segments: from stretches to a profile. See record_segments.h; where stretches come from: record_events.c; what
 * operations have in common: record_way.c.
 *
 * Problem: one profile for many operations that are not quite alike.
 *
 * Which stretches an operation has, and in which order, is its way. The commonest way is the profile's; operations that
 * go another way (a wait that was over before it began) are left out, and if they are more than one in ten the workload
 * is refused, for an average of two ways is neither. Then, place by place:
 *
 *	held      `gil` where checkpoints were met in it beside the one with which every step ends, else `hold`
 *	call      `free`
 *	block     `block`; but `free` where the task's processor time says that its calls computed, as write's do, and
 *	          where a client is answered
 *	receive   `wait`; of a server with a client: `client`, as long as the client's processor time for one operation
 *	wait      `wait`
 *	release   `free`, as long as it was: a nanosecond at least, for a segment of no length is none
 *
 * A length is constant, its median, unless it varies by more than noise; then it is empirical.
 *
 * A server with a client has constant lengths. It needs the lock again after it has answered, to count and to ask for
 * the next request: "client, free, gil, free, gil", where the first free is what it takes to receive what is there.
 *
 * What it does not see: whose memory is touched, caches, and what two tasks of the same work do to each other.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gilbench/clock.h>
#include <gilbench/util.h>

#include "driver/record_segments.h"
#include "driver/record_way.h"

/* Of operations that must go the same way. */
#define SHARE_MIN 0.9
/* So short, a stretch without ticks is what an interpreter does around a call, and not native code. */
#define BOOKKEEPING_NS 2000
/* Of the calls of a server with a client: so few are so short, and met neither a client that had to be woken on another
 * CPU nor one that ran on this. */
#define UNDISTURBED 0.02
/* Companions that compute for more of the time do so while nobody asks them. */
#define CLIENT_SHARE_MAX 0.95

/* ---- one place --------------------------------------------------------------------------------------- */

/* At most SEGMENT_VALUES_MAX quantiles; their mean is the segment's. */
static void set_empirical(struct segment *s, const struct place *p)
{
	size_t count = p->count < SEGMENT_VALUES_MAX ? p->count : SEGMENT_VALUES_MAX;
	double sum = 0;
	s->spread = SPREAD_EMPIRICAL;
	s->values = xcalloc(count, sizeof(*s->values));
	s->value_count = count;
	for (size_t i = 0; i < count; i++) {
		double q = ((double)i + 0.5) / (double)count;
		s->values[i] = p->ns[(size_t)(q * (double)p->count)];
		sum += (double)s->values[i];
	}
	s->mean_ns = (int64_t)round(sum / (double)count);
}

/* `ticks`: the same place where they were counted, or NULL. */
static struct segment segment_of(const struct place *p, const struct place *ticks, enum segment_kind kind,
				 bool has_client)
{
	bool is_call = p->kind == STRETCH_BLOCK || p->kind == STRETCH_RECEIVE;
	struct segment s = {.kind = kind, .spread = SPREAD_CONSTANT};
	s.mean_ns = place_ns(p, has_client && is_call ? UNDISTURBED : 0.5);
	if (!has_client && place_varies(p, ticks))
		set_empirical(&s, p);
	if (p->kind == STRETCH_RELEASE && s.mean_ns == 0)
		s.mean_ns = 1;
	return s;
}

static double median_s(const struct way *way, enum stretch_kind kind)
{
	double seconds = 0;
	for (size_t i = 0; i < way->count; i++)
		if (way->place[i].kind == kind)
			seconds += (double)place_ns(&way->place[i], 0.5) / NS_PER_S;
	return seconds;
}

/* Did the calls that are said to wait compute most of their time? What processor time is left for them says so. */
static bool calls_compute(const struct way *way, const struct record_facts *facts)
{
	double left_s = facts->cpu_s - median_s(way, STRETCH_HELD) - median_s(way, STRETCH_CALL);
	return left_s > median_s(way, STRETCH_BLOCK) / 2;
}

static enum segment_kind held_kind(const struct way *way, const struct place *p, const struct place *ticks)
{
	bool has_ticks = ticks != NULL && place_ticks(ticks, 0.5) > 0;
	bool is_bookkeeping = way->count > 1 && place_ns(p, 0.5) < BOOKKEEPING_NS;
	return has_ticks || is_bookkeeping ? SEGMENT_GIL : SEGMENT_HOLD;
}

static enum segment_kind kind_of(const struct way *way, const struct place *p, const struct place *ticks,
				 const struct record_facts *facts)
{
	switch (p->kind) {
	case STRETCH_HELD:
		return held_kind(way, p, ticks);
	case STRETCH_BLOCK:
		return facts->has_client || calls_compute(way, facts) ? SEGMENT_FREE : SEGMENT_BLOCK;
	case STRETCH_RECEIVE:
		return facts->has_client ? SEGMENT_CLIENT : SEGMENT_WAIT;
	case STRETCH_WAIT:
		return SEGMENT_WAIT;
	case STRETCH_CALL:
	case STRETCH_RELEASE:
	case STRETCH_KINDS:
		break;
	}
	return SEGMENT_FREE;
}

/* ---- all of them ------------------------------------------------------------------------------------- */

/* Nanoseconds of interpreted work per tick. */
static int64_t tick_ns(const struct profile *profile, const struct way *counted)
{
	int64_t ns = 0, ticks = 0;
	for (size_t i = 0; counted != NULL && i < counted->count; i++) {
		int64_t own = place_ticks(&counted->place[i], 0.5);
		if (profile->segment[i].kind != SEGMENT_GIL || own == 0)
			continue;
		ns += profile->segment[i].mean_ns;
		ticks += own;
	}
	return ticks > 0 && ns >= ticks ? (ns + ticks / 2) / ticks : PROFILE_TICK_NS;
}

static bool holds_lock(const struct segment *s)
{
	return s->kind == SEGMENT_GIL || s->kind == SEGMENT_HOLD;
}

static size_t find_client(const struct profile *profile)
{
	size_t client = 0;
	while (client < profile->count && profile->segment[client].kind != SEGMENT_CLIENT)
		client++;
	return client;
}

/* Shortest part of a client or a server that is left when a switch is taken off: the clock knows no less. */
#define PART_MIN_S 1e-7

static int64_t part_ns(double seconds)
{
	return (int64_t)round(fmax(seconds, PART_MIN_S) * NS_PER_S);
}

/* Where client and server shared a CPU, an operation is what both used of it: what the server used and the lock was not
 * held for is `free`, whatever the clock said of a call in which the client had the CPU. The call that receives, which
 * comes after `client`, has its shortest time, and half of the rest at most. */
static void share_out_time(struct profile *profile, size_t client, const struct record_facts *facts)
{
	double left_s = facts->cpu_s - facts->switch_s;
	size_t calls = 0;
	for (size_t i = 0; i < profile->count; i++) {
		const struct segment *s = &profile->segment[i];
		left_s -= holds_lock(s) ? (double)s->mean_ns / NS_PER_S : 0;
		calls += s->kind == SEGMENT_FREE;
	}
	struct segment *receive = &profile->segment[client + 1];
	receive->mean_ns = part_ns(fmin((double)receive->mean_ns / NS_PER_S, left_s / 2));
	left_s -= (double)receive->mean_ns / NS_PER_S;
	for (size_t i = 0; i < profile->count; i++)
		if (profile->segment[i].kind == SEGMENT_FREE && i != client + 1)
			profile->segment[i].mean_ns = part_ns(left_s / (double)(calls - 1));
}

/* The call that receives becomes two segments: what the client needs, and what it takes to receive a request that is
 * there already. */
static void set_client(struct profile *profile, size_t client, const struct record_facts *facts)
{
	if (profile->count == SEGMENT_MAX)
		return;
	memmove(&profile->segment[client + 2], &profile->segment[client + 1],
		(profile->count - client - 1) * sizeof(profile->segment[0]));
	profile->count++;
	profile->segment[client + 1] =
		(struct segment){.kind = SEGMENT_FREE, .mean_ns = profile->segment[client].mean_ns};
	profile->segment[client].mean_ns = part_ns(facts->client_s - facts->switch_s);
	if (facts->switch_s > 0)
		share_out_time(profile, client, facts);
}

static void make_profile(const struct way *way, const struct way *counted, const struct record_facts *facts,
			 struct profile *profile)
{
	for (size_t i = 0; i < way->count; i++) {
		const struct place *p = &way->place[i], *ticks = counted != NULL ? &counted->place[i] : NULL;
		profile->segment[i] = segment_of(p, ticks, kind_of(way, p, ticks, facts), facts->has_client);
	}
	profile->count = way->count;
	profile->tick_ns = tick_ns(profile, counted);
	size_t client = find_client(profile);
	if (client < profile->count)
		set_client(profile, client, facts);
}

/* Can one profile describe it? */
static int check(const struct recording *r, size_t common, const struct record_facts *facts, char *error,
		 size_t error_bytes)
{
	double share = recording_share(r, common);
	if (share < SHARE_MIN)
		snprintf(error, error_bytes,
			 "its operations are of different kinds (%.0f %% go the commonest way, %.0f %% must)",
			 100 * share, 100 * SHARE_MIN);
	else if (recording_length(r, common) > SEGMENT_MAX)
		snprintf(error, error_bytes, "an operation has %zu segments, and a profile at most %d",
			 recording_length(r, common), SEGMENT_MAX);
	else if (facts->has_client && facts->client_s > CLIENT_SHARE_MAX * facts->op_s)
		snprintf(error, error_bytes,
			 "its companions compute while nobody asks them, so that a client's part of an "
			 "operation "
			 "cannot be told");
	else
		return 0;
	return -1;
}

int recording_profile(const struct recording *timed, const struct recording *counted,
		      const struct record_facts *facts, struct profile *profile, char *error,
		      size_t error_bytes)
{
	size_t common = recording_common(timed), other = recording_common(counted);
	*profile = (struct profile){.tick_ns = PROFILE_TICK_NS};
	if (timed->needs_others || counted->needs_others) {
		snprintf(error, error_bytes,
			 "its tasks wait for each other, which the profile of one task cannot describe");
		return -1;
	}
	if (check(timed, common, facts, error, error_bytes) != 0)
		return -1;
	bool are_alike = counted->ops > 0 && recording_alike(timed, common, counted, other);
	struct way way = way_new(timed, common), ticks = {0};
	if (are_alike)
		ticks = way_new(counted, other);
	make_profile(&way, are_alike ? &ticks : NULL, facts, profile);
	way_free(&ticks);
	way_free(&way);
	return 0;
}
