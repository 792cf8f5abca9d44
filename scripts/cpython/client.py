"""client: plays ping-pong with a server of echo.py and measures every exchange:  client.py PORT BYTES SECONDS

See echo.py for what it says and hears. It waits in the kernel (SO_RCVTIMEO) and not in Python, so that an exchange is
two system calls and no more.
"""
import itertools
import json
import socket
import struct
import sys

import clock
import histogram

# How often it looks whether its time is over while no answer comes. The exact value does not matter.
LOOK_US = 20000


def _socket(port):
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.connect(("127.0.0.1", port))
    link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, LOOK_US))
    return link


def _play(link, size, seconds, recorder):
    now_ns, send, recv, payload = clock.reader(), link.send, link.recv, b"x" * size
    last = now_ns()
    stop_ns = last + int(seconds * clock.NS_PER_S)
    send(payload)
    for claims, record in recorder.phases(itertools.repeat(None)):
        for _ in claims:
            try:
                recv(size)
            except socket.error:  # no answer yet: looks at the clock, and waits on
                if now_ns() > stop_ns:
                    return
                continue
            now = now_ns()
            if now > stop_ns:
                return
            record(now - last)
            last = now
            send(payload)


def _say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main():
    port, size, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    link, recorder = _socket(port), histogram.Recorder()
    _say("ready")
    if not sys.stdin.readline():
        return
    _play(link, size, seconds, recorder)
    latency = recorder.histogram()
    _say(json.dumps({"ops": latency.count, "latency": latency.as_json()}))


if __name__ == "__main__":
    main()
