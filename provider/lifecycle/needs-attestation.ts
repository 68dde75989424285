import { UNKNOWN } from "./check";

/** What a record is declared to be of. */
export interface Artifact {
  digest: string;
  githubRepository?: string;
}

/** Whether GitHub will look for an attestation that it did not need, or has found, before. */
export const needsAttestation = (
  olds: Partial<Artifact> | undefined,
  { digest, githubRepository }: Artifact,
): boolean =>
  digest !== UNKNOWN &&
  githubRepository === undefined &&
  (olds?.digest !== digest || olds.githubRepository !== undefined);
