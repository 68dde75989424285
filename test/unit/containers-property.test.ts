/** Nothing is dropped: generated workloads, in whatever form they are given, compared with a plain count of containers. */
import fc from "fast-check";
import { deploymentsFromContainers } from "../../sdk";
import type { ContainerWorkloads } from "../../sdk";
import { digestOf } from "../acceptance/support/declarations";

const image = `ghcr.io/acme/web:1@${digestOf("web")}`;

interface Given {
  kind: keyof typeof writers;
  containers: number;
  inits: number;
}

const named = (role: string, count: number) =>
  Array.from({ length: count }, (_, number) => ({ name: `${role}${number}`, image }));

const writers = {
  taskText: (name: string, { containers }: Given) => ({
    family: name,
    containerDefinitions: JSON.stringify(named("app", containers)),
  }),
  task: (name: string, { containers }: Given) => ({
    family: name,
    containerDefinitions: named("app", containers),
  }),
  service: (name: string, { containers }: Given) => ({
    name,
    template: { containers: named("app", containers) },
  }),
  job: (name: string, { containers }: Given) => ({
    name,
    template: { template: { containers: named("app", containers) } },
  }),
  app: (name: string, { containers, inits }: Given) => ({
    containerAppName: name,
    template: { containers: named("app", containers), initContainers: named("init", inits) },
  }),
  image: (name: string) => ({ name, packageType: "Image", imageUri: image }),
  zip: (name: string) => ({ name, packageType: "Zip", s3Key: "code.zip" }),
  container: (name: string) => ({ name, image }),
};

const given = fc.record<Given>({
  kind: fc.constantFrom(...(Object.keys(writers) as (keyof typeof writers)[])),
  containers: fc.integer({ min: 1, max: 3 }),
  inits: fc.integer({ min: 0, max: 2 }),
});
const forms = fc.constantFrom<(objects: object[]) => unknown>(
  (objects) => objects,
  (objects) => objects.map((object) => [object]),
  (objects) => JSON.stringify(objects),
  (objects) => objects.map((object) => JSON.stringify(object)).join("\n"),
);

const isSingle = ({ kind }: Given) => kind === "image" || kind === "container";

test("every container is recorded or told to onSkip", () => {
  fc.assert(
    fc.property(fc.array(given, { minLength: 1 }), forms, fc.boolean(), (all, form, initContainers) => {
      let skipped = 0;
      const options = { initContainers, onSkip: () => void (skipped += 1) };
      const objects = all.map((one, index) => writers[one.kind](`w${index}`, one));
      const deployments = deploymentsFromContainers(form(objects) as ContainerWorkloads, options);
      const zips = all.filter(({ kind }) => kind === "zip").length;
      const inits = all.reduce((sum, one) => sum + (one.kind === "app" ? one.inits : 0), 0);
      const containers = all.reduce(
        (sum, one) => sum + (one.kind === "zip" ? 0 : isSingle(one) ? 1 : one.containers),
        0,
      );
      expect(Object.keys(deployments)).toHaveLength(containers + (initContainers ? inits : 0));
      expect(skipped).toBe(zips + (initContainers ? 0 : inits));
    }),
  );
});
