/** The functions of the schema. */
import { tokenOf } from "../../plugin/resources";
import { declaration, describe, objectOf } from "./objects";
import type { ObjectType, Property } from "./objects";
import { ref, typeOfNode } from "./types";

export const functionsOf = (): Record<string, object> => ({
  [tokenOf("getDeploymentRecords")]: reading(
    "getDeploymentRecords",
    "GetRecordsArgs",
    "GetDeploymentRecordsResult",
  ),
  [tokenOf("getStorageRecords")]: reading("getStorageRecords", "GetRecordsArgs", "GetStorageRecordsResult"),
  [tokenOf("getChainloopDeployments")]: reading(
    "getChainloopDeployments",
    "GetChainloopDeploymentsArgs",
    "GetChainloopDeploymentsResult",
  ),
  [tokenOf("parseImage")]: {
    description: declaration("parseImage").description,
    inputs: {
      type: "object",
      properties: {
        image: { type: "string", description: describe(declaration("ImageInput").members, "image") },
      },
      required: ["image"],
    } satisfies ObjectType,
    outputs: objectOf("Image"),
  },
  [tokenOf("deploymentsFromKubernetes")]: {
    description: declaration("deploymentsFromKubernetes").description,
    inputs: kubernetesInputs(),
    outputs: {
      type: "object",
      properties: {
        deployments: {
          type: "object",
          additionalProperties: ref("ClusterDeployment"),
          description: "The deployments of a `ClusterDeploymentSet`, by deployment name.",
        },
      },
      required: ["deployments"],
    } satisfies ObjectType,
  },
});

function reading(name: string, args: string, result: string): object {
  const { description: _, ...inputs } = objectOf(args);
  return { description: declaration(name).description, inputs, outputs: objectOf(result) };
}

/** Functions of a program cannot be passed to a plugin: those options are the TypeScript SDK's alone. */
const OPTIONS = ["name", "namespace", "initContainers", "sidecars", "kinds"];

function kubernetesInputs(): ObjectType {
  const members = ["KubernetesOptions", "DeploymentOptions"].flatMap((name) => declaration(name).members);
  const options = OPTIONS.map((name) => {
    const member = members.find((one) => one.name === name);
    return [name, { ...typeOfNode(member?.type as never), description: describe(members, name) }];
  });
  return {
    type: "object",
    properties: {
      manifests: {
        type: "string",
        description: "The manifests: YAML with any number of documents, or JSON.",
      },
      ...(Object.fromEntries(options) as Record<string, Property>),
    },
    required: ["manifests"],
  };
}
