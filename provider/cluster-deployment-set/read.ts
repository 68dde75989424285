/** A refresh of a set, and `.get`: each distinct digest is listed once. */
import type * as pulumi from "@pulumi/pulumi";
import { listDeploymentRecords } from "../github/deployment-records";
import type { RecordAnswer } from "../github/schemas";
import { checked } from "../lifecycle/check";
import { CONCURRENT_READS, mapBounded } from "../runtime/map-bounded";
import { observeDeployment } from "../deployment-record/drift";
import { ProviderError } from "../runtime/errors";
import * as fields from "../lifecycle/fields";
import type { RunContext } from "../lifecycle/run-context";
import { describeIdentity, findRecord } from "../deployment-record/identity";
import { listAtMost } from "../runtime/list-at-most";
import { listIfAllowed } from "../lifecycle/removal";
import { compact } from "../runtime/values";
import { entryOf, toDeclared, toRecorded } from "./entry";
import type { Declared } from "./entry";
import { parseSetId, recordOf } from "./identity";
import { decodeRecord } from "./record-codec";
import { recordText } from "./state";
import type { Recorded, SetIdentity, SetOutputs } from "./types";

/** What is listed of each digest; undefined where the token may not see it. */
type Lists = Map<string, RecordAnswer[] | undefined>;

/** An absent record is drift, not gone (see deployment-record.ts). */
export async function readSet(
  context: RunContext,
  id: string,
  props: SetOutputs & Partial<SetIdentity>,
): Promise<pulumi.dynamic.ReadResult<SetOutputs>> {
  const identity = parseSetId(id);
  const known = Object.entries(props.deployments ?? {});
  const isGet = props.records === undefined;
  for (const [, entry] of known) checked("set", fields.inPath, { ...identity, ...entry });
  const digests = [...new Set(known.map(([, entry]) => entry.digest))];
  const lists = await listAll(
    context,
    identity.org,
    digests,
    isGet ? undefined : "the state is kept as it is",
  );
  if (isGet) requireListed(identity, known, lists);
  const { partialSuccess, skipped } = props;
  const observed = observe(identity, known, props.records ?? {}, lists);
  const inputs = compact({ ...identity, deployments: observed.inputs, partialSuccess });
  const outs = { ...observed.outs, ...compact({ skipped, partialSuccess }) };
  return {
    id,
    props: isGet || props.org !== undefined ? { ...identity, ...outs } : outs,
    // Pulumi's type has the outputs' type here; what it takes is inputs.
    inputs: inputs as object as SetOutputs,
  };
}

async function listAll(
  context: RunContext,
  org: string,
  digests: string[],
  consequence: string | undefined,
): Promise<Lists> {
  const github = context.github();
  const lists = await mapBounded(digests, CONCURRENT_READS, (digest) =>
    listIfAllowed(context, org, consequence, () => listDeploymentRecords(github, org, digest)),
  );
  return new Map(digests.map((digest, index) => [digest, lists[index]]));
}

function observe(
  set: SetIdentity,
  known: [string, Recorded][],
  records: Record<string, string>,
  lists: Lists,
) {
  const inputs: Record<string, Declared> = {};
  const outs: SetOutputs = { deployments: {}, records: {} };
  for (const [name, entry] of known) {
    const listed = lists.get(entry.digest);
    const live = listed && findRecord(recordOf(set, name), listed);
    const observed = listed === undefined ? toDeclared(entry) : observeDeployment(toDeclared(entry), live);
    inputs[name] = observed;
    outs.deployments[name] = toRecorded(observed);
    const own = entryOf(records, name);
    const shown = live ? recordText(live, (own && decodeRecord(own).updatedAt) ?? live.updated_at) : own;
    if (shown !== undefined) outs.records[name] = shown;
  }
  return { inputs, outs };
}

/** A state can be kept where a record is not listed; `.get` has none. */
function requireListed(identity: SetIdentity, known: [string, Recorded][], lists: Lists): void {
  const absent = known.filter(
    ([name, { digest }]) => !findRecord(recordOf(identity, name), lists.get(digest) ?? []),
  );
  if (absent.length === 0) return;
  const named = absent.map(([name]) => describeIdentity(recordOf(identity, name)));
  throw new ProviderError(
    `GitHub does not list, for the digests that were given: ${listAtMost(named, "; ")}. Check the ID, the names and ` +
      `digests, and that the token may read "Artifact metadata" of ${identity.org}.`,
  );
}
