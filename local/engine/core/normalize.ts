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
  const result: ResourceState = { ...state, urn: fix(state.urn) };
  delete result.aliases;
  if (state.parent) result.parent = fix(state.parent);
  if (state.provider) {
    result.provider = `${fix(providerUrn(state.provider))}::${providerId(state.provider)}`;
  }
  if (state.dependencies) result.dependencies = state.dependencies.map(fix);
  if (state.propertyDependencies) {
    const entries = Object.entries(state.propertyDependencies);
    result.propertyDependencies = Object.fromEntries(entries.map(([key, urns]) => [key, urns.map(fix)]));
  }
  if (state.deletedWith) result.deletedWith = fix(state.deletedWith);
  return result;
}
