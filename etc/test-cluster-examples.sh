#!/bin/bash
# Tries the files for Snakemake, HyperQueue and Kubernetes as they stand, and compares what they make with one machine: the
# manifest against the Job's schema, and its command run for every shard. GNU parallel and Slurm have tests of their own.
#
# What Python has for it, Snakemake and the schemas, is installed into a folder of its own that is removed at the end. Where one
# cannot be had, the script says so and goes on.
#
# usage: etc/test-cluster-examples.sh DIRECTORY-OF-BINARIES [INPUTS [SHARDS]]
set -euo pipefail

binaries=$(cd "$1" && pwd)
inputs=${2:-24} shards=${3:-4}
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/etc/packages.sh" python3-venv sqlite3
# shellcheck source=etc/cluster/comparison.sh
. "$here/etc/cluster/comparison.sh"
trap 'rm -rf "$work"' EXIT

# Installs what Python's registry has under a name.
has() {
  [ -d "$work/python" ] || python3 -m venv "$work/python"
  "$work/python/bin/pip" install --quiet --disable-pip-version-check "$1" >"$work/pip.log" 2>&1
}

# The index that lies here is that of one shard, to the byte.
compare() {
  cmp "$work/index.sqlite" "$work/whole.sqlite" || fail "$1 made another index"
  say "$1: the index is that of one machine, to the byte"
  rm -rf "$work/index.sqlite" "$work/out"
  mkdir "$work/out"
}

try_snakemake() {
  has snakemake || {
    say "Snakemake cannot be had here: etc/snakemake is not tried"
    return 0
  }
  local run=("$work/python/bin/snakemake" --snakefile "$here/etc/snakemake/Snakefile" --cores 4 --retries 4 --quiet all
    --config "shards=$shards")
  "${run[@]}" --dry-run >"$work/snakemake.log" 2>&1 || fail "$(tail -n 5 "$work/snakemake.log")"
  "${run[@]}" >"$work/snakemake.log" 2>&1 || fail "$(tail -n 5 "$work/snakemake.log")"
  compare Snakemake
}

# Python's package of HyperQueue has no hq: where there is none on the PATH, one stands in that takes the script's command line and
# runs its tasks one after the other.
try_hyperqueue() {
  if command -v hq >/dev/null; then
    hq server start --server-dir "$work/hq" >"$work/hq.log" 2>&1 &
    export HQ_SERVER_DIR=$work/hq
    until hq server info >/dev/null 2>&1; do sleep 0.2; done
    hq worker start --cpus 4 >>"$work/hq.log" 2>&1 &
    "$here/etc/hyperqueue/score.sh"
    hq server stop
    compare HyperQueue
    return
  fi
  cat >"$work/bin/hq" <<'END'
#!/bin/bash
set -eu
[ "$1" = submit ] || exit 0
shift
while [[ $1 == --* ]]; do
  case $1 in
    --array) first=${2%-*} last=${2#*-} ;;
    --env) export "${2?}" ;;
    --name | --cpus | --time-request | --max-fails | --crash-limit | --stdout | --stderr) ;;
    *) echo "hq submit has no option $1" >&2; exit 2 ;;
  esac
  shift 2
done
for ((task = first; task <= last; task++)); do HQ_TASK_ID=$task "$@" 2>/dev/null || [ $? -eq 3 ]; done
END
  chmod +x "$work/bin/hq"
  "$here/etc/hyperqueue/score.sh"
  compare "HyperQueue (there is no hq here: one that stands in)"
}

try_kubernetes() {
  local manifest=$here/etc/kubernetes/score.yaml
  has kubernetes-validate || {
    say "the schemas of Kubernetes cannot be had here: etc/kubernetes is not tried"
    return 0
  }
  "$work/python/bin/kubernetes-validate" --strict "$manifest" >"$work/schema.log" 2>&1 || fail "$(cat "$work/schema.log")"
  say "Kubernetes: $(sed 's/.*passed for/fits the schema:/' "$work/schema.log")"
  # What a pod runs, with the two volumes where they lie here.
  "$work/python/bin/python" - "$manifest" "$work" >"$work/pod" <<'END'
import sys, yaml

manifest = yaml.safe_load(open(sys.argv[1]))
spec = manifest["spec"]
shell, option, command = spec["template"]["spec"]["containers"][0]["command"]
assert (shell, option) == ("/bin/sh", "-c")
assert f"--shards {spec['completions']} " in command, "completions and --shards differ"
print(spec["completions"])
print(command.replace("/inputs/", f"{sys.argv[2]}/").replace("/outputs", f"{sys.argv[2]}/out"))
END
  local pods pod
  pods=$(head -n 1 "$work/pod")
  for ((pod = 0; pod < pods; pod++)); do
    JOB_COMPLETION_INDEX=$pod TMPDIR=$work/tmp /bin/sh -c "$(tail -n +2 "$work/pod")" 2>"$work/pod.log" ||
      fail "pod $pod: $(tail -n 3 "$work/pod.log")"
  done
  ambq merge "$work/out" --into "$work/index.sqlite" --quiet
  compare "Kubernetes ($pods pods, one after the other)"
}

make_inputs "$inputs"
# The Snakefile makes its own list, of bundles.
rm -f "$work"/inputs/*.txt
mv "$work/inputs" "$work/bundles"
(cd "$work" && find bundles -name '*.h5' -exec sha256sum {} + >inputs.sha256)
TMPDIR=$work/tmp "$binaries/ambd" score --manifest "$work/inputs.sha256" --shard 0/1 --out "$work/whole" "${told[@]}" \
  2>"$work/whole.log" || [ $? -eq 3 ]
"$binaries/ambq" merge "$work/whole" --into "$work/whole.sqlite" --quiet
put_programs_on_path
cd "$work"
export SHARDS=$shards
try_snakemake
try_hyperqueue
try_kubernetes
