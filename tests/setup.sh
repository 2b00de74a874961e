#!/bin/sh
# Sets up what the tests need and pip cannot give. Installs Debian packages only as root or with sudo that asks nothing.
#   setup.sh venv PYTHON FOLDER    makes the virtual environment
#   setup.sh dovecot               an IMAP server for the tests of the shell, and neomutt as a person's mail client
#   setup.sh cyrus                 a second IMAP server, unpacked into the cache folder: installed, it would drive out Dovecot
#   setup.sh postfix               a mail server, unpacked likewise: installed, it would run at every start of the machine
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

# The Debian packages, fetched and unpacked into the folder: those named, and the libraries that they need and are not here.
unpack() {
    folder=$1
    shift
    apt-cache show "$@" >/dev/null 2>&1 || as_root apt-get -qq update >/dev/null 2>&1
    depends() { apt-cache depends --no-pre-depends --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@"; }
    libraries=$(depends "$@" | sed -n 's/^[ |]*Depends: \(lib[a-z0-9.+-]*\)$/\1/p' | grep -v clamav) || return 1
    # shellcheck disable=SC2086 # a list of names
    libraries=$(depends --recurse $libraries | grep '^lib[a-z0-9.+-]*$' | grep -v '^libc6\|clamav' | sort -u)
    for library in $libraries; do
        dpkg-query -W -f '${db:Status-Status}' "$library" 2>/dev/null | grep -q '^installed' || set -- "$@" "$library"
    done
    mkdir -p "$folder" && chmod 755 "$folder" && cd "$folder" || return 1
    apt-get -qq download "$@" >/dev/null 2>&1 || {
        as_root apt-get -qq update >/dev/null 2>&1
        apt-get -qq download "$@" >/dev/null 2>&1 || return 1
    }
    for package in *.deb; do dpkg -x "$package" . && rm "$package" || return 1; done
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
cyrus | postfix)
    place=${XDG_CACHE_HOME:-$HOME/.cache}/raincheck-tests/$1
    [ ! -x "$place/bin/master" ] || exit 0
    mkdir -p "${place%/*}" && work=$(mktemp -d "$place.XXXXXX") || exit 0
    trap 'rm -rf "$work"' EXIT
    if [ "$1" = cyrus ]; then packages="cyrus-imapd cyrus-common" programs=usr/lib/cyrus/bin; else packages=postfix programs=usr/lib/postfix/sbin; fi
    # shellcheck disable=SC2086 # a list of names
    if command -v apt-get >/dev/null 2>&1 && (unpack "$work/packages" $packages); then
        mkdir "$work/made" "$work/made/lib"
        mv "$work/packages/$programs" "$work/made/bin"
        find "$work/packages" -name '*.so*' ! -path '*/sasl2/*' -exec mv {} "$work/made/lib" \;
        find "$work/packages" -type d -name sasl2 -path '*/lib/*' -exec mv {} "$work/made/sasl2" \; -prune
        if ! LD_LIBRARY_PATH=$work/made/lib ldd "$work/made/bin/master" "$work/made/bin"/*mtp* "$work/made/bin"/*imapd 2>/dev/null | grep -q 'not found'; then
            chmod 755 "$work/made" && rm -rf "$place" && mv "$work/made" "$place" && exit 0
        fi
    fi
    echo "The server $1 could not be unpacked: the tests on it are left out."
    [ -z "${CI:-}" ] || [ ! -e /etc/debian_version ] || [ "$(id -u)" != 0 ] || exit 1
    ;;
esac
