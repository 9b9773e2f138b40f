#!/bin/sh
# Scores a list of inputs in 64 shards on one machine, or on those that --sshloginfile names, with GNU parallel.
# PARALLEL_SEQ says which shard a job is. Exit code 3, done with failed inputs, is no reason to try again.
set -eu

seq 64 | parallel --jobs 50% --retries 4 --joblog logs/parallel.log --termseq TERM,60000,KILL \
  'ambd score --manifest inputs.sha256 --shards 64 --out out --threads 2 || [ $? -eq 3 ] # {}'
ambq merge out --into index.sqlite
