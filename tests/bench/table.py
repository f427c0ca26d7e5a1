#!/usr/bin/env python3
"""table.py FILE: the lines of JSON that maptrail-bench-call wrote, as a table in Markdown. Microseconds."""
import json
import sys

COLUMNS = ("median_us", "mean_us", "p99_us", "p999_us", "max_us")
print("| Service | Callers | | n | median | mean | p99 | p99.9 | max |")
print("|---|---|---|---|---|---|---|---|---|")
with open(sys.argv[1], encoding="utf-8") as lines:
    for run in map(json.loads, lines):
        for key, name in (("call", "call"), ("bare", "bare round trip")):
            times = " | ".join(f"{run[key][column]:,.0f}" for column in COLUMNS)
            print(f"| {run['situation']} | {run['callers']} | {name} | {run[key]['n']} | {times} |")
        ratios = " | ".join(f"{run['call'][c] / run['bare'][c]:.2f}" for c in COLUMNS)
        print(f"| {run['situation']} | {run['callers']} | **ratio** | | {ratios} |")
