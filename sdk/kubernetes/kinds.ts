/** Which kinds are workloads, and where they have their pods. */

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

/** Other API groups have kinds of the same names. */
const builtInGroup = /^((apps|batch|extensions)\/.*|v1)$/;

/** The paths of a workload's pod and its owners; of another object, none. */
export function podPaths(
  kind: string,
  apiVersion: unknown,
  more: readonly string[] = [],
): string[][] | undefined {
  const isBuiltIn = typeof apiVersion !== "string" || builtInGroup.test(apiVersion);
  if (isBuiltIn && Object.hasOwn(builtIn, kind)) return builtIn[kind];
  return more.includes(kind) ? TEMPLATE : undefined;
}
