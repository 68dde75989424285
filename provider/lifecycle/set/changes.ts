/** What changes between two versions of a set of deployments: pure, and linear in the number of entries. */
import type * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "../../github/wire";
import { holdsUnknown, propertyPath } from "../check";
import { sameField } from "../diff";

export type Deployments<D = Deployment> = Record<string, D>;

/** An own property, or nothing: a deployment may be called `constructor`. */
export const entryOf = <D>(deployments: Record<string, D>, name: string): D | undefined =>
  Object.hasOwn(deployments, name) ? deployments[name] : undefined;

const entryFields = [
  "name",
  "digest",
  "version",
  "status",
  "tags",
  "runtimeRisks",
  "githubRepository",
] as const;

export const sameEntry = (a: object | undefined, b: object | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  entryFields.every((field) =>
    sameField(field, (a as Record<string, unknown>)[field], (b as Record<string, unknown>)[field]),
  );

export interface Changes {
  /** Added, or other than before. */
  written: string[];
  removed: string[];
}

export function changesOf(olds: Record<string, object>, news: Record<string, object>): Changes {
  return {
    written: Object.keys(news).filter((name) => !sameEntry(entryOf(olds, name), news[name])),
    removed: Object.keys(olds).filter((name) => !Object.hasOwn(news, name)),
  };
}

/**
 * An artifact is (repository, digest): of two entries with the same repository and digest but another name or
 * version GitHub takes the one that it happens to process first, so a set must not contradict itself.
 */
export function contradictions(deployments: Record<string, unknown>): pulumi.dynamic.CheckFailure[] {
  const first = new Map<string, string>();
  const failures: pulumi.dynamic.CheckFailure[] = [];
  for (const [deploymentName, entry] of Object.entries(deployments)) {
    const { name, version, digest, githubRepository } = entry as Deployment;
    if (holdsUnknown([name, version, digest, githubRepository])) continue;
    const artifact = JSON.stringify([githubRepository?.toLowerCase(), digest]);
    const earlier = first.get(artifact);
    if (earlier === undefined) {
      first.set(artifact, deploymentName);
      continue;
    }
    const other = deployments[earlier] as Deployment;
    for (const field of ["name", "version"] as const) {
      if ((entry as Deployment)[field] === other[field]) continue;
      failures.push({
        property: propertyPath(["deployments", deploymentName, field]),
        reason:
          `contradicts ${propertyPath(["deployments", earlier, field])}: both have the same digest and repository, ` +
          `so they are one artifact and must have the same ${field}`,
      });
    }
  }
  return failures;
}
