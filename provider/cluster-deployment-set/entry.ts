/** One entry of a set, as it is declared and as the state has it. */
import type { Deployment } from "../github/wire";
import { sameDeployment } from "../deployment-record/same-deployment";
import type { Recorded } from "./fields";

/** An own property, or nothing: a deployment may be called `constructor`. */
export const entryOf = <D>(deployments: Record<string, D>, name: string): D | undefined =>
  Object.hasOwn(deployments, name) ? deployments[name] : undefined;

export type Declared = Omit<Deployment, "status"> & { status: NonNullable<Recorded["status"]> };

/** A state that an earlier version wrote has no status of an entry that is deployed. */
export const toDeclared = (entry: Recorded): Declared => ({ ...entry, status: entry.status ?? "deployed" });

export const sameEntry = (a: Recorded | undefined, b: Recorded | undefined): boolean =>
  a !== undefined && b !== undefined && sameDeployment(a, b);

/** An artifact is its repository and digest: GitHub keeps one name and one version of it. */
export const artifactKey = ({ githubRepository, digest }: Pick<Deployment, "githubRepository" | "digest">) =>
  JSON.stringify([githubRepository?.toLowerCase(), digest]);
