import type { GitHub } from "../../local/github";
import { ask, cluster, clusterCall, DIGEST, entry, jobsOf, serve, WRITES } from "./client";
import { described } from "./described";
import { triesOf, withValue } from "./tries";

test.each(WRITES)("%s takes each property at its limits, and refuses one past them", async (...given) => {
  const [operation, what, body] = given;
  const { github } = await serve({ jobs: { pollsPerStep: 0 } });
  const schema = described(operation).body ?? {};
  const tries = triesOf(schema, "");
  expect(tries.filter(({ valid }) => valid).length).toBeGreaterThan(10);
  const surprises: string[] = [];
  for (const one of tries) {
    const before = github.violations.length;
    const { status, body: answer } = await ask(github, what, {
      body: withValue(body(), one.field, one.value),
    });
    const named = (answer.errors ?? []).some(({ field }) => field === one.field);
    const told = typeof answer.message === "string" && answer.message.includes(`body ${one.field}`);
    const refused = status === 422 && named && told && github.violations.length === before + 1;
    if (one.valid ? status >= 300 : !refused) surprises.push(`${one.field} ${one.why}: ${status}`);
  }
  expect(surprises).toEqual([]);
});

test.each(WRITES)("%s needs what the description requires, and nothing more", async (...given) => {
  const [operation, what, body] = given;
  const { github } = await serve();
  const schema = described(operation).body ?? {};
  const required = schema.required ?? [];
  expect(Object.keys(body()).sort()).toEqual([...required].sort());
  for (const field of required) {
    const { status, body: answer } = await ask(github, what, { body: { ...body(), [field]: undefined } });
    expect([status, answer.errors]).toEqual([
      422,
      [{ resource: "body", field, code: "missing_field", message: "is required" }],
    ]);
  }
  expect(records(github)).toEqual([]);
});

test.each(WRITES)("%s refuses a property that the description does not name", async (...given) => {
  const [, what, body] = given;
  const { github } = await serve();
  for (const field of ["artifact", "Name", "constructor", "toString", "two words"]) {
    const { status, body: answer } = await ask(github, what, { body: { ...body(), [field]: "x" } });
    const named = field === "two words" ? '["two words"]' : field;
    expect([status, answer.errors?.map((error) => error.field)]).toEqual([422, [named]]);
  }
  const proto = JSON.stringify(body()).replace("{", '{"__proto__":{"name":"x"},');
  expect(await ask(github, what, { body: proto })).toMatchObject({
    status: 422,
    body: { errors: [{ field: "__proto__" }] },
  });
  expect(records(github)).toEqual([]);
});

test("an entry of a cluster call is held to the description like the call itself", async () => {
  const { github } = await serve();
  const wrong = [
    entry(),
    { ...entry({ deployment_name: "two" }), cluster: "x", digest: undefined },
    null,
    "three",
  ];
  const { status, body } = await ask(github, clusterCall(), { body: cluster(wrong) });
  expect(status).toBe(422);
  expect(body.errors?.map(({ field }) => field).sort()).toEqual([
    "deployments[1].cluster",
    "deployments[1].digest",
    "deployments[2]",
    "deployments[3]",
  ]);
  expect(github.deploymentRecords()).toEqual([]);
});

test.each([clusterCall(), jobsOf()])("%s refuses a deployment name that is there twice", async (what) => {
  const { github } = await serve();
  const body = cluster([entry(), entry({ deployment_name: "other" }), entry({ digest: DIGEST })]);
  expect(await ask(github, what, { body })).toMatchObject({
    status: 422,
    body: {
      errors: [{ field: "deployments[2].deployment_name", message: "is in the request more than once" }],
    },
  });
});

test("many mistakes are counted, and the first of them listed", async () => {
  const { github } = await serve();
  const wrong = Array.from({ length: 200 }, (_, index) => entry({ deployment_name: `d${index}`, tags: 1 }));
  const { status, body } = await ask(github, clusterCall(), { body: cluster(wrong) });
  expect([status, body.errors?.length]).toEqual([422, 50]);
  expect(body.message).toMatch(/and 195 more$/);
});

const records = (github: GitHub) => [
  ...github.deploymentRecords(),
  ...github.storageRecords(),
  ...github.jobs(),
];
