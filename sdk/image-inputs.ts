/** `image` in place of name, version and digest: it is resolved in the program, so that records know nothing of it. */
import * as pulumi from "@pulumi/pulumi";
import { readImage } from "../provider/workloads/image-reference";
import type { Image, ImageProblem } from "../provider/workloads/image-reference";
import { quoted } from "../provider/workloads/quote";
import { asOutput, isPending, isUnknown } from "./workloads/pending";
import { createProgramProblems } from "./workloads/problems";
import type { ProgramProblems } from "./workloads/problems";

/** In place of `name`, `version` and `digest`. */
export interface ImageInput {
  /**
   * The image's reference with its digest; name, version and digest are taken from it. See {@link parseImage}.
   * @example "ghcr.io/acme/web:1.4.2@sha256:…"
   */
  image: pulumi.Input<string>;
  /** `image` contains it: remove this property, or `image`. */
  name?: AlreadyInImage;
  /** `image` contains it: remove this property, or `image`. */
  version?: AlreadyInImage;
  /** `image` contains it: remove this property, or `image`. */
  digest?: AlreadyInImage;
}

declare const conflict: unique symbol;

/** Of a property that cannot be given, because `image` already contains it: the compiler's error has this name. */
export interface AlreadyInImage {
  readonly [conflict]: never;
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
  const problems = createProgramProblems(owner);
  const resolved = imageResolved(path, inputs, problems);
  problems.throwIfAny();
  return resolved;
}

/** The same for one of several: what is wrong with it is one of the problems. */
export function imageResolved<T extends object>(
  path: string,
  inputs: T,
  problems: ProgramProblems,
): Resolved<T> {
  const { image, ...rest } = inputs as {
    image?: pulumi.Input<string> | null;
  } & Record<string, unknown>;
  if (image === undefined) return inputs as Resolved<T>;
  if (image === null) return rest as Resolved<T>;
  const other = ["name", "version", "digest"].filter((name) => (rest[name] ?? undefined) !== undefined);
  if (other.length === 0)
    return {
      ...rest,
      ...artifactOf(image, { what: path, problems }),
    } as Resolved<T>;
  problems.add(
    `${path} already contains the name, version and digest. Remove ${path} or ${other.join(", ")}.`,
  );
  return inputs as Resolved<T>;
}

/** What one image says. */
export function artifactOfOne(owner: string, path: string, image: pulumi.Input<string>): ArtifactInputs {
  const problems = createProgramProblems(owner);
  const artifact = artifactOf(image, { what: path, problems });
  problems.throwIfAny();
  return artifact as ArtifactInputs;
}

interface Source {
  /** What has the image, for errors. */
  what: string;
  /** What to do where it has no digest, beside what holds for every image. */
  remedy?: string;
  problems: ProgramProblems;
}

/** What an image says, each part as soon as the image is known. What is wrong with it is a problem. */
export function artifactOf(image: pulumi.Input<string>, source: Source): ArtifactInputs | undefined {
  // Nothing that is said of an unknown image is known either.
  if (isUnknown(image)) {
    const unknown = asOutput(image);
    return { name: unknown, version: unknown, digest: unknown };
  }
  if (!isPending(image)) {
    const read = readImage(image);
    if (!("problem" in read)) return read;
    source.problems.add(...problemWith(quoted(image), read, source));
    return undefined;
  }
  const reference = pulumi.output(image);
  const artifact = pulumi
    .all([reference, pulumi.isSecret(reference)])
    .apply(async ([known, secret]): Promise<Image> => {
      const read = readImage(known);
      if (!("problem" in read)) return read;
      return source.problems.throwSoon(...problemWith(secret ? "(secret)" : quoted(known), read, source));
    });
  return {
    name: artifact.apply(({ name }) => name),
    version: artifact.apply(({ version }) => version),
    digest: artifact.apply(({ digest }) => digest),
  };
}

function problemWith(
  reference: string,
  { problem, advice }: ImageProblem,
  { what, remedy }: Source,
): [problem: string, advice?: string] {
  const text = `${what} ${reference} ${problem}`;
  return advice === undefined ? [text] : [text, remedy === undefined ? advice : `${advice} ${remedy}`];
}
