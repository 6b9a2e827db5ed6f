# Debian packages, from packages.txt. Part of tools/bootstrap.sh.

# packages_of SECTIONS...: their names on this distribution.
packages_of() {
  local ubuntu=no
  if grep -qs '^ID=ubuntu' /etc/os-release; then
    ubuntu=yes
  fi
  awk -v wanted=" $* " -v ubuntu="$ubuntu" '
    /^\[/ { section = substr($1, 2, length($1) - 2); next }
    /^#/ || NF == 0 || !index(wanted, " " section " ") { next }
    ubuntu == "yes" && $2 == "ubuntu:" { print $3; next }
    { print $1 }' "$SETUP_DIR/packages.txt" | sort -u
}

# missing_packages SECTIONS...: those that are not installed, in one line.
missing_packages() {
  local wanted installed
  wanted="$(packages_of "$@")"
  # Fails when one of them is unknown, which only means that it is missing.
  installed="$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $wanted \
    2>/dev/null | awk '$2 == "installed" { print $1 }' | sort -u)" || true
  comm -23 <(echo "$wanted") <(echo "$installed") | paste -sd ' '
}

install_packages() {
  local -a sudo=()
  local packages
  packages="$(missing_packages "$@")"
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then
      hint "these Debian packages are missing, and this user may not install" \
        "them without a password. Run this, then try again:" \
        "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $packages"
      return 3
    fi
    sudo=(sudo -n)
  fi
  export DEBIAN_FRONTEND=noninteractive
  "${sudo[@]}" apt-get update
  "${sudo[@]}" apt-get install -y --no-install-recommends $packages
}
