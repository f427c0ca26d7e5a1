"""check.py HISTORY EXPRESSION...: each Python expression must hold for `ops`, the operations of a JSON-lines file.

An operation is a dict as in the file; field(op, "mapping.remote_name") reads a nested value, None if it is absent.
"""
import json
import sys
from collections import Counter  # for the expressions


def field(operation, path):
    value = operation
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return value


with open(sys.argv[1], encoding="utf-8") as file:
    ops = [json.loads(line) for line in file if line.strip()]

failed = 0
for expression in sys.argv[2:]:
    if eval(expression, {"ops": ops, "field": field, "Counter": Counter}):
        print("holds:", expression)
    else:
        failed += 1
        print("DOES NOT HOLD:", expression)
if failed:
    print(f"the first of {len(ops)} operations:")
    for operation in ops[:10]:
        print(" ", json.dumps(operation, ensure_ascii=False))
sys.exit(1 if failed else 0)
