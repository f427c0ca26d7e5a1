"""demo_check.py STEPS HISTORY USER PROGRAM: is what MapTrail recorded what the program did?"""
import json
import sys

NAMES = {53: "ERROR_BAD_NETPATH", 85: "ERROR_ALREADY_ASSIGNED", 2250: "ERROR_NOT_CONNECTED", 2401: "ERROR_OPEN_FILES"}


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def expected(steps):
    """What each step must have left in the record, from the program's own output."""
    mapped = {}
    for step in steps:
        code = step["code"]
        if "connect" in step:
            local, remote, action = step["connect"] or None, step["to"], "connect"
            if code == 0 and local:
                mapped[local] = remote
        else:
            local, action = step["disconnect"], "disconnect"
            # What was removed is known from the drive while it exists, and from the record no longer after.
            remote = mapped.get(local)
            if code == 0:
                mapped.pop(local, None)
        yield {"action": action, "local": local, "remote": remote, "code": code}


def found(operation):
    mapping = operation["mapping"]
    return {
        "action": operation["event"]["action"],
        "local": mapping.get("local_name"),
        "remote": mapping.get("remote_name"),
        "code": int(operation.get("error", {}).get("code", 0)),
    }


def main():
    steps, history, user = lines(sys.argv[1]), lines(sys.argv[2]), sys.argv[3]
    program = "Z:" + sys.argv[4].replace("/", "\\")  # as Wine shows the Unix file system
    problems = []
    wanted = list(expected(steps))
    got = [found(operation) for operation in history]
    if len(wanted) != len(got):
        problems.append(f"{len(wanted)} operations were made, {len(got)} are recorded")
    for number, (want, have) in enumerate(zip(wanted, got), 1):
        if want != have:
            problems.append(f"operation {number}: made {want}, recorded {have}")
    for operation in history:
        code = int(operation.get("error", {}).get("code", 0))
        outcome = "failure" if code else "success"
        checks = {
            "event.outcome": (operation["event"]["outcome"], outcome),
            "user.name": (operation["user"]["name"], user),
            "process.executable": (operation["process"]["executable"], program),
            "mapping.bitness": (operation["mapping"].get("bitness"), 64),
            "mapping.source": (operation["mapping"]["source"], "pipe"),
        }
        if code:
            checks["error.type"] = (operation["error"].get("type"), NAMES[code])
        for name, (have, want) in checks.items():
            if have != want:
                problems.append(f"operation {operation['event']['id']}: {name} is {have!r}, not {want!r}")
        if not operation["user"]["id"].startswith("S-1-5-") or not operation["process"]["pid"] > 0:
            problems.append(f"operation {operation['event']['id']} has no SID or no process id")
        if not operation["event"]["duration"] > 0:
            problems.append(f"operation {operation['event']['id']} has no duration")
    if problems:
        print("\nThe record is NOT what was done:", *problems, sep="\n  ")
        return 1
    connects = sum(operation["event"]["action"] == "connect" for operation in history)
    failures = sum(operation["event"]["outcome"] == "failure" for operation in history)
    print(f"\nSeen: {len(history)} operations of node.exe, user {user}: {connects} connects and "
          f"{len(history) - connects} disconnects, of which {failures} failed. Each is recorded as it was done.")
    return 0


sys.exit(main())
