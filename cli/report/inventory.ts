/** The records that the resources of a state stand for. The outputs are what was written; a later input may not be. */
import { chainloopIdentity } from "../../provider/chainloop-deployment/identity";
import { decodeRecord } from "../../provider/cluster-deployment-set/record-codec";
import { deploymentIdentity } from "../../provider/deployment-record/identity";
import { storageIdentity } from "../../provider/storage-record/identity";
import { resourceType } from "../summary/resource-type";
import type { Place, Value } from "../summary/types";
import { SECRET } from "../summary/types";
import { bounded, isObject, isSecret, toEntries, toValue, toValues } from "../summary/values";
import type { Resource, State } from "./read-state";
import type { Entry, Inventory } from "./types";

type Fields = Record<string, unknown>;

const setFields = deploymentIdentity.fields.slice(0, -1);

export function inventoryOf(states: State[]): Inventory {
  const entries = states.flatMap(({ stack, resources }) =>
    resources.filter((resource) => !resource.external).flatMap((resource) => entriesOf(stack, resource)),
  );
  return {
    stacks: states.map(({ stack }) => stack),
    entries: inOrder(entries),
    notes: states.flatMap(interrupted),
  };
}

function entriesOf(stack: string, resource: Resource): Entry[] {
  const type = resourceType(resource.type);
  if (type === undefined) return [];
  const name = resource.urn.split("::").slice(3).join("::");
  const read = readers[type];
  if (!read) return [];
  const source: Source = { stack, resource: `${type} ${JSON.stringify(name)}` };
  const found = read(source, resource);
  // Replaced by another resource, and not removed yet: the next update does that.
  return resource.delete ? found.map((entry) => ({ ...entry, status: "to be removed" })) : found;
}

type Source = Pick<Entry, "stack" | "resource">;

const readers: Readonly<Record<string, (source: Source, resource: Resource) => Entry[]>> = {
  DeploymentRecord(source, resource) {
    const where = identityOf(resource, deploymentIdentity.fields);
    const recorded = bounded(resource.outputs) as Fields;
    const { deploymentName, updatedAt, createdAt } = { ...recorded, ...where };
    const at = { place: placeOf(where, setFields), where, deploymentName };
    return [deployment(source, at, recorded, updatedAt ?? createdAt)];
  },

  ClusterDeploymentSet(source, resource) {
    const where = identityOf(resource, setFields);
    const { deployments, records = {}, skipped } = resource.outputs;
    const place = placeOf(where, setFields);
    const entryOf = (deploymentName: unknown, recorded: Fields, since?: unknown) =>
      deployment(source, { place, where, deploymentName }, recorded, since);
    const entries = toEntries(bounded(deployments));
    if (entries === undefined) return isSecret(deployments) ? [entryOf(deployments, allSecret)] : [];
    return [
      ...entries.map(([name, entry]) => entryOf(name, entry, sinceOf(records, name))),
      ...notRecorded(resource, skipped).map(([name, entry]) =>
        entryOf(name, { ...entry, status: "not recorded" }),
      ),
    ];
  },

  StorageRecord(source, resource) {
    const where = identityOf(resource, storageIdentity.fields);
    const { version, status, githubRepository, updatedAt, createdAt } = bounded(resource.outputs) as Fields;
    return [
      {
        ...source,
        kind: "storage",
        place: placeOf(where, ["org", "registryUrl", "repository"]),
        name: toValue(where.name) ?? "",
        path: toValue(where.path ?? where.artifactUrl),
        version: toValue(version),
        digest: toValue(where.digest),
        status: toValue(status) ?? "active",
        since: toValue(updatedAt ?? createdAt),
        compared: () => ({ ...where, githubRepository, status }),
      },
    ];
  },

  ChainloopDeployment(source, resource) {
    const where = identityOf(resource, chainloopIdentity.fields);
    const { artifactName, artifactVersion, artifactDigest, status, updatedAt, createdAt } = bounded(
      resource.outputs,
    ) as Fields;
    return [
      {
        ...source,
        kind: "chainloop",
        place: placeOf(where, ["environmentName"]),
        name: toValue(where.deploymentName) ?? "",
        artifact: toValue(artifactName),
        version: toValue(artifactVersion),
        digest: toValue(artifactDigest),
        status: toValue(typeof status === "string" ? status.toLowerCase() : status) ?? "deployed",
        since: toValue(updatedAt ?? createdAt),
        compared: () => where,
      },
    ];
  },
};

const allSecret: Fields = { name: SECRET, version: undefined, digest: undefined, status: "deployed" };

interface At {
  place: Place;
  where: Fields;
  deploymentName: unknown;
}

function deployment(
  source: Source,
  { place, where, deploymentName }: At,
  recorded: Fields,
  since: unknown,
): Entry {
  const { name, version, digest, status, runtimeRisks, tags, githubRepository } = recorded;
  return {
    stack: source.stack,
    resource: source.resource,
    kind: "deployment",
    place,
    name: toValue(deploymentName) ?? "",
    artifact: name === SECRET ? SECRET : toValue(name),
    version: toValue(version),
    digest: toValue(digest),
    status: toValue(status) ?? "deployed",
    runtimeRisks: toValues(runtimeRisks),
    since: toValue(since),
    compared: () => ({ ...where, deploymentName, runtimeRisks, tags, githubRepository }),
  };
}

/** What a set declares and GitHub did not accept. */
function notRecorded({ inputs, outputs }: Resource, skipped: unknown): [string, Fields][] {
  if (!Array.isArray(skipped)) return [];
  const left = new Set<unknown>(skipped);
  const written = isObject(outputs.deployments) ? outputs.deployments : {};
  const declared = toEntries(bounded(inputs.deployments)) ?? [];
  return declared.filter(([name]) => left.has(name) && !Object.hasOwn(written, name));
}

/** A set keeps what GitHub said of each entry in one text. */
function sinceOf(records: unknown, name: string): unknown {
  if (typeof records !== "object" || records === null || !Object.hasOwn(records, name)) return undefined;
  const record = (records as Fields)[name];
  const isReadable = typeof record === "string" || (typeof record === "object" && record !== null);
  return isReadable && !isSecret(record) ? decodeRecord(record).updatedAt : undefined;
}

/**
 * The identity stands in the outputs, and in states of earlier versions in the ID alone. A part that is encrypted in
 * the inputs is not read from the ID.
 */
function identityOf({ id, inputs, outputs }: Resource, fields: readonly string[]): Fields {
  const parts = (id ?? "").split("/");
  const isWhole = parts.length === fields.length;
  return Object.fromEntries(
    fields.map((field, index) => {
      const known = outputs[field] ?? (isSecret(inputs[field]) ? inputs[field] : undefined);
      const part = isWhole ? decodePart(parts[index]) : undefined;
      return [field, known ?? (part || inputs[field])];
    }),
  );
}

function decodePart(part = ""): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

const placeOf = (where: Fields, fields: readonly string[]): Place =>
  Object.fromEntries(
    fields.flatMap((field): [string, Value][] => {
      const value = toValue(where[field]);
      return value === undefined || value === "" ? [] : [[field, value]];
    }),
  );

function interrupted({ stack, pending }: State): string[] {
  const ours = pending.filter(({ resource }) => resourceType(resource.type) !== undefined);
  if (ours.length === 0) return [];
  const of = ours.length === 1 ? "1 operation" : `${ours.length} operations`;
  return [
    `An update of ${stack} was interrupted in ${of}; a record may be missing from this report until the next update.`,
  ];
}

const kinds = ["deployment", "storage", "chainloop"];

function inOrder(entries: Entry[]): Entry[] {
  const keyed = entries.map((entry) => ({ entry, key: sortKey(entry) }));
  keyed.sort(({ key: a }, { key: b }) => (a < b ? -1 : a > b ? 1 : 0));
  return keyed.map(({ entry }) => entry);
}

/** The organisation comes last in a place's name, and so in the order. */
function sortKey({ kind, place: { org, ...place }, name, stack, resource }: Entry): string {
  const texts = [...Object.values(place), org, name, stack, resource].map((value) => String(value ?? ""));
  return [kinds.indexOf(kind), ...texts].join("\u0000");
}
