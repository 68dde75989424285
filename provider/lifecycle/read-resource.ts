/** What `read` does for every resource: a refresh compares the state with what is listed, `.get` needs it to be listed. */
import type * as pulumi from "@pulumi/pulumi";
import { ProviderError } from "../runtime/errors";
import type { Identity } from "./identity";

export interface Reading<O extends object, K extends object, L> {
  identity: Identity<K>;
  /** Whether the program reads a record that is managed elsewhere (`.get`). */
  isGet: boolean;
  /** What is listed. `consequence` is what follows where the token is not allowed to see it; without one, that is an error. */
  list: (identity: K, consequence: string | undefined) => Promise<L>;
  /** Why `.get` has nothing to return. */
  missing: (identity: K, listed: L) => string | undefined;
  /** The state, as far as what is listed does not contradict it. */
  observe: (identity: K, listed: L) => O;
  /** The inputs that would declare what was observed; without a function, the outputs are. */
  inputsOf: (values: K & O) => object;
}

/**
 * An absent record is drift, not gone: lists leave out what the token is not allowed to see, and can hide what is
 * decommissioned. It stays in the state, and the next `up` writes it again.
 */
export async function readResource<O extends object, K extends object, L>(
  id: string,
  props: object,
  { identity, isGet, list, missing, observe, inputsOf }: Reading<O, K, L>,
): Promise<pulumi.dynamic.ReadResult<O>> {
  const parts = identity.parse(id);
  const listed = await list(parts, isGet ? undefined : "the state is kept as it is");
  const absent = isGet ? missing(parts, listed) : undefined;
  if (absent !== undefined) throw new ProviderError(absent);
  const outputs = observe(parts, listed);
  // A program that reads a record with `.get` knows its identity from here alone.
  const [first] = identity.fields;
  const isShown = isGet || (first !== undefined && Object.hasOwn(props, first));
  return {
    id,
    props: isShown ? { ...parts, ...outputs } : outputs,
    // Pulumi's type has the outputs' type here; what it takes is inputs.
    inputs: inputsOf({ ...parts, ...outputs }) as O,
  };
}
