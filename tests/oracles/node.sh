#!/bin/sh
# Makes sure that node and npm are there for tests/oracles: finds them, or installs Debian's where it may.
# Without them those tests are left out and say so: nothing else needs them.
set -eu

if command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1; then
    exit 0
fi

if command -v apt-get >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        as_root=""
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        as_root="sudo -n"
    else
        as_root="no"
    fi
    if [ "$as_root" != "no" ]; then
        echo "Installing node and npm for the tests that verify credentials with software of others ..."
        # shellcheck disable=SC2086 # as_root is zero or two words
        $as_root apt-get -qq update &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends nodejs npm >/dev/null || true
    fi
fi

if ! command -v npm >/dev/null 2>&1; then
    echo "tests/oracles verify credentials with npm's packages only where node and npm are: sudo apt-get install -y nodejs npm" >&2
fi
