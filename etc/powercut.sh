#!/bin/bash
# The real thing beside the simulation: ambd on an ext4 file system of its own, whose disk is copied while it works. What has
# reached the disk by then is what a power cut leaves: it is mounted elsewhere, a new ambd goes on with it, and every file is
# accounted for. Then the disk is full for a while, then it turns read-only. Needs root, loop devices and e2fsprogs.
#
# usage: powercut.sh DIRECTORY-OF-BINARIES [CUTS] [SEED]
set -eu

binaries=$(cd "$1" && pwd)
cuts=${2:-10}
RANDOM=${3:-1}
here=$(cd "$(dirname "$0")" && pwd)
export PATH=$PATH:/usr/sbin:/sbin
daemon="" problems=0 count=0

say() { printf '%s %s\n' "$(date -u +%H:%M:%S)" "$*"; }

unavailable() {
  say "no power was cut: $*"
  exit 69
}

[ "$(id -u)" -eq 0 ] || unavailable "mounting takes root"
for tool in losetup mkfs.ext4 e2fsck; do command -v "$tool" >/dev/null || unavailable "$tool is missing"; done
losetup -f >/dev/null 2>&1 || unavailable "there are no loop devices here"

# In memory where that can be: a disk is copied often.
work=$(mktemp -d "${TMPDIR:-/dev/shm}/ambq-powercut.XXXXXX")
disk=$work/disk after=$work/after spool=$work/disk/spool log=$work/ambd.log
mkdir "$disk" "$after"

finish() {
  if [ -n "$daemon" ]; then kill -KILL "$daemon" 2>/dev/null || true; wait "$daemon" 2>/dev/null || true; fi
  for place in "$disk" "$after"; do mountpoint -q "$place" && umount -l "$place"; done
  if [ "$problems" -eq 0 ]; then rm -rf "$work"; else say "the log and what was found lie in $work"; fi
}
trap finish EXIT

complain() {
  problems=$((problems + 1))
  say "PROBLEM: $*"
}

# Waits so short that a test can wait for them; the floor of free space is left out, so that a full disk is met.
ambd=("$binaries/ambd" --config "$here/ambd.toml" --model "$here/models/meld-minilm" --set probes.enabled=false
  --set watch.settle_seconds=0.5 --set watch.rescan_seconds=2 --set deferral.start_seconds=1
  --set deferral.limit_seconds=2 --set disk.free_mib=0)

start() {
  "${ambd[@]}" --spool "$spool" 2>>"$log" &
  daemon=$!
}

stop() {
  kill -TERM "$daemon" 2>/dev/null || true
  wait "$daemon" || true
  daemon=""
}

# make_disk MEGABYTES: nothing is written to it on its own for five minutes, so that only what is synced can be relied on.
make_disk() {
  truncate -s "$1M" "$work/image"
  mkfs.ext4 -q -F "$work/image"
  mount -o loop,commit=300,errors=remount-ro "$work/image" "$disk"
  mkdir -p "$spool/incoming"
  sync
}

# hand_in synced|unsynced
hand_in() {
  count=$((count + 1))
  local name=$1-$count.txt part=$spool/incoming/.part.$count
  printf 'Anna: this is number %s\nBen: and I am glad\nAnna: are you?\n' "$count" >"$part"
  [ "$1" = unsynced ] || sync "$part"
  mv "$part" "$spool/incoming/$name"
  [ "$1" = unsynced ] || sync "$spool/incoming"
  printf '%s\n' "$name" >>"$work/names"
}

# names SPOOL FOLDER ENDING: what lies there, without the ending.
names() { find "$1/$2" -maxdepth 1 -type f -name "*$3" ! -name '.*' -printf '%f\n' 2>/dev/null | sed "s/\\$3\$//" | sort; }

# waits SPOOL: whether something is left to do.
waits() { [ -n "$(find "$1/incoming" "$1/active" "$1/deferred" -type f -name '*.txt' ! -name '.*' 2>/dev/null)" ]; }

# rows SPOOL: the bundles that the index has.
rows() {
  [ -e "$1/index.sqlite" ] || return 0
  "$binaries/ambq" bundles --spool "$1" --state scored --format tsv 2>/dev/null | tail -n +2 | cut -f 1 | sed 's/\.txt$//' | sort
}

# agree SPOOL WHEN: what lies in done has labels that are not empty, and rows.
agree() {
  names "$1" "done" .txt >"$work/done"
  names "$1" labels .tsv >"$work/labels"
  rows "$1" >"$work/rows"
  local missing
  missing=$(comm -23 "$work/done" "$work/labels")
  [ -z "$missing" ] || complain "$2: in done without labels: $missing"
  missing=$(comm -23 "$work/done" "$work/rows")
  [ -z "$missing" ] || complain "$2: in done without rows: $missing"
  missing=$(find "$1/labels" -type f -empty 2>/dev/null || true)
  [ -z "$missing" ] || complain "$2: empty labels: $missing"
}

# account SPOOL WHEN [lost]: everything is done, labels = rows = done, and nothing has failed; with "lost", what a producer did
# not sync may be gone, or cut and refused with a report.
account() {
  agree "$1" "$2"
  names "$1" failed .txt >"$work/failed"
  sed 's/\.txt$//' "$work/names" | sort >"$work/expected"
  local missing
  missing=$(comm -23 "$work/expected" "$work/done")
  if [ "${3:-}" = lost ]; then missing=$(grep -v '^unsynced' <<<"$missing" || true); fi
  [ -z "$missing" ] || complain "$2: not in done: $missing"
  missing=$(comm -12 "$work/done" "$work/failed")
  [ -z "$missing" ] || complain "$2: in done and in failed: $missing"
  while read -r name; do
    [ -e "$1/failed/$name.txt.error.json" ] || complain "$2: failed without a report: $name"
  done <"$work/failed"
  waits "$1" && complain "$2: left undone: $(find "$1/incoming" "$1/active" "$1/deferred" -type f)"
  "$binaries/ambq" verify --spool "$1" >"$work/verify" 2>&1 || complain "$2: ambq verify: $(head -5 "$work/verify")"
  say "$2: $(wc -l <"$work/done") done, $(wc -l <"$work/failed") failed, $(wc -l <"$work/labels") label files, $(wc -l <"$work/rows") rows"
}

# Copies the disk while nothing is written to it: a copy that took time would hold later writes without earlier ones.
cut_power() {
  kill -STOP "$daemon"
  cp --sparse=always "$work/image" "$work/copy"
  until cmp -s "$work/image" "$work/copy"; do cp --sparse=always "$work/image" "$work/copy"; done
  kill -CONT "$daemon"
}

# until_done SPOOL: goes on with what is there until nothing is left to do.
until_done() {
  for _ in $(seq 30); do
    "${ambd[@]}" --spool "$1" --once 2>>"$log" || true
    waits "$1" || return 0
    sleep 1
  done
}

# in_log WORDS: waits until the log has them.
in_log() {
  for _ in $(seq 100); do
    if grep -q "$1" "$log"; then return 0; fi
    sleep 0.2
  done
  complain "the log never says: $1"
}

: >"$work/names"
make_disk 256
start
for cut in $(seq "$cuts"); do
  for _ in $(seq $((RANDOM % 20 + 5))); do
    if [ $((RANDOM % 2)) -eq 0 ]; then hand_in synced; else hand_in unsynced; fi
  done
  # In the midst of them, or some time after the last.
  sleep "0.$((RANDOM % 6))"
  cut_power
  mount -o loop "$work/copy" "$after"
  agree "$after/spool" "cut $cut, at once"
  found="$(wc -l <"$work/done") done"
  until_done "$after/spool"
  account "$after/spool" "cut $cut ($count handed in, $found then)" lost
  umount "$after"
done
stop
until_done "$spool"
account "$spool" "without a cut"

umount "$disk"
: >"$work/names"
: >"$log"
make_disk 64
start
in_log "msg=started\|started"
kill -STOP "$daemon"
for _ in 1 2 3 4 5; do hand_in synced; done
dd if=/dev/zero of="$disk/full" bs=64k 2>/dev/null || true
dd if=/dev/zero of="$disk/brim" bs=1k 2>/dev/null || true
kill -CONT "$daemon"
in_log paused
say "the disk is full: $(grep -c paused "$log") pauses, the daemon $(kill -0 "$daemon" 2>/dev/null && echo lives || echo is gone)"
[ -z "$(names "$spool" failed .txt)" ] || complain "failed on a full disk: $(names "$spool" failed .txt)"
rm "$disk/full" "$disk/brim"
in_log "goes on"
for _ in $(seq 100); do waits "$spool" || break; sleep 0.2; done
account "$spool" "with space again"

: >"$log"
kill -STOP "$daemon"
for _ in 1 2 3 4 5; do hand_in synced; done
device=$(basename "$(findmnt -n -o SOURCE "$disk")")
echo 1 >"/sys/fs/ext4/$device/trigger_fs_error"
kill -CONT "$daemon"
in_log paused
say "the disk is read-only: the daemon $(kill -0 "$daemon" 2>/dev/null && echo lives || echo is gone)"
stop
umount "$disk"
e2fsck -f -y "$work/image" >/dev/null 2>&1 || true
mount -o loop "$work/image" "$disk"
[ -z "$(names "$spool" failed .txt)" ] || complain "failed on a read-only disk: $(names "$spool" failed .txt)"
until_done "$spool"
account "$spool" "mended and mounted again"

say "$cuts cuts, a full disk, a read-only one: $problems problems"
[ "$problems" -eq 0 ]
