/** A container as an entry of a set. */
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterDeployment } from "../cluster-deployment-set";
import { programError } from "../errors";
import { artifactOf } from "../image-inputs";
import { annotated } from "./annotations";
import { describe, identityOf } from "./containers";
import type { Container } from "./containers";
import type { KubernetesContainer, KubernetesOptions } from "./types";
import { applyTo, isPending } from "./values";

type ResolveDigest = NonNullable<KubernetesOptions["resolveDigest"]>;

const REMEDY =
  "Or pass the option resolveDigest, a function that looks it up; a container that is not to be recorded is left out by " +
  "the option include.";

export const whereOf = (container: KubernetesContainer): string =>
  `${describe(container)}, container ${JSON.stringify(container.container)}`;

export function entryOf(container: Container, resolveDigest?: ResolveDigest): ClusterDeployment {
  const what = `deploymentsFromKubernetes: ${whereOf(container)}`;
  const reference = referenceOf(container.image());
  return {
    ...artifactOf(reference, { what: `${what}: image`, remedy: REMEDY }),
    ...annotated(container.annotations()),
  } as ClusterDeployment;

  function referenceOf(image: unknown): pulumi.Input<string> {
    if (isPending(image)) return applyTo(image, referenceOf);
    if (typeof image !== "string" || image === "") throw programError(`${what} has no image.`);
    if (resolveDigest === undefined || image.includes("@")) return image;
    const digest = asked(what, () => resolveDigest(image, identityOf(container)));
    const withDigest = (known: unknown) => (typeof known === "string" ? `${image}@${known}` : image);
    return isPending(digest) ? applyTo(digest, withDigest) : withDigest(digest);
  }
}

/** What the user's function throws, now or later, is said to be of this container. */
function asked<T>(what: string, ask: () => T): T {
  const failed = (error: unknown): never => {
    const reason = error instanceof Error ? error.message : String(error);
    throw programError(`${what}: resolveDigest failed: ${reason}`);
  };
  try {
    const digest = ask();
    return digest instanceof Promise ? (digest.catch(failed) as T) : digest;
  } catch (error) {
    return failed(error);
  }
}
