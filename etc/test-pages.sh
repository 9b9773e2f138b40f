#!/bin/sh
# Opens the pages that ambq writes in headless Chromium, at a telephone's width and a desk's, in light and in dark, and on
# paper; Tests/PageChecks says what must hold. The pictures are left in .build/pages.
#
# usage: etc/test-pages.sh DIRECTORY-OF-BINARIES
# Exit code 0 only if every page keeps every rule; 69 where there is no Chromium.
set -eu

binaries=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")/.." && pwd)
pages=$here/.build/pages

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ] || ! command -v python3 >/dev/null; then
  echo "There is no Chromium or no python3 here, so no page was looked at: sudo apt install chromium python3" >&2
  exit 69
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/ambq-pages.XXXXXX")
trap 'rm -rf "$work"' EXIT
rm -rf "$pages"
mkdir -p "$pages" "$work/spool/incoming"

# The samples, and names that no page should stumble over.
cp "$here"/etc/samples/*.h5 "$here"/etc/samples/*.vtt "$here"/etc/samples/*.json "$here"/etc/samples/*.eaf \
  "$here"/Tests/PageChecks/names.csv "$work/spool/incoming"
echo broken > "$work/spool/incoming/a-recording-whose-name-is-rather-long-for-a-telephone.h5"
ambd() {
  "$binaries/ambd" --config "$here/etc/ambd.toml" --spool "$work/spool" --model "$here/etc/models/meld-minilm" --once \
    --log-level error 2>/dev/null || true
}
ambd
# The night is over a minute after the last bundle was scored: ambd then writes what it writes every morning.
sleep $((61 - $(date +%-S)))
AMBD_REPORT_AT=$(date +%H:%M) ambd

night=$work/spool/reports/night
mv "$night/latest.html" "$pages/night.html"
cp "$night/index.html" "$pages/index.html"
cp "$night"/*-conversation-1.html "$pages/dialogue-of-the-night.html"
export AMBQ_SPOOL="$work/spool"
"$binaries/ambq" show support-call --html "$pages/dialogue.html" --model-folder "$here/etc/models/meld-minilm"
"$binaries/ambq" report --since -1h --out "$pages/filtered.html" --not-emotion neutral
printf 'hidden = 32\nepochs = 3\n' > "$work/recipe.toml"
"$binaries/ambtrain" train --data "$here/etc/data/meld/dev.h5" --config "$work/recipe.toml" --out "$work/model" >/dev/null
cp "$work/model/curves.html" "$pages/curves.html"

check() { python3 "$here/Tests/PageChecks/check_pages.py" "$chromium" "$@"; }
if check "$work/pictures" "$here/Tests/PageChecks/broken.html" > "$work/faults"; then
  echo "A page that breaks every rule was let pass: the check is broken." >&2
  exit 1
fi
check "$pages/pictures" "$pages"/*.html
