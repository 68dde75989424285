/** The plugin's schema: what resources and functions there are, for every language of Pulumi. */
import { SECRET_KEYS } from "../../plugin/configuration";
import { resourceNamed, resourceNames, tokenOf } from "../../plugin/resources";
import { KEYS } from "../../provider/config/keys";
import type { Described } from "./docs";
import { functionsOf } from "./functions";
import { declaration, describe, objectOf, sources } from "./objects";
import type { ObjectType, Property } from "./objects";
import { isMap, ref, typeOfField, typeOfNode } from "./types";
import type { TypeSpec, Typed } from "./types";
import type { Fields } from "../../provider/lifecycle/check";

const PROVIDER =
  "The organisation, credentials and settings of records. Several providers serve several organisations or tokens in one " +
  "program. Each is a process of its own with its own rate limiter, so a program needs one for each set of credentials, " +
  "not one for each record. What a provider does not name it takes from the environment; the configuration of the stack " +
  "is that of the default provider.";

const IMAGE: TypeSpec = { type: "string" };

export function packageSchema(): object {
  const types: Record<string, ObjectType> = {
    [tokenOf("ClusterDeployment")]: clusterDeployment(),
    ...listed("ListedDeploymentRecord", "ListedStorageRecord", "ListedChainloopDeployment"),
  };
  return {
    name: "artifact-metadata",
    displayName: "Artifact metadata",
    description: "Declare GitHub artifact deployment records beside your workloads, in a Pulumi program.",
    license: "Apache-2.0",
    keywords: ["pulumi", "github", "category/utility", "kind/native", "supply-chain", "attestation"],
    language: {
      nodejs: { packageName: "pulumi-artifact-metadata", respectSchemaVersion: true },
      python: {
        packageName: "pulumi_artifact_metadata",
        respectSchemaVersion: true,
        pyproject: { enabled: true },
      },
      go: {
        rootPackageName: "artifactmetadata",
        respectSchemaVersion: true,
        generateResourceContainerTypes: true,
      },
      csharp: { respectSchemaVersion: true },
    },
    config: { variables: configuration() },
    provider: {
      description: PROVIDER,
      inputProperties: configuration(),
    },
    types,
    resources: Object.fromEntries(resourceNames.map((name) => [tokenOf(name), resourceOf(name)])),
    functions: functionsOf(),
  };
}

/** The variables of the namespace, which are the inputs of a provider too. */
export function configuration(): Record<string, Property> {
  const { members } = declaration("ProviderArgs");
  const properties = KEYS.map((key) => {
    const { type } = members.find(({ name }) => name === key) as Described;
    const isSecret = (SECRET_KEYS as readonly string[]).includes(key);
    return [
      key,
      {
        ...typeOfNode(type as never),
        description: describe(members, key),
        ...(isSecret && { secret: true }),
      },
    ];
  });
  return Object.fromEntries(properties) as Record<string, Property>;
}

function resourceOf(name: string): object {
  const resource = resourceNamed(name);
  if (resource === undefined) throw new Error(`there is no resource ${name}`);
  const { members: args } = declaration(`${name}Args`);
  const { members: outputs, description } = declaration(name);
  const declared = Object.fromEntries(
    Object.entries(resource.fields).filter(([field]) => args.some((arg) => arg.name === field)),
  );
  const isIdentity = (field: string) => resource.identity.fields.includes(field);
  const inputProperties = propertiesOf(declared, args, isIdentity);
  const image = resource.image.at === "resource" ? { image: { ...IMAGE, description: imageOf(name) } } : {};
  const stands = Object.values(resource.image.stands) as string[];
  const required = Object.entries(declared).filter(([field, one]) => isRequired(one) && field !== "org");
  const isFromImage = (field: string) => resource.image.at === "resource" && stands.includes(field);
  const observed = outputs.filter((output) => resource.observed.includes(output.name));
  const shown = propertiesOf(resource.fields, [...outputs, ...args], isIdentity);
  for (const output of observed) shown[output.name] = observedProperty(output);
  return {
    description,
    aliases: [{ type: `pulumi-nodejs:dynamic/artifact-metadata:${name}` }],
    inputProperties: { ...inputProperties, ...image },
    requiredInputs: required.map(([field]) => field).filter((field) => !isFromImage(field)),
    properties: shown,
    required: [...required.map(([field]) => field), ...(Object.hasOwn(declared, "org") ? ["org"] : [])],
  };
}

const imageOf = (name: string): string =>
  describe(
    [...(sources.get(`${name}ImageArgs`)?.members ?? []), ...declaration("ImageInput").members],
    "image",
  );

/** What GitHub said of a set's entries stays text, as the state has it. */
function observedProperty({ name, type, description }: Described): Property {
  if (name !== "records") return { ...typeOfNode(type as never), description };
  return {
    type: "object",
    additionalProperties: { type: "string" },
    description: `${description} Each is a text: its id, the id of its attestation, and when this set last wrote it (ISO 8601), separated by spaces; \`-\` stands for what is not known.`,
  };
}

function propertiesOf(
  fields: Fields,
  members: readonly Described[],
  isIdentity: (field: string) => boolean,
): Record<string, Property> {
  const properties = Object.entries(fields).map(([name, field]) => {
    const { spec, values }: Pick<Typed, "spec" | "values"> = isMap(field)
      ? { spec: { type: "object", additionalProperties: ref("ClusterDeployment") } }
      : typeOfField(field);
    const description = describe(members, name, values);
    return [name, { ...spec, description, ...(isIdentity(name) && { willReplaceOnChanges: true }) }];
  });
  return Object.fromEntries(properties) as Record<string, Property>;
}

const isRequired = (field: Fields[string]): boolean => isMap(field) || typeOfField(field).isRequired;

function clusterDeployment(): ObjectType {
  const deployments = resourceNamed("ClusterDeploymentSet")?.fields.deployments;
  if (deployments === undefined || !isMap(deployments)) throw new Error("a set has no deployments");
  const { members, description } = declaration("ClusterDeployment");
  const properties = propertiesOf(deployments.entry, members, () => false);
  return {
    description,
    type: "object",
    properties: { ...properties, image: { ...IMAGE, description: imageOf("ClusterDeployment") } },
  };
}

function listed(...names: string[]): Record<string, ObjectType> {
  return Object.fromEntries(names.map((name) => [tokenOf(name), objectOf(name)]));
}
