/** Which kinds are workloads, and where they have their pods. */
import { ProviderError } from "../../runtime/errors";
import { quoted } from "../quote";

const TEMPLATE = [["spec", "template"], []];

/** Paths of a kind's pod, and then of what owns it: each may have annotations. */
const builtIn: Record<string, string[][]> = {
  Pod: [[]],
  Deployment: TEMPLATE,
  StatefulSet: TEMPLATE,
  DaemonSet: TEMPLATE,
  ReplicaSet: TEMPLATE,
  ReplicationController: TEMPLATE,
  Job: TEMPLATE,
  CronJob: [["spec", "jobTemplate", "spec", "template"], ["spec", "jobTemplate"], []],
};

/** Other API groups have kinds of the same names. An object without a version is taken for one of these. */
const isBuiltInGroup = (apiVersion: unknown): boolean =>
  typeof apiVersion !== "string" || /^((apps|batch|extensions)\/.*|v1)$/.test(apiVersion);

/** A kind that the option `kinds` names. */
export interface CustomKind {
  kind: string;
  group?: string;
  version?: string;
}

export function parseKinds(kinds: readonly string[]): CustomKind[] {
  return kinds.map((text) => {
    const parts = text.split("/");
    const [kind = "", second, ...group] = parts.toReversed();
    if (parts.length > 3 || parts.includes(""))
      throw new ProviderError(
        `the option kinds has ${quoted(text)}. Give a kind ("Rollout"), or one with its API group ("argoproj.io/Rollout").`,
      );
    return group.length === 0 ? { kind, group: second } : { kind, group: group[0], version: second };
  });
}

/** Without a group, a kind of any group but Kubernetes' own: a core Service is not one of Knative's. */
function isCustom(kind: string, apiVersion: unknown, custom: readonly CustomKind[]): boolean {
  const [group, version] = typeof apiVersion === "string" ? apiVersion.split("/") : [];
  return custom.some((named) => {
    if (named.kind !== kind) return false;
    if (named.group === undefined) return apiVersion === undefined || !isBuiltInGroup(apiVersion);
    return named.group === group && (named.version === undefined || named.version === version);
  });
}

/** The paths of a workload's pod and its owners; of another object, none. */
export function podPaths(
  kind: string,
  apiVersion: unknown,
  custom: readonly CustomKind[],
): string[][] | undefined {
  if (isBuiltInGroup(apiVersion) && Object.hasOwn(builtIn, kind)) return builtIn[kind];
  return isCustom(kind, apiVersion, custom) ? TEMPLATE : undefined;
}

/** What the built-in controllers make from the template of an owner. */
const makers: Record<string, readonly string[]> = {
  Pod: ["ReplicaSet", "StatefulSet", "DaemonSet", "Job", "ReplicationController"],
  ReplicaSet: ["Deployment"],
  Job: ["CronJob"],
};

interface Kind {
  kind: string;
  apiVersion: unknown;
}

/** Whether the owner's template is the object's, so that the owner stands for it. */
export function isMadeBy(object: Kind, owner: Kind, custom: readonly CustomKind[]): boolean {
  if (isCustom(owner.kind, owner.apiVersion, custom)) return true;
  if (!isBuiltInGroup(object.apiVersion) || !isBuiltInGroup(owner.apiVersion)) return false;
  return Object.hasOwn(makers, object.kind) && (makers[object.kind] ?? []).includes(owner.kind);
}

/** https://github.com/knative/serving: `user-container`, and where there are several, with their number. */
export function defaultContainerName(apiVersion: unknown, index: number, of: number): string | undefined {
  if (typeof apiVersion !== "string" || !apiVersion.startsWith("serving.knative.dev/")) return undefined;
  return of === 1 ? "user-container" : `user-container-${index}`;
}
