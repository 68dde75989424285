import { createProblems } from "../../provider/workloads/problems";
import type { Problems } from "../../provider/workloads/problems";
import { programError } from "../errors";

/** What is wrong with one call, now or once outputs are known: named together. */
export interface ProgramProblems extends Pick<Problems, "add"> {
  /** Ends the program where something is wrong already. */
  throwIfAny: () => void;
  /** Ends the program with this and with what else is found at the same time. */
  throwSoon: (problem: string, advice?: string) => Promise<never>;
  /** What is to be awaited before an error that came later is thrown. */
  awaitBeforeThrowing: (work: Promise<unknown>) => void;
}

/** @param prefix What the problems are of: `deploymentsFromKubernetes`. */
export function createProgramProblems(prefix: string): ProgramProblems {
  const problems = createProblems();
  const work: Promise<unknown>[] = [];
  const error = () => programError(`${prefix}: ${problems.message()}`);
  let shared: Promise<Error> | undefined;
  return {
    add: problems.add,
    throwIfAny() {
      if (problems.message() !== undefined) throw error();
    },
    async throwSoon(problem, advice) {
      problems.add(problem, advice);
      // One error for all: Pulumi prints the same one once.
      shared ??= gathered();
      throw await shared;
    },
    awaitBeforeThrowing: (promise) => void work.push(promise),
  };

  async function gathered(): Promise<Error> {
    await Promise.allSettled(work);
    // What is known at the same time is looked at before this runs.
    await new Promise((resolve) => setImmediate(resolve));
    return error();
  }
}
