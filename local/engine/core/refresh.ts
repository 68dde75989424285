/** Refresh: the state becomes what the providers see. */
import type { ResourceState, Urn } from "../types";
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
  const seen = base.flatMap((state) => (steps.get(state) ?? { new: state }).new ?? []);
  run.journal.base = repaired(seen);
}

/** Takes out the references to what is gone. A dependency stands before its dependent. */
function repaired(states: ResourceState[]): ResourceState[] {
  const known = new Set<Urn>();
  const remaining = new Set(states.map((state) => state.urn));
  const parents = new Map<Urn, Urn | undefined>();
  return states.map((state) => {
    const result = withReferences(state, known);
    if (state.parent && !remaining.has(state.parent)) result.parent = parents.get(state.parent);
    known.add(state.urn);
    parents.set(state.urn, result.parent);
    return result;
  });
}

function withReferences(state: ResourceState, known: Set<Urn>): ResourceState {
  const keep = (urns: Urn[] = []): Urn[] => urns.filter((urn) => known.has(urn));
  const sources = Object.entries(state.propertyDependencies ?? {}).map(
    ([key, urns]) => [key, keep(urns)] as const,
  );
  return {
    ...state,
    dependencies: keep(state.dependencies),
    propertyDependencies: Object.fromEntries(sources.filter(([, urns]) => urns.length > 0)),
    deletedWith: state.deletedWith && known.has(state.deletedWith) ? state.deletedWith : undefined,
  };
}
