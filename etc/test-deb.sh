#!/bin/bash
# Installs the packages in a bare Debian of its own, without systemd as its first process, and goes the way of a user:
# hands in a transcript and a bundle, asks, is refused without the group, upgrades, removes, purges.
#
# usage: test-deb.sh FOLDER-OF-PACKAGES     as root, since it makes a Debian to change into
# Exit code 0 only if every step did what it should. MIRROR= names another archive than debootstrap's.
set -euo pipefail

[ "$(id -u)" -eq 0 ] || exec sudo --preserve-env=MIRROR "$0" "$@"
# Mounts and processes end with this script, however it ends.
if [ -z "${AMBQ_TEST_DEB:-}" ]; then
  exec env AMBQ_TEST_DEB=1 unshare --mount --pid --fork --kill-child "$0" "$@"
fi

packages=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/etc/packages.sh" debootstrap
work=$(mktemp -d "${TMPDIR:-/tmp}/ambq-deb.XXXXXX")
root=$work/root
spool=/var/spool/ambq
daemon=""

clean_up() {
  [ -z "$daemon" ] || kill -KILL "$daemon" 2>/dev/null || true
  mountpoint --quiet "$root/proc" && umount "$root/proc"
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

say() { printf '\n==> %s\n' "$*"; }
fail() {
  printf 'test-deb: %s\n' "$*" >&2
  # What was written last, by the programs and by the daemon.
  for log in $(find "$work" -maxdepth 1 -name '*.log' -size +0 -printf '%T@ %p\n' | sort -n | tail -n 2 | cut -d' ' -f2); do
    printf '%s:\n' "${log##*/}" >&2
    tail -n 15 "$log" >&2
  done
  exit 1
}
kept() { for file; do [ -e "$root$file" ] || fail "$file is gone"; done; }
gone() { for file; do [ ! -e "$root$file" ] || fail "$file is still there"; done; }
inside() {
  chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    ${http_proxy:+http_proxy="$http_proxy"} "$@"
}
as() {
  local user=$1
  shift
  inside runuser -u "$user" -- "$@"
}
apt() { inside apt-get --quiet --yes "$@" </dev/null >"$work/apt.log" 2>&1 || fail "apt-get $* failed"; }

# The packages of these names, of a folder, for apt.
packages_of() {
  local folder=$1 name
  shift
  for name in "$@"; do (cd "$root" && echo "$folder/$name"_*.deb); done
}
# With nothing but what is named and needed: what is recommended stays away unless it is named.
apt_install() {
  local folder=$1
  shift
  # shellcheck disable=SC2046 # one word a package
  apt --no-install-recommends -o Dpkg::Options::=--force-confold install $(packages_of "$folder" "$@")
}

# Waits until a command succeeds, a minute at most.
wait_for() {
  for _ in $(seq 600); do
    if "$@" >/dev/null 2>&1; then return; fi
    [ -z "$daemon" ] || kill -0 "$daemon" 2>/dev/null || fail "the daemon ended"
    sleep 0.1
  done
  fail "waited a minute in vain for: $*"
}

# As the unit has it: its user, file mode, environment and command; no network, no rights, nothing writable but the spool.
start_daemon() {
  local unit=$root/lib/systemd/system/ambd.service
  setting() { sed -n "s/^$1=//p" "$unit"; }
  # shellcheck disable=SC2016 # for the inner shell
  unshare --mount --net sh -c '
    mount --rbind "$1" "$1" && mount --bind "$1$2" "$1$2" && mount -o remount,bind,ro "$1" && mount -t tmpfs tmpfs "$1/tmp"
    umask "$4"
    exec prlimit --nofile=1024: chroot "$1" setpriv --reuid "$3" --regid "$3" --init-groups --no-new-privs \
      --bounding-set=-all --inh-caps=-all env -i PATH=/usr/sbin:/usr/bin "$5" $6' \
    sh "$root" "$(setting ReadWritePaths)" "$(setting User)" "$(setting UMask)" "$(setting Environment)" \
    "$(setting ExecStart)" 2>"$work/daemon.log" &
  daemon=$!
  wait_for as alice ambq status
}
stop_daemon() {
  kill -TERM "$daemon"
  wait "$daemon" || fail "the daemon did not end well"
  daemon=""
}

hand_in() {
  as alice sh -c "cp /usr/share/ambq/samples/$1 $spool/incoming/.part && mv $spool/incoming/.part $spool/incoming/$1"
  wait_for as alice ambq list --bundle "$1" --quiet
}

# What no package owns, but for what apt, dpkg and the accounts keep.
strays() {
  (cd "$root" && find . -xdev \( -path ./proc -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache -o \
    -path ./var/log -o -path ./packages -o -path ./home \) -prune -o ! -type d -print) | sed 's/^\.//' | sort >"$work/files"
  cat "$root"/var/lib/dpkg/info/*.list | sort -u | comm -23 "$work/files" - | grep -v -E '^/etc/(passwd|group|gshadow|shadow|subuid|subgid)-?$'
}

say 'make install says where nothing is built'
if make -s -C "$here" install BUILT="$work/none" DESTDIR="$work/installed" 2>"$work/make.log"; then fail 'it went on'; fi
grep -q "make build" "$work/make.log" || fail 'no word of make build'

say 'a bare Debian 12'
debootstrap --variant=minbase bookworm "$root" ${MIRROR:+"$MIRROR"} >"$work/debootstrap.log" 2>&1 || fail debootstrap
mount -t proc proc "$root/proc"
mkdir "$root/packages" "$root/packages/older"
cp "$packages"/*.deb "$root/packages"
for tool in cc gcc make swift python3; do
  if inside sh -c "command -v $tool" >/dev/null; then fail "$tool is there, so that this proves little"; fi
done

say 'installation, and the first label'
start=$SECONDS
apt update
apt_install ./packages ambd ambq ambtrain ambq-model-meld-minilm ambq-encoder-minilm
installed=$((SECONDS - start))
[ -L "$root/etc/systemd/system/multi-user.target.wants/ambd.service" ] || fail 'the unit is not enabled'
inside useradd --create-home --groups ambq alice
inside useradd --create-home bob
start_daemon
hand_in support-call.vtt
echo "first label $((SECONDS - start)) s after apt-get update, $installed of them for the installation"
hand_in monday.h5
as alice ambq list --bundle support-call.vtt --format table
as alice ambq show support-call --format table | head -n 5

say 'who may ask'
asking=(list show\ support-call count stats dialogues speakers emotions models bundles errors export\ --to\ csv status report
  verify sql\ 'SELECT 1')
ask_all() {
  local command words status
  for command in "${asking[@]}"; do
    case $command in
    sql*) words=(sql 'SELECT count(*) FROM utterances') ;;
    *) read -r -a words <<<"$command" ;;
    esac
    status=0
    as alice ambq "${words[@]}" >"$work/alice.log" 2>&1 || status=$?
    # 1: nothing found, as among errors; 69: no daemon.
    case $status:$command in
    0:* | 1:errors) ;;
    69:status) [ -z "$daemon" ] || fail "ambq status sees no daemon" ;;
    *) fail "ambq $command ended with $status for a member of the group" ;;
    esac
    status=0
    as bob ambq "${words[@]}" >"$work/bob.log" 2>&1 || status=$?
    [ "$status" -eq 74 ] || fail "ambq $command ended with $status for a stranger"
    grep -q "permission denied. Join the group ambq ('sudo usermod -aG ambq bob')" "$work/bob.log" ||
      fail "ambq $command does not name the group"
  done
}
ask_all
tail -n 1 "$work/bob.log"
stop_daemon
ask_all
as bob ambq drop x >"$work/bob.log" 2>&1 && fail 'a stranger may drop bundles'
grep -q 'Join the group ambq' "$work/bob.log" || fail 'ambq drop does not name the group'

say 'purging keeps what was handed in'
apt purge ambd ambq ambtrain ambq-model-meld-minilm ambq-encoder-minilm
grep -q "are kept; to delete them: rm -r $spool" "$work/apt.log" || fail 'it does not say what it keeps'
kept "$spool/labels/support-call.tsv"
gone /etc/ambq
rm -r "${root:?}$spool"
strays >"$work/before" || true

say 'an upgrade over an older version keeps a changed configuration'
for package in "$packages"/*.deb; do
  dpkg-deb --raw-extract "$package" "$work/older"
  sed -i 's/0\.2\.0[^ ),]*/0.1.0-1/' "$work/older/DEBIAN/control"
  # A setting whose comment the newer version words otherwise.
  if [ -e "$work/older/etc/ambq/ambd.toml" ]; then sed -i '1i# Older.' "$work/older/etc/ambq/ambd.toml"; fi
  dpkg-deb -Znone --root-owner-group --build "$work/older" "$root/packages/older" >/dev/null
  rm -r "$work/older"
done
apt_install ./packages/older ambd ambq ambq-model-meld-minilm ambq-encoder-minilm
sed -i 's/^level = "info"/level = "notice"/' "$root/etc/ambq/ambd.toml"
start_daemon
hand_in monday.h5
stop_daemon
apt_install ./packages ambd ambq ambq-model-meld-minilm ambq-encoder-minilm
if inside dpkg-query --show ambd | grep -q 0.1.0-1; then fail 'it was not upgraded'; fi
grep -q '^level = "notice"' "$root/etc/ambq/ambd.toml" || fail 'the changed setting is gone'
kept /etc/ambq/ambd.toml.dpkg-dist
start_daemon
as alice ambq list --bundle monday.h5 --quiet || fail 'the labels of the older version are gone'
hand_in interview.eaf
stop_daemon

say 'removing keeps the configuration, purging does not'
apt remove ambd ambq ambq-model-meld-minilm ambq-encoder-minilm
gone /usr/sbin/ambd /usr/share/ambq
kept /etc/ambq/ambd.toml "$spool/labels/monday.tsv"
apt purge ambd ambq ambq-model-meld-minilm ambq-encoder-minilm
gone /etc/ambq
kept "$spool/labels/monday.tsv"
rm -r "${root:?}$spool"

say 'purging takes a spool that was never used, and leaves nothing'
apt_install ./packages ambd ambq ambq-model-meld-minilm
start_daemon
stop_daemon
kept "$spool/index.sqlite"
apt purge ambd ambq ambq-model-meld-minilm
strays >"$work/after" || true
diff "$work/before" "$work/after" || fail 'files that no package owns are left'
find "$root" -xdev \( -name '*ambq*' -o -name '*ambd*' \) ! -path "$root/packages/*" ! -path "$root/var/log/*" \
  ! -path "$root/var/cache/*" ! -path "$root/var/lib/apt/*" >"$work/named"
[ ! -s "$work/named" ] || { cat "$work/named"; fail 'files of ours are left'; }
say 'All is well.'
