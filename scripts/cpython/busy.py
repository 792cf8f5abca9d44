"""busy: computes until it is ended or orphaned: the process beside the baseline of echo.py, which also says how it is
spoken to.
"""
import os
import sys

# Some milliseconds between two looks for the parent. The exact value does not matter.
TURNS = 100000


def main():
    parent = os.getppid()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if not sys.stdin.readline():
        return
    while os.getppid() == parent:
        for _ in range(TURNS):
            pass


if __name__ == "__main__":
    main()
