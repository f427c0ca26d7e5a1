#!/usr/bin/env python3
"""rules_table.py FILE: what rules add to a call, of the turns that maptrail-bench-call measured without and with them, as
a table in Markdown. Microseconds; each number is the median of the turns'. The machine is not the same in two turns: the
bare round trips, which no rule touches and which a turn makes between its calls, say by how much. So what counts is how
many bare round trips a call takes."""
import json
import statistics
import sys

situations = {}
with open(sys.argv[1], encoding="utf-8") as lines:
    for run in map(json.loads, lines):
        situations.setdefault(run["situation"], []).append(run)
assert len(situations) == 2, "two situations are to be compared"


def median_of(runs, key, column):
    return statistics.median(run[key][column] for run in runs)


print("| Service | | turns | median | mean | p99 |")
print("|---|---|---|---|---|---|")
for key, name in (("call", "call"), ("bare", "bare round trip")):
    columns = ("median_us", "mean_us", "p99_us")
    rows = [[median_of(runs, key, column) for column in columns] for runs in situations.values()]
    for (situation, runs), row in zip(situations.items(), rows):
        print(f"| {situation} | {name} | {len(runs)} | " + " | ".join(f"{value:,.1f}" for value in row) + " |")
    growth = " | ".join(f"{(b / a - 1) * 100:+.1f} %" for a, b in zip(*rows))
    print(f"| | **{name}: growth** | | {growth} |")
ratios = [statistics.median(run["call"]["median_us"] / run["bare"]["median_us"] for run in runs) for runs in situations.values()]
for situation, ratio in zip(situations, ratios):
    print(f"| {situation} | **call / bare round trip** | | {ratio:.3f} | | |")
print(f"| | **growth** | | {(ratios[1] / ratios[0] - 1) * 100:+.1f} % | | |")
