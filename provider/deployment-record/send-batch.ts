/** One batch of single records: each write gets GitHub's answer to it, or an error. */
import { affectedEntries, entryRefusal } from "../github/affected-entries";
import { setClusterDeployments } from "../github/cluster-deployments";
import type { ClusterAnswer } from "../github/cluster-deployments";
import type { GitHubClient } from "../github/client";
import { writeDeploymentRecord } from "../github/deployment-records";
import type { RecordBody, Written } from "../github/deployment-records";
import { ForbiddenError, MissingArtifactError, UnexpectedAnswerError } from "../github/errors";
import { matchAnswer } from "../github/match-answer";
import { toEntry, toEnvironments } from "../github/wire";
import type { Deployment, DeploymentEntry } from "../github/wire";
import { unlessNothingLeft } from "../http/recheck";
import { decideRemovals } from "../lifecycle/removal";
import type { Removal } from "../lifecycle/removal";
import type { RunContext } from "../lifecycle/run-context";
import { withMayBeWritten } from "../runtime/errors";
import { compact } from "../runtime/values";
import type { Settled } from "./batch";
import { deploymentIdentity, findRecord } from "./identity";
import type { DeploymentIdentity } from "./identity";
import type { ListCache } from "./list-cache";
import { sameDeployment } from "./same-deployment";
import type { Content } from "./same-deployment";

export interface RecordWrite {
  /** The operation's own client: its deadline counts the waiting. */
  github: GitHubClient;
  identity: DeploymentIdentity;
  entry: DeploymentEntry;
  /** Where this write removes the record: it is sent only if the record is still its resource's. */
  removes?: Pick<Removal, "ownWrite" | "already" | "isRemoved"> & { isSecondPass: boolean; content: Content };
}

/** GitHub's answer, which is empty where a removal was not sent. `isOpen`: not sent, and not settled either. */
export type BatchedAnswer = Written & {
  /** What was sent: of a removal, it can be what another resource declares. */
  entry?: DeploymentEntry;
  isOpen?: boolean;
};

const NOT_SENT: Written = { records: [], date: undefined };

type Results = Settled<BatchedAnswer>;

type Keyed = [key: string, write: RecordWrite];

interface Sending {
  /** What an answer has not shown as written, and may have been. */
  unclear: Set<string>;
  results: Results;
  /** Decides about the removals among these, and returns what is to be sent. The others get their results. */
  decide: (writes: Keyed[]) => Promise<Keyed[]>;
  succeed: (one: Keyed, answer: BatchedAnswer) => void;
}

export async function sendBatch(
  context: RunContext,
  listing: ListCache,
  writes: Map<string, RecordWrite>,
): Promise<Results> {
  const results: Results = new Map();
  const sending: Sending = {
    ...{ results, unclear: new Set() },
    decide: (some) => resolveRemovals(context, listing, new Map(some), results),
    succeed([key, { entry, removes }], value) {
      results.set(key, { value: { ...value, entry } });
      if (removes) context.declarations.settle(key, "removed");
    },
  };
  const sent = await sending.decide([...writes]);
  if (sent.length === 1) for (const one of sent) await sendAlone(one, sending);
  // Each is decided when its turn has come: those before it can have waited.
  else
    for (const one of await sendTogether(sent, sending))
      for (const decided of await sending.decide([one])) await sendAlone(decided, sending);
  return results;
}

/** What is sent: each write, and each removal that is its resource's to make. The other removals get their results. */
async function resolveRemovals(
  context: RunContext,
  listing: ListCache,
  writes: Map<string, RecordWrite>,
  results: Results,
): Promise<Keyed[]> {
  const [first] = writes.values();
  const removals = [...writes].flatMap(([key, { identity, entry, removes }]) => {
    const what = deploymentIdentity.describe(identity);
    return removes ? [{ ...removes, ownerHadRun: true, key, what, digest: entry.digest, identity }] : [];
  });
  if (first === undefined || removals.length === 0) return [...writes];
  const { org } = first.identity;
  const verdicts = await decideRemovals(context, {
    org,
    removals,
    list: (digest) => listing.of(first.github, org, digest),
    readWaits: first.github.readWaits,
    find: ({ identity }, live) => findRecord(identity, live),
    isSame: ({ content }, declared) => sameDeployment(content, declared as Content),
  });
  for (const { digest } of removals) listing.forget(org, digest);
  const byKey = new Map([...verdicts].map(([{ key }, verdict]) => [key, verdict]));
  return [...writes].flatMap(([key, write]): Keyed[] => {
    const verdict = byKey.get(key);
    if (verdict === undefined || verdict.kind === "remove") return [[key, write]];
    if (verdict.kind === "restore") return [[key, restoring(write, verdict.content as Deployment)]];
    if (verdict.kind === "failed") results.set(key, { error: verdict.error });
    else results.set(key, { value: { ...NOT_SENT, isOpen: verdict.kind === "open" } });
    return [];
  });
}

/** Instead of a removal: writes what another resource declares and has no reason to write itself. */
const restoring = ({ github, identity, removes }: RecordWrite, declared: Deployment): RecordWrite => ({
  github,
  identity,
  entry: toEntry(identity.deploymentName, declared, removes?.content),
});

/** One request for all. Returns the writes that must be sent again one by one. */
async function sendTogether(writes: Keyed[], sending: Sending): Promise<Keyed[]> {
  // The last one has waited least, so its deadline is the last.
  const last = writes.at(-1)?.[1];
  if (last === undefined) return [];
  const { org, cluster = "" } = last.identity;
  const target = { org, cluster, environments: toEnvironments(last.identity) };
  let current = writes;
  const entriesOf = (some: Keyed[]) => some.map(([, { entry }]) => entry);
  const recheck = async () => {
    current = await sending.decide(current);
    return current.length > 0 ? entriesOf(current) : undefined;
  };
  try {
    const answer = await setClusterDeployments(
      last.github,
      target,
      { entries: entriesOf(writes), recheck },
      true,
    );
    return answer ? distribute(current, answer, sending) : [];
  } catch (error) {
    const affected = new Set(affectedEntries(error, entriesOf(current)));
    const others = current.filter(([, { entry }]) => !affected.has(entry));
    if (affected.size > 0 && others.length > 0) {
      for (const [key, { entry }] of current) if (affected.has(entry)) sending.results.set(key, { error });
      return await sendTogether(await sending.decide(others), sending);
    }
    // The request may have been refused for one of its entries.
    if (error instanceof MissingArtifactError || error instanceof UnexpectedAnswerError) return current;
    // Named by id, or of an attestation: no record says that it is its own.
    const areUnknown =
      error instanceof ForbiddenError && error.repositories.length > 0 && affected.size === 0;
    if (areUnknown && current.length > 1) return current;
    for (const [key] of current) sending.results.set(key, { error });
    return [];
  }
}

/** Gives each write its record or error. Returns those of which the answer does not say which one failed. */
function distribute(writes: Keyed[], answer: ClusterAnswer, { results, unclear, succeed }: Sending): Keyed[] {
  const { records, requestLine, date, empty } = answer;
  const said = matchAnswer(answer);
  const byName = new Map(records.map((record) => [record.deployment_name, record]));
  return writes.filter((one) => {
    const [key, { entry }] = one;
    const what = said.get(entry.deployment_name);
    const own = byName.get(entry.deployment_name);
    if (what?.kind === "failed") results.set(key, { error: entryRefusal(requestLine, entry, what.failure) });
    else if (what?.kind === "written") succeed(one, { records: own ? [own] : [], date });
    else if (empty) results.set(key, { error: empty.notListed("GitHub") });
    if (!results.has(key)) unclear.add(key);
    return !results.has(key);
  });
}

async function sendAlone(one: Keyed, { results, unclear, decide, succeed }: Sending): Promise<void> {
  const [key, { github, identity, removes }] = one;
  let current = one;
  const recheck = async () => {
    const [next] = await decide([current]);
    if (next) current = next;
    return next && bodyOf(next[1]);
  };
  try {
    const sent = writeDeploymentRecord(github, identity.org, bodyOf(one[1]), removes && recheck);
    const answer = await unlessNothingLeft(sent);
    if (answer) succeed(current, answer);
  } catch (error) {
    results.set(key, { error: unclear.has(key) ? withMayBeWritten(error) : error });
  }
}

function bodyOf({ identity, entry }: RecordWrite): RecordBody {
  const { name, digest, version, status, ...rest } = entry;
  const where = { ...toEnvironments(identity), cluster: identity.cluster };
  // In the order of GitHub's own example.
  return compact({ name, digest, version, status, ...where, ...rest });
}
