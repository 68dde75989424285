import type { Deployment } from "../github/wire";
import { sameField } from "../lifecycle/diff";

const contentFields = ["name", "digest", "version", "tags", "runtimeRisks", "githubRepository"] as const;

/** What is recorded of a deployment. Without a status, it is deployed. */
export type Content = Omit<Deployment, "status"> & { status?: string };

/** Whether two resources record the same of a deployment. */
export const sameDeployment = (a: Content, b: Content): boolean =>
  (a.status ?? "deployed") === (b.status ?? "deployed") &&
  contentFields.every((field) => sameField(field, a[field], b[field]));
