/** What must hold when nothing goes wrong any more: GitHub has what is declared, and what is another writer's. */
import { isDeepStrictEqual } from "node:util";
import { deploymentSnapshot } from "../../local/github/deployments";
import type { DeploymentRow, StorageRow } from "../../local/github/store";
import { withoutSecrets } from "../../local/engine/core/values";
import type { DeploymentSnapshot } from "../../local/github";
import type { ChainloopDeployment } from "../../provider/chainloop/deployments";
import type { Deployment } from "../../provider/github/wire";
import { knownBy } from "./known";
import { isNotRecorded } from "./aftermath";
import { declaredBy } from "./effective";
import { STACKS, STORAGE, storageKeyOf } from "./layout";
import type { Program, StackName } from "./layout";
import { isLive } from "./ledger";
import type { ChainloopRow, Written } from "./ledger";
import type { Scenario } from "./scenario";
import type { World } from "./world";

interface About {
  key: string;
  stack: StackName;
  written: Written;
  ending: Scenario["ending"];
}

export function checkDeclared(
  world: World,
  ending: Scenario["ending"],
  stacks: readonly StackName[] = STACKS,
): void {
  const declared = new Set<string>();
  for (const stack of stacks) {
    const program = declaredBy(world, stack);
    const { records, storage, chainloop } = program;
    const about = (key: string): About => {
      const written = world.ledger.records.get(key);
      if (!written) throw new Error(`${key} is declared by ${stack}, and there is no such record`);
      declared.add(key);
      return { key, stack, written, ending };
    };
    for (const [key, content] of records) {
      declared.add(key);
      const kept = keptBy(world, stack, program, key) ?? content;
      // In the end there is an artifact for each.
      if (stacks !== STACKS && isNotRecorded(world, kept)) continue;
      // What ignores all changes is not repaired either.
      const written = world.ledger.records.get(key);
      if (program.ignoring.has(key) && isExcused(world, stack, written)) continue;
      checkDeployment(world, about(key), kept);
    }
    for (const [key, { status }] of storage) checkStorage(world, about(key), status);
    for (const [key, content] of chainloop) checkChainloop(world, about(key), content);
  }
  if (stacks === STACKS) checkLeft(world, declared);
  for (const stack of stacks === STACKS ? [] : stacks) checkGivenUp(world, stack, declared);
}

/** What a run without an error has given up is decommissioned, or the user was told of it (`left`). */
export function checkGivenUp(
  { ledger, left, forgotten, snapshots }: World,
  stack: StackName,
  declared: Set<string>,
): void {
  const known = knownBy(snapshots[stack]);
  for (const [key, written] of ledger.records) {
    if (declared.has(key) || written.writer !== stack || !isLive(written)) continue;
    if (left.get(key)?.row === written.row || known.has(key)) continue;
    if (written.isOfJob && forgotten.has(written.run)) continue;
    throw new Error(`${stack} has given up ${key}, which it wrote last, and it is still there`);
  }
}

/** What nobody declares is decommissioned, unless it is another writer's, or was left as it may be. */
export function checkLeft({ ledger, left, forgotten }: World, declared: Set<string>): void {
  for (const [key, written] of ledger.records) {
    if (declared.has(key) || written.writer === "another writer" || !isLive(written)) continue;
    if (left.get(key)?.row === written.row) continue;
    // A job went on when its run was cut off: nobody knows of it.
    if (written.isOfJob && forgotten.has(written.run)) continue;
    throw new Error(`${key} is declared by nobody, and still there, as ${written.writer} wrote it`);
  }
}

/** What a resource declares that ignores some of the program: Pulumi keeps it in its inputs. */
function keptBy(
  { snapshots, ledger }: World,
  stack: StackName,
  { ignoring, resources }: Program,
  key: string,
): Deployment | undefined {
  const name = ignoring.get(key);
  if (name === undefined) return undefined;
  const state = snapshots[stack].resources.find((one) => one.urn.endsWith(`::${name}`) && !one.delete);
  const inputs = withoutSecrets(state?.inputs ?? {}) as object as Deployment & {
    deployments?: Record<string, Deployment>;
  };
  const content = inputs.deployments?.[(JSON.parse(key) as string[])[3] ?? ""] ?? inputs;
  // What a refresh found, and no program can declare.
  const isMissing = ["not listed", "not recorded"].includes(content.status);
  // A record that is gone, after a destroy that was killed, stays gone where changes of the status are ignored.
  const ignores = resources.find((one) => one.name === name)?.options?.ignores ?? [];
  const written = ledger.records.get(key);
  const ignoresStatus = ignores.includes("status") || ignores.includes("*");
  const staysGone = ignoresStatus && written !== undefined && !isLive(written);
  return state && { ...content, ...(isMissing && { status: staysGone ? "decommissioned" : "deployed" }) };
}

function checkDeployment(world: World, about: About, content: Deployment): void {
  const { answers, listDecommissioned } = world.server.state.store.rules;
  const has = shown(deploymentSnapshot(world.org, about.written.row as DeploymentRow));
  if (content.version === "" || world.unversioned.has(has.digest)) has.version = content.version;
  const { name, version, digest, status, tags = {} } = content;
  const risks = [...(content.runtimeRisks ?? [])].sort();
  const expected = inherited(world, content, { name, version, digest, status, tags, risks }, has);
  const listed = ({ risks: seen, ...one }: Shown) => ({
    ...{ digest: one.digest, tags: one.tags },
    risks: answers === "schema" && seen,
    // Where lists leave out what is decommissioned, its absence is seen.
    gone: !listDecommissioned && one.status === "decommissioned",
  });
  // Of what is declared as decommissioned, no list says anything: it may leave it out.
  const seen = status === "deployed" && !isDeepStrictEqual(listed(has), listed(expected));
  check(world, about, { expected, has, seen });
}

/** A list shows no version and no path, but the status. */
function checkStorage(world: World, about: About, status: string): void {
  const { version, ...row } = about.written.row as StorageRow;
  const declared = STORAGE.find((_, index) => storageKeyOf(index) === about.key);
  const expected = { version: declared?.version, status };
  check(world, about, { expected, has: { version, status: row.status }, seen: row.status !== status });
}

/** A list shows all of it; what an artifact is called elsewhere is no drift. */
function checkChainloop(world: World, about: About, content: ChainloopDeployment): void {
  const { record } = about.written.row as ChainloopRow;
  const { name, version, digest } = record.artifact;
  const has = { status: record.status, name, version, digest };
  const { artifactName, artifactVersion = "", artifactDigest } = content;
  const expected = {
    status: "DEPLOYED",
    name: artifactName,
    version: artifactVersion,
    digest: artifactDigest,
  };
  const seen = has.status !== expected.status || has.digest !== expected.digest;
  check(world, about, { expected, has, seen });
}

/**
 * What its stack has written last, and knows of, is exactly as declared. What another has written since is that one's.
 * So is what the stack's own run has written that was killed or cut off, where the program then went back to what the
 * state has: Pulumi compares with the state alone. A refresh shows both, as far as a list does (`seen`).
 */
function check(
  world: World,
  about: About,
  { expected, has, seen }: { expected: object; has: object; seen: boolean },
): void {
  const { key, stack, written, ending } = about;
  if (isDeepStrictEqual(has, expected)) return;
  if (world.undone.has(key) && !isLive(written)) return;
  const known = knownBy(world.snapshots[stack]).get(key);
  if (isExcused(world, stack, written) && !(seen && ending !== "up")) return;
  throw new Error(
    `${key} is declared by ${stack} as ${JSON.stringify(expected)}, and there is ${JSON.stringify(has)}, ` +
      `written by ${written.writer}; the state has ${JSON.stringify(known)}`,
  );
}

/** Not as the stack declares it: another writer wrote it, or a run that was cut off, or a message said that it was left. */
const isExcused = (world: World, stack: StackName, written: Written | undefined): boolean =>
  written?.writer !== stack ||
  isLost(world, written) ||
  world.stale.has(written.row) ||
  world.leftToOther.has(written.row);

/** Written by a run that was killed, by a deletion that failed, or by a job of either, so that no state knows of it. */
const isLost = (
  { killed, deleted, forgotten, acknowledged }: World,
  { run, row, isOfJob = false }: Written,
): boolean =>
  (killed.has(run) || deleted.has(row) || (isOfJob && forgotten.has(run))) && !acknowledged.has(row);

const shown = ({ name, version, digest, status, tags, runtime_risks }: DeploymentSnapshot) => ({
  ...{ name, version, digest, status, tags },
  risks: [...runtime_risks].sort(),
});

type Shown = ReturnType<typeof shown>;

/**
 * What is not declared, another writer's tags and risks, is cleared where the answer shows it: not in a record that is
 * decommissioned anyway, and no risks where answers are as thin as the documentation's.
 */
function inherited(world: World, content: Deployment, expected: Shown, has: Shown): Shown {
  const { omittedOnUpdate, answers } = world.server.state.store.rules;
  if (omittedOnUpdate === "clear") return expected;
  const gone = content.status === "decommissioned";
  // A job's answer shows no record.
  const isUnseen = gone || world.hasJobs;
  const keepsTags = isUnseen && !content.tags;
  const keepsRisks = (isUnseen || answers === "documentation") && !content.runtimeRisks;
  return { ...expected, ...(keepsTags && { tags: has.tags }), ...(keepsRisks && { risks: has.risks }) };
}
