#!/bin/bash
# Runs a task as it is run on a cluster where things go wrong: three in ten attempts are killed in the midst of their work, half
# of them by SIGTERM and half by SIGKILL.
#
# usage: killed-at-random.sh FOLDER TASK COMMAND…
#
# FOLDER keeps count: a line in "attempts" for each, and one in "killed" for each that was killed.
# Ends with the command's code.
set -u

folder=$1 task=$2
shift 2
echo "$task" >>"$folder/attempts"
attempt=$(grep -cx "$task" "$folder/attempts")
# The same story on each run.
RANDOM=$((task * 7919 + attempt * 104729))
for _ in 1 2 3; do chance=$((RANDOM % 10)); done
delay=0.$((RANDOM % 5))
signal=KILL
[ $((RANDOM % 2)) -eq 0 ] && signal=TERM

scratch=$(mktemp -d "$folder/task-$task.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
TMPDIR=$scratch "$@" &
process=$!
trap 'kill -TERM $process 2>/dev/null' TERM
if [ "$chance" -lt 3 ] && [ "$attempt" -lt 6 ]; then
  # Not before it has begun to work.
  until [ -n "$(ls -A "$scratch")" ] || ! kill -0 $process 2>/dev/null; do sleep 0.02; done
  sleep "$delay"
  kill -$signal $process 2>/dev/null && echo "$task by SIG$signal" >>"$folder/killed"
fi
wait $process
code=$?
# A signal of our own ends the waiting early.
while kill -0 $process 2>/dev/null; do
  wait $process
  code=$?
done
exit $code
