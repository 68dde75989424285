/** The Chainloop deployments that the programs of two stacks declare. */
import type { ArtifactKind, ChainloopDeployment } from "../../provider/chainloop/deployments";
import { compact } from "../../provider/runtime/values";
import { artifact } from "./artifacts";
import type { StackName } from "./layout";

export interface PlacedChainloop {
  stack: StackName;
  in: string;
  artifact: number;
}

/** The same name twice: another kind is another deployment. */
export const CHAINLOOP: { environmentName: string; deploymentName: string; kind: ArtifactKind }[] = [
  { environmentName: "production", deploymentName: "web", kind: "CONTAINER_IMAGE" },
  { environmentName: "production", deploymentName: "web", kind: "HELM_CHART" },
  { environmentName: "production", deploymentName: "shop/a%2Fb c", kind: "CONTAINER_IMAGE" },
  { environmentName: "staging", deploymentName: "web", kind: "CONTAINER_IMAGE" },
];

export function chainloopOf(index: number, artifactIndex: number): ChainloopDeployment {
  const place = CHAINLOOP[index] as (typeof CHAINLOOP)[number];
  const { name, version, digest } = artifact(artifactIndex);
  return compact({ ...place, artifactName: name, artifactVersion: version, artifactDigest: digest });
}

export const chainloopKeyOf = ({
  environmentName,
  deploymentName,
  kind,
}: Pick<ChainloopDeployment, "environmentName" | "deploymentName" | "kind">): string =>
  JSON.stringify([environmentName, deploymentName, kind]);
