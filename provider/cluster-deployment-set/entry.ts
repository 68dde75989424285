/** One entry of a set, as it is declared and as the state has it. */
import type { Deployment } from "../github/wire";
import { sameDeployment } from "../deployment-record/same-deployment";
import { writable } from "../lifecycle/writable";
import { entryFields } from "./fields";
import type { Recorded } from "./fields";

/** An own property, or nothing: a deployment may be called `constructor`. */
export const entryOf = <D>(deployments: Record<string, D>, name: string): D | undefined =>
  Object.hasOwn(deployments, name) ? deployments[name] : undefined;

/** States written by earlier versions leave out the status of deployed entries. */
export const withStatus = (
  entry: Recorded,
): Omit<Deployment, "status"> & { status: NonNullable<Recorded["status"]> } => ({
  ...entry,
  status: entry.status ?? "deployed",
});

export const sameEntry = (a: Recorded | undefined, b: Recorded | undefined): boolean =>
  a !== undefined && b !== undefined && sameDeployment(a, b);

/** An artifact is its repository and digest: GitHub keeps one name and one version of it. */
export const artifactKey = ({ githubRepository, digest }: Pick<Deployment, "githubRepository" | "digest">) =>
  JSON.stringify([githubRepository?.toLowerCase(), digest]);

/** What a write of the entry sends: a refresh can have found what nobody can write. */
export const writableEntry = (entry: Recorded): Deployment =>
  writable(entryFields, [], withStatus(entry)) as Deployment;
