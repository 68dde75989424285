/** The local GitHub as users' tests see it. */
import type {
  TestDeploymentRecord,
  TestDeploymentRecordArgs,
  TestRequest,
  TestStorageRecord,
  TestStorageRecordArgs,
  TestViolation,
} from "./record-types";

/** How a {@link TestGitHub} starts. */
export interface TestGitHubOptions {
  /** The organisations that exist. @default ["acme"] */
  orgs?: string[];
  /**
   * The digests that have a provenance attestation, in every organisation, or `"all"`. Records of other digests need
   * a `githubRepository`.
   * @default []
   */
  attested?: "all" | string[];
  /** The repositories that exist, without owner, for `githubRepository`. @default every name */
  repositories?: string[];
  /** The token that is allowed to write. @default a new one each time */
  token?: string;
  /** The port on loopback. With one, the server prints a line that says where it listens. @default a free one */
  port?: number;
  /** The server's clock, a Date or milliseconds since 1970. Its records have whole seconds. @default the machine's */
  now?: () => number | Date;
}

/** A GitHub on loopback that keeps deployment and storage records. */
export interface TestGitHub {
  /** For `artifact-metadata:baseUrl` or `GITHUB_API_URL`: `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** A token that is allowed to write, for `artifact-metadata:token` or `GITHUB_TOKEN`. */
  readonly token: string;
  /**
   * The stack's configuration: organisation (the first one), address and token, as the Automation API takes it.
   * @example await stack.setAllConfig(github.config);
   */
  readonly config: Record<string, { value: string; secret?: boolean }>;
  /** The same for the environment of a process, where no stack has a configuration. */
  readonly environment: Record<string, string>;
  /** Every request since the start or the last reset, in the order of arrival. */
  readonly requests: TestRequest[];
  /** What of them GitHub's OpenAPI description does not allow; none, unless something is wrong with this package. */
  readonly violations: TestViolation[];
  /** All deployment records, decommissioned ones included, ordered by organisation, environments, cluster and name. */
  deploymentRecords(org?: string): TestDeploymentRecord[];
  /** All storage records, ordered by organisation, digest and place. */
  storageRecords(org?: string): TestStorageRecord[];
  /**
   * Gives a digest a provenance attestation, in all organisations, as `actions/attest` does.
   * @param repository The repository it is from, without owner. Default `source`.
   * @throws Error where the digest is not `sha256:` and 64 hexadecimal digits in lower case.
   */
  attest(digest: string, repository?: string): void;
  /**
   * Another writer's change, which `pulumi refresh` then shows. It is no request.
   * @throws Error where GitHub would refuse it.
   */
  writeDeploymentRecord(record: TestDeploymentRecordArgs): TestDeploymentRecord;
  /** The same for a storage record. */
  writeStorageRecord(record: TestStorageRecordArgs): TestStorageRecord;
  /**
   * Makes requests go wrong, from the next one on.
   * @example github.fault({ requests: "write", answer: { status: 503 }, times: 2 });
   */
  fault(options: TestFaultOptions): TestFault;
  /** Back to how it started: no records, no requests, no faults; the same address and token. */
  reset(): void;
  /** Ends the server at once. */
  stop(): Promise<void>;
}

/** What a request gets instead of its answer. */
export type TestAnswer =
  | {
      /** An error (or any status) in GitHub's form. */
      status: number;
      /** The message in it. */
      message?: string;
      /** More headers of the answer. */
      headers?: Record<string, string>;
    }
  | {
      /** GitHub's secondary rate limit, status 403, which asks to wait so many seconds. */
      secondaryLimit: { retryAfterSeconds: number };
    }
  | {
      /** The true answer, later. */
      delayMilliseconds: number;
    }
  /** The connection ends without an answer. */
  | "connection-reset"
  /** Nothing, until the client's own deadline. */
  | "no-answer";

/** Which requests go wrong, and how. */
export interface TestFaultOptions {
  /** Which requests: those that read (GET), those that write (POST), or all. @default "all" */
  requests?: "read" | "write" | "all";
  /** What they get. */
  answer: TestAnswer;
  /** `true`: GitHub does what is asked, and only the answer is lost. @default false */
  afterWriting?: boolean;
  /** How many requests are hit, from the next one on. @default 1 */
  times?: number;
}

/** What became of a fault. */
export interface TestFault {
  /** How many requests were hit. */
  readonly hits: number;
  /** No more requests are hit. */
  remove(): void;
}
