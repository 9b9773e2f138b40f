#!/bin/bash
# Scores inputs in shards that GNU parallel runs by etc/parallel/score.sh, three in ten of them killed and run again, and
# compares with one machine.
#
# usage: etc/test-parallel.sh DIRECTORY-OF-BINARIES [INPUTS [SHARDS]]
set -euo pipefail

binaries=$(cd "$1" && pwd)
inputs=${2:-200} shards=${3:-16}
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/etc/packages.sh" parallel sqlite3
# shellcheck source=etc/cluster/comparison.sh
. "$here/etc/cluster/comparison.sh"
trap 'rm -rf "$work"' EXIT

make_inputs "$inputs"
score_on_one_machine
put_programs_on_path killed
# The tasks tell each other nothing but through the folder; PARALLEL_SEQ says which shard each is.
(cd "$work" && SHARDS=$shards JOBS=2 timeout --signal=TERM 600 "$here/etc/parallel/score.sh" 2>"$work/tasks.log") || {
  tail -20 "$work/tasks.log" >&2
  fail "not all shards were scored"
}
say "$shards shards in $(wc -l <"$work/tmp/attempts") attempts, $(wc -l <"$work/tmp/killed") of them killed"
[ -s "$work/tmp/killed" ] || fail "nothing was killed"
merge_and_compare
