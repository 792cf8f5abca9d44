"""The other side of `make bench-sim`: SimPy on the closed loop that `gilbench sim-speed` simulates.

    python3 bench_sim.py TASKS SECONDS SEED

TASKS tasks think for exp(1 s), then take the one lock in order of arrival and keep it for exp(1 s / TASKS), for so many
virtual seconds. Prints `operations seconds version`: operations done, the processor time that took, and SimPy's version.
Nothing is counted or drawn beyond that, and what a task needs in its loop is bound to local names: as fast as SimPy goes.
"""
import random
import sys
import time

import simpy


def task(env, lock, draw, service_rate, done):
    timeout, request = env.timeout, lock.request
    while True:
        yield timeout(draw(1.0))
        with request() as turn:
            yield turn
            yield timeout(draw(service_rate))
        done[0] += 1


def main(tasks, seconds, seed):
    env = simpy.Environment()
    lock = simpy.Resource(env, capacity=1)
    draw = random.Random(seed).expovariate
    done = [0]
    for _ in range(tasks):
        env.process(task(env, lock, draw, float(tasks), done))
    begin_s = time.process_time()
    env.run(until=seconds)
    print(done[0], "%.6f" % (time.process_time() - begin_s), simpy.__version__)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]))
