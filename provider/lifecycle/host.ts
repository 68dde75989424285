/** What the resources share while the provider host runs: settings, GitHub, Chainloop, claims, lanes. */
import type * as pulumi from "@pulumi/pulumi";
import type { Chainloop, ChainloopClient } from "../chainloop/client";
import type { GitHub, GitHubClient } from "../github/client";
import type { ChainloopSettings } from "./chainloop-settings";
import { createLanes } from "./lanes";
import type { Lanes } from "./lanes";
import { createClaims } from "./ownership";
import type { Claims } from "./ownership";
import { createRecordWrites } from "./record-writes";
import type { RecordWrites } from "./record-writes";
import type { Configuration, Environment, Settings } from "./settings";
import { createTell } from "./tell";
import type { Tell, TellOptions } from "./tell";
import type { VerifyArtifacts } from "./verify-artifacts";

export interface Host extends Tell {
  /** Synchronous: other calls arrive while Pulumi's host still awaits `configure`. */
  configure(config: pulumi.dynamic.Config): void;
  /** @throws what is wrong with the configuration of GitHub, for those who need it, and for each of them. */
  settings(): Settings;
  /**
   * A client for one operation, whose deadline begins now: to be called when the operation begins, before it waits
   * for its turn.
   */
  github(): GitHubClient;
  /** The same as `settings`, for Chainloop. */
  chainloopSettings(): ChainloopSettings;
  /** The same as `github`, for Chainloop. */
  chainloop(): ChainloopClient;
  claims: Claims;
  lanes: Lanes;
  /** Writes a single deployment record, together with others that wait. */
  records: RecordWrites;
  /** Warns of digests without an attestation. To be called where the settings ask for it. */
  verifyArtifacts: VerifyArtifacts;
}

export interface HostOptions extends TellOptions {
  environment: Environment;
}

/* eslint-disable @typescript-eslint/no-require-imports --
   Pulumi loads the provider in each run, also where it has nothing to do: these are loaded when they are needed. */
const readSettings = (...given: Parameters<typeof import("./settings").readSettings>) =>
  (require("./settings") as typeof import("./settings")).readSettings(...given);
const createGitHub = (...given: Parameters<typeof import("../github/client").createGitHub>) =>
  (require("../github/client") as typeof import("../github/client")).createGitHub(...given);
const readChainloopSettings = (
  ...given: Parameters<typeof import("./chainloop-settings").readChainloopSettings>
) =>
  (require("./chainloop-settings") as typeof import("./chainloop-settings")).readChainloopSettings(...given);
const createChainloop = (...given: Parameters<typeof import("../chainloop/client").createChainloop>) =>
  (require("../chainloop/client") as typeof import("../chainloop/client")).createChainloop(...given);
const createVerifyArtifacts = (host: Host) =>
  (require("./verify-artifacts") as typeof import("./verify-artifacts")).createVerifyArtifacts(host);
/* eslint-enable */

export function createHost(options: HostOptions): Host {
  let config: Configuration = { get: () => undefined };
  let settings: Settings | undefined;
  let github: GitHub | undefined;
  let chainloopSettings: ChainloopSettings | undefined;
  let chainloop: Chainloop | undefined;
  let verifyArtifacts: VerifyArtifacts | undefined;
  const tell = createTell(options);
  const read = () => (settings ??= readSettings(config, options.environment));
  const readChainloop = () => (chainloopSettings ??= readChainloopSettings(config, options.environment));
  const host: Host = {
    ...tell,
    configure(given) {
      // Read when it is needed: were it to throw here, only the first of many concurrent calls would fail.
      config = given;
    },
    settings: read,
    github: () => (github ??= createGitHub(read(), tell)).operation(),
    chainloopSettings: readChainloop,
    chainloop: () => (chainloop ??= createChainloop(readChainloop(), tell)).operation(),
    claims: createClaims(),
    lanes: createLanes(),
    records: (write) => records(write),
    verifyArtifacts: (candidates) => (verifyArtifacts ??= createVerifyArtifacts(host))(candidates),
  };
  const records = createRecordWrites(host);
  return host;
}
