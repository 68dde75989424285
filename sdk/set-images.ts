import * as pulumi from "@pulumi/pulumi";
import { withImage } from "./image-inputs";

/**
 * The deployments of a set with name, version and digest in the place of each `image`. What holds no image stays the
 * same object, and a map that is written out stays one: its names are known in a preview, whatever its images are.
 */
export function withImages<T>(resource: string, deployments: T): T {
  const resolve = (known: unknown) => withImages(resource, known);
  if (pulumi.Output.isInstance(deployments)) return deployments.apply(resolve) as T;
  if (deployments instanceof Promise) return deployments.then(resolve) as T;
  if (!isMap(deployments)) return deployments;
  const parts = Object.entries(deployments);
  const resolved = parts.map(([name, entry]): [string, unknown] => [name, entryOf(resource, name, entry)]);
  if (resolved.every(([, entry], index) => entry === parts[index]?.[1])) return deployments;
  return Object.fromEntries(resolved) as T;
}

function entryOf(resource: string, name: string, entry: unknown): unknown {
  const resolve = (known: unknown) => entryOf(resource, name, known);
  if (pulumi.Output.isInstance(entry)) return entry.apply(resolve);
  if (entry instanceof Promise) return entry.then(resolve);
  if (!isMap(entry) || entry.image === undefined) return entry;
  return withImage(resource, `deployments[${JSON.stringify(name)}].image`, entry);
}

/** Anything else is left to the check, which says what it has to be. */
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
