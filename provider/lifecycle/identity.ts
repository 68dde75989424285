/** What makes two records the same record, defined once for each resource. */
import { ProviderError } from "../runtime/errors";
import { UNKNOWN } from "./check";
import { comparable } from "./diff";

export interface IdentityDefinition<I extends object> {
  /** What it identifies, in messages: `deployment record`. */
  what: string;
  /** The fields, in the order of the ID's parts. A change of one of them replaces the resource. */
  fields: readonly (keyof I & string)[];
  required: readonly (keyof I & string)[];
  /** An ID, for the error about one that cannot be read. */
  example: string;
  /** The record in a user's words. */
  describe: (identity: I) => string;
}

export interface Identity<I extends object> extends Pick<IdentityDefinition<I>, "fields" | "describe"> {
  /** A resource's ID: the identity's parts, percent-encoded, with an empty part for one that is absent. */
  format(identity: I): string;
  /**
   * The inverse of `format`.
   * @throws what an ID of this kind looks like
   */
  parse(id: string): I;
  /** The same text for two identities that mean the same record, whatever their spelling. */
  key(identity: I): string;
  /** Whether these inputs say which record is meant: in a preview, a part can be unknown. */
  isKnown(inputs: object): boolean;
}

export function defineIdentity<I extends object>(definition: IdentityDefinition<I>): Identity<I> {
  const { what, fields, describe } = definition;
  const valuesOf = (source: object) => fields.map((field) => (source as Record<string, unknown>)[field]);
  const join = (parts: unknown[]) =>
    parts.map((part) => encodeURIComponent(typeof part === "string" ? part : "")).join("/");
  return {
    fields,
    describe,
    format: (identity) => join(valuesOf(identity)),
    parse: (id) => parseId(definition, id),
    key(identity) {
      const parts = valuesOf(identity).map((part, index) => comparable(fields[index] ?? "", part));
      return `${what} ${join(parts)}`;
    },
    isKnown: (inputs) => !valuesOf(inputs).includes(UNKNOWN),
  };
}

function parseId<I extends object>(
  { what, fields, required, example }: IdentityDefinition<I>,
  id: string,
): I {
  const parts = id.split("/").map(decode);
  const values = new Map<string, string | undefined>(fields.map((field, index) => [field, parts[index]]));
  const isWhole = parts.length === fields.length && !parts.includes(undefined);
  if (!isWhole || required.some((field) => !values.get(field))) {
    throw new ProviderError(
      `"${id}" is not the ID of a ${what}. It has ${fields.length} parts, percent-encoded: ${fields.join("/")}; ` +
        `for example ${example}; parts that a record does not have are empty.`,
    );
  }
  return Object.fromEntries([...values].filter(([, part]) => part !== "")) as I;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not something that `format` wrote: reported as a malformed ID.
    return undefined;
  }
}
