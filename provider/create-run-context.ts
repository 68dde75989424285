/** Wires what the resources share during one run of Pulumi. */
import type { Chainloop } from "./chainloop/client";
import type { ChainloopSettings } from "./config/chainloop";
import type { GitHubSettings } from "./config/github";
import type { Configuration, Environment } from "./config/lookup";
import type { GitHub } from "./github/client";
import { createArtifacts } from "./lifecycle/artifacts";
import { createDeclarations } from "./lifecycle/declarations";
import { createKeyedQueue } from "./lifecycle/keyed-queue";
import type { KeyedQueue } from "./lifecycle/keyed-queue";
import type { RunContext, VerifyArtifacts } from "./lifecycle/run-context";
import { createRuntime } from "./runtime/runtime";
import type { RuntimeOptions } from "./runtime/runtime";

export interface RunContextOptions extends RuntimeOptions {
  environment: Environment;
  /** Default: one whose lanes are this process's alone. */
  queue?: KeyedQueue;
}

/* eslint-disable @typescript-eslint/no-require-imports --
   Pulumi loads the provider in each run, even if there is nothing to do: these modules are loaded when needed. */
const load = {
  settings: () => require("./config/github") as typeof import("./config/github"),
  github: () => require("./github/client") as typeof import("./github/client"),
  chainloopSettings: () => require("./config/chainloop") as typeof import("./config/chainloop"),
  chainloop: () => require("./chainloop/client") as typeof import("./chainloop/client"),
  verifyArtifacts: () =>
    require("./lifecycle/verify-artifacts") as typeof import("./lifecycle/verify-artifacts"),
};
/* eslint-enable */

export function createRunContext(options: RunContextOptions): RunContext {
  const { environment } = options;
  const runtime = createRuntime(options);
  let config: Configuration = { get: () => undefined };
  let settings: GitHubSettings | undefined;
  let github: GitHub | undefined;
  let chainloopSettings: ChainloopSettings | undefined;
  let chainloop: Chainloop | undefined;
  let verifyArtifacts: VerifyArtifacts | undefined;
  const readSettings = () => (settings ??= load.settings().readSettings(config, environment));
  const readChainloopSettings = () =>
    (chainloopSettings ??= load.chainloopSettings().readChainloopSettings(config, environment));
  const context: RunContext = {
    ...runtime,
    configure(given) {
      // Read when it is needed: if it threw here, only the first of many concurrent calls would fail.
      config = given;
    },
    settings: readSettings,
    github: () => (github ??= load.github().createGitHub(readSettings(), runtime)).operation(),
    chainloopSettings: readChainloopSettings,
    chainloop: () =>
      (chainloop ??= load.chainloop().createChainloop(readChainloopSettings(), runtime)).operation(),
    declarations: createDeclarations(runtime),
    artifacts: createArtifacts(),
    queue: options.queue ?? createKeyedQueue(),
    verifyArtifacts: (candidates) =>
      (verifyArtifacts ??= load.verifyArtifacts().createVerifyArtifacts(context))(candidates),
  };
  return context;
}
