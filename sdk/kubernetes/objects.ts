/** What is given, in whatever form, as a list of Kubernetes objects. */
import { programError } from "../errors";
import { applyTo, at, isPending, whenKnown } from "./values";
import type { MaybeOutput } from "./values";

/** Visits each object that is given; what it finds there, in one list. */
export function visitObjects<T>(
  given: unknown,
  visit: (object: object) => MaybeOutput<T[]>,
): MaybeOutput<T[]> {
  const visitAll = (all: readonly unknown[]): MaybeOutput<T[]> =>
    whenKnown(
      all.map((one) => visitObjects(one, visit)),
      (found) => (found as T[][]).flat(),
    );
  if (isPending(given)) return applyTo(given, (known) => visitObjects(known, visit));
  if (typeof given === "string") return visitAll(documentsOf(given));
  if (Array.isArray(given)) return visitAll(given);
  if (typeof given !== "object" || given === null)
    throw programError(
      `deploymentsFromKubernetes: ${JSON.stringify(given) ?? "undefined"} is no Kubernetes object.`,
    );
  const resources = at(given, "resources");
  if (resources !== undefined && at(given, "kind") === undefined) return visitCollection(resources, visitAll);
  return whenKnown([at(given, "kind")], ([kind]) => {
    const items = at(given, "items");
    const isList = typeof kind === "string" && kind.endsWith("List") && items !== undefined;
    return isList ? visitObjects(items ?? [], visit) : visit(given);
  });
}

/** By name, or as a list. */
function visitCollection<T>(
  resources: unknown,
  visitAll: (all: unknown[]) => MaybeOutput<T[]>,
): MaybeOutput<T[]> {
  return whenKnown([resources], ([known]) => visitAll(Object.values(known ?? {})));
}

function documentsOf(text: string): unknown[] {
  const documents = parseYaml(text).filter((document) => document !== null && document !== undefined);
  if (documents.every((document) => typeof document === "object")) return documents;
  throw programError(
    "deploymentsFromKubernetes: the text is no YAML of Kubernetes objects. Is it a file's name? Give the file's content.",
  );
}

type Yaml = typeof import("js-yaml");

/** Kubernetes knows no dates: it reads 2024-05-01 as text, also where it is in no quotes. */
const textOfDates = ({ Type }: Yaml) =>
  new Type("tag:yaml.org,2002:timestamp", {
    kind: "scalar",
    resolve: (text: unknown) => typeof text === "string" && /^\d{4}-/.test(text),
  });

function parseYaml(text: string): unknown[] {
  // Loaded when it is first needed: importing this package adds little to importing Pulumi.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const yaml = require("js-yaml") as Yaml;
  try {
    return yaml.loadAll(text, null, {
      schema: yaml.DEFAULT_SCHEMA.extend({ implicit: [textOfDates(yaml)] }),
    });
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    // Its message shows the lines around, which may hold a secret.
    const { reason, mark } = error;
    throw programError(
      `deploymentsFromKubernetes: the YAML text cannot be read: ${reason} (line ${mark.line + 1}, column ${mark.column + 1}).`,
    );
  }
}
