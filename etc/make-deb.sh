#!/bin/sh
# Makes the Debian packages out of programs that are built, in a copy of the tree, and has lintian check them.
#
# usage: make-deb.sh DIRECTORY-OF-BINARIES OUTPUT-FOLDER
# Exit code 0 only if lintian has nothing to say.
set -eu

BUILT=$(cd "$1" && pwd)
export BUILT
output=$2
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/etc/packages.sh" dpkg-dev debhelper fakeroot lintian

rm -rf "$output"
mkdir -p "$output"
output=$(cd "$output" && pwd)
tree=$output/ambq
mkdir "$tree"
# What is here, committed or not, but for what was built.
(cd "$here" && tar --create --exclude='./.build*' --exclude=./.git --exclude=./spool .) | tar --extract --directory "$tree"

# The build dependencies that Debian has are checked; the toolchain is not among them.
(cd "$tree" && dpkg-buildpackage --build=binary --no-sign) >"$output/build.log" 2>&1 || {
  tail -n 40 "$output/build.log" >&2
  echo "The packages could not be made; the whole log is $output/build.log" >&2
  exit 1
}
rm -rf "$tree"
lintian --fail-on error,warning,info --display-info "$output"/*.changes
ls -l "$output"/*.deb
