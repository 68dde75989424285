/** The dependency graph that the order and the fields of a saved state encode. */
import type { ResourceState, Urn } from "../types";
import { providerUrn } from "./urn";

/** What a resource depends on, its parent aside. */
export function dependenciesOf(state: ResourceState): Urn[] {
  return [...(state.dependencies ?? []), ...Object.values(state.propertyDependencies ?? {}).flat()];
}

function referencesOf(state: ResourceState): Urn[] {
  return state.provider ? [...dependenciesOf(state), providerUrn(state.provider)] : dependenciesOf(state);
}

/** Resources that depend on `root`, directly or not, in the order of the state; children do not count. */
export function dependents(states: ResourceState[], root: ResourceState, ignore: Set<Urn>): ResourceState[] {
  const found = new Set<Urn>([root.urn]);
  return states.slice(states.indexOf(root) + 1).filter((state) => {
    const depends = !ignore.has(state.urn) && referencesOf(state).some((urn) => found.has(urn));
    if (depends) found.add(state.urn);
    return depends;
  });
}

/**
 * Splits what is to be deleted into rounds: within a round nothing depends on anything else, and what a
 * resource depends on comes in a later round. A dependency stands before its dependent in the state; depending
 * on a component means depending on its children too.
 */
export function deletionRounds(states: ResourceState[], deleted: ResourceState[]): ResourceState[][] {
  const components = enclosingComponents(states);
  const toDelete = new Set(deleted);
  const depth = new Map<ResourceState, number>();
  for (const state of states.filter((candidate) => toDelete.has(candidate))) {
    const needed = new Set(referencesOf(state));
    const below = [...depth].filter(
      ([candidate]) =>
        candidate.urn === state.parent ||
        needed.has(candidate.urn) ||
        components.get(candidate)?.some((urn) => needed.has(urn)),
    );
    depth.set(state, 1 + below.reduce((deepest, [, level]) => Math.max(deepest, level), -1));
  }
  const rounds: ResourceState[][] = [];
  for (const state of deleted) (rounds[depth.get(state) ?? 0] ??= []).unshift(state);
  return rounds.reverse();
}

function enclosingComponents(states: ResourceState[]): Map<ResourceState, Urn[]> {
  const byUrn = new Map<Urn, ResourceState>();
  const result = new Map<ResourceState, Urn[]>();
  for (const state of states) {
    const parent = state.parent === undefined ? undefined : byUrn.get(state.parent);
    const outer = parent ? (result.get(parent) ?? []) : [];
    result.set(state, parent && !parent.custom ? [...outer, parent.urn] : outer);
    byUrn.set(state.urn, state);
  }
  return result;
}

/** Everything that `root` needs, directly or not, parents included. */
export function transitiveDependencies(states: ResourceState[], root: ResourceState): Set<ResourceState> {
  const found = new Set<ResourceState>();
  const pending = [root];
  for (let state = pending.pop(); state; state = pending.pop()) {
    const urns = new Set([...referencesOf(state), ...(state.parent ? [state.parent] : [])]);
    for (const urn of urns) {
      const target = lookUp(states, state, urn);
      if (!target || target === root || found.has(target)) continue;
      found.add(target);
      pending.push(target);
    }
  }
  return found;
}

/** Among resources of one URN, what is to be deleted refers to what is to be deleted, new to new. */
function lookUp(states: ResourceState[], from: ResourceState, urn: Urn): ResourceState | undefined {
  const candidates = states.filter((state) => state.urn === urn);
  return candidates.find((state) => !state.delete === !from.delete) ?? candidates[0];
}
