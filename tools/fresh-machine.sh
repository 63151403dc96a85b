#!/usr/bin/env bash
# tools/fresh-machine.sh: tests the README's two commands on a machine that has only Swift.
#
# The machine is a folder: a minimal Debian made by debootstrap, the libraries that Swift itself
# needs, this machine's Swift toolchain, mounted read-only, a clone of this repository's HEAD, and a
# new unprivileged user. That user runs `make demo`; if it prints a command for root, root runs that
# command and nothing else. Then the user runs `make demo`, `make setup` (without a network) and
# `make test`. Prints what happened and how long it took; exits 0 if all of it worked.
#
#   --folder DIR      where the machine is created and kept (default: a temporary folder, removed)
#   --toolchain DIR   the toolchain's usr folder (default: the one of `swift` in PATH)
#   --suite NAME      the Debian release (default: this machine's)
#   --only COMMANDS   which of "demo setup test" to run
#   --bundle DIR      a folder made by `make bench-bundle`: the machine has an OpenCL driver (PoCL)
#                     and no Swift, and the user runs only the folder's command, without a network
#
# Needs root, debootstrap, and Debian with apt sources that the new machine can use.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
arguments=("$@")

die() {
  echo "fresh-machine: $*" >&2
  exit 1
}

folder=
toolchain=
suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
only="demo setup test"
bundle=
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || die "$1 needs a value (see the head of this file)"
  case "$1" in
    --folder) folder=$2 ;;
    --toolchain) toolchain=$2 ;;
    --suite) suite=$2 ;;
    --only) only=$2 ;;
    --bundle) bundle=$2 ;;
    *) die "unknown option $1 (see the head of this file)" ;;
  esac
  shift 2
done
[ "$(id -u)" -eq 0 ] || die "needs root: it installs a Debian in a folder"
command -v debootstrap >/dev/null || die "needs debootstrap"
if [ -n "$bundle" ]; then
  [ -x "$bundle/run" ] || die "no run in $bundle"
elif [ -z "$toolchain" ]; then
  toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")
fi
[ -n "$bundle" ] || [ -x "$toolchain/bin/swift" ] || die "no bin/swift in $toolchain"
[ "$toolchain" != /usr ] || die "the toolchain must be in a separate folder, not in /usr"

# All mounts are in a private mount namespace, so none remains however the script ends.
if [ -z "${FRESH_MACHINE_INSIDE:-}" ]; then
  made=
  if [ -z "$folder" ]; then
    made=$(mktemp -d "${TMPDIR:-/var/tmp}/fresh-machine.XXXXXX")
    # The folder becomes the machine's root, which every user must be able to enter.
    chmod 755 "$made"
    arguments+=(--folder "$made")
  fi
  status=0
  FRESH_MACHINE_INSIDE=1 unshare --mount --propagation private "$0" "${arguments[@]}" || status=$?
  [ -z "$made" ] || rm -rf --one-file-system "$made" "$made.log"
  exit "$status"
fi

log=$folder.log
: >"$log"
quietly() { # description, then the command; its output goes to the log
  local what=$1 start=$SECONDS
  shift
  if ! "$@" >>"$log" 2>&1; then
    tail -n 30 "$log" >&2
    die "$what failed"
  fi
  printf 'fresh-machine: %-58s %4d s\n' "$what" $((SECONDS - start))
}

# MARK: The machine

make_base() {
  local mirror
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v suite="$suite" '$2 == suite && $3 == "main" { print $1; exit }')
  [ -n "$mirror" ] || die "this machine's apt sources do not have $suite"
  mkdir -p "$folder"
  quietly "debootstrap $suite" debootstrap --variant=minbase "$suite" "$folder" "$mirror"
}

take_apt_settings() {
  rm -rf "$folder/etc/apt/sources.list" "$folder/etc/apt/sources.list.d"
  mkdir -p "$folder/etc/apt/sources.list.d"
  [ ! -e /etc/apt/sources.list ] || cp /etc/apt/sources.list "$folder/etc/apt/"
  local file
  for file in /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
    # Only the distribution's sources: others have keys that the new machine does not have.
    if [ -e "$file" ] && grep -q "$suite" "$file"; then cp "$file" "$folder/etc/apt/sources.list.d/"; fi
  done
  apt-config dump | grep '^Acquire::' | grep -v '""' >"$folder/etc/apt/apt.conf.d/99host" || true
  cp /etc/resolv.conf /etc/hosts "$folder/etc/"
}

# SwiftPM fetches with git, so this machine's rewriting of URLs must apply on the new one. The local
# folders that it leads to are mounted there, where they belong to another user.
take_git_settings() {
  local key value base
  git config --list | grep -i '^url\..*\.insteadof=' | while IFS='=' read -r key value; do
    git config --file "$folder/etc/gitconfig" --add "$key" "$value"
    base=${key#url.}
    base=${base%.*}
    base=${base#file://}
    [ -d "$base" ] && echo "${base%/}"
  done | sort -u >"$folder.folders" || true
  while read -r base; do
    bind "$base" "$folder$base"
    git config --file "$folder/etc/gitconfig" --replace-all safe.directory '*'
  done <"$folder.folders"
  rm -f "$folder.folders"
}

bind() { # from, to: read-only
  mkdir -p "$2"
  mount --bind "$1" "$2"
  mount -o remount,bind,ro "$2"
}

as_root() { chroot "$folder" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"; }
newcomer_makes() { # target; `make setup` has no network
  local prefix=()
  [ "$1" != setup ] || prefix=(unshare --net)
  # CI=true tells programs not to prompt.
  "${prefix[@]}" chroot --userspec=newcomer "$folder" /usr/bin/env -i HOME=/home/newcomer CI=true \
    PATH=/toolchain/bin:/usr/bin:/bin LANG=C.UTF-8 \
    make --no-print-directory -C /home/newcomer/slope "$1" </dev/null
}

[ -x "$folder/usr/bin/apt-get" ] || make_base
take_apt_settings
mount -t proc proc "$folder/proc"
# PoCL ends the process if it cannot read the list of processors.
bind /sys "$folder/sys"

# MARK: A folder of make bench-bundle

if [ -n "$bundle" ]; then
  quietly "apt-get update" as_root apt-get update -q
  quietly "PoCL" as_root DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends pocl-opencl-icd
  as_root id newcomer >/dev/null 2>&1 || as_root useradd --create-home newcomer
  rm -rf "$folder/home/newcomer/slope-bench"
  cp -r "$bundle" "$folder/home/newcomer/slope-bench"
  as_root chown -R newcomer:newcomer /home/newcomer/slope-bench
  echo "fresh-machine: the user runs: slope-bench/run --name fresh-machine"
  start=$SECONDS
  status=0
  unshare --net chroot --userspec=newcomer "$folder" /usr/bin/env -i HOME=/home/newcomer \
    PATH=/usr/bin:/bin /home/newcomer/slope-bench/run --name fresh-machine </dev/null || status=$?
  echo "fresh-machine: exit status $status after $((SECONDS - start)) s"
  exit "$status"
fi

# MARK: With Swift

bind "$toolchain" "$folder/toolchain"
take_git_settings
# The packages that swift.org lists for Debian, except headers that only other packages' sources
# need, and make.
needed="binutils ca-certificates gcc git libc6-dev libcurl4 libncurses6 libsqlite3-0
  libstdc++-12-dev libxml2 make tzdata zlib1g-dev"
[ "$suite" = bookworm ] || needed=${needed/libstdc++-12-dev/g++}
quietly "apt-get update" as_root apt-get update -q
quietly "packages that Swift needs" as_root DEBIAN_FRONTEND=noninteractive \
  apt-get install -q -y --no-install-recommends $needed
as_root id newcomer >/dev/null 2>&1 || as_root useradd --create-home newcomer
rm -rf "$folder/home/newcomer/slope"
git clone --quiet --no-hardlinks "$repository" "$folder/home/newcomer/slope"
as_root chown -R newcomer:newcomer /home/newcomer/slope
echo "fresh-machine: commit $(git -C "$repository" rev-parse --short HEAD)"

# MARK: The newcomer

results=()
make_as_newcomer() { # target; sets $status and $seconds, and writes the output to the file $output
  local start=$SECONDS
  output=$folder.output
  status=0
  echo "fresh-machine: the user runs: make $1"
  newcomer_makes "$1" 2>&1 | tee "$output" | sed 's/^/    /' || status=$?
  cat "$output" >>"$log"
  seconds=$((SECONDS - start))
  echo "fresh-machine: exit status $status after $seconds s"
}

for command in $only; do
  make_as_newcomer "$command"
  install=$(sed -n 's/^ *\(apt-get update && apt-get install .*\)$/\1/p' "$output" | head -n 1)
  if [ "$status" -ne 0 ] && [ -n "$install" ]; then
    results+=("make $command: exit status $status, $seconds s; it printed: $install")
    quietly "root runs the command" as_root DEBIAN_FRONTEND=noninteractive sh -c "$install"
    make_as_newcomer "$command"
  fi
  results+=("make $command: exit status $status, $seconds s; last line: $(tail -n 1 "$output")")
  [ "$status" -eq 0 ] || break
done
rm -f "$output"

printf '\nfresh-machine: %s\n' "a new $suite with Swift, and an unprivileged user:"
printf '  %s\n' "${results[@]}"
exit "$status"
