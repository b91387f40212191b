#!/usr/bin/env bash
# Puts the platform back to its last healthy release, after showing what that would do. RECOVERY_TARGET says where it acts, local
# or aws; there is no default. Options and exit codes: npx recovery rollback --help
#
#   ./scripts/emergency-rollback.sh production "Critical bug causing data corruption" full
#   ./scripts/emergency-rollback.sh test "Testing rollback procedure" full
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
if ! command -v node >/dev/null; then
  echo 'error node is not installed; install Node 20.19 or newer' >&2
  exit 1
fi
if [[ ! -d $root/node_modules ]]; then
  echo "error the packages are not installed; run: npm ci --prefix '$root'" >&2
  exit 1
fi
# The local world of this checkout, wherever it is called from; a later --folder wins.
exec node "$root/bin/recovery.cjs" rollback --folder "$root/.recovery" "$@"
