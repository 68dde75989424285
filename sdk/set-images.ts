import * as pulumi from "@pulumi/pulumi";
import { imageResolved } from "./image-inputs";
import { createProgramProblems } from "./workloads/problems";
import type { ProgramProblems } from "./workloads/problems";

/**
 * The deployments of a set with name, version and digest in the place of each `image`. What holds no image stays the
 * same object, and a map that is written out stays one: its names are known in a preview, whatever its images are. All
 * that is wrong with the images is one error.
 */
export function withImages<T>(resource: string, deployments: T): T {
  const problems = createProgramProblems(resource);
  const resolved = mapWithImages(deployments, problems);
  problems.throwIfAny();
  return resolved;
}

function mapWithImages<T>(deployments: T, problems: ProgramProblems): T {
  const resolve = (known: unknown) => {
    const resolved = mapWithImages(known, problems);
    problems.throwIfAny();
    return resolved;
  };
  if (pulumi.Output.isInstance(deployments)) return deployments.apply(resolve) as T;
  if (deployments instanceof Promise) return deployments.then(resolve) as T;
  if (!isMap(deployments)) return deployments;
  const parts = Object.entries(deployments);
  const resolved = parts.map(([name, entry]): [string, unknown] => [name, entryOf(name, entry, problems)]);
  if (resolved.every(([, entry], index) => entry === parts[index]?.[1])) return deployments;
  return Object.fromEntries(resolved) as T;
}

function entryOf(name: string, entry: unknown, problems: ProgramProblems): unknown {
  const resolve = (known: unknown) => {
    const resolved = entryOf(name, known, problems);
    problems.throwIfAny();
    return resolved;
  };
  if (pulumi.Output.isInstance(entry)) return entry.apply(resolve);
  if (entry instanceof Promise) return entry.then(resolve);
  if (!isMap(entry) || entry.image === undefined) return entry;
  return imageResolved(`deployments[${JSON.stringify(name)}].image`, entry, problems);
}

/** Anything else is left to the check, which says what it has to be. */
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
