#!/bin/sh
# The whole way once: a real daemon on a fresh spool, sample transcripts and feature bundles dropped into it, the results
# read back.
#
# usage: demo.sh DIRECTORY-OF-BINARIES
# Ends by itself; exit code 0 only if every bundle was scored.
set -eu

binaries=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/ambq-demo.XXXXXX")
spool=$work/spool
daemon=""

stop() {
  if [ -n "$daemon" ]; then
    kill -TERM "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
    daemon=""
  fi
}
trap stop EXIT
trap 'exit 130' INT TERM

say() { printf '\n\033[1m$ %s\033[0m\n' "$*"; }
plain() { printf '\n$ %s\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || say() { plain "$@"; }

run() {
  say "$@"
  shown=$1
  shift
  "$binaries/$shown" "$@"
}

say ambd --spool "$spool" --model "$here/models/meld-minilm"
"$binaries/ambd" --config "$here/ambd.toml" --spool "$spool" --model "$here/models/meld-minilm" 2>"$work/ambd.log" &
daemon=$!

# The folders are there once the daemon watches.
for _ in $(seq 100); do
  [ -d "$spool/incoming" ] && break
  kill -0 "$daemon" 2>/dev/null || break
  sleep 0.1
done

count=0
# Transcripts need the text encoder; where it could not be fetched, the demo does without them.
cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}/ambq/all-MiniLM-L6-v2
talks=""
if [ -n "${AMBQ_ENCODER:-}" ] || [ -e "$cache/model.safetensors" ]; then
  talks="$here/samples/support-call.vtt $here/samples/family-quarrel.json $here/samples/interview.eaf"
fi

for bundle in $talks "$here"/samples/*.h5; do
  say cp "$bundle" "$spool/incoming/"
  # Copied under a name the daemon passes over, then renamed: it only ever sees whole bundles.
  name=$(basename "$bundle")
  cp "$bundle" "$spool/incoming/.$name.part"
  mv "$spool/incoming/.$name.part" "$spool/incoming/$name"
  count=$((count + 1))
done

scored() { find "$spool/done" -type f ! -name '*.sha256' 2>/dev/null | wc -l; }
for _ in $(seq 600); do
  [ "$(scored)" -ge "$count" ] && break
  [ -z "$(find "$spool/failed" -type f 2>/dev/null)" ] || break
  kill -0 "$daemon" 2>/dev/null || break
  sleep 0.1
done

# The probes follow by themselves: how stable is each label?
probed() { grep -c ' probed ' "$work/ambd.log" || true; }
for _ in $(seq 600); do
  [ "$(probed)" -ge "$count" ] && break
  kill -0 "$daemon" 2>/dev/null || break
  sleep 0.1
done

say cat "$work/ambd.log"
cat "$work/ambd.log"

if [ "$(scored)" -lt "$count" ]; then
  echo "The demo failed: $(scored) of $count files were scored. Everything lies in $work." >&2
  exit 1
fi

if [ -n "$talks" ]; then
  # Who was angry, in words.
  run ambq list --emotion anger --bundle support-call.vtt,family-quarrel.json,interview.eaf --spool "$spool" --format table
  run ambq show support-call --spool "$spool" --format table
  run ambq list --text 'gate*' --spool "$spool" --format table
fi
run ambq list --emotion anger --spool "$spool" --limit 12 --sort=-confidence --format table
run ambq list --sort=stability --spool "$spool" --limit 5 --format table
run ambq stats --spool "$spool" --format table
dialogue=$("$binaries/ambq" list --emotion anger --spool "$spool" --limit 1 --sort=-confidence --format tsv |
  awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "dialogue") column = i } NR == 2 { print $column }')
run ambq show "$dialogue" --spool "$spool" --format table
run ambq status --spool "$spool" --format table

# What lies ready each morning; here of the last hour, and of its many sections the first.
run ambq report --spool "$spool" --since -1h --format html --out "$work/report.html"
say ambq report --spool "$spool" --since -1h --format text
"$binaries/ambq" report --spool "$spool" --since -1h --format text >"$work/report.txt"
sed -n '1,/^EMOTIONS/p' "$work/report.txt" | sed '$d'
stop

cat <<END

All $count files were scored. Everything lies in $work:
  spool/labels/        one label file per transcript or bundle
  spool/index.sqlite   what ambq reads: try  $binaries/ambq list --spool $spool
  spool/done/          the files themselves
  report.html          the robustness report, for a browser
  ambd.log             what the daemon said
END
