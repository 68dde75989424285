import * as pulumi from "@pulumi/pulumi";
import type { Image } from "../../provider/workloads/image-reference";
import type { ClusterDeployment } from "../cluster-deployment-set";
import { asOutput, isPending, isUnknown, withUnknowns } from "./pending";

type Entries = Record<string, ClusterDeployment>;
type Choice = "first" | ((images: Image[]) => Image | undefined);

/** GitHub has one name and one version for a digest: every entry of a digest gets those of the image that counts. */
export function oneImageForEachDigest(entries: Entries, choice: Choice): pulumi.Input<Entries> {
  const parts: unknown[] = Object.values(entries).flatMap(({ name, version, digest }) => [
    name,
    version,
    digest,
  ]);
  const pending = parts.filter(isPending);
  if (pending.length === 0) return chosen(entries, choice);
  return pulumi.all(pending.map(withUnknowns)).apply((known): pulumi.Input<Entries> => {
    const values = new Map(pending.map((output, index) => [output as unknown, known[index]?.()]));
    const valueOf = <T>(part: T): T => (values.has(part) ? (values.get(part) as T) : part);
    const settled = Object.entries(entries).map(([key, { name, version, digest, ...rest }]) => {
      return [
        key,
        {
          ...rest,
          name: valueOf(name),
          version: valueOf(version),
          digest: valueOf(digest),
        },
      ];
    });
    return chosen(Object.fromEntries(settled) as Entries, choice);
  }) as pulumi.Output<Entries>;
}

function chosen(entries: Entries, choice: Choice): Entries {
  const byDigest = new Map<string, Image[]>();
  for (const image of Object.values(entries).filter(isKnownImage)) {
    const { name, version, digest } = image;
    const images = byDigest.get(digest) ?? byDigest.set(digest, []).get(digest) ?? [];
    if (!images.some((other) => other.name === name && other.version === version))
      images.push({ name, ...(version !== undefined && { version }), digest });
  }
  const resolved = Object.entries(entries).map(([key, given]): [string, ClusterDeployment] => {
    const entry = { ...given };
    for (const part of ["name", "version", "digest"] as const) entry[part] = asOutput(given[part]) as string;
    const images = isKnownImage(given) ? byDigest.get(given.digest) : undefined;
    if (images === undefined || images.length < 2) return [key, entry];
    const image = choice === "first" ? images[0] : choice(images);
    return image === undefined ? [key, entry] : [key, { ...entry, version: undefined, ...image }];
  });
  return Object.fromEntries(resolved);
}

type KnownImage = ClusterDeployment & Image;

const isKnownImage = (entry: ClusterDeployment): entry is KnownImage =>
  ![entry.name, entry.version, entry.digest].some((part) => isUnknown(part) || isPending(part));
