/** What is in the state and no longer in the program is deleted, dependents first. */
import type { ResourceState } from "../types";
import type { Executor } from "./executor";
import { deletionRounds, transitiveDependencies } from "./graph";
import type { Run } from "./run";
import type { Step } from "./step";
import { deleteStep, forgetStep } from "./steps";

export async function removeUnregistered(run: Run, executor: Executor): Promise<void> {
  const states = run.journal.base;
  const steps = new Map(states.flatMap((state) => removal(run, state).map((step) => [state, step])));
  const kept = new Set<ResourceState>();
  for (const round of deletionRounds(states, [...steps.keys()])) {
    for (const refused of executor.refused.splice(0)) {
      for (const needed of transitiveDependencies(states, refused)) kept.add(needed);
    }
    const current = round.filter((state) => !kept.has(state)).map((state) => steps.get(state));
    await executor.all(current.filter((step) => step !== undefined));
  }
}

function removal(run: Run, state: ResourceState): Step[] {
  const { plan } = run;
  if (state.delete) {
    if (plan.deletedEarly.has(state)) return [];
    plan.deletes.add(state.urn);
    return [deleteStep(run, state, "after")];
  }
  const urn = plan.aliased.get(state.urn) ?? state.urn;
  if (plan.urns.has(urn)) return [];
  plan.deletes.add(state.urn);
  return [state.pendingReplacement ? forgetStep(state) : deleteStep(run, state)];
}
