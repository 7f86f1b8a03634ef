#!/bin/sh
# What the tests need from the system: a browser and a mail server. Installed where that is possible, else named.
set -eu
missing=""
found_browser=""
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    path=$(command -v "$name" 2>/dev/null || true)
    # a snap's stub is a script that only says how to install it
    if [ -n "$path" ] && "$path" --version >/dev/null 2>&1; then found_browser=$path; break; fi
done
[ -n "${HELPDESK_CHROMIUM:-}" ] && [ -x "$HELPDESK_CHROMIUM" ] && found_browser=$HELPDESK_CHROMIUM
[ -n "$found_browser" ] || missing="$missing chromium"
PATH="$PATH:/usr/sbin:/usr/local/sbin:/sbin"
command -v dovecot >/dev/null 2>&1 || missing="$missing dovecot-imapd"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the tests:$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -q --no-install-recommends $missing >/dev/null 2>&1 ||
        { apt-get update -q >/dev/null && apt-get install -y -q --no-install-recommends $missing >/dev/null; }
else
    echo "The tests need:$missing. Install them, e.g.: sudo apt-get install -y$missing" >&2
    exit 1
fi
