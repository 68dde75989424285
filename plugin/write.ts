/** Create, Update and Delete. A preview writes nothing and sends nothing. */
import { UNKNOWN } from "../provider/lifecycle/check";
import type { Values } from "./codec";
import { isDynamic, stateOf } from "./diff";
import type { Versions } from "./diff";
import { withoutImages } from "./image";
import type { Resource } from "./resources";
import type { Session } from "./session";

export interface Created {
  id: string;
  outputs: Values;
}

export async function create(
  session: Session,
  { urn, news, isPreview }: { urn: string; news: Values; isPreview: boolean },
): Promise<Created> {
  const { resource, lifeCycle } = session.resource(urn);
  const declared = withoutImages(resource, news);
  if (isPreview) return { id: "", outputs: planned(resource, declared) };
  const { id, outs = {} } = await lifeCycle.create(declared);
  return { id, outputs: stateOf(resource, id, outs) };
}

export async function update(session: Session, versions: Versions & { isPreview: boolean }): Promise<Values> {
  const { id, urn, olds, news, isPreview } = versions;
  const { resource, lifeCycle } = session.resource(urn);
  const declared = withoutImages(resource, news);
  const before = stateOf(resource, id, olds);
  // The state of a dynamic resource only becomes complete.
  if (isDynamic(olds) && !(await lifeCycle.diff(id, before, declared)).changes) return before;
  if (isPreview) return planned(resource, declared);
  const { outs = {} } = await lifeCycle.update(id, before, declared);
  return stateOf(resource, id, outs);
}

export async function remove(
  session: Session,
  { id, urn, olds }: { id: string; urn: string; olds: Values },
): Promise<void> {
  const { resource, lifeCycle } = session.resource(urn);
  await lifeCycle.delete(id, stateOf(resource, id, olds));
}

/** The outputs of a write that a preview only announces. */
const planned = ({ observed }: Resource, declared: Values): Values => ({
  ...declared,
  ...Object.fromEntries(observed.map((name) => [name, UNKNOWN])),
});
