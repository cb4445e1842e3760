#!/usr/bin/env bash
# Installs Chromium, in which the browser tests open the reports, unless it is there.
set -euo pipefail

if [[ -n "${CHROMIUM_PATH:-}" ]] || command -v chromium >/dev/null; then
  exit 0
fi
if [[ "$(id -u)" != 0 ]] || ! command -v apt-get >/dev/null; then
  echo "Chromium is missing. Install it, or set CHROMIUM_PATH to one." >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
