/** Objects of the schema, from interfaces of the SDK. */
import { declarationsIn } from "./docs";
import type { Declaration, Described } from "./docs";
import { typeOfNode } from "./types";
import type { TypeSpec } from "./types";

export interface Property extends TypeSpec {
  description: string;
  willReplaceOnChanges?: boolean;
  secret?: boolean;
}
export interface ObjectType {
  description?: string;
  type?: "object";
  properties: Record<string, Property>;
  required?: string[];
}

const files = [
  ...["deployment-record", "cluster-deployment-set", "storage-record", "chainloop-deployment"],
  ...[
    "image-inputs",
    "provider-settings",
    "get-records",
    "get-chainloop-deployments",
    "image",
    "kubernetes/index",
  ],
  ...["kubernetes/types", "workloads/entries"],
].map((name) => `sdk/${name}.ts`);

export const sources = new Map(
  [...files, "provider/workloads/image-reference.ts"].flatMap((file) => [...declarationsIn(file)]),
);

export function declaration(name: string): Declaration {
  const found = sources.get(name);
  if (found === undefined) throw new Error(`the SDK has no ${name}`);
  return found;
}

/** The provider of a native resource is not given the keys of other packages. */
const forPlugin = (text: string) => text.replace("`github:owner`, ", "");

export function describe(members: readonly Described[], name: string, values?: readonly string[]): string {
  const text = members.find((member) => member.name === name && member.description !== "")?.description;
  if (text === undefined) throw new Error(`${name} has no description`);
  const allowed = values?.map((value) => `\`${value}\``).join(", ");
  return forPlugin(allowed === undefined ? text : `${text} One of ${allowed}.`);
}

/** An interface of the SDK. What it does not describe itself is described where it is declared. */
export function objectOf(name: string): ObjectType {
  const { members, description } = declaration(name);
  const described = [...members, ...(MEMBERS_OF[name] ?? []).flatMap((one) => declaration(one).members)];
  const properties = members
    .filter(({ type }) => type !== undefined && type.getText() !== "never")
    .map((member) => [
      member.name,
      { ...typeOfNode(member.type as never), description: forList(describe(described, member.name)) },
    ]);
  return {
    description,
    type: "object",
    properties: Object.fromEntries(properties) as Record<string, Property>,
    required: members.filter(({ optional }) => !optional).map((member) => member.name),
  };
}

/** Where the members of an interface are described that it shares with a resource. */
const MEMBERS_OF: Record<string, string[]> = {
  ListedDeploymentRecord: ["DeploymentRecordArgs", "DeploymentRecord"],
  ListedStorageRecord: ["StorageRecordArgs", "StorageRecord"],
  ListedChainloopDeployment: ["ChainloopDeploymentArgs", "ChainloopDeployment"],
  GetDeploymentRecordsResult: ["GetRecordsArgs"],
  GetStorageRecordsResult: ["GetRecordsArgs"],
  GetChainloopDeploymentsResult: ["GetChainloopDeploymentsArgs"],
};

/** What is listed replaces nothing. */
const forList = (text: string) => text.replace(/ A change replaces the (?:record|deployment)\./, "");
