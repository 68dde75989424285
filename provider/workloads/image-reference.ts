import { ProviderError } from "../runtime/errors";
import { quoted } from "./quote";

/** An image as records have it: what a {@link DeploymentRecord} or a set's entry takes in place of `image`. */
export interface Image {
  /** The reference without tag and digest, exactly as it was written. @example "ghcr.io/acme/web" */
  name: string;
  /** The tag; absent where the reference has none. @example "1.4.2" */
  version?: string;
  /** `sha256:` and 64 hexadecimal digits in lower case. */
  digest: string;
}

/** What a reference says, or the error that says what is wrong with it. */
export function parseImage(reference: string): Image {
  const image = readImage(reference);
  if ("problem" in image)
    throw new ProviderError(`parseImage: image ${quoted(reference)} ${imageProblem(image)}`);
  return image;
}

/** The inverse of {@link parseImage}, byte for byte. */
export function formatImage({ name, version, digest }: Image): string {
  const reference = `${name}${version === undefined ? "" : `:${version}`}@${digest}`;
  const image = readImage(reference);
  if ("problem" in image)
    throw new ProviderError(`formatImage: the image ${quoted(reference)} ${imageProblem(image)}`);
  if (image.name !== name || image.version !== version)
    throw new ProviderError(`formatImage: the name ${quoted(name)} contains a tag; give it as version.`);
  return reference;
}

/**
 * The registry that an image's name says it is kept in: the origin of its host, as actions/attest writes it in its
 * storage records. A name without a host is on Docker Hub, `https://docker.io`.
 *
 * @param name The image's name or its whole reference.
 *
 * @example
 * ```ts
 * registryUrlOf("ghcr.io/acme/web"); // "https://ghcr.io"
 * registryUrlOf("acme/web"); // "https://docker.io"
 * ```
 */
export function registryUrlOf(name: string): string {
  const [first = "", ...rest] = name.split("/");
  // Docker's rule for telling a host from the first part of a name on Docker Hub: https://github.com/distribution/reference
  const isHost = rest.length > 0 && (/[.:A-Z]/.test(first) || first === "localhost");
  const url = `https://${isHost ? first : "docker.io"}`;
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** What is wrong with a reference: the end of a sentence that begins with it, and what to do. */
export interface ImageProblem {
  problem: string;
  advice?: string;
}

export function readImage(reference: string): Image | ImageProblem {
  const problem = problemOf(reference);
  if (problem !== undefined) return { problem };
  const { name, version, digest } = split(reference);
  if (digest === undefined) return { problem: "has no digest.", advice: GET_A_DIGEST };
  return { name, ...(version === undefined ? {} : { version }), digest };
}

export const imageProblem = ({ problem, advice }: ImageProblem): string =>
  advice === undefined ? problem : `${problem} ${advice}`;

const GET_A_DIGEST =
  "A record describes one exact digest, and a tag can move. Give the whole reference, as in name:tag@sha256:…; " +
  "`docker buildx imagetools inspect` and `crane digest` print the digest of an image that was pushed. For an image " +
  "that the program builds, use the output `ref` (@pulumi/docker-build) or `repoDigest` (@pulumi/docker).";

/** A colon after the last slash begins a tag; one before it, a registry's port. */
function split(reference: string): { name: string; version?: string; digest?: string } {
  const at = reference.indexOf("@");
  const named = at === -1 ? reference : reference.slice(0, at);
  const digest = at === -1 ? undefined : reference.slice(at + 1);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  if (colon === -1) return { name: named, digest };
  return { name: named.slice(0, colon), version: named.slice(colon + 1), digest };
}

const host =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const pathPart = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const MAX_PATH = 255;

function problemOf(reference: string): string | undefined {
  if (typeof reference !== "string") return "must be a string.";
  if (reference === "")
    return "is empty. If it is the output `ref` of a docker-build Image, push or tag the image.";
  if (/\s/.test(reference)) return "contains a space or a line break.";
  const scheme = /^[a-z-]+:\/\//.exec(reference)?.[0];
  if (scheme !== undefined)
    return `begins with ${scheme}; a reference has no scheme, as in ghcr.io/acme/web.`;
  if (/^(@|(sha\d+:)?[0-9a-f]{32,}$)/i.test(reference))
    return "has no name: it is only a digest, or an image ID. Give the whole reference, as in ghcr.io/acme/web:1.4.2@sha256:….";
  const { name, version, digest } = split(reference);
  return nameProblem(name) ?? tagProblem(version) ?? digestProblem(digest);
}

function nameProblem(name: string): string | undefined {
  const parts = name.split("/");
  const path = parts.length > 1 && host.test(parts[0] ?? "") ? parts.slice(1) : parts;
  if (path.some((part) => /[A-Z]/.test(part)))
    return "has upper-case letters in its name; only lower-case letters are allowed.";
  if (!path.every((part) => pathPart.test(part)))
    return (
      'is not an image reference. Its name must consist of lower-case letters and digits, with ".", "_", "__" or hyphens ' +
      "between them, in parts separated by slashes. A registry's host and port can come first."
    );
  const { length } = path.join("/");
  return length > MAX_PATH ? `has a path of ${length} characters; ${MAX_PATH} are allowed.` : undefined;
}

function tagProblem(tag: string | undefined): string | undefined {
  if (tag === undefined || /^\w[\w.-]{0,127}$/.test(tag)) return undefined;
  return 'has a tag that is not allowed: 1 to 128 letters, digits, "_", "." and "-" are, and the first must not be "." or "-".';
}

function digestProblem(digest: string | undefined): string | undefined {
  if (digest === undefined || /^sha256:[a-f0-9]{64}$/.test(digest)) return undefined;
  const algorithm = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*(?=:[0-9a-fA-F]{32,}$)/.exec(
    digest,
  )?.[0];
  if (algorithm !== undefined && algorithm !== "sha256")
    return `has a ${algorithm} digest; only sha256 digests can be recorded.`;
  return 'has a digest that is not valid: it must be "sha256:" and 64 hexadecimal digits in lower case.';
}
