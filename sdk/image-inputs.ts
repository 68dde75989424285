/** `image` in place of name, version and digest: it is resolved in the program, so that records know nothing of it. */
import * as pulumi from "@pulumi/pulumi";
import { programError } from "./errors";
import { quoted, readImage } from "../provider/workloads/image-reference";
import type { Image } from "../provider/workloads/image-reference";

/** In place of `name`, `version` and `digest`. */
export interface ImageInput {
  /**
   * The image's reference with its digest; name, version and digest are taken from it. See {@link parseImage}.
   * @example "ghcr.io/acme/web:1.4.2@sha256:…"
   */
  image: pulumi.Input<string>;
  name?: never;
  version?: never;
  digest?: never;
}

interface ArtifactInputs {
  name: pulumi.Input<string>;
  version?: pulumi.Input<string | undefined>;
  digest: pulumi.Input<string>;
}

type Resolved<T> = Omit<T, "image"> & ArtifactInputs;

/**
 * The inputs with name, version and digest in the place of `image`; the same object where there is none. An image that
 * is known has its error at once, another one when it is known.
 *
 * @param owner How an error names the resource: `DeploymentRecord "web"`.
 * @param path The property, as the user would write it.
 */
export function withImage<T extends object>(owner: string, path: string, inputs: T): Resolved<T> {
  const { image, ...rest } = inputs as { image?: pulumi.Input<string> | null } & Record<string, unknown>;
  if (image === undefined) return inputs as Resolved<T>;
  if (image === null) return rest as Resolved<T>;
  const other = ["name", "version", "digest"].filter((name) => (rest[name] ?? undefined) !== undefined);
  if (other.length > 0) {
    const both = `${owner}: ${path} and ${other.join(", ")} are both given`;
    throw programError(`${both}. The image says name, version and digest: take one or the other out.`);
  }
  return { ...rest, ...artifactOf(image, { what: `${owner}: ${path}` }) } as Resolved<T>;
}

interface Source {
  /** What has the image, for errors. */
  what: string;
  /** What to do where it has no digest, beside what holds for every image. */
  remedy?: string;
}

/** What an image says, each part as soon as the image is known. */
export function artifactOf(image: pulumi.Input<string>, source: Source): ArtifactInputs {
  if (!pulumi.Output.isInstance(image) && !(image instanceof Promise)) return parsed(image, source, false);
  const reference = pulumi.output(image);
  const artifact = pulumi
    .all([reference, pulumi.isSecret(reference)])
    .apply(([known, secret]) => parsed(known, source, secret));
  return {
    name: artifact.apply(({ name }) => name),
    version: artifact.apply(({ version }) => version),
    digest: artifact.apply(({ digest }) => digest),
  };
}

function parsed(reference: string, { what, remedy }: Source, secret: boolean): Image {
  const image = readImage(reference);
  if (!("problem" in image)) return image;
  const also = remedy !== undefined && image.problem.startsWith("has no digest") ? ` ${remedy}` : "";
  throw programError(`${what} ${secret ? "(secret)" : quoted(reference)} ${image.problem}${also}`);
}
