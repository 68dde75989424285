/** What the creates of single records have in common. */
import type { Identity } from "./identity";
import { isAdopted, reportAdoption } from "./report-adoption";
import type { Times } from "./report-adoption";
import type { RunContext } from "./run-context";
import { mayBeWritten, UNKNOWN_TIME, withState } from "./unknown-outcome";
import { unwritten } from "./write-declared";

interface Create<K extends object, O> {
  identity: Identity<K>;
  news: K;
  write: () => Promise<O>;
}

/**
 * Creates a record. If it replaces one that was deleted first and the write fails, the old outputs are kept, so that the
 * record still belongs to this resource; so does one whose write failed and may have been carried out. A record that this
 * run itself has given up or removed before is not adopted.
 */
export async function createRecord<K extends object, O extends Times | undefined>(
  context: RunContext,
  { identity, news, write }: Create<K, O>,
): Promise<{ id: string; outs: O }> {
  const { declarations, now } = context;
  const [id, key] = [identity.format(news), identity.key(news)];
  const [begun, isOwn] = [now(), declarations.isLost(key)];
  const outs = await write().catch((error: unknown) => {
    throw withCreated(error, { id, kept: declarations.takeKept(key), news });
  });
  if (outs !== undefined && !isOwn && isAdopted(outs, now() - begun))
    reportAdoption(context, identity.describe(news), outs.createdAt);
  return { id, outs };
}

interface Failed {
  id: string;
  kept: object | undefined;
  news: object;
}

/**
 * The error of a create whose record can be there: it was deleted before and stayed, or the write may have been carried out.
 * Pulumi saves the resource with it, so that its removal concerns the record.
 */
function withCreated(error: unknown, { id, kept, news }: Failed): unknown {
  if (!(error instanceof Error) || (kept === undefined && !mayBeWritten(error))) return error;
  const had = kept === undefined ? { ...news, updatedAt: UNKNOWN_TIME } : unwritten(kept, news);
  return withState(error, { id, properties: { ...had, status: "not recorded" }, news });
}
