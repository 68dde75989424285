/** The local Chainloop as users' tests see it. Takes in nothing of the package's own but other such declarations. */
import type { TestRequest, TestViolation } from "./record-types";
import type { TestAnswer, TestFault, TestFaultOptions } from "./types";

/** How a local Chainloop is started. */
export interface TestChainloopOptions {
  /** The environments that exist. @default every name */
  environments?: string[];
  /** The token that is allowed to write. @default a new one each time */
  token?: string;
  /** The port on loopback. With one, the server prints a line that says where it listens. @default a free one */
  port?: number;
  /** The server's clock, a Date or milliseconds since 1970. @default the machine's */
  now?: () => number | Date;
}

/** A deployment, as another writer would write it. */
export interface TestChainloopDeploymentArgs {
  /** The environment, such as `production`. */
  environmentName: string;
  /** The deployment's name in the environment. */
  deploymentName: string;
  /** What is deployed. @default "CONTAINER_IMAGE" */
  kind?: "CONTAINER_IMAGE" | "HELM_CHART";
  /** The artifact's name; for an image its reference without tag and digest. */
  artifactName: string;
  /** The artifact's version. */
  artifactVersion?: string;
  /** `sha256:` and 64 hexadecimal digits in lower case. */
  artifactDigest: string;
  /** Whether the artifact runs there. @default "DEPLOYED" */
  status?: "DEPLOYED" | "DECOMMISSIONED";
}

/** A deployment's record on the server: there is one for each of its digests. */
export interface TestChainloopDeployment extends Omit<TestChainloopDeploymentArgs, "status"> {
  /** Chainloop's id of the record. */
  id: string;
  /** What is deployed. */
  kind: "CONTAINER_IMAGE" | "HELM_CHART";
  /** Whether it runs there, or another digest has replaced it. */
  status: "DEPLOYED" | "SUPERSEDED" | "DECOMMISSIONED";
  /** ISO 8601. */
  createdAt: string;
  /** ISO 8601. */
  updatedAt: string;
}

/** The same as for GitHub, which alone has a secondary limit. */
export interface TestChainloopFaultOptions extends Omit<TestFaultOptions, "answer"> {
  /** What they get. */
  answer: Exclude<TestAnswer, { secondaryLimit: object }>;
}

/** A Chainloop on loopback that keeps deployments. */
export interface TestChainloop {
  /** For `artifact-metadata:chainloopUrl` or `CHAINLOOP_API_URL`: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** A token that is allowed to write, for `artifact-metadata:chainloopToken` or `CHAINLOOP_TOKEN`. */
  readonly token: string;
  /** The stack's configuration: address and token, as the Automation API takes it. */
  readonly config: Record<string, { value: string; secret?: boolean }>;
  /** The same for the environment of a process, where no stack has a configuration. */
  readonly environment: Record<string, string>;
  /** Every request since the start or the last reset, in the order of arrival. */
  readonly requests: TestRequest[];
  /** What of them Chainloop's documentation does not allow; none, unless something is wrong with this package. */
  readonly violations: TestViolation[];
  /** All records, superseded and decommissioned ones included, ordered by environment, name, kind and age. */
  deployments(): TestChainloopDeployment[];
  /**
   * Another writer's change, which `pulumi refresh` then shows. It is no request.
   * @throws Error where Chainloop would refuse it.
   */
  writeDeployment(deployment: TestChainloopDeploymentArgs): TestChainloopDeployment;
  /**
   * Makes requests go wrong, from the next one on.
   * @example chainloop.fault({ requests: "write", answer: { status: 503 }, times: 2 });
   */
  fault(options: TestChainloopFaultOptions): TestFault;
  /** Back to how it started: no deployments, no requests, no faults; the same address and token. */
  reset(): void;
  /** Ends the server at once. */
  stop(): Promise<void>;
}
