/** What the resources share during one run of Pulumi. `create-run-context.ts` builds it. */
import type * as pulumi from "@pulumi/pulumi";
import type { ChainloopClient } from "../chainloop/client";
import type { ChainloopSettings } from "../config/chainloop";
import type { GitHubSettings } from "../config/github";
import type { Configuration } from "../config/lookup";
import type { GitHubClient } from "../github/client";
import type { Runtime } from "../runtime/runtime";
import type { Artifacts } from "./artifacts";
import type { Declarations } from "./declarations";
import type { KeyedQueue } from "./keyed-queue";

export interface RunContext extends Runtime {
  /** Synchronous: other calls arrive while Pulumi's host still awaits `configure`. */
  configure(config: Configuration): void;
  /** @throws what is wrong with GitHub's configuration; each caller gets the error. */
  settings(): GitHubSettings;
  /**
   * A client for one operation, whose deadline begins now. Call it when the operation begins, so that waiting in a
   * queue counts.
   */
  github(): GitHubClient;
  /** Like `settings`, for Chainloop. */
  chainloopSettings(): ChainloopSettings;
  /** Like `github`, for Chainloop. */
  chainloop(): ChainloopClient;
  /** What this run knows of the records that the program declares. */
  declarations: Declarations;
  /** The names and versions that the program declares for artifacts. */
  artifacts: Artifacts;
  /** Writes in one lane (see `laneOf`) run one after the other. */
  queue: KeyedQueue;
  /** Finds digests without an attestation. Call it only where the settings ask for it. */
  verifyArtifacts: VerifyArtifacts;
}

/** A record whose artifact is looked up before it is written. */
export interface Candidate {
  org: string;
  digest: string;
  /** The record in a user's words. */
  what: string;
  /** Where the program declares the digest. */
  property: string;
}

/**
 * Resolves when the missing attestations have been reported: as failures with `verifyArtifacts: error`, else as
 * warnings. It never rejects.
 */
export type VerifyArtifacts = (candidates: Candidate[]) => Promise<pulumi.dynamic.CheckFailure[]>;
