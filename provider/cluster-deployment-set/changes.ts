/** What changes between two versions of a set of deployments: pure, and linear in the number of entries. */
import type * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "../github/wire";
import { holdsUnknown, propertyPath } from "../lifecycle/check";
import { artifactKey, entryOf, sameEntry, writableEntry } from "./entry";
import type { Recorded } from "./fields";

export interface Changes {
  /** Added, or other than before. */
  written: string[];
  removed: string[];
}

export function changesOf(olds: Record<string, Recorded>, news: Record<string, Recorded>): Changes {
  return {
    written: Object.keys(news).filter((name) => isChanged(entryOf(olds, name), news[name])),
    removed: Object.keys(olds).filter((name) => !Object.hasOwn(news, name)),
  };
}

function isChanged(before: Recorded | undefined, entry: Recorded | undefined): boolean {
  if (before === undefined || sameEntry(before, entry)) return before === undefined;
  return entry === undefined || !sameEntry(before, writableEntry(entry));
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
    const artifact = artifactKey({ githubRepository, digest });
    const earlier = first.get(artifact);
    if (earlier === undefined) {
      first.set(artifact, deploymentName);
      continue;
    }
    const other = deployments[earlier] as Deployment;
    for (const field of ["name", "version"] as const) {
      const [one, two] = [(entry as Deployment)[field], other[field]];
      // An empty version is not known (`unwritten`); a refresh can have made it an input.
      if (one === two || one === "" || two === "") continue;
      failures.push({
        property: propertyPath(["deployments", deploymentName, field]),
        reason:
          `contradicts ${propertyPath(["deployments", earlier, field])}: both have the same digest and repository, ` +
          `so they are one artifact and must have the same ${field}`,
      });
    }
    if (other.version === "") first.set(artifact, deploymentName);
  }
  return failures;
}
