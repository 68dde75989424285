/** What is in the state and no longer in the program is deleted, dependents first. */
import type { ResourceState } from "../types";
import type { Executor } from "./executor";
import { deletionRounds, dependents, transitiveDependencies } from "./graph";
import { replacedDependents } from "./replace";
import type { Run } from "./run";
import type { Step } from "./step";
import { deleteStep, forgetStep } from "./steps";
import { isProviderType } from "./urn";

export async function removeUnregistered(run: Run, executor: Executor): Promise<void> {
  const states = present(run);
  const leaving = states.filter((state) => isLeaving(run, state));
  if (run.options.targets && (await hasOtherDependents(run, leaving))) return;
  const steps = new Map(leaving.flatMap((state) => removal(run, state).map((step) => [state, step])));
  const kept = new Set<ResourceState>();
  for (const round of deletionRounds(states, [...steps.keys()])) {
    for (const refused of executor.refused.splice(0)) {
      for (const needed of transitiveDependencies(states, refused)) kept.add(needed);
    }
    const current = round.filter((state) => !kept.has(state)).map((state) => steps.get(state));
    await executor.all(current.filter((step) => step !== undefined));
  }
}

/** A destroy deletes the providers that its program has registered, too. */
function present({ options, journal, news }: Run): ResourceState[] {
  if (options.operation !== "destroy") return journal.base;
  const providers = [...news.values()].filter(({ type }) => isProviderType(type));
  const renewed = new Set(providers.map(({ urn }) => urn));
  return [...providers, ...journal.base.filter(({ urn }) => !renewed.has(urn))];
}

/** With targets nothing else leaves, and nothing that a registered resource needs. */
function isLeaving({ options, plan, journal }: Run, state: ResourceState): boolean {
  if (options.targets === undefined) return true;
  const stays = (one: ResourceState) => plan.urns.has(one.urn);
  const needed = journal.base
    .filter(stays)
    .some((one) => transitiveDependencies(journal.base, one).has(state));
  return options.targets.includes(state.urn) && !needed;
}

/** What depends on a target can only leave if it is one, too. */
async function hasOtherDependents(run: Run, leaving: ResourceState[]): Promise<boolean> {
  const gone = new Set(leaving.map(({ urn }) => urn));
  for (const state of leaving) {
    await replacedDependents(run, state);
    for (const { urn } of dependents(run.journal.base, state, gone)) {
      const message = `Resource '${urn}' will be destroyed but was not specified in --target list.`;
      run.report.diagnostic("error", message, urn);
      run.plan.failed = true;
    }
  }
  return run.plan.failed;
}

function removal(run: Run, state: ResourceState): Step[] {
  const { plan, options } = run;
  if (state.delete) {
    if (plan.deletedEarly.has(state)) return [];
    plan.deletes.add(state.urn);
    return [deleteStep(run, state, "after")];
  }
  const urn = plan.aliased.get(state.urn) ?? state.urn;
  if (plan.urns.has(urn) && options.operation !== "destroy") return [];
  plan.deletes.add(state.urn);
  return [state.pendingReplacement ? forgetStep(state) : deleteStep(run, state)];
}
