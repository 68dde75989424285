import { ProviderError } from "../runtime/errors";
import { MAX_LISTED } from "../runtime/list-at-most";
import { safeLines } from "../runtime/untrusted-text";

/** Nothing that was given is a workload. */
export class NothingFound extends ProviderError {}

/** Several problems: their message keeps its lines. */
export class ProblemsError extends ProviderError {
  constructor(text: string) {
    super(text);
    this.message = safeLines(text);
  }
}

/** Reasons that the error names. */
export const MAX_REASONS = 3;

/**
 * @param reasons Why objects were skipped.
 * @param advice What else may be a workload, and how to say so.
 */
export function nothingFound(
  reasons: ReadonlySet<string>,
  advice = "",
  what = "nothing that was given is a workload",
): NothingFound {
  const skipped = reasons.size === 0 ? "" : ` (skipped, for example: ${[...reasons].join("; ")})`;
  return new NothingFound(
    `${what}${skipped}. ${advice}A set without deployments decommissions all of its ` +
      "records; if you want that, give deployments: {}.",
  );
}

/** All that is wrong with one call, to be named at once. */
export interface Problems {
  /** @param advice What to do; said once, however many problems have the same. */
  add: (problem: string, advice?: string) => void;
  /** Undefined where nothing is wrong. */
  message: () => string | undefined;
  throwIfAny: () => void;
}

export function createProblems(): Problems {
  // Only the first are kept: a list may hold any number of wrong objects.
  const first: string[] = [];
  const advices = new Set<string>();
  let count = 0;
  const message = () => {
    const advice = [...advices];
    if (count === 0) return undefined;
    if (count === 1) return [...first, ...advice].join(" ");
    const more = count > first.length ? [`…and ${count - first.length} more`] : [];
    return [`${count} problems:`, ...[...first, ...more].map((problem) => `- ${problem}`), ...advice].join(
      "\n",
    );
  };
  return {
    add(problem, advice) {
      count += 1;
      if (first.length >= MAX_LISTED) return;
      first.push(problem);
      if (advice !== undefined) advices.add(advice);
    },
    message,
    throwIfAny() {
      const text = message();
      if (text !== undefined) throw new ProblemsError(text);
    },
  };
}
