#!/bin/sh
# What the tests need from the system: a browser and a mail server. Installed where that is possible, else named.
set -eu
browser() { # the quickest that works: the shell without windows takes half the processor time of the whole browser
    for name in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
        path=$(command -v "$name" 2>/dev/null || true)
        # a snap's stub is a script that only says how to install it
        if [ -n "$path" ] && "$path" --version >/dev/null 2>&1; then echo "$name"; return; fi
    done
}
may_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }
known() { apt-cache show "$1" >/dev/null 2>&1; }
install() {
    echo "Installing for the tests: $*"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null
}
found=$(browser)
missing=""
if [ -z "${HELPDESK_CHROMIUM:-}" ] || [ ! -x "$HELPDESK_CHROMIUM" ]; then
    [ -n "$found" ] || missing=" chromium"
    [ "$found" = chromium-headless-shell ] || shell=wanted
fi
PATH="$PATH:/usr/sbin:/usr/local/sbin:/sbin"
command -v dovecot >/dev/null 2>&1 || missing="$missing dovecot-imapd"
if ! may_install; then
    [ -n "$missing" ] || exit 0
    echo "The tests need:$missing. Install them, e.g.: sudo apt-get install -y$missing" >&2
    exit 1
fi
[ -z "$missing" ] || known dovecot-imapd || apt-get update -q >/dev/null
if [ "${shell:-}" ] && known chromium-headless-shell && install chromium-headless-shell 2>/dev/null; then
    missing=$(echo "$missing" | sed 's/ chromium//')
fi
# shellcheck disable=SC2086  # several names
[ -z "$missing" ] || install $missing 2>/dev/null || { apt-get update -q >/dev/null && install $missing; }
