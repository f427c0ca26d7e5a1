#!/usr/bin/env python3
"""rules_config.py N: a configuration with N rules, the same kinds as in judge_sample.cpp: three of five with globs. They
are in audit mode, so that nothing is denied whose cost is to be measured."""
import json
import sys


def with_globs(kind, n):
    return (
        {"server": [f"old-{n}*", f"*.branch{n}.corp.example", f"nas{n}-?"]},
        {"share": ["?$", "admin$"], "not": {"user": f"CORP\\adm{n}-*"}},
        {"remote": f"\\\\files*\\project{n}*", "program": ["*\\temp\\*", f"tool{n}.exe", "*script.exe"]},
        {"remote": [f"*backup{n}*", f"*archive*{n}*"], "local": "?:"},
        {"program": [f"C:\\Users\\*\\Downloads\\*{n}*", f"*\\AppData\\Local\\Temp\\*{n}*"]},
        {"server": f"*.partner{n}.example", "not": {"user": ["*\\svc-*", "ops-*"]}},
    )[kind % 6]


def plain(kind, n):
    return (
        {"address": f"10.{n % 250}.0.0/16", "elevated": True},
        {"group": f"S-1-5-21-1-2-3-{5000 + n}", "flags": "persistent"},
        {"time": "22:00-06:00", "integrity": "high", "weekday": ["sat", "sun"]},
        {"resourceType": "print", "session": ["remote", "service"]},
    )[kind % 4]


rules = []
for i in range(int(sys.argv[1])):
    group, place = divmod(i, 5)
    when = with_globs(group * 3 + place, i) if place < 3 else plain(group * 2 + place, i)
    rules.append({"name": f"rule {i}", "mode": "audit", "when": when, "deny": True})
json.dump({"version": 1, "rules": rules}, sys.stdout, indent=1)
