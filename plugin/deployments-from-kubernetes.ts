/** The deployments of a set from Kubernetes manifests: text in, a map out. */
import { ProviderError } from "../provider/runtime/errors";
import { readAnnotations, splitRisks } from "../provider/workloads/annotations";
import { readImage } from "../provider/workloads/image-reference";
import { readKubernetes } from "../provider/workloads/kubernetes/read";
import { nameDeployments } from "../provider/workloads/name-deployments";
import { DEFAULT_NAME, naming } from "../provider/workloads/names";
import { createProblems } from "../provider/workloads/problems";
import type { Problems } from "../provider/workloads/problems";
import { quoted } from "../provider/workloads/quote";
import type { FoundContainer } from "../provider/workloads/types";
import { describeContainer } from "../provider/workloads/workload";
import type { Values } from "./codec";

/** All that is wrong is one error. */
export function deploymentsFromKubernetes({ manifests, name, ...options }: Values): Values {
  if (manifests === undefined) throw new ProviderError("manifests is required.");
  const problems = createProblems();
  const nameOf = naming((name as string | undefined) ?? DEFAULT_NAME);
  const containers = readKubernetes(manifests, options);
  const example = "{namespace}/{kind}/{workload}/{container}";
  const named = nameDeployments(containers, { nameOf, describe: describeContainer, example }, problems);
  const entries = [...named].map(([key, container]) => [key, entryOf(container, problems)]);
  problems.throwIfAny();
  return Object.fromEntries(entries) as Values;
}

function entryOf(container: FoundContainer, problems: Problems): Values {
  const { tags, riskLists } = readAnnotations(container.annotations);
  return {
    ...artifactOf(container, problems),
    ...(tags && { tags }),
    ...(riskLists && { runtimeRisks: splitRisks(riskLists) }),
  };
}

function artifactOf(container: FoundContainer, problems: Problems): object {
  const what = describeContainer(container);
  const { image } = container;
  if ((image ?? "") === "") problems.add(`${what} has no image.`);
  else if (typeof image !== "string") problems.add(`${what}: image ${quoted(image)} must be a string.`);
  else {
    const read = readImage(image);
    if (!("problem" in read)) return read;
    problems.add(`${what}: image ${quoted(image)} ${read.problem}`, read.advice);
  }
  return {};
}
