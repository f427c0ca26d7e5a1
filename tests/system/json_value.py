"""json_value.py PATH: the value at a dotted path of the JSON on standard input."""
import json
import sys

value = json.load(sys.stdin)
for name in sys.argv[1].split("."):
    value = value[name]
print(value if isinstance(value, str) else json.dumps(value))
