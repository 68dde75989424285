/** Nothing is dropped: generated manifests, read as objects and as text, compared with a plain count of containers. */
import fc from "fast-check";
import { deploymentsFromKubernetes } from "../../sdk";
import { digestOf } from "../acceptance/support/declarations";

const image = `ghcr.io/acme/web:1@${digestOf("web")}`;
const TEMPLATES = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"];

interface Given {
  kind: string;
  containers: number;
  inits: number;
  sidecars: number;
  isOwnedByOperator: boolean;
}

function objectOf({ kind, containers, inits, sidecars, isOwnedByOperator }: Given, index: number): object {
  const named = (role: string, count: number, more = {}) =>
    Array.from({ length: count }, (_, number) => ({ name: `${role}${number}`, image, ...more }));
  const spec = {
    containers: named("app", containers),
    initContainers: [...named("init", inits), ...named("side", sidecars, { restartPolicy: "Always" })],
  };
  const template = { spec };
  const owner = { kind: "Shop", apiVersion: "example.com/v1", controller: true };
  const metadata = { name: `w${index}`, ...(isOwnedByOperator && { ownerReferences: [owner] }) };
  if (kind === "Pod") return { apiVersion: "v1", kind, metadata, spec };
  if (kind === "CronJob") return { kind, metadata, spec: { jobTemplate: { spec: { template } } } };
  return { kind, metadata, ...(kind === "ConfigMap" ? { data: { kind: "Pod" } } : { spec: { template } }) };
}

const given = fc.record<Given>({
  kind: fc.constantFrom("Pod", "CronJob", "ConfigMap", ...TEMPLATES),
  containers: fc.integer({ min: 1, max: 3 }),
  inits: fc.integer({ min: 0, max: 2 }),
  sidecars: fc.integer({ min: 0, max: 2 }),
  isOwnedByOperator: fc.boolean(),
});
const forms = fc.constantFrom<(objects: object[]) => string | object[]>(
  (objects) => objects,
  (objects) => [{ kind: "List", items: objects }],
  (objects) => objects.map((object) => [object]),
  (objects) => objects.map((object) => JSON.stringify(object)).join("\n---\n"),
  (objects) => objects.map((object) => JSON.stringify(object)).join("\n"),
);

test("every container of every workload is recorded or told to onSkip, in whatever form it is given", () => {
  fc.assert(
    fc.property(fc.array(given, { minLength: 1 }), forms, fc.boolean(), (all, form, initContainers) => {
      const workloads = all.filter(({ kind }) => kind !== "ConfigMap");
      fc.pre(workloads.length > 0);
      let skipped = 0;
      const options = { initContainers, onSkip: () => void (skipped += 1) };
      const sum = (part: "containers" | "inits" | "sidecars") =>
        workloads.reduce((total, one) => total + one[part], 0);
      const deployments = deploymentsFromKubernetes(form(all.map(objectOf)) as string, options);
      const inits = sum("inits");
      expect(Object.keys(deployments)).toHaveLength(
        sum("containers") + sum("sidecars") + (initContainers ? inits : 0),
      );
      expect(skipped).toBe(all.length - workloads.length + (initContainers ? 0 : inits));
    }),
  );
});
