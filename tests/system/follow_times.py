#!/usr/bin/env python3
"""follow_times.py FILE COUNT: waits until a follower has written COUNT lines of JSON to the file, and says how long after
an operation's end its line came. Fails if they do not all come within a minute, or half of them take a second: the
product's bound is 250 ms, on a machine that has nothing else to do."""
import datetime
import json
import statistics
import sys
import time

name, count = sys.argv[1], int(sys.argv[2])
deadline = time.monotonic() + 60
late = []
with open(name, encoding="utf-8") as lines:
    rest = ""
    while len(late) < count:
        rest += lines.readline()
        if rest.endswith("\n"):
            end = json.loads(rest)["event"]["end"]
            rest = ""
            moment = datetime.datetime.fromisoformat(end[:26].rstrip("Z") + "+00:00").timestamp()
            late.append(1000 * (time.time() - moment))
        elif time.monotonic() > deadline:
            sys.exit(f"{len(late)} of {count} lines came in a minute")
        else:
            time.sleep(0.002)
print(f"{count} operations, each shown after its end: median {statistics.median(late):.0f} ms, most {max(late):.0f} ms")
if statistics.median(late) > 1000:
    sys.exit("that is late")
