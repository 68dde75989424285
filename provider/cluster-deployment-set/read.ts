/** A refresh of a set, and `.get`: each distinct digest is listed once. */
import type * as pulumi from "@pulumi/pulumi";
import { observeDeployment } from "../deployment-record/drift";
import { deploymentIdentity, findRecord } from "../deployment-record/identity";
import { listDeploymentRecords } from "../github/deployment-records";
import type { RecordAnswer } from "../github/schemas";
import { parseOrThrow } from "../lifecycle/check";
import * as fields from "../lifecycle/fields";
import { readResource } from "../lifecycle/read-resource";
import { listIfAllowed } from "../lifecycle/removal";
import type { RunContext } from "../lifecycle/run-context";
import { listAtMost } from "../runtime/list-at-most";
import { CONCURRENT_READS, mapBounded } from "../runtime/map-bounded";
import { compact } from "../runtime/values";
import { namesOf } from "./earlier-job";
import { entryOf, withStatus } from "./entry";
import type { Recorded, SetOutputs } from "./fields";
import { entryIdentity, setIdentity } from "./identity";
import type { SetIdentity } from "./identity";
import { decodeRecord, recordText } from "./record-codec";

/** What is listed of each digest; undefined where the token may not see it. */
type Lists = Map<string, RecordAnswer[] | undefined>;

export function readSet(
  context: RunContext,
  id: string,
  props: Partial<SetOutputs>,
): Promise<pulumi.dynamic.ReadResult<SetOutputs>> {
  const known = Object.entries(props.deployments ?? {});
  const { partialSuccess, skipped, unfinished, job } = props;
  const isGet = props.records === undefined;
  return readResource(id, props, {
    identity: setIdentity,
    isGet,
    async list(identity, consequence) {
      for (const [, entry] of known) parseOrThrow("set", fields.inPath, { ...identity, ...entry });
      const digests = [...new Set(known.map(([, entry]) => entry.digest))];
      return listAll(context, identity.org, digests, consequence);
    },
    missing: (identity, lists) => notListed(identity, known, lists),
    observe: (identity, lists) => ({
      ...observe(
        identity,
        known.map(([name, entry]) => [name, isGet ? entry : withStatus(entry)]),
        props,
        lists,
      ),
      ...compact({ skipped, unfinished, job, partialSuccess }),
    }),
    inputsOf: ({ org, logicalEnvironment, physicalEnvironment, cluster, deployments }) => {
      // What the set gives up is no input: `ignoreChanges` would make it one for good.
      const givenUp = new Set([unfinished, job?.removed, job?.restored].flatMap((names) => names ?? []));
      const declared = Object.entries(deployments)
        .filter(([name]) => !givenUp.has(name))
        .map(([name, entry]) => [name, withStatus(entry)]);
      const where = { org, logicalEnvironment, physicalEnvironment, cluster };
      return compact({ ...where, deployments: Object.fromEntries(declared) as object, partialSuccess });
    },
  });
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
  { records, job }: Partial<SetOutputs>,
  lists: Lists,
): SetOutputs {
  const outs: SetOutputs = { deployments: {}, records: {} };
  // While a job runs, lists can still show the content from before it. The state keeps what the job writes.
  const inJob = new Set(job && namesOf(job));
  for (const [name, entry] of known) {
    const listed = lists.get(entry.digest);
    const live = listed && findRecord(entryIdentity(set, name), listed);
    outs.deployments[name] = listed === undefined || inJob.has(name) ? entry : observeDeployment(entry, live);
    const own = entryOf(records ?? {}, name);
    // What this set has not written does not become its own where another writer has it. `.get` takes it as it is.
    const time = records === undefined ? live?.updated_at : own && decodeRecord(own).updatedAt;
    const shown = live ? recordText(live, time) : own;
    if (shown !== undefined) outs.records[name] = shown;
  }
  return outs;
}

/** A state can be kept where a record is not listed; `.get` has none. */
function notListed(identity: SetIdentity, known: [string, Recorded][], lists: Lists): string | undefined {
  const absent = known
    .map(([name, { digest }]) => ({ record: entryIdentity(identity, name), digest }))
    .filter(({ record, digest }) => !findRecord(record, lists.get(digest) ?? []));
  if (absent.length === 0) return undefined;
  const named = absent.map(({ record }) => deploymentIdentity.describe(record));
  return (
    `GitHub does not list, for the digests that were given: ${listAtMost(named, "; ")}. Check the ID, the names and ` +
    `digests, and that the token is allowed to read "Artifact metadata" of ${identity.org}.`
  );
}
