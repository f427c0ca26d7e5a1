"""once.py HISTORY SENT: each operation of each burst is in the history exactly once, whole.

HISTORY holds JSON lines; SENT a line for each burst: its tag and how many operations it made. A burst connects and
disconnects \\\\server\\TAG-0, \\\\server\\TAG-1 and so on. Anything else in the history, a loss for one, is wrong.
"""
import json
import sys
from collections import Counter

with open(sys.argv[1], encoding="utf-8") as file:
    ops = [json.loads(line) for line in file if line.strip()]
with open(sys.argv[2], encoding="utf-8") as file:
    bursts = [(line.split()[0], int(line.split()[1])) for line in file if line.strip()]

wanted = Counter()
for tag, operations in bursts:
    for pair in range(operations // 2):
        wanted["connect", f"\\\\server\\{tag}-{pair}"] = 1
        wanted["disconnect", f"\\\\server\\{tag}-{pair}"] = 1
found = Counter((op["event"]["action"], op.get("mapping", {}).get("remote_name")) for op in ops)
halves = [op for op in ops if "end" not in op["event"] or op["event"].get("outcome") != "success"]

missing, strange = wanted - found, found - wanted
for name, what in (("missing", missing), ("more than once, or never made", strange)):
    if what:
        print(f"{sum(what.values())} {name}, among them {list(what)[:5]}")
if halves:
    print(f"{len(halves)} without their pair, among them {json.dumps(halves[0])}")
sources = Counter(op.get("mapping", {}).get("source") for op in ops)
print(f"{sum(wanted.values())} operations made, {len(ops)} in the history; by source: {dict(sources)}")
sys.exit(1 if missing or strange or halves or not ops else 0)
