/** What answers are made of, of whatever API. */
import { z } from "zod";
import { keptText, LOST } from "../runtime/untrusted-text";

/**
 * What Pulumi's protocol can carry, in which half of a surrogate pair would be lost on its way, without control characters:
 * no record of ours holds one.
 */
export const wellFormedString = z
  .string()
  .transform((value) => value.toWellFormed().replace(/\p{Cc}/gu, LOST));

/** What is only quoted, where it is escaped. */
export const quotedString = z.string();

const kept = (max: number) => z.string().transform((value) => keptText(value, max));

/** What the state keeps of an answer, and nothing is found by. */
export const observedString = kept(1_000);
/** A time, a status: a word of the API's. */
export const observedWord = kept(64);

/** A string in any case (see body.ts): Pulumi's protocol carries no integers above 2^53. */
export const id = z.union([
  z.number().transform(String),
  // A space would end it where a set's state keeps it.
  kept(100).transform((text) => text.replaceAll(" ", LOST)),
]);

export const optional = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => value ?? undefined);

/** More than any answer has. An answer of the wrong kind is refused before each of its parts is looked at. */
const MAX_ENTRIES = 50_000;

export const list = <T extends z.ZodType>(entry: T) =>
  z.array(z.unknown()).max(MAX_ENTRIES).pipe(z.array(entry));

export const stringMap = z
  .record(z.string(), z.unknown())
  .refine((map) => Object.keys(map).length <= MAX_ENTRIES, "has too many keys")
  .pipe(z.record(wellFormedString, wellFormedString));
