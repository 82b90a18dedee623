#!/bin/sh
# Makes sure that a Chromium is there for the browser tests: finds it, or installs Debian's where it may.
set -eu

for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done

if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        as_root="no"
    fi
    if [ "$as_root" != "no" ]; then
        echo "Installing Chromium for the browser tests ..."
        # shellcheck disable=SC2086 # as_root is zero or two words
        if $as_root apt-get -qq update &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium >/dev/null; then
            exit 0
        fi
    fi
fi

cat >&2 <<'END'
The browser tests need Chromium. Install it, then run `make test` again:

    sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium

Or point CHROMIUM at one that is installed elsewhere, or leave the browser out: make test BROWSER=0
END
exit 1
