import * as pulumi from "@pulumi/pulumi";
import type { ChainloopArtifactKind, ChainloopDeploymentStatus } from "./chainloop-deployment";
import { programError } from "./errors";
import { refuseSecrets } from "./identity-inputs";
import type { GetRecordsOptions } from "./get-records";
import { recordsReader } from "./reader";

/** Which of Chainloop's deployments are listed. */
export interface GetChainloopDeploymentsArgs {
  /** The environment in Chainloop. @default all that the token is allowed to read */
  environmentName?: string;
  /** The status that they have. @default any */
  status?: ChainloopDeploymentStatus;
}

/** {@link GetChainloopDeploymentsArgs} with inputs. */
export interface GetChainloopDeploymentsOutputArgs {
  /** The environment in Chainloop. @default all that the token is allowed to read */
  environmentName?: pulumi.Input<string | undefined>;
  /** The status that they have. @default any */
  status?: pulumi.Input<ChainloopDeploymentStatus | undefined>;
}

/** A deployment as Chainloop lists it: each digest that was ever deployed has a record of its own. */
export interface ListedChainloopDeployment {
  /** The API's id of the record. */
  recordId: string;
  /** The environment in Chainloop. */
  environmentName: string;
  /** Chainloop's id of the environment. */
  environmentId?: string;
  /** What tells this deployment from others in the same environment. */
  deploymentName: string;
  /** Absent where it is one that this version does not know. */
  kind?: ChainloopArtifactKind;
  /** The artifact's name. */
  artifactName?: string;
  /** The artifact's version. */
  artifactVersion?: string;
  /** The artifact's digest. */
  artifactDigest: string;
  /** Chainloop's id of the artifact. */
  artifactId?: string;
  /** Absent where it is one that this version does not know. */
  status?: ChainloopDeploymentStatus;
  /** When the record was created (ISO 8601). */
  createdAt?: string;
  /** When it was last written, by Chainloop's clock (ISO 8601). */
  updatedAt?: string;
  /** When the deployment was last reported (ISO 8601). */
  lastSeenAt?: string;
}

/** What was asked for, and what Chainloop lists of it. */
export interface GetChainloopDeploymentsResult {
  /** The environment that was asked for. */
  environmentName?: string;
  /** The status that was asked for. */
  status?: ChainloopDeploymentStatus;
  /** The deployments that Chainloop lists. */
  deployments: ListedChainloopDeployment[];
}

/**
 * The deployments of an environment on Chainloop, or of all, whoever wrote them; in a preview too.
 *
 * Errors: an argument that is not allowed, no token, one that is not allowed to read, Chainloop that cannot be reached.
 * API: `GET /v1/deployments` of https://api.app.chainloop.dev, all of its pages.
 *
 * @example
 * ```ts
 * const { deployments } = await getChainloopDeployments({ environmentName: "production", status: "DEPLOYED" });
 * ```
 */
export async function getChainloopDeployments(
  args: GetChainloopDeploymentsArgs = {},
  opts?: GetRecordsOptions,
): Promise<GetChainloopDeploymentsResult> {
  const { environmentName, status } = args;
  const deployments = await recordsReader(opts?.provider)
    .then((reader) => reader.chainloopDeployments(args))
    .catch(failed);
  return {
    ...(environmentName === undefined ? {} : { environmentName }),
    ...(status === undefined ? {} : { status }),
    deployments,
  };
}

/** {@link getChainloopDeployments} for inputs that can be outputs. */
export const getChainloopDeploymentsOutput = (
  args: GetChainloopDeploymentsOutputArgs = {},
  opts?: GetRecordsOptions,
): pulumi.Output<GetChainloopDeploymentsResult> =>
  pulumi
    .output(
      refuseSecrets(args, {
        owner: "getChainloopDeployments",
        fields: ["environmentName"],
        shownIn: "an error",
      }),
    )
    .apply((known) => getChainloopDeployments(known, opts));

/** The message says everything; a stack would only hide it. */
const failed = (error: unknown): never => {
  throw programError(`getChainloopDeployments: ${error instanceof Error ? error.message : String(error)}`);
};
