# What the fault tests share, on top of a staged Windows. Sourced.
faults=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$faults/../system/lib.sh"

data_folder() { printf '%s' "$WINEPREFIX/drive_c/ProgramData/MapTrail"; }

answers() { maptrail status -o json >/dev/null 2>&1; }

start_service() {
    maptrail service start >/dev/null 2>&1 || true # after a kill the service manager may not know yet: what counts follows
    wait_for "the service to answer" answers
}

# This is about completeness and protocols, not about speed: under an emulator on a busy machine a call may take long.
ample_budget() {
    printf '{ "version": 1, "budgetMs": 5000 }\n' >"$(data_folder)/config.json"
    maptrail service stop
    start_service
}

spool_files() { find "$(data_folder)/spool" -maxdepth 1 -name '*.spool' 2>/dev/null | wc -l; }
spool_is_empty() { [ "$(spool_files)" = 0 ]; }

# Everything that was ever left behind is in the history: thousands of frames, under an emulator on a busy machine.
settle_all() {
    local patience=300
    settle
}

# A moment as the history writes it.
utc_now() { date -u +%Y-%m-%dT%H:%M:%S.%NZ; }
