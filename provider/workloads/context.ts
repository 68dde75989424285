/** What one call of the reader shares: what was visited, what is wrong, and what was skipped. */
import { ProviderError } from "../runtime/errors";
import { createProblems, MAX_REASONS } from "./problems";
import type { Problems } from "./problems";
import { plainValues } from "./types";
import type { FoundContainer, ReadOptions, Values } from "./types";

/** A part that decides what is recorded is not known in this preview: then nothing of the result is. */
export class NotKnown extends Error {
  constructor(readonly unknown: unknown) {
    super("a part is not known in a preview");
  }
}

/** Far more than a cluster holds. A few hundred bytes of YAML aliases can stand for billions of containers. */
const MAX_VISITS = 1_250_000;
/** What an object or a container counts; a key of annotations counts 1, for each container that has it. */
export const OBJECT = 25;

export interface Context<Options extends ReadOptions = ReadOptions> {
  options: Options;
  values: Values;
  problems: Problems;
  count: (visits: number) => void;
  /** A part of a value; undefined where there is none. */
  get: (value: unknown, ...path: readonly string[]) => unknown;
  /** The same of a part that must be known. */
  known: (value: unknown, ...path: readonly string[]) => unknown;
  include: (container: FoundContainer) => boolean;
  skip: (object: object, reason: string) => void;
  /** The first reasons, for the error that nothing was found. */
  skipped: Set<string>;
  /** What was visited before: an alias of YAML, or a resource that is given twice. */
  seen: Set<unknown>;
}

export function createContext<Options extends ReadOptions>(
  options: Options,
  values: Values = plainValues,
): Context<Options> {
  const { include = () => true, onSkip } = options;
  const skipped = new Set<string>();
  let visits = 0;
  const get = (value: unknown, ...path: readonly string[]): unknown => {
    let part = value;
    for (const key of path) {
      // Of what is not known, no part is known.
      if (values.isUnknown(part)) return part;
      if (typeof part !== "object" || part === null) return undefined;
      part = (part as Record<string, unknown>)[key];
    }
    return part;
  };
  return {
    options,
    values,
    problems: createProblems(),
    include,
    skipped,
    seen: new Set(),
    count(more) {
      visits += more;
      if (visits > MAX_VISITS)
        throw new ProviderError(
          `more than ${MAX_VISITS / OBJECT} objects and containers. Does it repeat a list by YAML aliases?`,
        );
    },
    get,
    known(value, ...path) {
      const part = get(value, ...path);
      if (values.isUnknown(part)) throw new NotKnown(part);
      return part;
    },
    skip(object, reason) {
      if (skipped.size < MAX_REASONS) skipped.add(reason);
      onSkip?.(values.originOf(object), reason);
    },
  };
}
