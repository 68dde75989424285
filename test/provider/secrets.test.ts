import { inspect } from "node:util";
import { newProvider, recordInputs } from "../support/provider";
import type { FaultOptions } from "../../local/github";
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

test("the canary is found where it is put: the search itself works", () => {
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

test.each(faults)("after %s, the token is in no error, no warning and no output", async (_what, fault) => {
  withoutPauses();
  const written = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, "write"));
  const logged = (["log", "error", "warn", "info", "debug"] as const).map((name) =>
    jest.spyOn(console, name),
  );
  const scene = await newScene({ server: { token: CANARY }, config: { timeoutSeconds: "1" } });
  const saved = await create(scene, recordInputs());
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
});

test("the token is in no request's path, body or header but Authorization", async () => {
  const scene = await newScene({ server: { token: CANARY } });
  await refresh(scene, await create(scene, recordInputs({ tags: { team: "shop" } })));
  expect(scene.github.requests).toHaveLength(2);
  expect(JSON.stringify(scene.github.requests)).not.toContain(CANARY);
});

test("a thousand concurrent first calls are all authenticated", async () => {
  const scene = await newScene();
  const results = await Promise.allSettled(
    Array.from({ length: 1000 }, (_, index) =>
      scene.provider.create(
        recordInputs({ cluster: `cluster-${index % 50}`, deploymentName: `web-${index}` }),
      ),
    ),
  );
  expect(results.filter(({ status }) => status === "rejected")).toEqual([]);
  expect(scene.github.deploymentRecords()).toHaveLength(1000);
  expect(scene.github.requests.filter(({ status }) => status !== 200)).toEqual([]);
});

test.each([
  ["a wrong setting", { "artifact-metadata:timeoutSeconds": "soon" }, /timeoutSeconds must be/],
  ["a broken token", { "artifact-metadata:token": "two words" }, /token holds a space/],
])(
  "with %s, every one of many concurrent first calls fails, and nothing is sent",
  async (_what, wrong, reason) => {
    const scene = await newScene();
    const config = {
      "artifact-metadata:token": scene.github.token,
      "artifact-metadata:baseUrl": scene.github.url,
      ...wrong,
    };
    const { provider } = await newProvider(config);
    const calls = Array.from({ length: 100 }, (_, index) => {
      const inputs = recordInputs({ deploymentName: `web-${index}` });
      const id = `acme/production/eu-west-1/prod-eu/web-${index}`;
      const outs = { ...inputs, status: "deployed", updatedAt: "2026-01-01T00:00:00Z" } as const;
      return [
        () => provider.check(inputs, inputs),
        () => provider.create(inputs),
        () => provider.update(id, outs, inputs),
        () => provider.read(id, outs),
        () => provider.delete(id, outs),
      ][index % 5];
    });
    const errors = await Promise.all(calls.map((call) => failureOf((async () => call?.())())));
    for (const error of errors) expect(error.message).toMatch(reason);
    expect(scene.github.requests).toEqual([]);
  },
);
