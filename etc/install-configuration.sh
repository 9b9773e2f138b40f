#!/bin/sh
# Installs ambd.toml with the installed model's path, unless there is one already: an operator's file is never replaced.
#
# usage: install-configuration.sh PREFIX TARGET-DIRECTORY MODEL
set -eu

source=$(cd "$(dirname "$0")" && pwd)/ambd.toml
target=$2/ambd.toml
[ ! -e "$target" ] || target=$2/ambd.toml.new
sed "s|\"models/$3\"|\"$1/share/ambq/models/$3\"|; s|\"baselines/|\"$1/share/ambq/baselines/|; s|\"../spool\"|\"/var/spool/ambq\"|" "$source" >"$target"
chmod 644 "$target"
echo "Configuration: $target"
