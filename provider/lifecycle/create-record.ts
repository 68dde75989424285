/** What the creates of single records have in common. */
import { compact } from "../runtime/values";
import type { Identity } from "./identity";
import { isAdopted, reportAdoption } from "./report-adoption";
import type { Times } from "./report-adoption";
import type { RunContext } from "./run-context";
import { unwritten } from "./write-declared";

interface Create<K extends object, O> {
  identity: Identity<K>;
  news: K;
  write: () => Promise<O>;
}

/**
 * Creates a record. If it replaces one that was deleted first and the write fails, the old outputs are kept, so that the
 * record still belongs to this resource. A record that this run itself has given up or removed before is not adopted.
 */
export async function createRecord<K extends object, O extends Times | undefined>(
  context: RunContext,
  { identity, news, write }: Create<K, O>,
): Promise<{ id: string; outs: O }> {
  const { declarations, now } = context;
  const [id, key] = [identity.format(news), identity.key(news)];
  const [begun, isOwn] = [now(), declarations.isLost(key)];
  const outs = await write().catch((error: unknown) => {
    throw withKept(error, id, declarations.takeKept(key), news);
  });
  if (outs !== undefined && !isOwn && isAdopted(outs, now() - begun))
    reportAdoption(context, identity.describe(news), outs.createdAt);
  return { id, outs };
}

/**
 * The error of a create whose record was deleted before and is still there: Pulumi saves the resource with it, and its
 * removal decommissions the record.
 */
function withKept(error: unknown, id: string, kept: object | undefined, news: object): unknown {
  if (kept === undefined || !(error instanceof Error)) return error;
  // Pulumi's host adds it to the inputs after check, but not to the properties of an error.
  const { __provider } = news as { __provider?: string };
  const properties = compact({ ...unwritten(kept, news), status: "not recorded", __provider });
  return Object.assign(error, { id, properties, reasons: [error.message] });
}
