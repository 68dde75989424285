/** A saved state names every resource by its present URN, also where a reference was made under an alias. */
import type { ResourceState, Snapshot, Urn } from "../types";
import {
  createUrn,
  nameOf,
  namingOf,
  providerId,
  providerUrn,
  qualifiedType,
  STACK_TYPE,
  typeOf,
} from "./urn";

export function normalizeUrns(snapshot: Snapshot): Snapshot {
  if (!snapshot.resources.some((state) => state.aliases)) return snapshot;
  const renamed = renamedUrns(snapshot.resources);
  const fix = (urn: Urn): Urn => renamed.get(urn) ?? urn;
  return { ...snapshot, resources: snapshot.resources.map((state) => withUrns(state, fix)) };
}

function renamedUrns(states: ResourceState[]): Map<Urn, Urn> {
  const renamed = new Map<Urn, Urn>();
  for (const state of states) {
    for (const alias of state.aliases ?? []) renamed.set(alias, state.urn);
    const parent = state.parent && renamed.get(state.parent);
    // The types of its parents are part of a URN.
    if (parent && qualifiedType(parent) !== STACK_TYPE) {
      renamed.set(state.urn, createUrn(namingOf(state.urn), parent, typeOf(state.urn), nameOf(state.urn)));
    }
  }
  return renamed;
}

function withUrns(state: ResourceState, fix: (urn: Urn) => Urn): ResourceState {
  const { parent, provider, dependencies, propertyDependencies = {} } = state;
  const sources = Object.entries(propertyDependencies).map(([key, urns]): [string, Urn[]] => [
    key,
    urns.map(fix),
  ]);
  return {
    ...state,
    urn: fix(state.urn),
    aliases: undefined,
    parent: parent && fix(parent),
    provider: provider && `${fix(providerUrn(provider))}::${providerId(provider)}`,
    dependencies: dependencies?.map(fix),
    propertyDependencies: state.propertyDependencies && Object.fromEntries(sources),
  };
}
