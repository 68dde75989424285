/** Read: a refresh, `.get`, and an import. */
import { ProviderError } from "../provider/runtime/errors";
import type { Values } from "./codec";
import { withDeclaredImages } from "./image";
import { importOf } from "./import";
import { stateOf } from "./diff";
import type { Session } from "./session";

export interface Reading {
  id: string;
  urn: string;
  /** The outputs in the state, or what `.get` is given. */
  properties: Values;
  /** The inputs in the state. */
  inputs: Values;
}

export interface Found {
  id: string;
  properties: Values;
  inputs: Values;
}

export async function read(session: Session, reading: Reading): Promise<Found> {
  const { urn, inputs } = reading;
  const { resource, lifeCycle } = session.resource(urn);
  const imported = isImport(reading) ? await importOf(session, resource, reading) : undefined;
  const id = imported?.id ?? reading.id;
  const properties = imported?.properties ?? reading.properties;
  const result = await lifeCycle.read(id, properties);
  if (result.id === undefined) throw new ProviderError(`${id} no longer exists.`);
  const outputs = { ...imported?.defaults, ...stateOf(resource, id, result.props ?? {}) };
  const found = { ...imported?.defaults, ...result.inputs };
  return {
    id,
    properties: outputs,
    inputs: withDeclaredImages(resource, inputs, found),
  };
}

/** Nothing is known but the ID, with what an import file says of the inputs. */
const isImport = ({ id, properties }: Reading): boolean =>
  id.includes("@") || Object.keys(properties).length === 0;
