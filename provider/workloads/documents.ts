/** The documents of a text: YAML, or JSON values one after the other. */
import { ProviderError } from "../runtime/errors";
import { shown } from "./quote";

export interface Document {
  value: unknown;
  /** What is wrong with it that only matters where it is a workload. */
  problem?: string;
}

/** Empty documents are left out. */
export function documentsOf(text: string): Document[] {
  const documents = (jsonValues(text) ?? yamlDocuments(text)).filter(({ value }) => (value ?? null) !== null);
  if (documents.every(({ value }) => typeof value === "object")) return documents;
  throw new ProviderError(
    "the text is not YAML of Kubernetes objects. If it is the name of a file, pass the file's content.",
  );
}

/** JSON values with nothing but white space between them, as `jq -c` and several `kubectl get -o json` print them. */
function jsonValues(text: string): Document[] | undefined {
  const values: Document[] = [];
  let start = 0;
  for (const end of endsOfValues(text)) {
    try {
      values.push({ value: JSON.parse(text.slice(start, end)) });
    } catch {
      return undefined;
    }
    start = end;
  }
  return start > 0 && text.slice(start).trim() === "" ? values : undefined;
}

/** Where an object or list ends that stands in no other. Flow YAML is found too; it is then no JSON. */
function* endsOfValues(text: string): Generator<number> {
  if (!/^[\s\uFEFF]*[{[]/.test(text)) return;
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (inString) {
      if (character === "\\") index += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === "{" || character === "[") depth += 1;
    else if (character === "}" || character === "]") {
      depth -= 1;
      if (depth === 0) yield index + 1;
      if (depth < 0) return;
    }
  }
}

type Yaml = typeof import("js-yaml");
type Schema = import("js-yaml").Schema;

// Loaded when it is first needed: importing the SDK adds little to importing Pulumi.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const loadYaml = () => require("js-yaml") as Yaml;

const DUPLICATE = "duplicated mapping key";

function yamlDocuments(text: string): Document[] {
  try {
    return parse(text);
  } catch (error) {
    // It stops the whole text, though it may stand in an object that is no workload.
    if (reasonOf(error) !== DUPLICATE) throw withoutText(error, 0);
  }
  let line = 0;
  return text.split(/^---(?=\s|$)/m).flatMap((part) => {
    const first = line;
    line += part.split("\n").length - 1;
    return withDuplicates(part, first);
  });
}

function withDuplicates(part: string, firstLine: number): Document[] {
  try {
    return parse(part);
  } catch (error) {
    if (reasonOf(error) !== DUPLICATE) throw withoutText(error, firstLine);
    // As Kubernetes reads them: the last of several keys counts. The problem of a part is rarely asked for.
    return parse(part, { json: true }).map(({ value }) => ({
      value,
      get problem() {
        return withoutText(error, firstLine).message;
      },
    }));
  }
}

function parse(text: string, options: { json?: boolean } = {}): Document[] {
  return loadYaml()
    .loadAll(text, null, { ...options, schema: schemaOnce() })
    .map((value) => ({ value }));
}

let schema: Schema | undefined;

/** Made once: of thousands of small documents, it would cost more than all the rest. */
function schemaOnce(): Schema {
  const yaml = loadYaml();
  return (schema ??= yaml.DEFAULT_SCHEMA.extend({ implicit: [textOfDates(yaml)] }));
}

/** Kubernetes has no dates: it reads 2024-05-01 as text, also without quotes. */
const textOfDates = ({ Type }: Yaml) =>
  new Type("tag:yaml.org,2002:timestamp", {
    kind: "scalar",
    resolve: (text: unknown) => typeof text === "string" && /^\d{4}-/.test(text),
  });

const reasonOf = (error: unknown): string | undefined =>
  error instanceof loadYaml().YAMLException ? error.reason : undefined;

/** An error of the parser shows the lines around, which may hold a secret. */
function withoutText(error: unknown, firstLine: number): Error {
  if (!(error instanceof loadYaml().YAMLException)) return error as Error;
  const { reason, mark } = error;
  const where = mark ? ` (line ${firstLine + mark.line + 1}, column ${mark.column + 1})` : "";
  return new ProviderError(`the YAML text cannot be read: ${shown(reason)}${where}.`);
}
