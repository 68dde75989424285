/** What a program declares for Pulumi's engine, where a resource ignores all of what the program says of it. */
import type { Snapshot } from "../../local/engine/types";
import { withoutSecrets } from "../../local/engine/core/values";
import { isSet, kindOf, NAMES, PLACES, programOf, RECORDS } from "./layout";
import type { Layout, Placed, Place, Program, StackName } from "./layout";
import { urnOf } from "./names";
import type { World } from "./world";

export const declaredBy = (world: Pick<World, "layout" | "snapshots">, stack: StackName): Program =>
  programOf(effectiveLayout(world.layout, world.snapshots[stack], stack), stack);

const ignoresAll = (name: string, ignores: string[] = []): boolean =>
  ignores.includes("*") || (isSet(name) && ignores.includes("deployments"));

/**
 * The layout, with the records of the state in each resource that is in the state and ignores all. What the program says of
 * their content is ignored, so it can be anything.
 */
function effectiveLayout(layout: Layout, snapshot: Snapshot, stack: StackName): Layout {
  const result = structuredClone(layout);
  const taken = new Set<number>();
  const placedIn = (name: string) =>
    [...RECORDS.keys()].filter((index) => {
      const placed = layout.records[index];
      return placed?.stack === stack && placed.in === name;
    });
  for (const name of NAMES) {
    const options = layout.options[name];
    const known = ignoresAll(name, options?.ignores) ? membersOf(snapshot, stack, name) : undefined;
    if (known === undefined || placedIn(name).length === 0) continue;
    if (known.members.some((index) => taken.has(index))) {
      result.options[name] = { ...options, ignores: undefined };
      continue;
    }
    for (const index of placedIn(name)) if (!taken.has(index)) result.records[index] = undefined;
    if (isSet(name)) result.sets[name] = known.place;
    for (const index of known.members) {
      taken.add(index);
      const placed = layout.records[index];
      const isHere = placed?.stack === stack && placed.in === name;
      result.records[index] = isHere ? placed : { ...ANYTHING, stack, in: name as Placed["in"] };
    }
  }
  return result;
}

const ANYTHING = { org: "acme", artifact: 0, status: "deployed", tags: 0, risks: 0 } as const;

/** The records that the state has in a resource; undefined where it does not have the resource. */
function membersOf({ resources }: Snapshot, stack: StackName, name: string) {
  const urn = urnOf(stack, { kind: kindOf(name), name });
  const state = resources.find((one) => one.urn === urn && !one.delete);
  if (state === undefined) return undefined;
  const inputs = withoutSecrets(state.inputs ?? {}) as object as Place & {
    deploymentName?: string;
    deployments?: object;
  };
  const place = PLACES.findIndex(
    ({ logicalEnvironment, physicalEnvironment, cluster }) =>
      logicalEnvironment === inputs.logicalEnvironment &&
      physicalEnvironment === inputs.physicalEnvironment &&
      cluster === inputs.cluster,
  );
  const names = inputs.deployments ? Object.keys(inputs.deployments) : [inputs.deploymentName];
  const members = [...RECORDS.entries()].flatMap(([index, record]) =>
    record.place === place && names.includes(record.deploymentName) ? [index] : [],
  );
  return { place: place as 0 | 1, members };
}
