#!/bin/sh
# Exports real labels in every format and has each read by the program that its users have: Praat, and readers out of a
# Python environment of its own in .build.
#
# usage: etc/test-export.sh DIRECTORY-OF-BINARIES
# Exit code 0 only if every reader finds every utterance.
set -eu

binaries=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")/.." && pwd)
readers=$here/Tests/ExportReaders
environment=$here/.build/export-readers
work=$(mktemp -d "${TMPDIR:-/tmp}/ambq-export.XXXXXX")
trap 'rm -rf "$work"' EXIT

"$here/etc/packages.sh" praat python3 python3-venv
if ! cmp -s "$readers/requirements.txt" "$environment/requirements.txt"; then
  python3 -m venv --clear "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$readers/requirements.txt"
  cp "$readers/requirements.txt" "$environment/requirements.txt"
fi

spool=$work/spool
mkdir -p "$spool/incoming"
cp "$here"/etc/samples/*.h5 "$here"/etc/samples/*.vtt "$here"/etc/samples/*.json "$here"/etc/samples/*.eaf \
  "$readers"/odd.csv "$spool/incoming"
"$binaries/ambd" --config "$here/etc/ambd.toml" --spool "$spool" --model "$here/etc/models/meld-minilm" --once \
  --log-level error
export AMBQ_SPOOL="$spool"
ambq() { "$binaries/ambq" "$@" 2>"$work/remarks" || { cat "$work/remarks" >&2; exit 1; }; }

out=$work/out
ambq export --to jsonl --out "$out/labels.jsonl"
ambq export --to csv --out "$out/labels.csv"
ambq export --to csv --csv-safe --out "$out/safe.csv"
ambq export --to parquet --out "$out/labels.parquet"
ambq export --to emotionml --out "$out/emotionml"
ambq export --to label-studio --out "$out/tasks.json"
ambq export --to label-studio-config --out "$out/config.xml"
timed='odd.csv,support-call.vtt,family-quarrel.json'
ambq export --to jsonl --bundle "$timed" --out "$out/timed.jsonl"
ambq export --to rttm --bundle "$timed" --out "$out/labels.rttm"
for format in textgrid elan webvtt srt; do ambq export --to "$format" --bundle "$timed" --out "$out/$format"; done

"$environment/bin/python" "$readers/check_exports.py" "$out"
"$environment/bin/python" "$readers/correct_exports.py" "$binaries/ambq" "$out"
