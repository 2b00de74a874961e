#!/bin/sh
# Sets up what the tests need and pip cannot give. Installs Debian packages only as root or with sudo that asks nothing.
#   setup.sh venv PYTHON FOLDER    makes the virtual environment
#   setup.sh dovecot               an IMAP server for the tests of the shell, and neomutt as a person's mail client
set -u

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"; else return 1; fi
}

install() {
    command -v apt-get >/dev/null 2>&1 || return 1
    export DEBIAN_FRONTEND=noninteractive
    as_root apt-get -qq install --no-install-recommends -y "$@" >/dev/null 2>&1 && return
    as_root apt-get -qq update >/dev/null 2>&1
    as_root apt-get -qq install --no-install-recommends -y "$@" >/dev/null 2>&1
}

case "$1" in
venv)
    "$2" -m venv --clear "$3" 2>/dev/null && exit 0
    version=$("$2" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    install "$version" && "$2" -m venv --clear "$3" && exit 0
    echo "No virtual environment could be made. Install the package $version, then try again." >&2
    exit 1
    ;;
dovecot)
    command -v neomutt >/dev/null 2>&1 || install neomutt || echo "neomutt could not be installed: its test is skipped."
    PATH=$PATH:/usr/sbin command -v dovecot >/dev/null 2>&1 && exit 0
    install dovecot-imapd dovecot-lmtpd || true
    PATH=$PATH:/usr/sbin command -v dovecot >/dev/null 2>&1 && exit 0
    echo "Dovecot is not installed and could not be: tests that need it are skipped (apt install dovecot-imapd dovecot-lmtpd)."
    [ -z "${CI:-}" ] || exit 1
    ;;
esac
