/** What answers are made of, of whatever API. */
import { z } from "zod";

/** What Pulumi's protocol can carry: half of a surrogate pair would be lost on its way. */
export const wellFormedString = z.string().transform((value) => value.toWellFormed());

/** A string in any case (see body.ts): Pulumi's protocol carries no integers above 2^53. */
export const id = z.union([z.number().transform(String), wellFormedString]);

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
