/** Every workload that a program declares, as the deployments of sets: programs that run in a stack, with mocks. */
import * as pulumi from "@pulumi/pulumi";
import { collectWorkloads } from "../../sdk";
import type { CollectedOptions, WorkloadCollection } from "../../sdk";
import { digestOf } from "../acceptance/support/declarations";

const digest = digestOf("web");
const image = `ghcr.io/acme/web:1.4.2@${digest}`;
const artifact = { name: "ghcr.io/acme/web", version: "1.4.2", digest };
const UNKNOWN = { __pulumiUnknown: true };

type Properties = Record<string, unknown>;
type Options = pulumi.CustomResourceOptions;

const specOf = (reference: pulumi.Input<string> = image) => ({
  template: { spec: { containers: [{ name: "app", image: reference }] } },
});

class Deployment extends pulumi.CustomResource {
  constructor(name: string, opts?: Options, args: Properties = { spec: specOf() }) {
    const metadata = { name, namespace: "shop" };
    super("kubernetes:apps/v1:Deployment", name, { kind: "Deployment", metadata, ...args }, opts);
  }
}
class Resource extends pulumi.CustomResource {
  constructor(type: string, name: string, args: Properties = {}, opts?: Options) {
    super(type, name, args, opts);
  }
}
class Shop extends pulumi.ComponentResource {
  constructor(name: string, children: (parent: Shop) => void, opts?: pulumi.ComponentResourceOptions) {
    super("acme:index:Shop", name, {}, opts);
    children(this);
  }
}
class Remote extends pulumi.ComponentResource {
  constructor(type: string, name: string, args: Properties = {}) {
    super(type, name, args, {}, true);
  }
}
class Kubernetes extends pulumi.ProviderResource {
  constructor(name: string) {
    super("kubernetes", name);
  }
}
class Holder extends pulumi.CustomResource {
  constructor(name: string, held: unknown) {
    super("test:index:Holder", name, { held });
  }
}
/** As ConfigGroup has it: its children are declared when the text is known. */
class ConfigGroup extends pulumi.ComponentResource {
  readonly resources: pulumi.Output<Record<string, pulumi.Resource>>;
  constructor(name: string, text: pulumi.Input<string>) {
    super("kubernetes:yaml:ConfigGroup", name);
    this.resources = pulumi.output(text).apply(async (child) => {
      await new Promise((resolve) => setImmediate(resolve));
      return { [child]: new Deployment(child, { parent: this }) };
    });
  }
}

const sent = new Map<string, unknown>();
const start = (preview = false) =>
  pulumi.runtime.setMocks(
    {
      newResource({ name, type, inputs }) {
        const { held, ...state } = inputs as Properties;
        if (type === "test:index:Holder") sent.set(name, held);
        return {
          id: preview ? undefined : name,
          state: { ...state, ...(preview ? {} : { later: "later" }) },
        };
      },
      call: () => ({}),
    },
    "shop",
    "dev",
    preview,
  );

/** What the sets of a program are sent, by their names. */
async function run(program: () => unknown, preview = false): Promise<Record<string, unknown>> {
  sent.clear();
  await start(preview);
  await pulumi.runtime.runInPulumiStack(async () => {
    program();
    // What comes in an apply, and what is sent after it.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    return undefined;
  });
  return Object.fromEntries(sent);
}

const hold = (workloads: WorkloadCollection, options?: CollectedOptions, name = "set") =>
  new Holder(name, workloads.deployments(options));
/** Known in an update. */
const known = (name = "known") =>
  (
    new Resource("test:index:Later", name, { later: undefined }) as unknown as {
      later: pulumi.Output<string>;
    }
  ).later;

test("without a stack, it says how to have one", async () => {
  await start();
  expect(() => collectWorkloads()).toThrow("run the program in pulumi.runtime.runInPulumiStack(");
});

test("workloads of all kinds are seen, also inside components and where they were declared before", async () => {
  const program = () => {
    new Shop("before", (parent) => new Deployment("early", { parent }));
    const workloads = collectWorkloads();
    new Deployment("web");
    new Shop(
      "outer",
      (parent) => new Shop("inner", (inner) => new Deployment("api", { parent: inner }), { parent }),
    );
    new Resource("aws:lambda/function:Function", "resize", {
      name: "resize",
      packageType: "Image",
      imageUri: image,
    });
    new Resource("aws:s3/bucket:Bucket", "bucket", { name: "bucket" });
    new Resource("kubernetes:core/v1:Service", "web");
    hold(workloads);
  };
  const names = ["shop-early-app", "shop-web-app", "shop-api-app", "resize"];
  const set = Object.fromEntries(names.map((name) => [name, artifact]));
  expect(await run(program)).toEqual({ set });
  expect(await run(program, true)).toEqual({ set });
});

test("a component with a workload's type and arguments is one", async () => {
  const type = "kubernetes:apps/v1:Deployment";
  const args = { metadata: { name: "web" }, spec: specOf(pulumi.output(image)) };
  const program = (more: () => Properties) => () => {
    const workloads = collectWorkloads();
    new pulumi.ComponentResource(type, "web", { ...args, ...more() });
    hold(workloads);
  };
  expect(await run(program(() => ({})))).toEqual({ set: { "default-web-app": artifact } });
  expect(
    await run(
      program(() => ({ spec: known().apply(() => specOf()) })),
      true,
    ),
  ).toEqual({ set: UNKNOWN });
});

test("what is read, not declared, is left out", async () => {
  const program = () => {
    const workloads = collectWorkloads();
    const web = new Deployment("web");
    new Deployment("other", { id: "shop/other" });
    hold(workloads);
    new Deployment("another", { id: "shop/another" });
    web.urn.apply((urn) => new Deployment("same", { urn }));
  };
  expect(await run(program)).toEqual({ set: { "shop-web-app": artifact } });
});

describe("in an apply", () => {
  const program = (options: (made: pulumi.Output<unknown>) => CollectedOptions) => () => {
    const workloads = collectWorkloads();
    new Deployment("web");
    const made = known().apply(() => [new Deployment("api")]);
    hold(workloads, options(made));
  };

  test("workloads are waited for with after, and in a preview that does not know them, nothing is known", async () => {
    const set = { "shop-web-app": artifact, "shop-api-app": artifact };
    expect(await run(program((after) => ({ after })))).toEqual({ set });
    expect(await run(program((after) => ({ after: [known("other"), after] })))).toEqual({ set });
    expect(
      await run(
        program((after) => ({ after })),
        true,
      ),
    ).toEqual({ set: UNKNOWN });
  });

  test("what a ConfigGroup brings is waited for without it", async () => {
    const group = () => {
      const workloads = collectWorkloads();
      new ConfigGroup(
        "group",
        known().apply(() => "api"),
      );
      hold(workloads);
    };
    expect(await run(group)).toEqual({ set: { "shop-api-app": artifact } });
    expect(await run(group, true)).toEqual({ set: UNKNOWN });
  });
});

describe("a workload that is declared after deployments()", () => {
  const lateOf = (options: CollectedOptions, declare: () => unknown) => async () => {
    let error: unknown;
    const set = await run(() => {
      const workloads = collectWorkloads();
      new Deployment("web");
      hold(workloads, options);
      try {
        declare();
      } catch (caught) {
        error = caught;
      }
    });
    expect(set).toEqual({ set: { "shop-web-app": artifact } });
    return error;
  };

  test.each<[string, () => unknown]>([
    ["kubernetes:apps/v1:Deployment", () => new Deployment("api")],
    ["kubernetes:apps/v1:Deployment", () => new Shop("late", (parent) => new Deployment("api", { parent }))],
    ["kubernetes:yaml:ConfigGroup", () => new ConfigGroup("api", "api")],
    ["gcp:cloudrunv2/job:Job", () => new Resource("gcp:cloudrunv2/job:Job", "api")],
  ])("%s is an error that names it and says what to do", async (type, declare) => {
    const error = (await lateOf({}, declare)()) as Error;
    expect(error.message).toBe(
      `collectWorkloads: "api" (${type}) was declared after deployments() was called, so its records would be missing. ` +
        "Call deployments() after it. If it is made in an apply, give that apply's result: deployments({ after: result }).",
    );
  });

  test("is none where the options leave it out, or where it has no container", async () => {
    const include = ({ workload }: { workload: string }) => workload === "web";
    expect(await lateOf({ include }, () => new Deployment("api"))()).toBeUndefined();
    const zip = { name: "zip", packageType: "Zip" };
    expect(
      await lateOf({}, () => new Resource("aws:lambda/function:Function", "zip", zip))(),
    ).toBeUndefined();
    expect(await lateOf({}, () => new Resource("kubernetes:core/v1:Service", "web"))()).toBeUndefined();
    const rollout = () => new Resource("kubernetes:argoproj.io/v1alpha1:Rollout", "web");
    expect(await lateOf({}, rollout)()).toBeUndefined();
    expect(await lateOf({ kinds: ["Rollout"] }, rollout)()).toMatchObject({
      message: /"web" .* was declared after/,
    });
  });
});

type Tracked = pulumi.Output<unknown> & { allResources: () => Promise<Set<pulumi.Resource>> };

test("each set can have the workloads of one provider, and waits for no others", async () => {
  const depends: Promise<Set<pulumi.Resource>>[] = [];
  const resources: pulumi.Resource[] = [];
  const program = () => {
    const [eu, us] = [new Kubernetes("eu"), new Kubernetes("us")];
    const workloads = collectWorkloads();
    resources.push(new Deployment("web", { provider: eu }));
    hold(workloads, { provider: eu }, "eu");
    depends.push((workloads.deployments({ provider: eu }) as Tracked).allResources());
    new Shop("us", (parent) => new Deployment("api", { parent }), { providers: [us] });
    hold(workloads, { provider: us }, "us");
    const include = ({ resource }: { resource?: pulumi.Resource }) =>
      resource?.getProvider("kubernetes:index:") === us;
    hold(workloads, { include }, "included");
  };
  const us = { "shop-api-app": artifact };
  expect(await run(program)).toEqual({ eu: { "shop-web-app": artifact }, us, included: us });
  expect([...((await depends[0]) ?? [])]).toEqual(resources);
});

test("a component collects what is under it, beside what the program collects", async () => {
  const program = () => {
    const all = collectWorkloads();
    new Deployment("web");
    new Shop("shop", (parent) => {
      const own = collectWorkloads({ parent });
      new Shop("inner", (inner) => new Deployment("api", { parent: inner }), { parent });
      hold(own, {}, "own");
    });
    new Deployment("later");
    hold(all, { name: "{workload}" }, "all");
  };
  expect(await run(program)).toEqual({
    own: { "shop-api-app": artifact },
    all: { web: artifact, api: artifact, later: artifact },
  });
});

test("another copy of the package in the same program sees the same", async () => {
  let other: typeof import("../../sdk") | undefined;
  jest.isolateModules(() => {
    jest.doMock("@pulumi/pulumi", () => pulumi);
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    other = require("../../sdk") as typeof import("../../sdk");
  });
  expect(other?.collectWorkloads).not.toBe(collectWorkloads);
  const program = () => {
    const [one, two] = [collectWorkloads(), other?.collectWorkloads()];
    new Deployment("web");
    hold(one, {}, "one");
    if (two) hold(two, {}, "two");
  };
  const set = { "shop-web-app": artifact };
  expect(await run(program)).toEqual({ one: set, two: set });
});

describe("what cannot be seen", () => {
  const declared = () => {
    const workloads = collectWorkloads();
    new Deployment("web");
    new Resource("kubernetes:helm.sh/v3:Release", "redis", { chart: "redis" });
    new Remote("eks:index:Cluster", "cluster");
    return workloads;
  };
  const messages = [
    expect.stringContaining(
      'the workloads of the Helm release "redis" cannot be seen. Declare it as a Chart, or',
    ),
    expect.stringContaining(
      'what the remote component "cluster" (eks:index:Cluster) declares cannot be seen.',
    ),
  ];

  test("is told to onSkip", async () => {
    const onSkip = jest.fn<void, [unknown, string]>();
    await run(() => hold(declared(), { onSkip }));
    expect(onSkip.mock.calls.map(([, reason]) => reason)).toEqual(messages);
  });

  test("or is said once: of a release as a warning, of a remote component for information", async () => {
    const warn = jest.spyOn(pulumi.log, "warn").mockImplementation(() => Promise.resolve());
    const info = jest.spyOn(pulumi.log, "info").mockImplementation(() => Promise.resolve());
    await run(() => {
      const workloads = declared();
      hold(workloads, {}, "one");
      hold(workloads, {}, "two");
    });
    expect([...warn.mock.calls, ...info.mock.calls].flat()).toEqual(messages);
  });
});

test("a remote Chart has its resources", async () => {
  const program = () => {
    const workloads = collectWorkloads();
    const workload = { kind: "Deployment", metadata: { name: "web" }, spec: specOf() };
    new Remote("kubernetes:helm.sh/v4:Chart", "shop", { resources: [workload] });
    hold(workloads);
  };
  expect(await run(program)).toEqual({ set: { "default-web-app": artifact } });
});

test("without workloads and with wrong options it is an error", async () => {
  await run(() => {
    const workloads = collectWorkloads();
    expect(() => workloads.deployments()).toThrow("collectWorkloads: no workload was declared. Call");
    new Deployment("web");
    expect(() => workloads.deployments({ name: "{cluster}" })).toThrow("collectWorkloads: the name");
    expect(() => workloads.deployments({ kinds: ["a/b/c/d"] })).toThrow("collectWorkloads: the option kinds");
    const provider = new Kubernetes("other");
    expect(() => workloads.deployments({ provider })).toThrow("collectWorkloads: no workload was declared.");
  });
});
