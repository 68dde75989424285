/** The local Chainloop as users' tests need it, in the words of the resource. */
import * as chainloop from "../chainloop";
import { announced } from "./announced";
import { defined } from "../http/defined";
import { toCamel, toSnake } from "./case";
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
  const server = await announced("startChainloop", options.port, () => chainloop.startChainloop(options));
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
    writeDeployment: ({ kind = "CONTAINER_IMAGE", status = "DEPLOYED", ...deployment }) =>
      shown(server.writeDeployment(toSnake({ ...deployment, kind, status }))),
    fault: (fault) => testFault(server.fault(faultOptions(fault, chainloop.errorBody))),
    reset: () => server.reset(),
    stop: () => server.close(),
  };
}

function shown({ artifact, ...record }: chainloop.DeploymentRecord): TestChainloopDeployment {
  const { id, environmentName, deploymentName, status, createdAt, updatedAt } = toCamel(record);
  const { kind, name, version, digest } = artifact;
  return defined({
    ...{ id, environmentName, deploymentName, kind },
    ...{ artifactName: name, artifactVersion: version || undefined, artifactDigest: digest },
    ...{ status, createdAt, updatedAt },
  });
}
