/** Kubernetes workloads that are plain objects or YAML text, as the deployments of a set. */
import * as pulumi from "@pulumi/pulumi";
import { deploymentsFromKubernetes } from "../../sdk";
import type { KubernetesOptions, KubernetesWorkloads } from "../../sdk";
import { digestOf } from "../acceptance/support/declarations";

const digest = digestOf("web");
const image = `ghcr.io/acme/web:1.4.2@${digest}`;
const artifact = { name: "ghcr.io/acme/web", version: "1.4.2", digest };

interface Pod {
  metadata?: { annotations?: Record<string, pulumi.Input<string>> };
  spec: { containers?: object[]; initContainers?: object[] };
}
const pod: Pod = { spec: { containers: [{ name: "app", image }] } };
const metadata = { name: "web", namespace: "shop" };
const deployment = (more: object = {}, template: object = pod) => ({
  ...{ apiVersion: "apps/v1", kind: "Deployment", metadata },
  spec: { template },
  ...more,
});
const withContainers = (containers?: object[], initContainers?: object[]) =>
  deployment({}, { spec: { containers, initContainers } });

const from = (workloads: KubernetesWorkloads, options?: KubernetesOptions) =>
  deploymentsFromKubernetes(workloads, options) as Record<string, object>;
const failure = (workloads: unknown, options?: KubernetesOptions) => () => from(workloads as string, options);

test.each([
  ["apps/v1", "Deployment", { template: pod }],
  ["apps/v1", "StatefulSet", { template: pod }],
  ["apps/v1", "DaemonSet", { template: pod }],
  ["apps/v1", "ReplicaSet", { template: pod }],
  ["extensions/v1beta1", "Deployment", { template: pod }],
  ["batch/v1", "Job", { template: pod }],
  ["batch/v1", "CronJob", { jobTemplate: { spec: { template: pod } } }],
  ["v1", "ReplicationController", { template: pod }],
  ["v1", "Pod", pod.spec],
  [undefined, "Deployment", { template: pod }],
])("%s %s has its containers recorded", (apiVersion, kind, spec) => {
  expect(from({ apiVersion, kind, metadata, spec })).toEqual({ "shop-web-app": artifact });
});

test.each([
  ["v1", "Service", {}],
  ["v1", "ConfigMap", { data: { kind: "Deployment" } }],
  ["v1", "PodTemplate", { template: pod }],
  ["batch.volcano.sh/v1alpha1", "Job", { spec: { template: pod } }],
  ["argoproj.io/v1alpha1", "Rollout", { spec: { template: pod } }],
  ["v1", "constructor", {}],
  ["kustomize.config.k8s.io/v1beta1", "Kustomization", { resources: ["web.yaml"] }],
])("%s %s is no workload, and is passed over", (apiVersion, kind, more) => {
  expect(from([{ apiVersion, kind, metadata, ...more }, deployment()])).toEqual({ "shop-web-app": artifact });
});

test("a function that chooses containers is told which they are, and nothing else", () => {
  const include = jest.fn(() => true);
  from(deployment(), { include });
  expect(include.mock.calls).toEqual([
    [{ kind: "Deployment", namespace: "shop", workload: "web", container: "app" }],
  ]);
});

test("other kinds with a pod template are workloads where the options say so", () => {
  const rollout = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata, spec: { template: pod } };
  expect(from(rollout, { kinds: ["Rollout"] })).toEqual({ "shop-web-app": artifact });
});

test("a kind that is built in stays what it is where the options name it too", () => {
  const jobTemplate = { spec: { template: pod } };
  const cronJob = { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: { jobTemplate } };
  const volcano = { ...deployment(), apiVersion: "batch.volcano.sh/v1alpha1", kind: "Job" };
  expect(from(cronJob, { kinds: ["CronJob", "Rollout"] })).toEqual({ "shop-web-app": artifact });
  expect(from(volcano, { kinds: ["Job"] })).toEqual({ "shop-web-app": artifact });
});

test("what another workload made is passed over: its owner stands for it", () => {
  const owned = (kind: string, apiVersion?: string) => ({
    ...metadata,
    name: "web-5d4f",
    ownerReferences: [{ kind, apiVersion }],
  });
  const replicas = { ...deployment(), kind: "ReplicaSet", metadata: owned("Deployment") };
  const pods = { kind: "Pod", metadata: owned("ReplicaSet"), spec: pod.spec };
  expect(Object.keys(from([deployment(), replicas, pods]))).toEqual(["shop-web-app"]);
  const managed = { ...deployment(), metadata: owned("Shop") };
  expect(Object.keys(from([managed]))).toEqual(["shop-web-5d4f-app"]);
  // Of the same kind, and no workload here: nothing else would stand for its pods.
  const ofKruise = { ...pods, metadata: owned("StatefulSet", "apps.kruise.io/v1beta1") };
  expect(Object.keys(from(ofKruise))).toEqual(["shop-web-5d4f-app"]);
  expect(Object.keys(from([ofKruise, deployment()], { kinds: ["StatefulSet"] }))).toEqual(["shop-web-app"]);
});

describe("the containers of a pod", () => {
  const initContainers = [
    { name: "migrate", image },
    { name: "proxy", image, restartPolicy: "Always" },
  ];
  const workload = withContainers(
    [
      { name: "app", image },
      { name: "log", image },
    ],
    initContainers,
  );

  test.each([
    [{}, ["app", "log", "proxy"]],
    [{ initContainers: true }, ["app", "log", "migrate", "proxy"]],
    [{ sidecars: false }, ["app", "log"]],
    [{ sidecars: false, initContainers: true }, ["app", "log", "migrate"]],
    [{ include: ({ container }) => container !== "log" }, ["app", "proxy"]],
    [
      {
        include: ({ workload, kind, namespace }) =>
          `${kind} ${namespace}/${workload}` !== "Deployment shop/web",
      },
      [],
    ],
  ] as [KubernetesOptions, string[]][])("with %j are %j", (options, names) => {
    expect(Object.keys(from(workload, options)).sort()).toEqual(names.map((name) => `shop-web-${name}`));
  });
});

describe("names", () => {
  test.each([
    ["{namespace}-{workload}-{container}", "shop-web-app"],
    ["{namespace}/{workload}/{container}", "shop/web/app"],
    ["{kind}.{container}", "Deployment.app"],
    ["{container}{container}", "appapp"],
    ["one", "one"],
  ])("%s gives %s", (name, expected) => {
    expect(Object.keys(from(deployment(), { name }))).toEqual([expected]);
  });

  test.each([
    ["{pod}", "has an unknown placeholder {pod}. A name has {namespace}, {workload}, {container}, {kind}."],
    ["{}", "has an unknown placeholder {}"],
    ["{constructor}", "has an unknown placeholder {constructor}"],
    ["{{namespace}}/{{workload}}", "has a brace that belongs to no placeholder"],
    ["{namespace", "has a brace that belongs to no placeholder"],
  ])("%s is refused", (name, problem) => {
    expect(failure(deployment(), { name })).toThrow(
      `deploymentsFromKubernetes: the name ${JSON.stringify(name)} ${problem}`,
    );
  });

  test("a workload without a namespace is in the one that the options name, or in default", () => {
    const workload = deployment({ metadata: { name: "web" } });
    expect(Object.keys(from(workload))).toEqual(["default-web-app"]);
    expect(Object.keys(from(workload, { namespace: "team" }))).toEqual(["team-web-app"]);
    expect(Object.keys(from(deployment(), { namespace: "team" }))).toEqual(["shop-web-app"]);
  });

  test("two containers of one name are an error that names both, and a way out", () => {
    const job = { kind: "Job", metadata, spec: { template: pod } };
    const problem =
      'Deployment shop/web, container "app" and Job shop/web, container "app" have the same deployment name "shop-web-app".';
    expect(failure([deployment(), job])).toThrow(problem);
    expect(
      Object.keys(from([deployment(), job], { name: "{namespace}/{kind}/{workload}/{container}" })),
    ).toEqual(["shop/Deployment/web/app", "shop/Job/web/app"]);
    expect(failure([deployment(), [deployment()]])).toThrow(
      'deploymentsFromKubernetes: Deployment shop/web, container "app" is given twice. Give each workload once.',
    );
    const dashed = deployment({ metadata: { name: "b-web", namespace: "a" } });
    expect(failure([dashed, deployment({ metadata: { name: "web", namespace: "a-b" } })])).toThrow(
      '"a-b-web-app"',
    );
  });
});

describe("annotations", () => {
  const annotated = (annotations: object, ofPod?: object) =>
    from(
      deployment({ metadata: { ...metadata, annotations } }, { ...pod, metadata: { annotations: ofPod } }),
    )["shop-web-app"];
  const RISKS = "metadata.github.com/runtime-risks";

  test("are risks and tags", () => {
    const annotations = {
      [RISKS]: " internet-exposed, Sensitive-Data,",
      "metadata.github.com/team": "shop",
      other: "x",
    };
    const expected = {
      ...artifact,
      runtimeRisks: ["internet-exposed", "sensitive-data"],
      tags: { team: "shop" },
    };
    expect(annotated(annotations)).toEqual(expected);
    expect(annotated({}, annotations)).toEqual(expected);
    expect(annotated({ other: "x" })).toEqual(artifact);
  });

  test("of the pod go before the workload's; risks are those of both", () => {
    const ofWorkload = {
      [RISKS]: "internet-exposed,sensitive-data",
      "metadata.github.com/team": "shop",
      "metadata.github.com/tier": "1",
    };
    const ofPod = { [RISKS]: "critical-resource,internet-exposed", "metadata.github.com/team": "web" };
    expect(annotated(ofWorkload, ofPod)).toEqual({
      ...artifact,
      runtimeRisks: ["critical-resource", "internet-exposed", "sensitive-data"],
      tags: { team: "web", tier: "1" },
    });
  });

  test("of a CronJob are those of the job and the pod too", () => {
    const at = (level: string) => ({
      annotations: { "metadata.github.com/nearest": level, [`metadata.github.com/${level}`]: "" },
    });
    const template = { ...pod, metadata: at("pod") };
    const jobTemplate = { metadata: at("job"), spec: { template } };
    const workload = { kind: "CronJob", metadata: { ...metadata, ...at("cronjob") }, spec: { jobTemplate } };
    expect(from(workload)["shop-web-app"]).toMatchObject({
      tags: { nearest: "pod", pod: "", job: "", cronjob: "" },
    });
  });

  test("that are not known as risks, or whose key Pulumi would drop, are carried over for the check to refuse", () => {
    expect(annotated({ [RISKS]: "no-such-risk" })).toMatchObject({ runtimeRisks: ["no-such-risk"] });
    const tags = (annotated({ "metadata.github.com/__proto__": "x" }) as { tags: object }).tags;
    expect(Object.keys(tags)).toEqual(["__proto__"]);
  });
});

describe("YAML", () => {
  const document = (kind: string, name: string) => `
apiVersion: apps/v1
kind: ${kind}
metadata: { name: ${name}, namespace: shop }
spec:
  template:
    spec:
      containers:
        - name: app
          image: ${image}
`;

  test("may have several documents, empty ones and such as are no workload", () => {
    const text = `---\n# first\n---${document("Deployment", "web")}---\nkind: Service\n---${document("StatefulSet", "db")}...\n`;
    expect(deploymentsFromKubernetes(text)).toEqual({ "shop-web-app": artifact, "shop-db-app": artifact });
    expect(
      Object.keys(from([document("Deployment", "web"), deployment({ metadata: { name: "api" } })])),
    ).toEqual(["shop-web-app", "default-api-app"]);
  });

  test("may be a list, or JSON", () => {
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [deployment(), { kind: "DeploymentList", items: [] }],
    };
    expect(from(JSON.stringify(list))).toEqual({ "shop-web-app": artifact });
  });

  test("has text where Kubernetes reads text: what looks like a date, as a name or a tag", () => {
    const annotations = '{ "metadata.github.com/reviewed": 2024-05-01 }';
    const text = document("Deployment", `2024-01-01, annotations: ${annotations}`).replace(
      "namespace: shop",
      "namespace: 2024-01-31",
    );
    expect(deploymentsFromKubernetes(text)).toEqual({
      "2024-01-31-2024-01-01-app": { ...artifact, tags: { reviewed: "2024-05-01" } },
    });
  });

  test("that cannot be read is an error that says where, and shows nothing of the text", () => {
    const read = failure("kind: Secret\ndata:\n  password: {{ secret-value }\n");
    expect(read).toThrow(
      /^deploymentsFromKubernetes: the YAML text cannot be read: .* \(line 4, column 1\)\.$/,
    );
    expect(read).not.toThrow("secret-value");
  });

  test("that is a file's name is told from a file's content", () => {
    expect(failure("manifests/shop.yaml")).toThrow("If it is the name of a file, pass the file's content.");
  });
});

describe("errors name workload and container:", () => {
  const WEB = "deploymentsFromKubernetes: Deployment shop/web";
  const app = (more: object) => [{ name: "app", ...more }];
  test.each([
    [
      "no digest",
      withContainers(app({ image: "nginx:1.27" })),
      `${WEB}, container "app": image "nginx:1.27" has no digest.`,
    ],
    ["no image", withContainers(app({})), `${WEB}, container "app" has no image.`],
    ["an empty image", withContainers(app({ image: "" })), `${WEB}, container "app" has no image.`],
    [
      "no reference",
      withContainers(app({ image: "Web" })),
      `${WEB}, container "app": image "Web" has upper-case letters`,
    ],
    ["no containers", withContainers([]), `${WEB} has no containers. Is it a patch?`],
    ["no list of containers", withContainers(), `${WEB} has no containers.`],
    ["no spec", deployment({ spec: null }), `${WEB} has no containers.`],
    ["a container without a name", withContainers([{ image }]), `${WEB} has a container without a name.`],
    ["no name", deployment({ metadata: null }), "a Deployment in namespace default has no metadata.name."],
    ["a name to be generated", deployment({ metadata: { generateName: "web-" } }), "has no metadata.name."],
    [
      "a name that is a number, as YAML reads 123",
      deployment({ metadata: { name: 123 } }),
      "a Deployment has the metadata.name 123, which is not a string. In YAML, put it in quotes.",
    ],
    [
      "a namespace that is a number: nothing else is taken for it",
      deployment({ metadata: { name: "web", namespace: 123 } }),
      "a Deployment has the metadata.namespace 123, which is not a string.",
    ],
    [
      "a container's name that is a number",
      withContainers([{ name: 1, image }]),
      `${WEB} has the container name 1, which is not a string.`,
    ],
    ["no kind", { metadata, spec: {} }, 'an object named "web" has no kind (keys metadata, spec).'],
    ["no object", [null], "null is not a Kubernetes object (item 1)."],
    ["nothing", undefined, "undefined is not a Kubernetes object."],
  ])("%s", (_, workload, message) => {
    expect(failure(workload)).toThrow(message);
  });

  test("no digest: what to do", () => {
    expect(failure(withContainers(app({ image: "nginx" })))).toThrow(
      /crane digest.* Or pass the option resolveDigest/,
    );
    expect(failure(withContainers(app({ image: "Web" })))).not.toThrow("resolveDigest");
  });
});

test.each([
  ["no text", ""],
  ["no workload", "kind: Service"],
  ["no item", { kind: "List", items: [] }],
  ["a service", [{ kind: "Service" }]],
])("%s is an error: a set without deployments decommissions all that it had", (_, given) => {
  expect(failure(given)).toThrow("nothing that was given is a workload");
});

test("where there is no workload, the error says what else may be one", () => {
  const ownerReferences = [{ kind: "Deployment", name: "web" }];
  const replicas = { ...deployment(), kind: "ReplicaSet", metadata: { ...metadata, ownerReferences } };
  expect(failure([replicas, { kind: "Rollout" }])).toThrow(
    /is a workload \(skipped, for example: Deployment web made it .*; Rollout is not a workload\)\. .* give its owner\. The option kinds/,
  );
});

test("no workloads, said as an empty list, are no deployments", () => {
  expect(from([])).toEqual({});
});

const valueOf = <T>(output: unknown) =>
  new Promise<T>((resolve) => (output as pulumi.Output<T>).apply(resolve));

test("a resource of a collection whose class was not imported is an error, where it is a workload", () => {
  const urn = (type: string) =>
    `urn:pulumi:dev::shop::kubernetes:helm.sh/v4:Chart$kubernetes:${type}::shop:web`;
  const given = { resources: [urn("core/v1:Service"), deployment(), urn("apps/v1:Deployment")] };
  expect(failure(given)).toThrow(
    'Deployment "shop:web" cannot be read: its class was not imported. Import all',
  );
});

describe("resolveDigest", () => {
  const workload = withContainers([{ name: "app", image: "ghcr.io/acme/web:1.4.2" }]);

  test.each<[string, KubernetesOptions["resolveDigest"]]>([
    ["at once", () => digest],
    ["as a promise", async () => digest],
    ["as an output", () => pulumi.output(digest)],
  ])("says the digest of an image that has none, %s", async (_, resolveDigest) => {
    expect(await valueOf(pulumi.output(from(workload, { resolveDigest })))).toEqual({
      "shop-web-app": artifact,
    });
  });

  test("is told which container, and is not asked for an image that has a digest", () => {
    const resolveDigest = jest.fn(() => digest);
    from(
      withContainers([
        { name: "app", image: "nginx" },
        { name: "log", image },
      ]),
      { resolveDigest },
    );
    const container = { kind: "Deployment", namespace: "shop", workload: "web", container: "app" };
    expect(resolveDigest.mock.calls).toEqual([["nginx", container]]);
  });

  test("that knows none, says something else, or fails, is an error that names the container", () => {
    const app = 'Deployment shop/web, container "app"';
    expect(failure(workload, { resolveDigest: () => undefined as unknown as string })).toThrow(
      `${app}: image "ghcr.io/acme/web:1.4.2" has no digest.`,
    );
    expect(failure(workload, { resolveDigest: () => "latest" })).toThrow('@latest" has a digest that is not');
    const fails = () => {
      throw new Error("the registry is away");
    };
    expect(failure(workload, { resolveDigest: fails })).toThrow(
      `${app}: resolveDigest failed: the registry is away`,
    );
  });
});

describe("plain objects with inputs", () => {
  test("have their names at once, whatever is an output in the entries", async () => {
    const team = pulumi.output("shop");
    const template = {
      metadata: { annotations: { "metadata.github.com/team": team } },
      spec: { containers: [{ name: "app", image: pulumi.output(image) }] },
    };
    const given = from(deployment({}, template));
    expect(Object.keys(given)).toEqual(["shop-web-app"]);
    expect(await valueOf(pulumi.output(given))).toEqual({
      "shop-web-app": { ...artifact, tags: { team: "shop" } },
    });
  });

  const later = {
    "the whole": pulumi.output(deployment()),
    "a promise of the whole": Promise.resolve(deployment()),
    "a list": pulumi.output([deployment(), { kind: "Service" }]),
    "YAML text": pulumi.output(JSON.stringify(deployment())),
    "an item of a List": { kind: "List", items: [pulumi.output(deployment())] },
    "the items of a List": { kind: "List", items: pulumi.output([deployment()]) },
    "the kind": deployment({ kind: pulumi.output("Deployment") }),
    metadata: deployment({ metadata: pulumi.output(metadata) }),
    "the name": deployment({ metadata: { ...metadata, name: Promise.resolve("web") } }),
    "the namespace": deployment({ metadata: { ...metadata, namespace: pulumi.output("shop") } }),
    "the spec": deployment({ spec: pulumi.output({ template: pod }) }),
    "the template": deployment({ spec: { template: Promise.resolve(pod) } }),
    "the containers": withContainers(pulumi.output([{ name: "app", image }]) as unknown as object[]),
    "a container": withContainers([pulumi.output({ name: "app", image })]),
    "a container's name": withContainers([{ name: pulumi.output("app"), image }]),
  };
  test.each(Object.entries(later))("may have %s as an output", async (_, workload) => {
    expect(await valueOf(pulumi.output(from(workload as KubernetesWorkloads)))).toEqual({
      "shop-web-app": artifact,
    });
  });
});

test("ten thousand plain workloads make no output", () => {
  const given = from(
    Array.from({ length: 10_000 }, (_, index) => deployment({ metadata: { name: `web-${index}` } })),
  );
  expect(Object.keys(given)).toHaveLength(10_000);
  expect(given["default-web-9999-app"]).toEqual(artifact);
  expect(
    Object.values(given["default-web-9999-app"] ?? {}).some((value) => pulumi.Output.isInstance(value)),
  ).toBe(false);
});

describe("one odd object does not stop the others:", () => {
  const others = (kind: string) => ({ include: ({ kind: its }: { kind: string }) => its !== kind });
  const web = { "shop-web-app": artifact };
  test.each<[string, object, KubernetesOptions]>([
    [
      "a hook without a name",
      { kind: "Job", metadata: { generateName: "migrate-" }, spec: { template: pod } },
      others("Job"),
    ],
    [
      "a patch without containers",
      { kind: "StatefulSet", metadata, spec: { replicas: 2 } },
      others("StatefulSet"),
    ],
    ["an object without a kind", { metadata: { name: "odd" } }, others("")],
    [
      "a Rollout that refers to a workload that is not given",
      { kind: "Rollout", metadata, spec: { workloadRef: { kind: "Deployment", name: "api" } } },
      { kinds: ["Rollout"], ...others("Rollout") },
    ],
  ])("%s is an error, unless include leaves it out", (_, odd, options) => {
    expect(failure([odd, deployment()], { kinds: options.kinds })).toThrow("deploymentsFromKubernetes: ");
    expect(from([odd, deployment()], options)).toEqual(web);
  });

  test("a Rollout whose pods a given Deployment describes is skipped, with a reason", () => {
    const rollout = { kind: "Rollout", metadata, spec: { workloadRef: { kind: "Deployment", name: "web" } } };
    const onSkip = jest.fn();
    expect(from([rollout, deployment()], { kinds: ["Rollout"], onSkip })).toEqual(web);
    expect(onSkip.mock.calls).toEqual([[rollout, "Deployment shop/web describes its pods"]]);
  });

  test("a kustomization, Helm's values or a key twice in a ConfigMap, beside a workload in YAML", () => {
    const workload = JSON.stringify(deployment());
    const text = `resources: [web.yaml]\n---\nkind: ConfigMap\ndata: { a: b, a: c }\n---\n${workload}\n---\nreplicas: 2\n`;
    expect(from(text)).toEqual(web);
  });

  test("a key twice in a workload is an error with its line, though the text is read otherwise", () => {
    const text = `kind: ConfigMap\n---\nkind: Deployment\nmetadata: { name: web }\nkind: Deployment\nspec: {}\n`;
    expect(failure(text)).toThrow("duplicated mapping key (line 5, column 1)");
    expect(
      from(`${text}---\n${JSON.stringify(deployment())}`, {
        include: ({ namespace }) => namespace === "shop",
      }),
    ).toEqual(web);
  });

  test("an object without a kind is named by its keys and its place", () => {
    expect(failure(["kind: Service\n---\nmetadata: { name: odd }\nspec: {}\n"])).toThrow(
      'an object named "odd" has no kind (item 1, document 2; keys metadata, spec).',
    );
  });
});

describe("owners", () => {
  const owned = (kind: string, owner: object, more = {}) => ({
    ...{ apiVersion: kind === "Pod" ? "v1" : kind === "Job" ? "batch/v1" : "apps/v1", kind },
    ...{ metadata: { ...metadata, name: "made", ownerReferences: [owner] } },
    spec: kind === "Pod" ? pod.spec : { template: pod },
    ...more,
  });
  test.each([
    ["Pod", { kind: "ReplicaSet", apiVersion: "apps/v1", controller: true }, true],
    ["Pod", { kind: "StatefulSet", apiVersion: "apps/v1" }, true],
    ["Pod", { kind: "DaemonSet", apiVersion: "apps/v1" }, true],
    ["Pod", { kind: "Job", apiVersion: "batch/v1" }, true],
    ["Pod", { kind: "ReplicationController", apiVersion: "v1" }, true],
    ["ReplicaSet", { kind: "Deployment", apiVersion: "apps/v1" }, true],
    ["Job", { kind: "CronJob", apiVersion: "batch/v1" }, true],
    ["Deployment", { kind: "Deployment", apiVersion: "apps/v1", controller: false }, false],
    ["Deployment", { kind: "StatefulSet", apiVersion: "apps/v1", controller: true }, false],
    ["ReplicaSet", { kind: "Deployment", apiVersion: "apps/v1", controller: false }, false],
    ["Pod", { kind: "Deployment", apiVersion: "apps/v1" }, false],
    ["Deployment", { kind: "Shop", apiVersion: "example.com/v1", controller: true }, false],
  ])("a %s of %j is skipped: %s", (kind, owner, skipped) => {
    const onSkip = jest.fn();
    const names = Object.keys(from([owned(kind, owner), deployment()], { onSkip }));
    expect(names).toEqual(skipped ? ["shop-web-app"] : ["shop-made-app", "shop-web-app"]);
    expect(onSkip).toHaveBeenCalledTimes(skipped ? 1 : 0);
  });
});

describe("kinds with their API group", () => {
  const knative = (containers: object[]) => ({
    ...{ apiVersion: "serving.knative.dev/v1", kind: "Service", metadata },
    spec: { template: { spec: { containers } } },
  });
  const core = { apiVersion: "v1", kind: "Service", metadata, spec: { ports: [] } };

  test.each(["Service", "serving.knative.dev/Service", "serving.knative.dev/v1/Service"])("%s", (kind) => {
    const given = [core, knative([{ image }])];
    expect(from(given, { kinds: [kind] })).toEqual({ "shop-web-user-container": artifact });
  });

  test("another version or group is another kind, and what is no kind is refused", () => {
    const given = [deployment(), knative([{ image }])];
    for (const kind of ["serving.knative.dev/v2/Service", "example.com/Service"])
      expect(from(given, { kinds: [kind] })).toEqual({ "shop-web-app": artifact });
    expect(failure(given, { kinds: ["a/b/c/d"] })).toThrow('the option kinds has "a/b/c/d".');
  });
});

test("typed lists say the kind for their items, and JSON objects may follow one another", () => {
  const item = { metadata, spec: deployment().spec };
  const list = { apiVersion: "apps/v1", kind: "DeploymentList", items: [item] };
  expect(from(list)).toEqual({ "shop-web-app": artifact });
  const text = [deployment({ metadata: { name: "a}{" } }), list].map((one) => JSON.stringify(one));
  expect(Object.keys(from(text.join("\n")))).toEqual(["default-a}{-app", "shop-web-app"]);
  expect(Object.keys(from(text.join("")))).toHaveLength(2);
});

describe("one digest under two tags", () => {
  const given = withContainers([
    { name: "app", image },
    { name: "log", image: pulumi.output(`ghcr.io/acme/web:latest@${digest}`) },
  ]);
  test("is left as it is, or has the image that the option says", async () => {
    const versions = async (options?: KubernetesOptions) =>
      Object.values(await valueOf<object>(pulumi.output(from(given, options)))).map(
        ({ version }: { version: string }) => version,
      );
    expect(await versions()).toEqual(["1.4.2", "latest"]);
    expect(await versions({ sameDigest: "first" })).toEqual(["1.4.2", "1.4.2"]);
    expect(await versions({ sameDigest: (images) => images.at(-1) })).toEqual(["latest", "latest"]);
  });
});

test("details of a function stand in the deployment", () => {
  const details = () => ({ tags: { team: "api" }, githubRepository: "web" });
  expect(from(deployment(), { details })).toEqual({
    "shop-web-app": { ...artifact, tags: { team: "api" }, githubRepository: "web" },
  });
});

test("all that is wrong is named at once, and what to do once", () => {
  const wrong = withContainers([{ name: "a", image: "nginx" }, { name: "b", image: "redis" }, { name: "c" }]);
  expect(failure(wrong)).toThrow(
    /^deploymentsFromKubernetes: 3 problems:\n- .*"a": image "nginx" has no digest\.\n- .*"b": image "redis" has no digest\.\n- .*"c" has no image\.\nA record describes [^\n]*$/,
  );
});

test("a name with invisible characters is shown with escape sequences, and clipped", () => {
  const hostile = `a\u001b[31m\u202e\u0085\n${"x".repeat(10_000)}`;
  const given = deployment({ metadata: { name: hostile } }, { spec: { containers: [{ name: hostile }] } });
  const message = (() => {
    try {
      return from(given) && "";
    } catch (error) {
      return (error as Error).message;
    }
  })();
  expect(message).toMatch(/^[\x20-\x7e…]+$/);
  expect(message.length).toBeLessThan(700);
});
