/** The report for programs; docs/report.schema.json describes it. */
import { safeJson } from "../../provider/runtime/untrusted-text";
import type { Value } from "../summary/types";
import { isSpecial } from "../summary/values";
import { clip } from "../summary/words";
import type { Difference, Entry, Inventory } from "./types";
import { countsOf } from "./words";

export function toJson({ stacks, entries, notes, check }: Inventory): string {
  const report = { stacks, counts: countsOf(entries), check, records: entries.map(toRecord), notes };
  return `${safeJson(JSON.stringify(report, undefined, 2))}\n`;
}

/** The fields of a record as programs get them: absent where the state does not have them. */
export function fieldsOf(entry: Entry): Record<string, Value | Value[] | undefined> {
  const { kind, place, name, artifact, path, version, digest, status, runtimeRisks, since, stack, resource } =
    entry;
  return {
    ...{ kind, stack, resource, ...place },
    ...(kind === "storage" ? { artifact: name, path } : { deploymentName: name, artifact }),
    ...{ version, digest, status, runtimeRisks, since },
  };
}

function toRecord(entry: Entry): object {
  const fields = Object.entries(fieldsOf(entry)).filter(([, value]) => value !== undefined);
  const secrets = fields.filter(([, value]) =>
    Array.isArray(value) ? value.some(isSpecial) : isSpecial(value),
  );
  return {
    ...Object.fromEntries(
      fields.map(([field, value]) => [field, Array.isArray(value) ? value.map(text) : text(value)]),
    ),
    ...(secrets.length > 0 ? { secrets: secrets.map(([field]) => field) } : {}),
    ...(entry.differences === undefined ? {} : { differences: entry.differences.map(inWords) }),
  };
}

/** `tags on GitHub: {"team":"web"}` */
export const inWords = ({ words, live }: Difference): string =>
  live === undefined ? words : `${words} ${clip(live)}`;

export const text = (value: Value | undefined): string =>
  isSpecial(value) ? `[${value.description}]` : (value ?? "");
