/** The engine that the suite runs on: our own, or with PULUMI_ENGINE=pulumi the Pulumi CLI on the PATH. */
import { cliStack, type CliStack } from "../../../local/cli-stack";
import { localStack } from "../../../local/local-stack";
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
export const newProcessStack: (options: StackOptions) => CliStack = onPulumi
  ? cliStack
  : (options) =>
      localStack(options, {
        startNode: startNodeWarm,
        apart: { script: compiledEngine, env: quickStart },
      });
