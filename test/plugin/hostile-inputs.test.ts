/** What no SDK sends, but a YAML program, a state that was edited or another client can. */
import type { PropertyMap, Value } from "../../local/engine/types";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { toStruct } from "../../local/engine/marshal";
import { call } from "../../local/engine/rpc";
import { DIGEST, useScene } from "./scene";
import { urnOf } from "./support";

const scene = useScene();
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = (value: Value): PropertyMap => ({ ...SECRET, value });
const image = `ghcr.io/acme/web:1.4.2@${DIGEST}`;
const where = { logicalEnvironment: "production", cluster: "eu" };
const given: Record<string, PropertyMap> = {
  DeploymentRecord: { image, ...where, deploymentName: "web" },
  ClusterDeploymentSet: { ...where, deployments: { web: { image } } },
  StorageRecord: { image },
  ChainloopDeployment: { image, environmentName: "production", deploymentName: "web" },
};
const types = Object.keys(given);

describe.each(types)("%s", (type) => {
  const properties = Object.keys(given[type] ?? {});
  const wrong: Value[] = [5, true, [], ["a"], { a: "b" }, secret(5), [secret("a")]];
  const failuresOf = async (property: string, value: Value) =>
    (await scene.plugin.check(type, { ...given[type], [property]: value })).failures;

  test("names each property whose value has another type", async () => {
    for (const property of properties)
      for (const value of wrong) {
        const named = (await failuresOf(property, value)).map((failure) => failure.property);
        const isNamed = named.some((one) => one === property || one.startsWith(`${property}.`));
        expect([property, value, isNamed]).toEqual([property, value, true]);
      }
    expect(scene.requests()).toEqual([]);
  });

  test("passes what is unknown, and sends nothing for it", async () => {
    for (const property of properties) expect(await failuresOf(property, UNKNOWN)).toEqual([]);
    expect(scene.requests()).toEqual([]);
  });

  test("names a property once for each thing that is wrong with it", async () => {
    for (const property of properties) {
      const failures = (await failuresOf(property, secret("web"))).map((one) => JSON.stringify(one));
      expect(failures).toEqual([...new Set(failures)]);
    }
  });

  test("refuses an ID that is none of its own, in each method", async () => {
    const saved = { id: "garbage", outputs: {} };
    const inputs = given[type] ?? {};
    const refused = "is not the ID of a";
    await expect(scene.plugin.read(type, "garbage")).rejects.toThrow(refused);
    await expect(scene.plugin.update(type, saved, inputs)).rejects.toThrow(refused);
    await expect(scene.plugin.remove(type, saved)).rejects.toThrow(refused);
    await expect(scene.plugin.diff(type, { id: "garbage", olds: {}, news: inputs })).rejects.toThrow(refused);
    expect(scene.requests()).toEqual([]);
  });
});

test("a name that JavaScript treats as an object's prototype is refused, and not lost without a word", async () => {
  const named = (name: string) => ({ ...given.ClusterDeploymentSet, deployments: { [name]: { image } } });
  const tagged = (name: string) => ({ ...given.DeploymentRecord, tags: { [name]: "__proto__" } });
  const check = (type: string, news: PropertyMap) => {
    const request = new messages.CheckRequest().setUrn(urnOf(type, type)).setNews(toStruct(news));
    // Node.js cannot send it either: in the bytes, another name of the same length becomes it.
    const bytes = Buffer.from(request.serializeBinary());
    const at = bytes.indexOf("PROTOTYPE");
    if (at >= 0) bytes.write("__proto__", at);
    const { path, responseDeserialize } = ResourceProviderService.check;
    return call<messages.CheckResponse | undefined>((done) =>
      scene.plugin.client.makeUnaryRequest(path, (one: Buffer) => one, responseDeserialize, bytes, done),
    );
  };
  const refused = 'has the name "__proto__"';
  await expect(check("ClusterDeploymentSet", named("PROTOTYPE"))).rejects.toThrow(refused);
  await expect(check("DeploymentRecord", tagged("PROTOTYPE"))).rejects.toThrow(refused);
  // As a value it is like any other.
  expect((await check("DeploymentRecord", tagged("team")))?.getFailuresList()).toEqual([]);
});

describe("the functions", () => {
  const manifests = "kind: Pod\nmetadata: { name: web }\nspec: { containers: [] }";
  const failuresOf = async (name: string, args: PropertyMap) =>
    (await scene.plugin.invoke(name, args)).failures;

  test("take what the schema says, and name anything else", async () => {
    const schema = JSON.parse(readFileSync(join(__dirname, "../../dist/plugin/schema.json"), "utf8")) as {
      functions: Record<string, { inputs: { properties: object } }>;
    };
    for (const [token, { inputs }] of Object.entries(schema.functions)) {
      const name = token.slice(token.lastIndexOf(":") + 1);
      const takes = new RegExp(`^${name}: "colour" is not an argument. It takes ([^.]*)\\.$`);
      const [failure = ""] = await failuresOf(name, { colour: "red" });
      const names = takes.exec(failure)?.[1]?.split(", ").sort();
      expect(names).toEqual(Object.keys(inputs.properties).sort());
    }
  });

  test("name an argument that has another type, or is missing", async () => {
    const wrong: [name: string, args: PropertyMap, reason: string][] = [
      ["parseImage", {}, "image is required."],
      ["parseImage", { image: null }, "image is required."],
      ["parseImage", { image: 5 }, "image 5 must be a string."],
      ["getDeploymentRecords", { digest: null }, "digest is required."],
      ["getStorageRecords", { digest: DIGEST, org: ["acme"] }, "org must be a string."],
      ["getChainloopDeployments", { environmentName: 5 }, "environmentName must be a string."],
      ["deploymentsFromKubernetes", {}, "manifests is required."],
      ["deploymentsFromKubernetes", { manifests, name: 5 }, "name must be a string."],
      ["deploymentsFromKubernetes", { manifests, namespace: ["a"] }, "namespace must be a string."],
      ["deploymentsFromKubernetes", { manifests, sidecars: "no" }, "sidecars must be true or false."],
      ["deploymentsFromKubernetes", { manifests, kinds: "Rollout" }, "kinds must be a list of strings."],
    ];
    for (const [name, args, reason] of wrong)
      expect(await failuresOf(name, args)).toEqual([`${name}: ${reason}`]);
  });

  test("take an argument that is null for one that is left out", async () => {
    const { result } = await scene.plugin.invoke("getChainloopDeployments", {
      environmentName: null,
      status: null,
    });
    expect(result).toEqual({ deployments: [] });
    const containers = `[{ name: web, image: "${image}" }]`;
    const init = `[{ name: proxy, image: "${image}", restartPolicy: Always }]`;
    const pod = `kind: Pod\nmetadata: { name: web }\nspec: { containers: ${containers}, initContainers: ${init} }`;
    const read = (args: PropertyMap) =>
      scene.plugin.invoke("deploymentsFromKubernetes", { manifests: pod, name: "{container}", ...args });
    const found = await read({ sidecars: null, kinds: null });
    expect(found).toEqual(await read({}));
    expect(Object.keys(found.result.deployments as object)).toEqual(["proxy", "web"]);
  });

  test("repeat no argument that is a secret in an error", async () => {
    const hidden = secret("top-secret:1");
    const pod = secret(
      `kind: Pod\nmetadata: { name: top-secret }\nspec: { containers: [{ name: top-secret }] }`,
    );
    const failures = [
      ...(await failuresOf("parseImage", { image: hidden })),
      ...(await failuresOf("deploymentsFromKubernetes", { manifests: pod })),
      ...(await failuresOf("deploymentsFromKubernetes", { manifests, kinds: [secret("top-secret/")] })),
      ...(await failuresOf("getDeploymentRecords", { digest: DIGEST, org: hidden })),
      ...(await failuresOf("getChainloopDeployments", { environmentName: "a", status: hidden })),
    ];
    expect(failures).toHaveLength(5);
    expect(failures.join()).not.toContain("top-secret");
    expect(failures[0]).toContain("parseImage: image (secret) has no digest");
    expect(failures[1]).toContain("it could repeat a secret: manifests.");
  });
});
