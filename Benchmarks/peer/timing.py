"""Times several ways of doing the same work in turn, so that all of them meet the same machine."""

import statistics
import time


def clocked(work):
    """The seconds of one run."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def in_turn(ways, rounds):
    """The seconds of each round for each way, a name and a function that gives seconds; one round more is not counted."""
    seconds = {name: [] for name, _ in ways}
    for counted in range(rounds + 1):
        for name, way in ways:
            taken = way()
            if counted:
                seconds[name].append(taken)
    return seconds


def table(title, seconds, ours, amount, unit):
    """Medians with their range, the rate, and how many times as long as ours."""
    print(f"\n{title}\n")
    print(f"| | s, median (range) | {unit} a second | against ours |")
    print("| --- | --- | --- | --- |")
    own = statistics.median(seconds[ours])
    for name, values in seconds.items():
        median = statistics.median(values)
        print(
            f"| {name} | {median:.3f} ({min(values):.3f}–{max(values):.3f}) | {amount / median:,.0f} | {median / own:.2f} × |"
        )
