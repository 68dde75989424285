/** The summary for programs; docs/pull-request-summary.schema.json describes it. */
import { safeJson } from "../../provider/runtime/untrusted-text";
import type { Side, Summary, Value } from "./types";
import { isSpecial } from "./values";
import { countActions } from "./words";

export function toJson({ project, stack, changes, errors, warnings }: Summary): string {
  const summary = {
    ...(project === undefined ? {} : { project, stack }),
    counts: Object.fromEntries(countActions(changes)),
    changes: changes.map(({ place, name, before, after, ...change }) => ({
      ...change,
      place: known(place),
      name: text(name),
      ...(before && { before: known(before) }),
      ...(after && { after: known(after) }),
    })),
    errors,
    warnings,
  };
  return `${safeJson(JSON.stringify(summary, undefined, 2))}\n`;
}

const text = (value: Value): string => (isSpecial(value) ? `[${value.description}]` : value);

const known = (of: Side | Readonly<Record<string, Value>>) =>
  Object.fromEntries(
    Object.entries(of as Readonly<Record<string, Value | Value[] | undefined>>).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, Array.isArray(value) ? value.map(text) : text(value)]],
    ),
  );
