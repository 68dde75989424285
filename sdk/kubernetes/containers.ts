/** The containers of a workload. */
import { programError } from "../errors";
import { quoted } from "../../provider/workloads/image-reference";
import { podPaths } from "./kinds";
import type { KubernetesContainer, KubernetesOptions } from "./types";
import { at, elementsOf, whenKnown } from "./values";
import type { Element, MaybeOutput } from "./values";

/** With what may be unknown in a preview: a function, for an output looks into all else. */
export interface Container extends KubernetesContainer {
  image: () => unknown;
  /** The annotations of the pod, then of what owns it. */
  annotations: () => unknown[];
}

/** What a user's function is told of it. */
export const identityOf = ({ kind, namespace, workload, container }: Container): KubernetesContainer => ({
  kind,
  namespace,
  workload,
  container,
});

/** The containers of a workload; of another object, none. */
export function containersOf(object: object, options: KubernetesOptions): MaybeOutput<Container[]> {
  return whenKnown([at(object, "kind"), at(object, "apiVersion")], ([kind, apiVersion]) => {
    if (typeof kind !== "string" || kind === "") throw withoutKind(object);
    const paths = podPaths(kind, apiVersion, options.kinds);
    return paths === undefined ? [] : ofWorkload(object, kind, paths, options);
  });
}

function ofWorkload(
  object: object,
  kind: string,
  [podPath = [], ...owners]: string[][],
  options: KubernetesOptions,
): MaybeOutput<Container[]> {
  const holders = [podPath, ...owners].map((path) => at(object, ...path));
  const annotations = () => holders.map((holder) => at(holder, "metadata", "annotations"));
  const spec = at(object, ...podPath, "spec");
  const needed = [
    at(object, "metadata", "name"),
    at(object, "metadata", "namespace"),
    elementsOf(at(object, "metadata", "ownerReferences"), "kind", "apiVersion"),
    elementsOf(at(spec, "containers"), "name"),
    elementsOf(at(spec, "initContainers"), "name", "restartPolicy"),
  ];
  return whenKnown(needed, ([name, namespace, ownerReferences, containers, initContainers]) => {
    // Another workload made it, and stands for it.
    const isOwned = ({ parts: [owner, itsVersion] }: Element) =>
      podPaths(String(owner), itsVersion, options.kinds) !== undefined;
    if ((ownerReferences as Element[]).some(isOwned)) return [];
    const workload = {
      kind,
      namespace: textOf(namespace, `a ${kind} has the metadata.namespace`) ?? options.namespace ?? "default",
      workload: textOf(name, `a ${kind} has the metadata.name`) ?? "",
    };
    if (workload.workload === "") throw withoutName(workload);
    if ((containers as Element[]).length === 0) throw withoutContainers(workload);
    const chosen = (initContainers as Element[]).filter(({ parts: [, restartPolicy] }) =>
      restartPolicy === "Always" ? (options.sidecars ?? true) : (options.initContainers ?? false),
    );
    return [...(containers as Element[]), ...chosen].map(({ parts: [container], whole }) => {
      const named = textOf(container, `${describe(workload)} has the container name`);
      if (named === undefined) throw withoutContainerName(workload);
      return { ...workload, container: named, image: () => at(whole(), "image"), annotations };
    });
  });
}

/** What is no text is no absent text: YAML reads 123 as a number. */
function textOf(value: unknown, what: string): string | undefined {
  if ((value ?? "") === "") return undefined;
  if (typeof value === "string") return value;
  throw programError(`${FUNCTION}: ${what} ${quoted(value)}, which is no string. In YAML, put it in quotes.`);
}

type Workload = Omit<KubernetesContainer, "container">;

export const describe = ({ kind, namespace, workload }: Workload): string =>
  `${kind} ${namespace}/${workload}`;

const FUNCTION = "deploymentsFromKubernetes";

function withoutKind(object: object): Error {
  const name = at(object, "metadata", "name");
  const named = typeof name === "string" ? ` named ${JSON.stringify(name)}` : "";
  return programError(
    `${FUNCTION}: an object${named} has no kind. Give resources of @pulumi/kubernetes, or objects as manifests have them.`,
  );
}

const withoutName = ({ kind, namespace }: Workload): Error =>
  programError(
    `${FUNCTION}: a ${kind} in namespace ${namespace} has no metadata.name. Its records need a name that stays: ` +
      "give it one, or pass the resource, which has the name that Pulumi gave it.",
  );

const withoutContainers = (workload: Workload): Error =>
  programError(`${FUNCTION}: ${describe(workload)} has no containers. Is it a patch? Give the whole object.`);

const withoutContainerName = (workload: Workload): Error =>
  programError(`${FUNCTION}: ${describe(workload)} has a container without a name.`);
