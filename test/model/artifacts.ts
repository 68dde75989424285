/** What the programs of the model deploy: the same artifacts, whoever declares them. */
export const digestOf = (artifact: number) => `sha256:${artifact.toString(16).repeat(64)}`;
/** This one has no attestation, so that nothing can be written of it, until all faults have ended. */
export const LATE = 3;

/** An artifact has one name and one version, whoever writes it. */
export const artifact = (index: number) => ({
  name: `ghcr.io/acme/image-${index}`,
  digest: digestOf(index),
  version: index === 1 ? undefined : `1.${index}.0`,
});
