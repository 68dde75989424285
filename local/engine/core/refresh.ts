/** Refresh: the state becomes what the providers see. */
import type { ResourceState } from "../types";
import type { Executor } from "./executor";
import { isTargeted, type Run } from "./run";
import { refreshStep } from "./reading";
import { isProviderType } from "./urn";

export async function refreshAll(run: Run, executor: Executor): Promise<void> {
  // A program that runs along has registered its providers anew.
  const isCurrent = ({ type, urn }: ResourceState) => !(isProviderType(type) && run.news.has(urn));
  const base = run.journal.base.filter(isCurrent);
  const steps = new Map(
    base.filter((state) => isTargeted(run, state)).map((state) => [state, refreshStep(run, state)]),
  );
  await executor.all([...steps.values()]);
  // References to removed resources would remain, but no provider here removes a resource that others refer to.
  run.journal.base = base.flatMap((state) => (steps.get(state) ?? { new: state }).new ?? []);
}
