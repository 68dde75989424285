/**
 * Takes the seven artifact-metadata operations, the two that list attestations, and those on a pull request's comments out
 * of GitHub's OpenAPI description, with what they refer to and without the prose, and writes them to
 * local/github/openapi.json. Run by hand when GitHub changes them:
 *
 *   npm install --no-save @octokit/openapi@23.0.2 && npm run openapi:extract
 *
 * A path to another copy of api.github.com.json may be given as the argument.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

type Json = null | boolean | number | string | Json[] | JsonObject;
type JsonObject = { [key: string]: Json };

const OPERATIONS =
  /^\/orgs\/\{org\}\/(artifacts\/(metadata|\{subject_digest\}\/metadata)\/|attestations\/(\{subject_digest\}|bulk-list)$)/;
const COMMENTS = "/repos/{owner}/{repo}/issues";
/** Of their paths, these methods alone. */
const METHODS: Record<string, string[]> = {
  [`${COMMENTS}/{issue_number}/comments`]: ["get", "post"],
  [`${COMMENTS}/comments/{comment_id}`]: ["patch"],
};
/** Errors that every operation may answer, although the description does not repeat them for each. */
const ERRORS = ["#/components/schemas/basic-error", "#/components/schemas/validation-error"];
const PROSE = new Set(["description", "summary", "example", "examples", "title", "tags"]);
/** Below these keys stand names that somebody chose, so `tags` and `description` are no prose there. */
const NAME_MAPS = new Set(["properties", "responses", "schemas", "parameters", "paths"]);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function withoutProse(value: Json, keysAreNames = false): Json {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value)
    .filter(([key]) => keysAreNames || !(PROSE.has(key) || key.startsWith("x-")))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, withoutProse(item, !keysAreNames && NAME_MAPS.has(key))]);
  return Object.fromEntries(kept) as JsonObject;
}

function refsIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === "$ref" && typeof item === "string" ? [item] : refsIn(item),
  );
}

function at(document: JsonObject, ref: string): Json {
  let place: Json | undefined = document;
  for (const key of ref.slice(2).split("/")) place = isObject(place) ? place[key] : undefined;
  if (place === undefined) throw new Error(`${ref} is missing in the description`);
  return place;
}

/** The components that are referred to, also by each other. */
function components(document: JsonObject, roots: string[]): JsonObject {
  const found = new Map<string, Json>();
  const todo = [...roots];
  for (let ref = todo.pop(); ref !== undefined; ref = todo.pop()) {
    if (found.has(ref)) continue;
    const component = withoutProse(at(document, ref));
    found.set(ref, component);
    todo.push(...refsIn(component));
  }
  const sections: Record<string, JsonObject> = {};
  for (const ref of [...found.keys()].sort()) {
    const [, , section = "", name = ""] = ref.split("/");
    (sections[section] ??= {})[name] = found.get(ref) ?? null;
  }
  return sections;
}

function extract(document: JsonObject): JsonObject {
  const all = isObject(document.paths) ? Object.entries(document.paths) : [];
  const chosen = all.flatMap(([path, item]): [string, Json][] => {
    if (OPERATIONS.test(path)) return [[path, item]];
    const methods = METHODS[path];
    if (!methods || !isObject(item)) return [];
    return [[path, Object.fromEntries(Object.entries(item).filter(([method]) => methods.includes(method)))]];
  });
  chosen.sort(([a], [b]) => (a < b ? -1 : 1));
  if (chosen.length !== 11) throw new Error(`expected 11 paths, found ${chosen.length}`);
  const paths = withoutProse(Object.fromEntries(chosen), true);
  const version = isObject(document.info) ? (document.info.version ?? null) : null;
  return {
    openapi: document.openapi ?? null,
    info: { title: "GitHub artifact metadata, from @octokit/openapi", version },
    paths,
    components: components(document, [...refsIn(paths), ...ERRORS]),
  };
}

const source = process.argv[2] ?? require.resolve("@octokit/openapi/generated/api.github.com.json");
const target = join(__dirname, "..", "local", "github", "openapi.json");
const result = extract(JSON.parse(readFileSync(source, "utf8")) as JsonObject);
writeFileSync(target, `${JSON.stringify(result, null, 2)}\n`);
console.log(`${target}: ${Object.keys(result.paths as JsonObject).length} operations`);
