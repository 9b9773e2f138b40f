# Functions of test-parallel.sh, test-slurm.sh and test-cluster-examples.sh: inputs, one machine's results, tasks that are killed,
# and the comparison.
# Sourced; expects $binaries (a folder) and $here (the project's root), and makes $work, removed at the end.
# shellcheck shell=bash

work=$(mktemp -d "${TMPDIR:-/tmp}/ambq-cluster.XXXXXX")
model=$here/etc/models/meld-minilm
# Every result bears this time, so that two runs give the same bytes.
moment=2026-11-22T02:30:00Z
milliseconds=1795314600000
# A small plan: what is compared does not get better by more noise.
plan=(--set probes.levels=0,0.5 --set probes.seeds=1)
export LC_ALL=C TZ=UTC AMBD_CONFIG=

say() { printf '%s  %s\n' "$(date -u +%H:%M:%S)" "$*"; }

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# So many inputs, no two alike but for one pair of copies: bundles, transcripts where there is an encoder, and three that fail.
make_inputs() {
  local count=$1 number name samples=(monday tuesday wednesday) words=""
  "$here/etc/fetch-encoder.sh" >/dev/null 2>&1 && words=yes
  mkdir -p "$work/inputs" "$work/out" "$work/tmp"
  for ((number = 0; number < count; number++)); do
    name=$work/inputs/$(printf 'talk-%04d' "$number")
    if [ -n "$words" ] && [ $((number % 5)) -eq 4 ]; then
      printf 'Anna: this is number %s\nBen: I am so glad\nAnna: are you? I am not\n' "$number" >"$name.txt"
      continue
    fi
    cp "$here/etc/samples/${samples[$((number % 3))]}.h5" "$name.h5"
    case $number in
      7) head -c 20000 "$here/etc/samples/monday.h5" >"$name.h5" ;;
      12) echo "no bundle" >"$name.h5" ;;
      17) : >"$name.h5" ;;
      21) cp "$work/inputs/talk-0020.h5" "$name.h5" ;;
      # HDF5 passes over what follows its end.
      *) echo "number $number" >>"$name.h5" ;;
    esac
  done
  (cd "$work" && sha256sum inputs/*) >"$work/inputs.sha256"
  say "$count inputs, $(du -sh "$work/inputs" | cut -f 1)${words:+, a fifth of them transcripts}"
}

# What every task is told beyond what its scheduler's file says.
told=(--model "$model" --at "$moment" --probes "${plan[@]}" --log-level warning)

# Has the schedulers' files find ambd and ambq on the PATH: an ambd that is told the above, and killed at random where asked.
put_programs_on_path() {
  local killer=""
  [ "${1:-}" != killed ] || killer="'$here/etc/cluster/killed-at-random.sh' '$work/tmp' \"\$task\""
  mkdir -p "$work/bin" "$work/logs"
  ln -sf "$binaries/ambq" "$work/bin/ambq"
  cat >"$work/bin/ambd" <<END
#!/bin/bash
task=\${SLURM_ARRAY_TASK_ID:-\${JOB_COMPLETION_INDEX:-\${HQ_TASK_ID:-\${PARALLEL_SEQ:-0}}}}
exec $killer "$binaries/ambd" "\$@" ${told[*]@Q}
END
  chmod +x "$work/bin/ambd"
  export PATH="$work/bin:$PATH"
}

# The same inputs in one daemon's spool and in one shard.
score_on_one_machine() {
  mkdir -p "$work/spool/incoming"
  local input
  for input in "$work"/inputs/*; do cp "$input" "$work/spool/incoming"; done
  "$binaries/ambd" --spool "$work/spool" --model "$model" --once "${plan[@]}" --log-level error 2>"$work/daemon.log" || true
  say "a daemon has scored $(find "$work/spool/done" -type f | wc -l) files"
  TMPDIR=$work/tmp "$binaries/ambd" score --manifest "$work/inputs.sha256" --shard 0/1 --out "$work/whole" "${told[@]}" \
    2>"$work/whole.log" || [ $? -eq 3 ]
  "$binaries/ambq" merge "$work/whole" --into "$work/whole.sqlite" --quiet
}

report() {
  "$binaries/ambq" report --index "$1" --since 2026-11-22T02:00:00Z --until 2026-11-22T03:00:00Z --format html
}

# All rows of all tables; what the search for words keeps for itself depends on how rows were committed.
rows() {
  local table
  for table in alias bundle dialogue emotion model probe speaker utterance; do
    echo "== $table"
    sqlite3 "$1" "SELECT * FROM $table ORDER BY 1, 2"
  done
  echo "== words"
  sqlite3 "$1" 'SELECT rowid, text FROM words ORDER BY rowid'
  echo "== failure"
  sqlite3 "$1" 'SELECT name, digest, state, time, explanation FROM failure ORDER BY name, digest'
}

# Compares the index that a scheduler's file has made with what is merged here, and that with one machine's: the index with that
# of one shard to the byte and with the daemon's row by row; label files and report with the daemon's to the byte.
merge_and_compare() {
  "$binaries/ambq" merge "$work/out" --into "$work/merged.sqlite" --labels "$work/labels"
  cmp "$work/merged.sqlite" "$work/whole.sqlite" || fail "the index is not that of one shard"
  cmp "$work/index.sqlite" "$work/merged.sqlite" || fail "the scheduler's file made another index"
  sqlite3 "$work/spool/index.sqlite" "
    UPDATE bundle SET arrived = $milliseconds, scored = $milliseconds, seconds = 0;
    UPDATE probe SET time = $milliseconds, seconds = 0,
      -- Of a bundle that came twice, whichever name it had last.
      file = 'done/' || (SELECT name FROM bundle WHERE id = probe.bundle);
    UPDATE failure SET time = $milliseconds;"
  rows "$work/merged.sqlite" >"$work/merged.rows"
  rows "$work/spool/index.sqlite" >"$work/daemon.rows"
  diff "$work/daemon.rows" "$work/merged.rows" >"$work/difference" || fail "$(head -5 "$work/difference")"
  diff -r "$work/spool/labels" "$work/labels" >"$work/difference" || fail "$(head -5 "$work/difference")"
  report "$work/merged.sqlite" >"$work/merged.html"
  report "$work/spool/index.sqlite" >"$work/daemon.html"
  cmp "$work/merged.html" "$work/daemon.html" || fail "the report is another"
  say "equal: the index ($(wc -l <"$work/merged.rows") rows), $(find "$work/labels" -type f | wc -l) label files, the report"
}
