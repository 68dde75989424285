/** What a user was told, in lines that can be compared with the documentation. */
import type { Partly } from "../../support/sets";

export interface Said {
  /** The error's class, `reason` for what Pulumi shows of a part that failed, or `warning`. */
  kind: string;
  message: string;
}

export const warned = (warnings: string[]): Said[] =>
  warnings.map((message) => ({ kind: "warning", message }));

export async function failed(work: Promise<unknown>): Promise<Said[]> {
  const error: Partly | undefined = await work.then(
    () => undefined,
    (thrown: Partly) => thrown,
  );
  if (error === undefined) return [];
  const reasons = error.reasons?.map((message) => ({ kind: "reason", message }));
  return reasons ?? [{ kind: error.name, message: error.message }];
}
