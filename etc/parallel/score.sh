#!/bin/sh
# Scores a list of inputs in 64 shards on one machine, or on those that --sshloginfile names, with GNU parallel.
# PARALLEL_SEQ says which shard a job is. Exit code 3, done with failed inputs, is no reason to try again.
# Run where inputs.sha256 lies. SHARDS and JOBS, where they are set, say other numbers.
set -eu

export SHARDS="${SHARDS:-64}"
mkdir -p logs
seq "$SHARDS" | parallel --jobs "${JOBS:-50%}" --retries 4 --joblog logs/parallel.log --termseq TERM,60000,KILL \
  'ambd score --manifest inputs.sha256 --shards "$SHARDS" --out out --threads 2 || [ $? -eq 3 ] # {}'
ambq merge out --into index.sqlite
