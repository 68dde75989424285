/** A few bytes that stand for millions of containers: they cost no more than a few times a large manifest. */
import { deploymentsFromContainers, deploymentsFromKubernetes } from "../../sdk";
import { cpuOf } from "../support/cpu";
import { DIGEST } from "../support/provider";

const image = `nginx@${DIGEST}`;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const deployment = (containers: unknown, more: object = {}) => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web", ...more } },
  spec: { template: { spec: { containers } } },
});
const task = (containerDefinitions: unknown, more: object = {}) => ({
  family: "web",
  containerDefinitions,
  ...more,
});
const named = (count: number) => times(count, (index) => ({ name: `c${index}`, image }));
const keys = Object.fromEntries(times(3_000, (index) => [`k${index}`, "v"]));
const risks = { "metadata.github.com/runtime-risks": times(100_000, (index) => `r${index}`).join(" ") };

/** 3,000 workloads that share a list of 3,000 containers. */
const shared = (list: string, inits = "") =>
  [`kind: List\nspec: &spec { containers: [${list}]${inits} }\nitems:`]
    .concat(times(3_000, (index) => `- { kind: Pod, metadata: { name: p${index} }, spec: *spec }`))
    .join("\n");
const flow = times(3_000, (index) => `{ name: c${index}, image: i }`).join(", ");
const aliases = times(12, (level) => {
  const inner = level === 0 ? "x" : times(9, () => `*a${level - 1}`).join(", ");
  return `  - &a${level} [${inner}]`;
}).join("\n");
const deep = times(50_000, () => 0).reduce<unknown>((inner) => [inner], {});
const ring: unknown[] = [];
ring.push(ring);

const TOO_MANY = "more than 50000 objects and containers";
const bombs: [string, unknown, string | undefined][] = [
  ["containers that are no list", deployment({ length: 50_000_000 }), "its containers must be a list."],
  ["aliases of aliases", `kind: List\nitems:\n${aliases}`, '"x" is not a Kubernetes object'],
  ["a list in itself", "&a [*a]", "nothing that was given is a workload"],
  ["a list in a list", "[".repeat(50_000), "nesting exceeded maxDepth"],
  ["JSON lists in lists", `${"[".repeat(50_000)}${"]".repeat(50_000)}`, "more than 100 deep"],
  ["containers by aliases", shared(flow), TOO_MANY],
  [
    "init containers by aliases",
    shared(flow.slice(0, flow.indexOf("}") + 1), `, initContainers: [${flow}]`),
    TOO_MANY,
  ],
  ["annotations of each container", deployment(named(3_000), { annotations: keys }), TOO_MANY],
  [
    "documents with duplicate keys",
    "a: 1\na: 2\n---\n".repeat(5_000),
    "nothing that was given is a workload",
  ],
  ["quotes without an end", `{${'\\"'.repeat(100_000)}`, "the YAML text cannot be read"],
  ["slashes", deployment([{ name: "app", image: "/".repeat(100_000) }]), "is not an image reference"],
  ["100,000 risks", deployment(named(1), { annotations: risks }), undefined],
];
const list = named(3_000);
const bombsOfContainers: [string, unknown, string | undefined][] = [
  ["containers that are no list", task({ length: 50_000_000 }), "must be a list, or JSON text of one"],
  ["what is given that is no list", { length: 50_000_000 }, "is not a workload (keys length)"],
  ["a list in itself", ring, "nothing that was given is a workload"],
  ["a list in a list", deep, "more than 100 deep"],
  ["JSON lists in lists", task(`${"[".repeat(50_000)}${"]".repeat(50_000)}`), "which is not a container"],
  ["aliases of aliases", `items:\n${aliases}`, "an object is not a workload"],
  ["containers that are shared", times(3_000, (index) => task(list, { family: `f${index}` })), TOO_MANY],
  [
    "init containers that are shared",
    times(3_000, (index) => ({
      __pulumiType: "azure-native:app:ContainerApp",
      containerAppName: `n${index}`,
      template: { containers: named(1), initContainers: list },
    })),
    TOO_MANY,
  ],
  ["tags of each container", task(list, { tags: keys }), TOO_MANY],
  [
    "a list of tags",
    task(list, { tags: times(100, (index) => ({ key: `k${index}`, value: "v" })) }),
    TOO_MANY,
  ],
  [
    "labels that are shared",
    task(named(3_000).map((container) => ({ ...container, dockerLabels: keys }))),
    TOO_MANY,
  ],
  ["slashes", task([{ name: "app", image: "/".repeat(100_000) }]), "is not an image reference"],
  ["100,000 risks", task(named(1), { tags: risks }), undefined],
];

const readers = {
  deploymentsFromKubernetes: { bombs, read: deploymentsFromKubernetes, large: deployment(named(5_000)) },
  deploymentsFromContainers: {
    bombs: bombsOfContainers,
    read: deploymentsFromContainers,
    large: task(named(5_000)),
  },
};

describe.each(Object.entries(readers))("%s", (_, { bombs, read, large }) => {
  const run = (given: unknown) => {
    try {
      return void read(given as never);
    } catch (error) {
      return (error as Error).message;
    }
  };
  let base: number;
  beforeAll(() => (base = cpuOf(() => run(large), 3)));

  test.each(bombs)("%s cost at most a few times 5,000 containers", (_what, given, message) => {
    let said: string | undefined;
    const cpu = cpuOf(() => (said = run(given)), 1);
    if (message === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(message);
    expect(cpu / base).toBeLessThan(15);
  });
});
