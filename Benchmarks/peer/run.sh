#!/bin/sh
# Sets ambq beside PyTorch, ONNX Runtime and sentence-transformers. The first run fetches them: some gigabytes into .build-peers.
#   run.sh FOLDER-OF-AMBTRAIN [options of measure.py]
set -eu
here=$(dirname "$0")
built=$1
shift
environment=.build-peers
if [ ! -x "$environment/bin/python" ]; then
  python3 -m venv "$environment"
fi
"$environment/bin/pip" install --quiet --requirement "$here/requirements.txt"
encoder=${AMBQ_ENCODER:-${XDG_CACHE_HOME:-$HOME/.cache}/ambq/all-MiniLM-L6-v2}
[ -d "$encoder" ] && set -- --encoder "$encoder" "$@"
# A core type forced upon OpenBLAS would flatter nobody but us.
exec env -u OPENBLAS_CORETYPE HF_HUB_OFFLINE=1 TOKENIZERS_PARALLELISM=false "$environment/bin/python" "$here/measure.py" "$built" "$@"
