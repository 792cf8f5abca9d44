/*
 * ping_pong: the client of an echo server, the same program whoever serves: a workload of ours (bench/echo.c, as a
 * companion of the cell) or a Python (scripts/cpython/echo.py starts `gilbench client`). So what differs between two
 * servers is the servers.
 *
 *	ask -> wait in recv, at most PING_PONG_LOOK_US at a time -> hear -> done -> its own work -> ask ...
 *
 * Every question carries a number and what only this client makes of it, so an answer to something else is noticed.
 * It waits in the kernel (SO_RCVTIMEO), so that an exchange is two system calls and no more.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <gilbench/workload.h>

/* How often it looks, while no answer comes, whether it is over. The exact value does not matter. */
#define PING_PONG_LOOK_US 20000

uint64_t ping_proof(int client, uint64_t number)
{
	uint64_t x = (number + 1) * 0x9E3779B97F4A7C15u ^ (uint64_t)client << 48;
	return (x ^ x >> 29) * 0xBF58476D1CE4E5B9u;
}

int ping_pong_open(struct ping_pong *p, int port)
{
	const struct sockaddr_in to = {.sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
				       .sin_port = (in_port_t)port};
	const struct timeval look = {.tv_usec = PING_PONG_LOOK_US};
	p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	p->datagram = calloc(2, p->bytes);
	if (p->fd < 0 || p->datagram == NULL ||
	    connect(p->fd, (const struct sockaddr *)&to, sizeof(to)) != 0 ||
	    setsockopt(p->fd, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof(look)) != 0)
		return -errno;
	p->answer = p->datagram + p->bytes;
	return 0;
}

void ping_pong_ask(struct ping_pong *p)
{
	struct ping_question q = {p->asked, ping_proof(p->index, p->asked)};
	memcpy(p->datagram, &q, sizeof(q));
	p->asked++;
	send(p->fd, p->datagram, p->bytes, MSG_NOSIGNAL);
}

uint64_t ping_pong_hear(struct ping_pong *p, int flags)
{
	struct ping_question q;
	ssize_t got = recv(p->fd, p->answer, p->bytes, flags);
	if (got < 0)
		return NOT_SAID;
	memcpy(&q, p->answer, sizeof(q));
	if ((size_t)got == p->bytes && q.proof == ping_proof(p->index, q.number))
		return q.number;
	p->is_wrong = true;
	return NOT_SAID;
}

static void work_us(double us)
{
	uint64_t until_ns = clock_now_ns() + (uint64_t)(us * NS_PER_US);
	while (us > 0 && clock_now_ns() < until_ns)
		;
}

/* Is there time for more? */
static bool goes_on(const struct ping_pong *p, uint64_t now_ns)
{
	return now_ns < p->stop_ns && !p->is_wrong && (p->is_over == NULL || !p->is_over(p->context));
}

void ping_pong_play(struct ping_pong *p)
{
	uint64_t now = clock_now_ns();
	while (goes_on(p, now)) {
		uint64_t asked_ns = now, heard;
		ping_pong_ask(p);
		do {
			heard = ping_pong_hear(p, 0);
			now = clock_now_ns();
		} while (heard == NOT_SAID && goes_on(p, now));
		if (heard == NOT_SAID || now > p->stop_ns)
			break;
		p->done(p->context, now - asked_ns);
		work_us(p->work_us);
		now = clock_now_ns();
	}
}
