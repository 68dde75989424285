import { createPublicKey } from "node:crypto";
import { inspect } from "node:util";
import { KEY } from "../support/app";
import { recordInputs } from "../support/provider";
import { startHost, URN, withCode } from "../support/provider-host";
import type { FaultOptions, GitHub } from "../../local/github";
import { create, failureOf, newScene, refresh, withoutPauses } from "../support/scene";

const CANARY = "github_pat_canary0123456789";

/** All that an error could show, to whoever prints, logs or serialises it. */
function everythingOf(error: Error): string {
  const parts: string[] = [];
  for (let one: unknown = error; one !== undefined; one = (one as { cause?: unknown }).cause) {
    parts.push(JSON.stringify(one), inspect(one, { depth: 20, showHidden: true, getters: true }));
    if (!(one instanceof Error)) continue;
    parts.push(String(one), one.message, one.stack ?? "");
    parts.push(JSON.stringify(one, Object.getOwnPropertyNames(one)));
  }
  return parts.join("\n");
}

test("26. canaries: one is found where it is put, so the search itself works", () => {
  for (const hidden of [
    new Error(CANARY),
    new Error("x", { cause: new Error("y", { cause: { token: CANARY } }) }),
    Object.assign(new Error("x"), { request: { headers: { authorization: `token ${CANARY}` } } }),
  ]) {
    expect(everythingOf(hidden)).toContain(CANARY);
  }
});

const faults: [string, FaultOptions][] = [
  ...[400, 401, 403, 404, 409, 418, 422, 429, 500].map((status): [string, FaultOptions] => [
    String(status),
    { when: "before", do: { status }, times: 99 },
  ]),
  ["a redirect", { when: "before", do: { redirect: 307, location: "http://127.0.0.1:9" }, times: 99 }],
  ["a reset", { when: "before", do: "reset", times: 99 }],
  ["HTML", { when: "after", do: "html", times: 99 }],
  ["a cut-off body", { when: "after", do: "cut-off", times: 99 }],
  ["malformed JSON", { when: "after", do: "malformed-json", times: 99 }],
  ["never an answer", { when: "before", do: "never-answer", times: 99 }],
];

test.each(faults)(
  "26. canaries: after %s, the token is in no error, no warning and no output",
  async (_what, fault) => {
    withoutPauses();
    const written = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, "write"));
    const logged = (["log", "error", "warn", "info", "debug"] as const).map((name) =>
      jest.spyOn(console, name),
    );
    const scene = await newScene({ server: { token: CANARY }, config: { timeoutSeconds: "1" } });
    const saved = await create(await scene.another({ timeoutSeconds: "300" }), recordInputs());
    scene.github.fault(fault);
    const later = await scene.another();
    const errors = [
      await failureOf(scene.provider.create(recordInputs())),
      await failureOf(scene.provider.update(saved.id, saved.outs, recordInputs({ version: "2" }))),
      await failureOf(later.provider.delete(saved.id, saved.outs)),
    ];
    expect(errors.map(everythingOf).join("\n")).not.toContain(CANARY);
    expect(JSON.stringify([scene.warnings, later.warnings, saved])).not.toContain(CANARY);
    for (const spy of [...written, ...logged]) expect(JSON.stringify(spy.mock.calls)).not.toContain(CANARY);
  },
);

test("26. canaries: the token is in no request's path, body or header but Authorization", async () => {
  const scene = await newScene({ server: { token: CANARY } });
  await refresh(scene, await create(scene, recordInputs({ tags: { team: "shop" } })));
  expect(scene.github.requests).toHaveLength(2);
  expect(JSON.stringify(scene.github.requests)).not.toContain(CANARY);
});

const verbose = {
  NODE_DEBUG: "http,http2,net,tls,undici,fetch,stream,timer",
  ...{ GRPC_TRACE: "all", GRPC_VERBOSITY: "DEBUG", DEBUG: "*", TF_LOG: "TRACE" },
};

/** What the host shows and returns in a create, and in a read that is refused. */
async function everythingShown(github: GitHub, secrets: Record<string, string>): Promise<string> {
  const { provider, shown } = await startHost({ baseUrl: github.url }, secrets, verbose);
  const { id, properties } = await provider.create({ urn: URN, properties: withCode(recordInputs()) });
  github.fault({ when: "before", do: { status: 401, body: { message: "Bad credentials" } }, times: 9 });
  const error = await failureOf(provider.read({ id, urn: URN, properties, inputs: properties }));
  expect(error.message).toMatch(/401/);
  const text = shown.map(({ message }) => message).join("\n");
  expect(text).toMatch(/NET \d+|UNDICI \d+/);
  return `${text}${everythingOf(error)}${JSON.stringify(properties)}`;
}

test("26. canaries: the host's verbose logs, of Node, of gRPC and of Pulumi, show no token", async () => {
  const { github } = await newScene({ server: { token: CANARY } });
  expect(await everythingShown(github, { token: CANARY })).not.toContain(CANARY);
});

test("26. canaries: nor do they show a GitHub App's key, its JSON Web Tokens, or its tokens", async () => {
  const installations = [{ id: 77, org: "acme" }];
  const apps = [{ id: 1234, publicKey: createPublicKey(KEY.publicKey), installations }];
  const { github } = await newScene({ server: { apps, now: undefined } });
  const shown = await everythingShown(github, { appId: "1234", appPrivateKey: KEY.privateKey });
  for (const line of KEY.privateKey.split("\n").slice(1, -2)) expect(shown).not.toContain(line);
  expect(shown).not.toMatch(/eyJ[\w-]{10}|ghs_|PRIVATE KEY/);
});
