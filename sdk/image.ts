import * as references from "../provider/workloads/image-reference";
import type { Image } from "../provider/workloads/image-reference";
import { asProgramError } from "./errors";

/**
 * Takes an image's reference apart into what records hold. Its grammar is that of
 * https://github.com/distribution/reference. Nothing is normalised, so that the same image has the same name as in
 * the records of github/deployment-tracker and actions/attest: `nginx` stays `nginx`.
 *
 * Errors: a reference that is not valid, that has no digest (a record describes one exact digest, and a tag can move),
 * or whose digest is not sha256, the only one that GitHub records.
 *
 * @example
 * ```ts
 * parseImage("ghcr.io/acme/web:1.4.2@sha256:…"); // { name: "ghcr.io/acme/web", version: "1.4.2", digest: "sha256:…" }
 * parseImage("nginx@sha256:…"); // { name: "nginx", digest: "sha256:…" }
 * ```
 */
export function parseImage(reference: string): Image {
  return asProgramError(() => references.parseImage(reference));
}

/**
 * The reference of an image: what {@link parseImage} takes apart, byte for byte.
 *
 * Errors: a name, version or digest of which no reference can be made.
 *
 * @example
 * ```ts
 * formatImage({ name: "ghcr.io/acme/web", version: "1.4.2", digest: "sha256:…" }); // "ghcr.io/acme/web:1.4.2@sha256:…"
 * ```
 */
export function formatImage({ name, version, digest }: Image): string {
  return asProgramError(() => references.formatImage({ name, version, digest }));
}
