/** The records that a resource stands for, as its state before or after has them. */
import { withoutSlash } from "../../provider/runtime/values";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { storageIdentity } from "../../provider/storage-record/identity";
import type { State } from "./read";
import { resourceType } from "./resource-type";
import { UNKNOWN } from "./types";
import type { Kind, Place, Side, Value } from "./types";
import { bounded, isSpecial, toEntries, toValue, toValues } from "./values";

type Fields = Record<string, unknown>;

export interface Recorded {
  kind: Kind;
  /** The same for what is the same record. */
  key: string;
  urn: string;
  resource: string;
  place: Place;
  name: Value;
  side: Side;
  /** The inputs by which two versions are compared. */
  fields: Fields;
  /** Stands for all entries of a set, which are secret or not known yet. */
  isWhole?: boolean;
}

/** Of the resources that are not this package's: none. */
export function recordsOf(urn: string, state: State, isOld: boolean): Recorded[] {
  const type = resourceType(state.type);
  if (type === undefined) return [];
  const resource = `${type} ${JSON.stringify(nameOf(urn))}`;
  const source = { urn, resource };
  const values = bounded(valuesOf(state, isOld)) as Fields;
  switch (type) {
    case "DeploymentRecord":
      return [deployment(source, values, values)];
    case "ClusterDeploymentSet":
      return entriesOf(source, values);
    case "StorageRecord":
      return [storage(source, values)];
    case "ChainloopDeployment":
      return [chainloop(source, values)];
    default:
      return [];
  }
}

/** Of `urn:pulumi:<stack>::<project>::<types>::<name>`: a name may hold `::` too. */
const nameOf = (urn: string): string => urn.split("::").slice(3).join("::");

type Source = Pick<Recorded, "urn" | "resource">;

/** An old state's outputs are what was written or observed; the identity stands in the inputs alone. */
function valuesOf({ inputs, outputs }: State, isOld: boolean): Fields {
  const written = ["status", "digest", "deployments"].some((field) => outputs[field] !== undefined);
  if (!isOld || !written) return inputs;
  const identity = Object.entries(inputs).filter(([field]) => identityNames.has(field));
  return { ...Object.fromEntries(identity), ...outputs };
}

const chainloopIdentity = ["environmentName", "deploymentName", "kind"] as const;
const identityNames = new Set<string>([
  ...deploymentIdentity.fields,
  ...storageIdentity.fields,
  ...chainloopIdentity,
]);

function entriesOf(source: Source, values: Fields): Recorded[] {
  const entries = toEntries(values.deployments);
  if (entries !== undefined)
    return entries.map(([deploymentName, entry]) => deployment(source, { ...values, deploymentName }, entry));
  const whole = deployment(source, { ...values, deploymentName: values.deployments }, {});
  return [{ ...whole, name: toValue(values.deployments) ?? UNKNOWN, isWhole: true, side: {} }];
}

const of = (values: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(names.map((name) => [name, values[name] ?? undefined]));

const placeOf = (values: Fields, names: readonly string[]): Place =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = toValue(values[name]);
      return value === undefined ? [] : [[name, value]];
    }),
  );

/** What is secret or unknown can only be the same as itself: in the same resource. */
function keyOf({ urn }: Source, kind: Kind, parts: unknown[]): string {
  const values = parts.map(toValue);
  const known = values.map((value) => (isSpecial(value) ? { special: value.description } : (value ?? "")));
  return JSON.stringify([kind, values.some(isSpecial) ? urn : "", ...known]);
}

const lowerCase = (value: unknown) => (typeof value === "string" ? value.toLowerCase() : value);

function deployment(source: Source, where: Fields, entry: Fields): Recorded {
  const [, ...parts] = deploymentIdentity.fields.map((field) => where[field]);
  const status = entry.status ?? "deployed";
  const compared = ["name", "version", "digest", "tags", "runtimeRisks", "githubRepository"];
  return {
    ...source,
    kind: "deployment",
    key: keyOf(source, "deployment", [lowerCase(where.org), ...parts]),
    place: placeOf(where, deploymentIdentity.fields.slice(0, -1)),
    name: toValue(where.deploymentName) ?? "",
    side: {
      ...sideOf(entry.name, entry.version, entry.digest, status),
      runtimeRisks: toValues(entry.runtimeRisks),
    },
    fields: { ...of(entry, compared), status },
  };
}

function storage(source: Source, values: Fields): Recorded {
  const registryUrl =
    typeof values.registryUrl === "string" ? withoutSlash(values.registryUrl) : values.registryUrl;
  const identity: Fields = { ...values, org: lowerCase(values.org), registryUrl };
  const status = values.status ?? "active";
  return {
    ...source,
    kind: "storage",
    key: keyOf(
      source,
      "storage",
      storageIdentity.fields.map((field) => identity[field]),
    ),
    place: placeOf({ ...values, registryUrl }, ["org", "registryUrl", "repository"]),
    name: toValue(values.name) ?? "",
    side: sideOf(values.path ?? values.artifactUrl, values.version, values.digest, status),
    fields: { ...of(values, ["version", "githubRepository", "onDelete"]), status },
  };
}

function chainloop(source: Source, values: Fields): Recorded {
  const { artifactName, artifactVersion, artifactDigest, status } = values;
  const names = ["artifactName", "artifactVersion", "artifactDigest"];
  return {
    ...source,
    kind: "chainloop",
    key: keyOf(source, "chainloop", [values.environmentName, values.deploymentName, values.kind]),
    place: placeOf(values, ["environmentName"]),
    name: toValue(values.deploymentName) ?? "",
    side: sideOf(artifactName, artifactVersion, artifactDigest, lowerCase(status ?? "DEPLOYED")),
    fields: of(values, names),
  };
}

const sideOf = (artifact: unknown, version: unknown, digest: unknown, status: unknown): Side => ({
  artifact: toValue(artifact),
  version: toValue(version),
  digest: toValue(digest),
  status: toValue(status),
});
