/** Containers as entries of a set. */
import type * as pulumi from "@pulumi/pulumi";
import type { Image } from "../../provider/workloads/image-reference";
import { quoted } from "../../provider/workloads/quote";
import type { ClusterDeployment } from "../cluster-deployment-set";
import { artifactOf } from "../image-inputs";
import { applyTo, isPending, isUnknown } from "./pending";
import type { ProgramProblems } from "./problems";
import { oneImageForEachDigest } from "./same-digest";

/** What a function of the user adds to a deployment. */
export type DeploymentDetails = Pick<ClusterDeployment, "tags" | "runtimeRisks" | "githubRepository">;

/** Options of everything that makes deployments of containers. */
export interface DeploymentOptions<C> {
  /**
   * How a deployment is named: `{namespace}`, `{workload}`, `{container}` and `{kind}` stand for what they say. One that
   * has no value (there is no namespace outside Kubernetes) goes with the separator beside it. The default is what GitHub
   * recommends; `{namespace}/{workload}/{container}` is how github/deployment-tracker names them, so that both write the
   * same record.
   * @default "{namespace}-{workload}-{container}"
   */
  name?: string;
  /** Also init containers, which end before the others begin. @default false */
  initContainers?: boolean;
  /**
   * Which containers are recorded. It is asked before anything is refused, so that what is left out need not be right: a
   * workload without containers is asked for once, with an empty container name.
   * @default all
   * @example ({ container }) => container !== "istio-proxy"
   */
  include?: (container: C) => boolean;
  /**
   * Is told each object that is skipped, as it was given, and why: what is no workload, what a controller made from
   * another workload, what the options leave out.
   * @example (object, reason) => pulumi.log.debug(reason)
   */
  onSkip?: (object: unknown, reason: string) => void;
  /**
   * Returns the digest (`sha256:…`) of an image that has none, or undefined where it cannot: that is an error. It is
   * called for each such container, in a preview too.
   * @example (image) => lookUp(image)
   */
  resolveDigest?: (image: string, container: C) => pulumi.Input<string | undefined>;
  /**
   * Risks, tags and the repository of a container's deployment. They replace those of its annotations.
   * @example ({ container }) => (container === "web" ? { runtimeRisks: ["internet-exposed"] } : {})
   */
  details?: (container: C) => DeploymentDetails;
  /**
   * Which image counts where one digest runs under several names or tags: GitHub has one name and one version for a
   * digest, so a set with two is refused. `"first"` takes that of the first container.
   * @example (images) => images.find(({ version }) => version !== "latest") ?? images[0]
   */
  sameDigest?: "first" | ((images: Image[]) => Image | undefined);
}

/** A container whose image is read. */
export interface Source<C> {
  /** What a user's function is told. */
  container: C;
  /** How errors name it. */
  what: string;
  image: unknown;
  /** Risks and tags that were read with it. */
  details: object;
}

const REMEDY =
  "Or pass the option resolveDigest, a function that looks it up; the option include leaves out a container that is not " +
  "to be recorded.";

export function entriesOf<C>(
  sources: ReadonlyMap<string, Source<C>>,
  options: DeploymentOptions<C>,
  problems: ProgramProblems,
): pulumi.Input<Record<string, ClusterDeployment>> {
  const entries = [...sources].map(([name, source]) => [name, entryOf(source, options, problems)] as const);
  problems.throwIfAny();
  const record = Object.fromEntries(entries) as Record<string, ClusterDeployment>;
  return options.sameDigest === undefined ? record : oneImageForEachDigest(record, options.sameDigest);
}

function entryOf<C>(source: Source<C>, options: DeploymentOptions<C>, problems: ProgramProblems): object {
  const reference = referenceOf(source, source.image, options, problems);
  const of = { what: `${source.what}: image`, remedy: REMEDY, problems };
  return {
    ...(isWrong(reference) ? reportNow(reference, problems) : artifactOf(reference, of)),
    ...source.details,
    ...options.details?.(source.container),
  };
}

interface Wrong {
  problem: string;
}
const isWrong = (value: unknown): value is Wrong =>
  typeof value === "object" && value !== null && !isPending(value) && "problem" in value;

function reportNow({ problem }: Wrong, problems: ProgramProblems): undefined {
  problems.add(problem);
}

/** The image's reference, with the digest that the user's function returned where it had none. */
function referenceOf<C>(
  source: Source<C>,
  image: unknown,
  options: DeploymentOptions<C>,
  problems: ProgramProblems,
): pulumi.Input<string> | Wrong {
  const { container, what } = source;
  if (isPending(image))
    return applyTo<string>(image, (known) => {
      const reference = referenceOf(source, known, options, problems);
      return isWrong(reference) ? problems.throwSoon(reference.problem) : reference;
    });
  if (isUnknown(image)) return image as string;
  if ((image ?? "") === "") return { problem: `${what} has no image.` };
  if (typeof image !== "string") return { problem: `${what}: image ${quoted(image)} must be a string.` };
  const { resolveDigest } = options;
  if (resolveDigest === undefined || image.includes("@")) return image;
  const withDigest = (digest: unknown) => (typeof digest === "string" ? `${image}@${digest}` : image);
  // What the user's function throws, now or later, is one of the problems.
  const failed = (error: unknown): string =>
    `${what}: resolveDigest failed: ${error instanceof Error ? error.message : String(error)}`;
  try {
    const digest = resolveDigest(image, container);
    if (!(digest instanceof Promise))
      return isPending(digest) ? applyTo<string>(digest, withDigest) : withDigest(digest);
    problems.awaitBeforeThrowing(digest);
    return digest.then(withDigest, (error: unknown) => problems.throwSoon(failed(error)));
  } catch (error) {
    return { problem: failed(error) };
  }
}
