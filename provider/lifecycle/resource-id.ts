import { ProviderError } from "../runtime/errors";

/** A resource's ID: its identity's parts, percent-encoded, with an empty part for one that is absent. */
export function joinId(parts: readonly (string | undefined)[]): string {
  return parts.map((part) => encodeURIComponent(part ?? "")).join("/");
}

/**
 * The inverse of `joinId`, for an ID that has these parts.
 * @throws what an ID of this kind looks like
 */
export function splitId<F extends string>(
  id: string,
  what: string,
  fields: readonly F[],
  required: readonly F[],
  example: string,
): Partial<Record<F, string>> {
  const parts = id.split("/").map(decode);
  const values = Object.fromEntries(fields.map((field, index) => [field, parts[index]])) as Record<F, string>;
  if (
    parts.length !== fields.length ||
    parts.includes(undefined) ||
    required.some((field) => !values[field])
  ) {
    throw new ProviderError(
      `"${id}" is not the ID of a ${what}. It has ${fields.length} parts, percent-encoded: ${fields.join("/")}; ` +
        `for example ${example}; what a record does not have stays empty.`,
    );
  }
  return Object.fromEntries(Object.entries(values).filter(([, part]) => part !== "")) as Partial<
    Record<F, string>
  >;
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not something that joinId wrote: reported as a malformed ID.
    return undefined;
  }
}
