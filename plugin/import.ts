/** What an import knows: the ID of the resource and, behind an `@`, the images that lists of records leave out. */
import { ProviderError } from "../provider/runtime/errors";
import { imageProblem, readImage } from "../provider/workloads/image-reference";
import type { Image } from "../provider/workloads/image-reference";
import { quoted } from "../provider/workloads/quote";
import type { Values } from "./codec";
import type { Resource } from "./resources";
import type { Session } from "./session";

export interface Imported {
  id: string;
  /** What is known of the resource, as `.get` would be given it. */
  properties: Values;
  /** What no list shows, and what the program declares where it says nothing. */
  defaults: Values;
}

const DIGEST = /^sha256:[a-f0-9]{64}$/;

/** The form of an import ID, for messages. */
const FORMS: Record<string, string> = {
  DeploymentRecord:
    "ID@IMAGE, as in acme/production/eu-west-1/prod-eu/shop-web-web@ghcr.io/acme/web:1.4.2@sha256:…",
  ClusterDeploymentSet:
    "ID@IMAGE,IMAGE,…, as in acme/production/eu-west-1/prod-eu@ghcr.io/acme/web:1.4.2@sha256:…,ghcr.io/acme/api@sha256:…",
  StorageRecord: "ID, as in acme/sha256%3A…/https%3A%2F%2Fghcr.io////ghcr.io%2Facme%2Fweb",
  ChainloopDeployment: "ID, as in production/shop-web-web/CONTAINER_IMAGE",
};

/** @param given The inputs of an import file. */
export async function importOf(
  session: Session,
  resource: Resource,
  { id: text, inputs: given }: { id: string; inputs: Values },
): Promise<Imported> {
  const at = text.indexOf("@");
  const id = at === -1 ? text : text.slice(0, at);
  const suffix = at === -1 ? undefined : text.slice(at + 1);
  const refuse = (problem: string) =>
    new ProviderError(`${problem} A ${resource.name} is imported by ${FORMS[resource.name] ?? "its ID"}.`);
  const identity = identityOf(resource, id, refuse);
  const { __provider: _, ...known } = given;
  if (resource.name === "DeploymentRecord") {
    const artifact = await artifactOf(session, { suffix, known, identity, refuse });
    return { id, properties: { ...known, ...artifact }, defaults: { status: "deployed" } };
  }
  if (resource.name === "ClusterDeploymentSet") {
    const deployments = await deploymentsOf(session, { suffix, known, identity, refuse });
    return { id, properties: { ...known, deployments }, defaults: {} };
  }
  if (suffix !== undefined) throw refuse(`${quoted(text)} has extra text after the ID.`);
  const defaults = resource.name === "StorageRecord" ? { status: "active", onDelete: "deleted" } : {};
  return { id, properties: known, defaults };
}

interface Given {
  suffix: string | undefined;
  known: Values;
  identity: Values;
  refuse: (problem: string) => Error;
}

function identityOf({ identity }: Resource, id: string, refuse: Given["refuse"]): Values {
  try {
    return identity.parse(id) as Values;
  } catch (error) {
    throw refuse((error as Error).message);
  }
}

/** Name, version and digest of one artifact. */
async function artifactOf(session: Session, { suffix, known, identity, refuse }: Given): Promise<Values> {
  if (suffix === undefined && typeof known.digest === "string") return {};
  if (suffix === undefined)
    throw refuse("The image is missing: GitHub lists records by digest, without a name.");
  if (!DIGEST.test(suffix)) return { ...imageOf(suffix, refuse) };
  const { records } = await session.reader().storageRecords({ org: identity.org as string, digest: suffix });
  const name = known.name ?? records[0]?.name;
  if (name !== undefined) return { name, digest: suffix };
  throw refuse(
    `GitHub lists no storage record of ${suffix}, so the artifact's name is not known. Give the image instead of the digest.`,
  );
}

function imageOf(reference: string, refuse: Given["refuse"]): Image {
  const image = readImage(reference);
  if ("problem" in image) throw refuse(`The image ${quoted(reference)} ${imageProblem(image)}`);
  return image;
}

/** The entries that GitHub lists for the images in this cluster and these environments. */
async function deploymentsOf(session: Session, { suffix, known, identity, refuse }: Given): Promise<Values> {
  if (suffix === undefined && typeof known.deployments === "object") return known.deployments as Values;
  if (suffix === undefined)
    throw refuse("The images are missing: GitHub lists records by digest, without a name.");
  const images = suffix.split(",").map((reference) => {
    if (DIGEST.test(reference)) throw refuse(`The digest ${reference} has no name: give the image.`);
    return imageOf(reference, refuse);
  });
  const org = identity.org as string;
  const found = await Promise.all(
    images.map(async (image) => {
      const { records } = await session.reader().deploymentRecords({ org, digest: image.digest });
      const own = records.filter((record) =>
        (["logicalEnvironment", "physicalEnvironment", "cluster"] as const).every(
          (field) => record[field] === identity[field],
        ),
      );
      if (own.length === 0)
        throw refuse(`GitHub lists no deployment of ${image.digest} in ${place(identity)}.`);
      return own.map((record) => ({ record, image }));
    }),
  );
  const byTime = found
    .flat()
    .sort((a, b) => ((a.record.updatedAt ?? "") < (b.record.updatedAt ?? "") ? -1 : 1));
  return Object.fromEntries(byTime.map(({ record, image }) => [record.deploymentName, { ...image }]));
}

const place = ({ logicalEnvironment, physicalEnvironment, cluster, org }: Values): string =>
  `${[logicalEnvironment, physicalEnvironment, cluster].filter(Boolean).join(", ")} of ${String(org)}`;
