/** The limits of storage records and of a set's entries, from GitHub's own description (see limits.test.ts). */
import openapi from "../../local/github/openapi.json";
import { configOf } from "../support/provider";
import { createRunContext } from "../../provider/create-run-context";
import { clusterDeploymentSetProvider } from "../../provider/cluster-deployment-set";
import { storageRecordProvider } from "../../provider/storage-record";
import { deploymentAt, setOf } from "../support/sets";
import { libfoo } from "../support/storage";

interface Schema {
  type?: string;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  enum?: string[];
}
type Properties = Record<string, Schema>;
type Check = (field: string, value: unknown) => Promise<{ property: string; reason: string }[]>;

const host = createRunContext({ environment: {}, warn: () => undefined });
host.configure(configOf({}));
async function failures(provider: { check?: unknown }, news: object) {
  const check = provider.check as (
    olds: object,
    news: object,
  ) => Promise<{ failures?: Awaited<ReturnType<Check>> }>;
  return (await check({}, news)).failures ?? [];
}

const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
const prefixes: Record<string, string> = { "^https://": "https://", "^sha256:[a-f0-9]{64}$": "sha256:" };
const textOf = ({ pattern = "" }: Schema, length: number) => (prefixes[pattern] ?? "").padEnd(length, "a");

const bodyOf = (path: string) =>
  (
    openapi.paths as unknown as Record<
      string,
      {
        post: {
          requestBody: { content: Record<string, { schema: { properties: unknown; required: string[] } }> };
        };
      }
    >
  )[path]?.post.requestBody.content["application/json"]?.schema ?? { properties: {}, required: [] };

const cluster = "/orgs/{org}/artifacts/metadata/deployment-record/cluster/{cluster}";
const entry = (
  bodyOf(cluster).properties as { deployments: { items: { properties: Properties; required: string[] } } }
).deployments.items;
const storage = bodyOf("/orgs/{org}/artifacts/metadata/storage-record");

const resources: [string, Properties, string[], Check][] = [
  [
    "storage record",
    storage.properties as Properties,
    storage.required,
    (field, value) => failures(storageRecordProvider(host), { ...libfoo, [field]: value }),
  ],
  [
    "entry of a set",
    entry.properties,
    entry.required,
    async (field, value) => {
      const news = setOf({ web: { ...deploymentAt(0), [field]: value } });
      const found = await failures(clusterDeploymentSetProvider(host), news);
      return found.map(({ property, reason }) => ({
        property: property.replace("deployments.web.", ""),
        reason,
      }));
    },
  ],
];
/** The key of the map; tried in cluster-set-check.test.ts. */
const isKey = (name: string) => name === "deployment_name";

describe.each(resources)("%s", (_what, properties, required, check) => {
  const texts = Object.entries(properties).filter(([name, { type }]) => type === "string" && !isKey(name));

  test.each(texts)(
    "17. bad names and digests: %s: at its limits, and one past them",
    async (name, schema) => {
      const field = camelCase(name);
      const { minLength: min = 0, maxLength: max, enum: allowed } = schema;
      for (const value of allowed ?? []) expect(await check(field, value)).toEqual([]);
      if (allowed) expect(await check(field, `${allowed[0]}x`)).toMatchObject([{ property: field }]);
      if (max === undefined) return;
      expect(await check(field, textOf(schema, max))).toEqual([]);
      expect(await check(field, textOf(schema, max + 1))).toMatchObject([{ property: field }]);
      if (min > 1) expect(await check(field, textOf(schema, min - 1))).toMatchObject([{ property: field }]);
      // What GitHub would take for absent is refused here, so that absent and empty are not two values.
      expect((await check(field, "")).map(({ property }) => property)).toContain(field);
    },
  );

  test.each(texts.filter(([, { pattern }]) => pattern))(
    "%s: what its pattern refuses",
    async (name, schema) => {
      const field = camelCase(name);
      const length = schema.maxLength ?? 20;
      for (const last of ["\n", "é", " "]) {
        const value = textOf(schema, length - 1) + last;
        if (new RegExp(schema.pattern ?? "", "u").test(value)) continue;
        expect(await check(field, value)).toMatchObject([{ property: field }]);
      }
      expect((await check(field, "x".repeat(Math.max(1, schema.minLength ?? 1)))).length).toBe(
        new RegExp(schema.pattern ?? "").test("x") ? 0 : 1,
      );
    },
  );

  test.each(required.filter((name) => !isKey(name)).map(camelCase))("%s is required", async (field) => {
    expect(await check(field, undefined)).toEqual([{ property: field, reason: "is required" }]);
  });
});
