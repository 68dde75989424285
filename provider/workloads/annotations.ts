/**
 * Risks and tags from annotations, as github/deployment-tracker reads them
 * (https://github.com/github/deployment-tracker#annotations), except that nothing is left out: a risk that GitHub does
 * not know is an error of the record's check.
 */
const PREFIX = "metadata.github.com/";
const RISKS = `${PREFIX}runtime-risks`;

type Level = Record<string, unknown>;

export interface Annotated {
  /** As they were written: strings, where the object is valid. */
  tags?: Record<string, unknown>;
  /** The lists of all levels, with commas between the risks. */
  riskLists?: unknown[];
}

/** @param levels Annotations, labels or tags: what is nearest to the container first, then what owns it. */
export function readAnnotations(levels: readonly unknown[]): Annotated {
  const objects = levels
    .map(asMap)
    .filter((level): level is Level => typeof level === "object" && level !== null);
  const tags = objects.toReversed().flatMap((level) =>
    Object.keys(level)
      .filter((key) => key.startsWith(PREFIX) && key !== RISKS)
      .map((key) => [key.slice(PREFIX.length), level[key]] as const),
  );
  const riskLists = objects.filter((level) => Object.hasOwn(level, RISKS)).map((level) => level[RISKS]);
  return {
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
    ...(riskLists.length > 0 && { riskLists }),
  };
}

/** The API of AWS has tags as a list of key and value. */
function asMap(level: unknown): unknown {
  if (!Array.isArray(level)) return level;
  const pairs = level.filter((pair): pair is Level => typeof pair === "object" && pair !== null);
  return Object.fromEntries(pairs.map(({ key, value }) => [String(key), value]));
}

/** The risks of all lists, each once. Tags of AWS cannot have commas: spaces may stand in their place. */
export function splitRisks(lists: readonly unknown[]): string[] {
  const risks = lists
    .flatMap((list) => String(list).split(/[,\s]+/))
    .map((risk) => risk.trim().toLowerCase());
  return [...new Set(risks.filter((risk) => risk !== ""))];
}
