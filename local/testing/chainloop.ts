/** The local Chainloop as users' tests need it, in the words of the resource. */
import * as chainloop from "../chainloop";
import { defined } from "../http/defined";
import type { TestChainloop, TestChainloopDeployment, TestChainloopOptions } from "./chainloop-types";
import { faultOptions, testFault } from "./faults";

/**
 * Starts a Chainloop for tests on loopback, in this process: its API for deployments. It is strict: a field that is not
 * documented, an empty text and another enumeration's value are refused.
 *
 * @throws Error where the port is taken.
 * @example
 * ```ts
 * const chainloop = await startChainloop();
 * // … preview, up
 * console.log(chainloop.deployments());
 * await chainloop.stop();
 * ```
 */
export async function startChainloop(options: TestChainloopOptions = {}): Promise<TestChainloop> {
  const server = await chainloop.startChainloop(options);
  const { url, token } = server;
  return {
    ...{ url, token },
    config: {
      "artifact-metadata:chainloopUrl": { value: url },
      "artifact-metadata:chainloopToken": { value: token, secret: true },
    },
    environment: { CHAINLOOP_API_URL: url, CHAINLOOP_TOKEN: token },
    get requests() {
      return server.requests.map(({ method, path, body, status }) => {
        return { method, path, body, status: status ?? undefined };
      });
    },
    get violations() {
      return server.violations.map(({ method, path, problems }) => ({ method, path, problems }));
    },
    deployments: () => server.deployments().map(shown),
    writeDeployment: (deployment) =>
      shown(
        server.writeDeployment(
          defined({
            environment_name: deployment.environmentName,
            deployment_name: deployment.deploymentName,
            kind: deployment.kind ?? "CONTAINER_IMAGE",
            artifact_name: deployment.artifactName,
            artifact_version: deployment.artifactVersion,
            artifact_digest: deployment.artifactDigest,
            status: deployment.status ?? "DEPLOYED",
          }),
        ),
      ),
    fault: (fault) => testFault(server.fault(faultOptions(fault, chainloop.errorBody))),
    reset: () => server.reset(),
    stop: () => server.close(),
  };
}

const shown = (record: chainloop.DeploymentRecord): TestChainloopDeployment =>
  defined({
    id: record.id,
    environmentName: record.environment_name,
    deploymentName: record.deployment_name,
    kind: record.artifact.kind,
    artifactName: record.artifact.name,
    artifactVersion: record.artifact.version || undefined,
    artifactDigest: record.artifact.digest,
    status: record.status,
    createdAt: record.created_at,
    updatedAt: record.updated_at,
  });
