#!/bin/bash
# Scores inputs by etc/slurm/score.sbatch and merge.sbatch, on a controller and two virtual nodes of this machine, loopback only:
# three in ten tasks are killed, and so is one node's daemon; then compares with one machine. Needs root, as slurmd does.
#
# usage: etc/test-slurm.sh DIRECTORY-OF-BINARIES [INPUTS [SHARDS]]
set -euo pipefail

binaries=$(cd "$1" && pwd)
inputs=${2:-200} shards=${3:-8}
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/etc/packages.sh" slurm-wlm munge sqlite3
# shellcheck source=etc/cluster/comparison.sh
. "$here/etc/cluster/comparison.sh"
export SLURM_CONF=$work/slurm/slurm.conf
limit=600

stop() {
  local file
  for file in "$work"/slurm/*.pid; do
    [ -s "$file" ] && kill "$(cat "$file")" 2>/dev/null || true
  done
  sleep 1
  rm -rf "$work"
}
trap stop EXIT

start_slurm() {
  local slurm=$work/slurm port=$((20000 + $$ % 10000))
  mkdir -p "$slurm/state" "$slurm/log"
  chmod 755 "$work" "$slurm"
  cat >"$SLURM_CONF" <<END
ClusterName=ambqtest
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$slurm/munge.socket
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool.%n
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.%n.pid
SlurmctldLogFile=$slurm/log/slurmctld.log
SlurmdLogFile=$slurm/log/slurmd.%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout=10
KillWait=5
JobRequeue=1
# What ended with 75 the script itself puts back.
RequeueExit=137
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
JobAcctGatherType=jobacct_gather/none
SlurmdParameters=config_overrides
NodeName=alpha NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=4 RealMemory=4096 State=UNKNOWN
NodeName=beta NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=4 RealMemory=4096 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=02:00:00 State=UP
END
  (umask 077 && head -c 1024 /dev/urandom >"$slurm/munge.key")
  munged --force --socket="$slurm/munge.socket" --key-file="$slurm/munge.key" --pid-file="$slurm/munge.pid" \
    --log-file="$slurm/log/munge.log" --seed-file="$slurm/munge.seed"
  slurmctld
  slurmd -N alpha
  slurmd -N beta
  for _ in $(seq 60); do
    [ "$(sinfo --noheader --format %t | head -1)" = idle ] && return
    sleep 0.5
  done
  sinfo >&2
  fail "Slurm's nodes did not come up"
}

make_inputs "$inputs"
score_on_one_machine
start_slurm
put_programs_on_path killed
export SHARDS=$shards
cd "$work"
job=$(sbatch --parsable --array="0-$((shards - 1))" "$here/etc/slurm/score.sbatch")
# Not afterok: a task that was put back has failed once, and Slurm never forgets. The merge finds out whether all are done.
merge=$(sbatch --parsable --dependency="afterany:$job" "$here/etc/slurm/merge.sbatch")
say "array $job of $shards tasks, merge $merge after it"

end=$((SECONDS + limit))
lost=""
while [ -n "$(squeue --noheader --jobs "$job,$merge" 2>/dev/null)" ]; do
  [ $SECONDS -lt $end ] || {
    squeue >&2
    tail -n 3 "$work"/logs/*.log >&2
    fail "the array has not ended within $limit s"
  }
  if [ -z "$lost" ] && [ "$(cat "$work"/tmp/attempts 2>/dev/null | wc -l)" -ge 3 ]; then
    # Its tasks go on for a while without it: two attempts at one time.
    kill -KILL "$(cat "$work/slurm/slurmd.beta.pid")"
    lost=$SECONDS
    say "node beta has lost its daemon"
  fi
  if [ -n "$lost" ] && [ "$lost" != back ] && [ $((SECONDS - lost)) -ge 20 ]; then
    slurmd -N beta
    lost=back
    say "node beta is back"
  fi
  # Slurm lets a requeued task wait for two minutes.
  squeue --noheader --states=PENDING --array --format '%i %r' | while read -r task reason; do
    [ "$reason" != BeginTime ] || scontrol update JobId="$task" StartTime=now 2>/dev/null || true
  done
  sleep 1
done
say "$shards shards in $(wc -l <"$work/tmp/attempts") attempts, $(wc -l <"$work/tmp/killed") of them killed, one node lost"
[ -s "$work/tmp/killed" ] || fail "nothing was killed"
[ -s index.sqlite ] || fail "the dependent merge has made no index: $(tail -n 3 logs/*-merge.log)"
[ -s report.html ] || fail "the dependent merge has made no report"
merge_and_compare
