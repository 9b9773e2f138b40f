#!/bin/bash
# A daemon under everything at once, for as long as asked: good and bad files in a row, by renaming, by writing in place and by
# links; kills, stops, reloads, an index that is deleted. In the end every file is accounted for, or the script fails.
#
# usage: soak.sh DIRECTORY-OF-BINARIES SECONDS [SEED]
set -eu

binaries=$(cd "$1" && pwd)
seconds=$2
RANDOM=${3:-1}
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/ambq-soak.XXXXXX")
spool=$work/spool
log=$work/ambd.log
daemon=""
stopped=0 killed=0 reloaded=0 lost_indexes=0

say() { printf '%s %s\n' "$(date -u +%H:%M:%S)" "$*"; }

start() {
  "$binaries/ambd" --config "$here/ambd.toml" --spool "$spool" --model "$here/models/meld-minilm" \
    --set probes.enabled=false --set watch.settle_seconds=0.5 --set watch.rescan_seconds=5 --set deferral.start_seconds=1 \
    "$@" 2>>"$log" &
  daemon=$!
}

finish() {
  if [ -n "$daemon" ]; then kill -KILL "$daemon" 2>/dev/null || true; fi
}
trap finish EXIT

# Resident memory in MB and open descriptors of the daemon.
shape() {
  printf '%s MB, %s descriptors' "$(awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$daemon/status" 2>/dev/null)" \
    "$(find "/proc/$daemon/fd" -mindepth 1 2>/dev/null | wc -l)"
}

# Makes a file of some kind, good or bad, under a name of its own, and hands it in.
count=0 good=0
drop() {
  count=$((count + 1))
  local name part=$spool/incoming/.part.$count
  case $((RANDOM % 10)) in
    0 | 1 | 2 | 3 | 4)
      name=talk-$count.txt
      printf 'Anna: this is number %s\nBen: and I am glad\nAnna: are you?\n' "$count" >"$part"
      good=$((good + 1))
      ;;
    5)
      # The same bytes again and again, under other names.
      name=monday-$count.h5
      cp "$here/samples/monday.h5" "$part"
      good=$((good + 1))
      ;;
    6)
      name=cut-$count.h5
      head -c $((RANDOM % 60000 + 1)) "$here/samples/tuesday.h5" >"$part"
      ;;
    7)
      # One byte is another; what becomes of it is the reader's to say.
      name=flipped-$count.h5
      cp "$here/samples/wednesday.h5" "$part"
      printf '\x5a' | dd of="$part" bs=1 seek=$((RANDOM * 3 % $(stat -c %s "$part"))) conv=notrunc status=none
      ;;
    8)
      name=junk-$count.vtt
      head -c 300 /dev/urandom >"$part"
      ;;
    9)
      name=empty-$count.h5
      : >"$part"
      ;;
  esac
  case $((RANDOM % 4)) in
    0) cp "$part" "$spool/incoming/$name" && rm "$part" ;;
    1) ln "$part" "$spool/incoming/$name" && rm "$part" ;;
    *) mv "$part" "$spool/incoming/$name" ;;
  esac
  printf '%s\n' "$name" >>"$work/names"
}

mkdir -p "$spool/incoming"
start
end=$((SECONDS + seconds)) next=$((SECONDS + 30))
say "soaking for $seconds s in $work"
while [ "$SECONDS" -lt "$end" ]; do
  for _ in $(seq $((RANDOM % 20 + 1))); do drop; done
  sleep "0.$((RANDOM % 10))"
  case $((RANDOM % 40)) in
    0 | 1) kill -KILL "$daemon" 2>/dev/null || true; wait "$daemon" 2>/dev/null || true; killed=$((killed + 1)); start ;;
    2) kill -TERM "$daemon" 2>/dev/null || true; wait "$daemon" || true; stopped=$((stopped + 1)); start ;;
    3) kill -HUP "$daemon" 2>/dev/null || true; reloaded=$((reloaded + 1)) ;;
    4) if [ $((RANDOM % 4)) -eq 0 ]; then rm -f "$spool/index.sqlite"*; lost_indexes=$((lost_indexes + 1)); fi ;;
  esac
  kill -0 "$daemon" 2>/dev/null || { say "the daemon ended by itself"; tail -5 "$log"; exit 1; }
  if [ "$SECONDS" -ge "$next" ]; then say "$count files, $(shape)"; next=$((SECONDS + 30)); fi
done
say "$count files ($good of them good), $(shape)"
kill -TERM "$daemon" 2>/dev/null || true
wait "$daemon" || true
daemon=""

# What is left, with time for what settles and for what was deferred.
for _ in $(seq 60); do
  "$binaries/ambd" --config "$here/ambd.toml" --spool "$spool" --model "$here/models/meld-minilm" --once \
    --set probes.enabled=false --set watch.settle_seconds=0.5 --set deferral.start_seconds=1 2>>"$log" || true
  [ -n "$(find "$spool/incoming" "$spool/active" "$spool/deferred" -type f ! -name '.*')" ] || break
  sleep 1
done

# Every file lies in done or in failed, and in one of them only; every one in done has labels and a row.
find "$spool/done" -type f -printf '%f\n' | sort >"$work/done"
find "$spool/failed" -type f ! -name '*.error.json' -printf '%f\n' | sort >"$work/failed"
sort "$work/names" >"$work/expected"
sort "$work/done" "$work/failed" >"$work/found"
"$binaries/ambq" bundles --spool "$spool" --format tsv >"$work/bundles"
problems=0
complain() {
  problems=$((problems + 1))
  say "PROBLEM: $*"
}
[ -z "$(comm -23 "$work/expected" "$work/found")" ] || complain "lost: $(comm -23 "$work/expected" "$work/found" | head -5)"
[ -z "$(comm -12 "$work/done" "$work/failed")" ] || complain "in done and failed: $(comm -12 "$work/done" "$work/failed" | head -5)"
[ -z "$(find "$spool/incoming" "$spool/active" "$spool/deferred" -type f ! -name '.*')" ] || complain "left over: $(find "$spool/incoming" "$spool/active" "$spool/deferred" -type f | head -5)"
unreported=$(while read -r name; do [ -e "$spool/failed/$name.error.json" ] || echo "$name"; done <"$work/failed" | head -5)
[ -z "$unreported" ] || complain "failed without a report: $unreported"
wrong=$(grep -E '^(talk|monday)-' "$work/failed" | head -5 || true)
[ -z "$wrong" ] || complain "good files that failed: $wrong"
# Each talk is of other bytes, and so has labels and a row of its own.
grep '^talk-' "$work/done" | sed 's/\.txt$/.tsv/' >"$work/talks"
find "$spool/labels" -name 'talk-*.tsv' -printf '%f\n' | sort >"$work/labels"
[ -z "$(comm -3 "$work/talks" "$work/labels")" ] || complain "labels: $(comm -3 "$work/talks" "$work/labels" | head -5)"
awk -F '\t' '$1 ~ /^talk-/ { print $1 }' "$work/bundles" | sort | sed 's/\.txt$/.tsv/' >"$work/rows"
[ -z "$(comm -3 "$work/talks" "$work/rows")" ] || complain "rows: $(comm -3 "$work/talks" "$work/rows" | head -5)"

say "$killed kills, $stopped stops, $reloaded reloads, $lost_indexes indexes deleted"
say "$(wc -l <"$work/done") done, $(wc -l <"$work/failed") failed, $problems problems"
if [ "$problems" -gt 0 ]; then
  say "everything lies in $work"
  exit 1
fi
rm -rf "$work"
