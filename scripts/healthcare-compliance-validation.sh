#!/usr/bin/env bash
# Validates every control of compliance: what holds, by which evidence. A thin shell around `recovery compliance`, whose options
# and exit code are its own: 0 every control holds, 1 one is broken, old or expired, 2 some are only unknown.
#
#   ./scripts/healthcare-compliance-validation.sh
#   ./scripts/healthcare-compliance-validation.sh --environment production --report controls.html
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
if ! command -v node >/dev/null; then
  echo "node is not installed; install Node 20.19 or newer" >&2
  exit 127
fi
if [[ ! -d $root/node_modules ]]; then
  echo "the packages are not installed; run: npm ci --prefix '$root'" >&2
  exit 127
fi
# Whatever folder it is called from, it judges what drills and syntheses of this checkout left; later options win.
exec node "$root/bin/recovery.cjs" compliance validate \
  --folder "$root/.recovery" --assembly "$root/cdk.out/production" "$@"
