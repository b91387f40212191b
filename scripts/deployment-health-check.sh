#!/usr/bin/env bash
# Whether the platform does its work: exits 0 when healthy, 1 when unhealthy, 2 when degraded or where somebody could not look.
# Without RECOVERY_TARGET=aws it looks at the local world that stands; takes whatever 'recovery health' takes.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if ! command -v node >/dev/null; then
  echo "deployment-health-check: node is not installed; install Node.js 20.19 or newer" >&2
  exit 1
fi
if [ ! -d "$here/node_modules" ]; then
  echo "deployment-health-check: the packages are not installed; run 'npm ci' in $here" >&2
  exit 1
fi
# The folder of a local world, and a preset, are named from where people stand by convention: the checkout.
cd "$here"
exec node bin/recovery.cjs health "$@"
