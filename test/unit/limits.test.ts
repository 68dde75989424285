import openapi from "../../local/github/openapi.json";
import { checkAnything, newProvider, recordInputs } from "../support/provider";

// The cases come from GitHub's own description, so a limit that changes there changes here.
interface Schema {
  type?: string;
  minLength?: number;
  maxLength?: number;
  pattern?: string;
  enum?: string[];
  maxItems?: number;
  uniqueItems?: boolean;
  items?: Schema;
  maxProperties?: number;
  additionalProperties?: Schema;
}

const operation = openapi.paths["/orgs/{org}/artifacts/metadata/deployment-record"].post;
const body = operation.requestBody.content["application/json"].schema;
const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
/** An option of the request, not a part of the record. */
const notOffered = ["return_records"];
const properties = Object.entries<Schema>(body.properties)
  .filter(([name]) => !notOffered.includes(name))
  .map(([name, schema]) => ({ name: camelCase(name), schema }));

type Case = [property: string, what: string, value: unknown];

/** The literal text that a pattern begins with, such as `sha256:`. */
const prefixOf = ({ pattern = "" }: Schema) => /^\^([\w:]*)/.exec(pattern)?.[1] ?? "";
const textOf = (schema: Schema, length: number, character = "a") =>
  prefixOf(schema) + character.repeat(Math.max(0, length - prefixOf(schema).length));

/** Every printable ASCII character and some beyond, each as the last character of an otherwise allowed text. */
function charactersOf(schema: Schema): { allowed: string[]; refused: string[] } {
  if (schema.pattern === undefined) return { allowed: [], refused: [] };
  const pattern = new RegExp(schema.pattern, "u");
  const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
  const texts = [...ascii, "\n", "é", "😀"].map(
    (last) => textOf(schema, (schema.maxLength ?? 20) - 1) + last,
  );
  return {
    allowed: texts.filter((text) => pattern.test(text)),
    refused: texts.filter((text) => !pattern.test(text)),
  };
}

function textCases(name: string, schema: Schema): { allowed: Case[]; refused: Case[] } {
  const { minLength: min = 0, maxLength: max = 0 } = schema;
  const characters = charactersOf(schema);
  const free = schema.pattern === undefined && schema.enum === undefined;
  return {
    allowed: [
      ...(max > 0 ? [[name, `${max} characters`, textOf(schema, max)] as Case] : []),
      ...(min > 0 ? [[name, `${min} characters`, textOf(schema, min)] as Case] : []),
      ...(free ? [[name, `${max} astral characters`, textOf(schema, max, "😀")] as Case] : []),
      ...(schema.enum ?? []).map((value): Case => [name, value, value]),
      ...characters.allowed.map((text): Case => [name, `ending in ${JSON.stringify(text.at(-1))}`, text]),
    ],
    refused: [
      ...(max > 0 ? [[name, `${max + 1} characters`, textOf(schema, max + 1)] as Case] : []),
      ...(min > 0 ? [[name, `${min - 1} characters`, textOf(schema, min - 1)] as Case] : []),
      ...(free ? [[name, `${max + 1} astral characters`, textOf(schema, max + 1, "😀")] as Case] : []),
      ...(schema.enum ?? []).flatMap((value): Case[] => [
        [name, `${value} in upper case`, value.toUpperCase()],
        [name, `${value} and one more letter`, `${value}x`],
      ]),
      ...characters.refused.map((text): Case => [name, `ending in ${JSON.stringify(text.at(-1))}`, text]),
    ],
  };
}

const texts = properties.filter(({ schema }) => schema.type === "string");
const lists = properties.filter(({ schema }) => schema.type === "array");
const maps = properties.filter(({ schema }) => schema.type === "object");
const allowedTexts = texts.flatMap(({ name, schema }) => textCases(name, schema).allowed);
const refusedTexts = texts.flatMap(({ name, schema }) => textCases(name, schema).refused);

const check = async (news: Record<string, unknown>) => checkAnything((await newProvider()).provider, news);

/** Reads well after "has a problem:", in our words and not in a library's. */
const readable = /^(is|has|contains|must|cannot|the tag's key) /;

test("the description has texts, lists and maps, and the resource offers every property of it", async () => {
  const { failures } = await check({ ...recordInputs(), nothingLikeThis: 1 });
  const offered = failures[0]?.reason.split("it has ")[1]?.split(", ");
  expect(offered?.filter((name) => name !== "org").sort()).toEqual(properties.map(({ name }) => name).sort());
  expect([texts.length, lists.length, maps.length]).toEqual([9, 1, 1]);
  expect(refusedTexts.length).toBeGreaterThan(100);
});

test.each(allowedTexts)("17. bad names and digests: %s: %s is allowed", async (name, _what, value) => {
  const { inputs, failures } = await check({ ...recordInputs(), [name]: value });
  expect(failures).toEqual([]);
  expect(inputs[name]).toBe(value);
});

test.each(refusedTexts)("17. bad names and digests: %s: %s is refused", async (name, _what, value) => {
  const { failures } = await check({ ...recordInputs(), [name]: value });
  expect(failures).toEqual([{ property: name, reason: expect.stringMatching(readable) as string }]);
});

test.each(properties.map(({ name }) => name))("%s: a value of another type is refused", async (name) => {
  const kinds = [0, 17, true, "text", ["text"], { key: 1 }, [[]]].filter(
    (value) => typeof value !== "string" || !texts.some((text) => text.name === name),
  );
  for (const value of kinds) {
    const { failures } = await check({ ...recordInputs(), [name]: value });
    expect(failures.length).toBeGreaterThan(0);
    for (const { property, reason } of failures) {
      expect(property).toMatch(new RegExp(`^${name}\\b`));
      expect(reason).toMatch(readable);
    }
  }
});

test.each(properties.map(({ name }) => name))("%s: may be absent only where GitHub says so", async (name) => {
  // `status` is required by the API; here it has a default.
  const required = body.required.map(camelCase).filter((one) => one !== "status");
  for (const absent of [undefined, null]) {
    const { failures } = await check({ ...recordInputs(), [name]: absent });
    expect(failures).toEqual(required.includes(name) ? [{ property: name, reason: "is required" }] : []);
  }
});

test.each(lists)("$name: as many as are allowed, each once, each of the allowed ones", async (list) => {
  const { name } = list;
  const all = list.schema.items?.enum ?? [];
  const max = list.schema.maxItems ?? 0;
  expect(max).toBeLessThanOrEqual(all.length);
  expect((await check({ ...recordInputs(), [name]: all.slice(0, max) })).failures).toEqual([]);
  expect((await check({ ...recordInputs(), [name]: [] })).failures).toEqual([]);

  const oneTooMany = [...all, ...all].slice(0, max + 1);
  expect((await check({ ...recordInputs(), [name]: oneTooMany })).failures).toContainEqual({
    property: name,
    reason: expect.stringContaining(`${max} are allowed`) as string,
  });
  for (const value of all) {
    const { failures } = await check({ ...recordInputs(), [name]: [value, value] });
    expect(failures).toEqual([{ property: name, reason: expect.stringMatching(/twice/) as string }]);
  }
  const { failures } = await check({ ...recordInputs(), [name]: [all[0], `${all[1]}x`] });
  expect(failures).toEqual([
    { property: `${name}[1]`, reason: expect.stringContaining(`"${all[1]}"`) as string },
  ]);
});

test.each(maps)(
  "19. bad tags, contradictions, and a record declared twice: $name: as many as are allowed, with texts as values",
  async ({ name, schema }) => {
    const max = schema.maxProperties ?? 0;
    const map = (size: number) =>
      Object.fromEntries(Array.from({ length: size }, (_, i) => [`key${i}`, "x"]));
    expect((await check({ ...recordInputs(), [name]: map(max) })).failures).toEqual([]);
    expect((await check({ ...recordInputs(), [name]: {} })).failures).toEqual([]);
    expect((await check({ ...recordInputs(), [name]: map(max + 1) })).failures).toEqual([
      { property: name, reason: `has ${max + 1} tags; ${max} are allowed` },
    ]);
    expect(schema.additionalProperties?.type).toBe("string");
    for (const value of [1, false, null, ["x"], { key: "x" }]) {
      const { failures } = await check({ ...recordInputs(), [name]: { "a b": value, plain: "x" } });
      expect(failures).toEqual([{ property: `${name}["a b"]`, reason: "must be a string" }]);
    }
  },
);
