#!/usr/bin/env bash
# Runs the tests that meet Pulumi's SDK with another version of it and of Node than the lock file's:
#
#   scripts/test-matrix.sh [<version of @pulumi/pulumi> [<version of Node> [<arguments for jest>...]]]
#
# The defaults are the newest SDK on the newest Node 26. Everything happens in a temporary copy of the repository.
set -euo pipefail

pulumi="${1:-latest}"
node="${2:-26}"
shift $(($# < 2 ? $# : 2))
if [ $# -eq 0 ]; then package=yes; set -- test/engine test/provider test/acceptance; fi

root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# The files as they are now, whether they are committed or not.
mkdir "$work/repository"
cd "$root"
git ls-files -z --cached --others --exclude-standard |
  while IFS= read -r -d '' file; do if [ -e "$file" ]; then printf '%s\0' "$file"; fi; done |
  tar --null -T - -cf - | tar -xf - -C "$work/repository"

# npm's `node` package fetches the binary for this machine in its install script.
npm install --prefix "$work/node" --ignore-scripts=false --no-audit --no-fund "node@$node"
export PATH="$work/node/node_modules/node/bin:$PATH"

cd "$work/repository"
version="$(npm view "@pulumi/pulumi@$pulumi" version)"
npm pkg set "devDependencies.@pulumi/pulumi=$version"
npm pkg set --workspace examples "dependencies.@pulumi/pulumi=$version"
npm install --no-audit --no-fund

echo "Node $(node --version), npm $(npm --version), @pulumi/pulumi $(node -p 'require("@pulumi/pulumi/version").version')"
npm run typecheck
npm run build
npm run jest -- "$@"
if [ -n "${package:-}" ]; then npm run jest -- --config jest.package.config.js test/packaging; fi
