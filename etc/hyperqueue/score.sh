#!/bin/sh
# Scores a list of inputs in 64 tasks of HyperQueue, which asks Slurm or PBS for whole nodes and fills them itself.
# HQ_TASK_ID says which shard a task is. A task whose worker is lost is run again; one that failed is not, so:
#
#   hq job wait last; hq job submit …     again, as often as it takes: what is done is not done again
# Run where inputs.sha256 lies. SHARDS, where it is set, says another number.
set -eu

shards=${SHARDS:-64}
hq submit --name ambq --array "0-$((shards - 1))" --cpus 4 --time-request 1h --max-fails "$shards" --crash-limit 5 \
  --stdout 'logs/%{TASK_ID}.out' --stderr 'logs/%{TASK_ID}.log' --env TMPDIR=/tmp \
  ambd score --manifest inputs.sha256 --shards "$shards" --out out --threads 4
hq job wait last
ambq merge out --into index.sqlite
