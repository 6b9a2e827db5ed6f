#!/usr/bin/env bash
# Proves that a bare Debian 12 is enough: makes one in a folder, copies the
# repository in and runs a command there as root. Takes long and needs root and
# the package debootstrap, so it is run by hand.
#
#   tools/setup/fresh_machine_check.sh FOLDER [COMMAND...]   (default: make demo)
#
# The archives are those that this machine's apt uses; its apt and pip settings,
# certificates and files that pip's settings name (FRESH_MACHINE_COPY, a list of
# paths) are copied in at run time, as another machine's owner would have them.
# Only `make` and what debootstrap always installs are there at the start.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

if (($# < 1)); then
  sed -n '2,13{s/^# \{0,1\}//;p}' "$0" >&2
  exit 2
fi
root="$(realpath -m "$1")"
shift
command=("$@")
if ((${#command[@]} == 0)); then
  command=(make demo)
fi

archive="$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI) $(RELEASE)' |
  awk '$1 == "Debian" && $3 == "bookworm" { print $2; exit }')"
if [[ ! -e "$root/etc/debian_version" ]]; then
  debootstrap --variant=minbase --include=ca-certificates,make bookworm \
    "$root" "$archive" >"$root.log"
fi

# paths...: copied to the same place in there.
copy_in() {
  local path
  for path in "$@"; do
    if [[ -e "$path" ]]; then
      mkdir -p "$root$(dirname "$path")"
      cp -aLT --remove-destination "$path" "$root$path"
    fi
  done
}
apt-get indextargets --format \
  '$(CREATED_BY) $(ORIGIN) $(REPO_URI) $(RELEASE) $(COMPONENT)' |
  awk '$1 == "Packages" && $2 == "Debian" { print "deb", $3, $4, $5 }' |
  sort -u >"$root/etc/apt/sources.list"
copy_in /etc/resolv.conf /etc/hosts /etc/pip.conf "$HOME/.config/pip" \
  "$HOME/.pip" \
  /etc/ssl/certs/ca-certificates.crt
for setting in /etc/apt/apt.conf.d/*; do
  grep -qs '^Acquire' "$setting" && copy_in "$setting"
done
# shellcheck disable=SC2086 # A list of paths.
copy_in ${FRESH_MACHINE_COPY:-}

clone="$root/likeness"
rm -rf "$clone"
git clone --quiet --no-hardlinks . "$clone"

# In a mount namespace of its own, so that nothing done to the folder from
# outside (a chmod -R, an rm -rf) can reach this machine's devices through it.
started=$SECONDS status=0
env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
  $(env | grep -E '^(PIP_|https?_proxy=|HTTPS?_PROXY=|no_proxy=)' || true) \
  unshare --mount --propagation private sh -c '
    root="$1" && shift &&
    mount --rbind /dev "$root/dev" && mount -t proc proc "$root/proc" &&
    exec chroot "$root" sh -c "cd /likeness && exec \"\$@\"" sh "$@"' \
  sh "$root" "${command[@]}" || status=$?
echo "fresh machine: \"${command[*]}\" ended with $status after" \
  "$((SECONDS - started)) s" >&2
exit "$status"
