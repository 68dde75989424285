/** What the updates of single records have in common. */
import type { Identity } from "./identity";
import type { RunContext } from "./run-context";
import { mayBeWritten, withState } from "./unknown-outcome";
import { unwritten } from "./write-declared";

interface Update<K extends object, O> {
  identity: Identity<K>;
  id: string;
  olds: object;
  news: object;
  write: () => Promise<O>;
}

/**
 * Updates a record. If the write fails, and either may have been carried out or was to bring back what this run has removed,
 * the record is not what the state says: the next run writes it.
 */
export async function updateRecord<K extends object, O>(
  { declarations }: RunContext,
  { identity, id, olds, news, write }: Update<K, O>,
): Promise<O> {
  try {
    return await write();
  } catch (error) {
    const isLost = declarations.isLost(identity.key(identity.parse(id)));
    if (!(error instanceof Error) || !(mayBeWritten(error) || isLost)) throw error;
    // A refresh clears the error, and shows neither name nor version: the status lasts until the record is written.
    const properties = { ...unwritten(olds, news), status: "not recorded" };
    throw withState(error, { id, properties, news });
  }
}
