#!/bin/sh
# Builds Examples/ScoreABundle, a package that depends on this one by path, as another program would, and lets it score
# a sample bundle.
#
# usage: etc/test-example.sh [OPTION-OF-SWIFT-BUILD ...]
# Exit code 0 only if every utterance of the sample got its line.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
example=$here/Examples/ScoreABundle
scratch=$here/.build-example
output=$(mktemp "${TMPDIR:-/tmp}/ambq-example.XXXXXX")
trap 'rm -f "$output" "$output.error"' EXIT

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

swift build --package-path "$example" --scratch-path "$scratch" --configuration release "$@"
program=$(swift build --package-path "$example" --scratch-path "$scratch" --configuration release --show-bin-path "$@")
program=$program/ScoreABundle

"$program" "$here/etc/models/meld-minilm" "$here/etc/samples/monday.h5" >"$output"
cat "$output"

# monday.h5 holds 128 utterances, and each has text, so a label, shares and a stability.
number='[01]\.[0-9][0-9]'
form="^[^ ]+ [^ ]+ .+: [a-z]+ $number, text $number audio $number, (margin $number|no other label), stability $number\$"
found=$(grep -cE "$form" "$output" || true)
[ "$found" -eq 128 ] || fail "$found lines of the expected form, not 128"
[ "$(wc -l <"$output")" -eq 128 ] || fail "other lines than those of the utterances"

# What cannot be scored is refused with a message for people.
code=0
"$program" "$here/etc/models/meld-minilm" "$here/README.md" >"$output" 2>"$output.error" || code=$?
[ "$code" -eq 65 ] || fail "exit code $code for a file that is no bundle, not 65"
grep -q "README.md" "$output.error" || fail "no message that names the file"
