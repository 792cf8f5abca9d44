"""echo: each task answers datagrams on loopback; its client is a process of its own that plays ping-pong and does all
the measuring. `busy=1` adds a process that computes: the baseline beside CPU-bound threads (an idle core takes longer
to wake than a whole exchange).

A client is any command. It is run as   COMMAND PORT BYTES SECONDS   , and then
    it writes the line `ready` when it could send, and waits for a line on its stdin: the start
    it sends datagrams of BYTES bytes to 127.0.0.1:PORT, each after the answer to the one before, for SECONDS
    it writes one line, {"ops": N, "latency": {histogram as in samples.jsonl}}; exchanges that end later do not count
"""
import json
import os
import shlex
import socket
import subprocess
import sys

import histogram
import usage
import workloads

# UDP over IPv4. The empty datagram is the server's end.
LONGEST_BYTES = 65507

HERE = os.path.dirname(os.path.abspath(__file__))


class ClientFailed(Exception):
    """A sentence about a client that gave no answer."""


def interpreter():
    """The command that starts this interpreter in the same way again."""
    return [sys.executable, "-s", "-B"] + (["-E"] if sys.flags.ignore_environment else [])


class Companion(object):
    """A helper process that says when it is ready."""

    def __init__(self, command):
        try:
            # close_fds: the default of Python 3 only.
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=True)
        except OSError as fault:
            raise ClientFailed("'%s' could not be started: %s" % (command[0], fault.strerror))
        self._command = command
        self._cpu_before_s = 0.0
        self.read_line(b"ready")

    def read_line(self, expected=None):
        line = self._process.stdout.readline().strip()
        if not line or (expected is not None and line != expected):
            raise ClientFailed("the helper process %s said '%s' and not what it should" %
                               (self._command[0], line[:40].decode("ascii", "replace")))
        return line

    def start(self):
        self._cpu_before_s = usage.process_cpu_s(self._process.pid)
        self._process.stdin.write(b"go\n")
        self._process.stdin.flush()

    def cpu_s(self):
        return usage.process_cpu_s(self._process.pid) - self._cpu_before_s

    def end(self):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()


class Echo(workloads.Workload):
    params = {"bytes": 32, "busy": 0}
    needs_window = True

    def unsupported(self):
        if 1 <= self.params["bytes"] <= LONGEST_BYTES:
            return None
        return "bytes must be from 1 to %d, what a datagram holds" % LONGEST_BYTES

    def setup(self):
        self._sockets = [_server_socket() for _ in range(self.role.tasks)]
        client = self.cell.client_command
        client = shlex.split(client) if client else interpreter() + [os.path.join(HERE, "client.py")]
        size = str(int(self.params["bytes"]))
        self._clients = [Companion(client + [str(_port(s)), size, repr(self.cell.window_s)]) for s in self._sockets]
        self._others = []
        if self.params["busy"]:
            self._others.append(Companion(interpreter() + [os.path.join(HERE, "busy.py")]))

    def task(self, index):
        server, size = self._sockets[index], int(self.params["bytes"])
        return lambda run: _serve(server, size, run)

    def start(self, window_s):
        for companion in self._clients + self._others:
            companion.start()

    def finish(self, stop_ns, is_over):
        """The clients end at their stop. An empty datagram ends a server."""
        try:
            self._answers = [client.read_line() for client in self._clients]
        finally:
            self._cpu_s = sum(companion.cpu_s() for companion in self._clients + self._others)
            waker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            for server in self._sockets:
                waker.sendto(b"", server.getsockname())
            waker.close()
            for companion in self._clients + self._others:
                companion.end()

    def answer(self):
        """Operations of each client, their histogram together, and processor time of all companions."""
        ops, latency = [], histogram.Histogram()
        for line in self._answers:
            try:
                fields = json.loads(line.decode("ascii"))
                ops.append(int(fields["ops"]))
                latency.merge(histogram.from_json(fields["latency"]))
            except (ValueError, KeyError, TypeError):
                said = line[:60].decode("ascii", "replace")
                raise ClientFailed("the client's answer is no count and histogram: %s" % said)
        return ops, latency, self._cpu_s


def _server_socket():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    return server


def _port(server):
    return server.getsockname()[1]


def _serve(server, size, run):
    recvfrom, sendto = server.recvfrom, server.sendto
    data, address = recvfrom(size)
    while data:
        sendto(data, address)
        data, address = recvfrom(size)
    return 0
