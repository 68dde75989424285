/** The engine that the suite runs on: our own, or with PULUMI_ENGINE=pulumi the Pulumi CLI on the PATH. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { cliStack, type CliRunOptions, type CliStack } from "../../../local/cli-stack";
import type { Operation } from "../../../local/engine/types";
import { localProcessStack, localStack } from "../../../local/local-stack";
import type { Stack, StackOptions } from "../../../local/stack";
import { compiledEngine } from "../../support/compiled-engine";
import { quickStart } from "../../support/quick-start";
import { startNodeWarm } from "../../support/warm";

const onPulumi = process.env.PULUMI_ENGINE === "pulumi";

export const newStack: (options: StackOptions) => Stack = onPulumi
  ? cliStack
  : (options) => localStack(options, { startNode: startNodeWarm });

/** The program and the provider host in processes of their own, for tests that are about those. */
export const newColdStack: (options: StackOptions) => Stack = onPulumi
  ? cliStack
  : (options) => localStack({ ...options, env: { ...quickStart, ...options.env } });

/** Its engine can be killed: a run with `onStart` has a process of its own. */
export const newProcessStack: (options: StackOptions) => CliStack = onPulumi ? cliStack : killableStack;

/** The other runs take up here what that process has left in the state's file. */
function killableStack(options: StackOptions): CliStack {
  const backendDir = mkdtempSync(join(tmpdir(), "acceptance-backend-"));
  const env = { ...options.env, PULUMI_BACKEND_URL: pathToFileURL(backendDir).href };
  const apart = localProcessStack({ ...options, env: { ...quickStart, ...env } }, compiledEngine);
  const here = localStack(options, { startNode: startNodeWarm, backendDir });
  const run =
    (operation: Operation) =>
    (options: CliRunOptions = {}) =>
      (options.onStart ? apart : here)[operation](options);
  return {
    ...here,
    preview: run("preview"),
    up: run("up"),
    refresh: run("refresh"),
    destroy: run("destroy"),
    async setConfig(...args) {
      await Promise.all([here.setConfig(...args), apart.setConfig(...args)]);
    },
    async remove() {
      await Promise.all([here.remove(), apart.remove()]);
      rmSync(backendDir, { recursive: true, force: true });
    },
  };
}
