/** The engine that the suite runs on: our own, or with PULUMI_ENGINE=pulumi the Pulumi CLI on the PATH. */
import { cliStack, type CliStack } from "../../../local/cli-stack";
import { localProcessStack, localStack } from "../../../local/local-stack";
import type { Stack, StackOptions } from "../../../local/stack";
import { compiledEngine } from "../../support/compiled-engine";

const onPulumi = process.env.PULUMI_ENGINE === "pulumi";

export const newStack: (options: StackOptions) => Stack = onPulumi ? cliStack : localStack;

/** The engine in a process of its own, which can be killed. */
export const newProcessStack: (options: StackOptions) => CliStack = onPulumi
  ? cliStack
  : (options) => localProcessStack(options, compiledEngine);
