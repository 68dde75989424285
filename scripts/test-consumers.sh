#!/usr/bin/env bash
# Installs the packed package into empty projects, as users do, and compiles and loads a program there: with npm and each
# TypeScript that is supported, and with pnpm.
#
#   scripts/test-consumers.sh [<version of @pulumi/pulumi>]
#
# It needs the build (`npm run build`) and npm's registry.
set -euo pipefail

pulumi="${1:-latest}"
root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cd "$root"
archive="$work/$(npm pack --ignore-scripts --silent --pack-destination "$work")"

program() {
  mkdir "$work/$1"
  cd "$work/$1"
  echo '{ "name": "shop", "private": true, "version": "1.0.0" }' >package.json
  cat >index.ts <<'PROGRAM'
import { ClusterDeploymentSet, DeploymentRecord, getDeploymentRecords, StorageRecord } from "pulumi-artifact-metadata";
import { startGitHub } from "pulumi-artifact-metadata/testing";

const image: string = "ghcr.io/acme/web:1.4.2@sha256:…";
export const record = (): DeploymentRecord =>
  new DeploymentRecord("web", { image, logicalEnvironment: "production", deploymentName: "web" });
export const used = { ClusterDeploymentSet, StorageRecord, getDeploymentRecords, startGitHub };

// @ts-expect-error a risk that GitHub does not have
new DeploymentRecord("web", { image, logicalEnvironment: "p", deploymentName: "w", runtimeRisks: ["none"] });
PROGRAM
}

load='const { DeploymentRecord } = require("pulumi-artifact-metadata");
const { deploymentRecord } = require("pulumi-artifact-metadata/provider");
if (!DeploymentRecord.__pulumiType || !deploymentRecord.check) process.exit(1);'
options="--noEmit --strict --target es2022 --module node16 --moduleResolution node16 --types node"

program npm
npm install --no-audit --no-fund --silent "$archive" "@pulumi/pulumi@$pulumi" @types/node@20
for typescript in 5.9 6 7; do
  # In a folder of its own: Pulumi's peer range ends before TypeScript 7.
  npm install --prefix "$work/typescript-$typescript" --no-audit --no-fund --silent "typescript@$typescript"
  tsc="$work/typescript-$typescript/node_modules/.bin/tsc"
  # shellcheck disable=SC2086
  "$tsc" $options index.ts
  echo "npm $(npm --version), TypeScript $("$tsc" --version | cut -d' ' -f2): compiles"
done
node -e "$load"
echo "Node $(node --version): loads"

program pnpm
npx --yes pnpm@10 add --silent "$archive" "@pulumi/pulumi@$pulumi" @types/node@20
# shellcheck disable=SC2086
"$work/typescript-6/node_modules/.bin/tsc" $options index.ts
node -e "$load"
echo "pnpm: compiles and loads"
