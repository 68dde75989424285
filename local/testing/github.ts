/** The local GitHub as users' tests need it: a part of what it can do, in the words of the resources. */
import * as github from "../github";
import { announced } from "./announced";
import { faultOptions, testFault } from "./faults";
import * as records from "./records";
import type { TestGitHub, TestGitHubOptions } from "./types";

const DIGEST = /^sha256:[0-9a-f]{64}$/;

function checkedDigest(digest: string): string {
  if (!DIGEST.test(digest))
    throw new Error(
      `${JSON.stringify(digest)} is not a digest: it must be "sha256:" and 64 hexadecimal digits in lower case.`,
    );
  return digest;
}

/**
 * Starts a GitHub for tests on loopback, in this process: the artifact metadata API with its rules, as its OpenAPI
 * description has them. It is strict: what GitHub would refuse, it refuses.
 *
 * API: https://docs.github.com/rest/orgs/artifact-metadata
 *
 * @throws Error where an attested digest is not a digest, where no organisation exists, or where the port is taken.
 * @example
 * ```ts
 * const github = await startGitHub({ attested: [digest] });
 * // … preview, up
 * console.log(github.deploymentRecords());
 * await github.stop();
 * ```
 */
export async function startGitHub(options: TestGitHubOptions = {}): Promise<TestGitHub> {
  const { orgs = ["acme"], attested = [], ...others } = options;
  const [org] = orgs;
  if (org === undefined) throw new Error("orgs is empty: name at least one organisation.");
  if (attested !== "all") attested.forEach(checkedDigest);
  const server = await announced("startGitHub", options.port, () =>
    github.startGitHub({ ...others, orgs, attested }),
  );
  const { url, token } = server;
  return {
    url,
    token,
    config: {
      "artifact-metadata:org": { value: org },
      "artifact-metadata:baseUrl": { value: url },
      "artifact-metadata:token": { value: token, secret: true },
    },
    environment: { GITHUB_OWNER: org, GITHUB_API_URL: url, GITHUB_TOKEN: token },
    get requests() {
      return server.requests.map(records.request);
    },
    get violations() {
      return server.violations.map(records.violation);
    },
    deploymentRecords: (org) => server.deploymentRecords(org).map(records.deploymentRecord),
    storageRecords: (org) => server.storageRecords(org).map(records.storageRecord),
    attest(digest, repository) {
      for (const one of orgs) server.attest(one, checkedDigest(digest), repository);
    },
    writeDeploymentRecord: (record) =>
      records.deploymentRecord(server.writeDeployment(record.org ?? org, records.deploymentBody(record))),
    writeStorageRecord: (record) =>
      records.storageRecord(server.writeStorage(record.org ?? org, records.storageBody(record))),
    fault: (fault) => testFault(server.fault(faultOptions(fault))),
    reset: () => server.reset(),
    stop: () => server.close(),
  };
}
