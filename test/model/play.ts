/** Plays a scenario, and says what is not as it must be. */
import { isDeepStrictEqual } from "node:util";
import type { DeploymentSnapshot } from "../../local/github";
import { deploymentSnapshot } from "../../local/github/deployments";
import type { Deployment } from "../../provider/github/wire";
import { edit } from "./edit";
import { programOf, STACKS, LATE } from "./layout";
import type { Program, StackName } from "./layout";
import { isLast, knownBy } from "./known";
import type { Written } from "./ledger";
import { run } from "./run";
import type { Ran, RunSpec } from "./run";
import type { Command, Scenario } from "./scenario";
import { calmDown, foreignWrite } from "./world";
import type { World } from "./world";

export async function play(world: World, { commands, ending, seed }: Scenario): Promise<void> {
  for (const command of commands) await perform(world, command);
  calmDown(world);
  const calm = { parallel: 8, seed, killAt: undefined, faults: [], replace: false };
  await inCalm(world, { ...calm, operation: "up" });
  if (ending === "refresh") await inCalm(world, { ...calm, operation: "refresh" });
  await inCalm(world, { ...calm, operation: "up" });
  checkDeclared(world, ending);
  for (const ran of await inCalm(world, { ...calm, operation: "preview" })) expectNoChange(ran);
  for (const ran of await inCalm(world, { ...calm, operation: "up" })) expectNoChange(ran);
  await inCalm(world, { ...calm, operation: "destroy" });
  checkLeft(world, new Set());
  const { violations } = world.server.state;
  if (violations.length > 0) throw new Error(`GitHub's description is broken: ${JSON.stringify(violations)}`);
}

async function perform(world: World, command: Command): Promise<void> {
  if (command.do === "foreign write") return foreignWrite(world, command);
  const { spec, edits } = command;
  for (const one of edits) edit(world.layout, one);
  const ran = await run(world, spec);
  const untouched = spec.faults.length === 0 && spec.killAt === undefined;
  if (untouched && !declaresLate(ran.program)) expectOk(spec, ran);
}

const declaresLate = (program: Program): boolean =>
  [...program.records.values()].some(({ digest }) => digest.endsWith(`${LATE}${LATE}`));

/** Nothing goes wrong any more: every run succeeds. */
async function inCalm(world: World, spec: Omit<RunSpec, "stack">): Promise<Ran[]> {
  const all: Ran[] = [];
  for (const stack of STACKS) {
    const ran = await run(world, { ...spec, stack });
    expectOk({ ...spec, stack }, ran);
    all.push(ran);
  }
  return all;
}

function expectOk({ operation, stack }: Pick<RunSpec, "operation" | "stack">, { result, told }: Ran): void {
  if (result === "ok") return;
  if (result === "failed") throw new Error(`${operation} of ${stack} has failed:\n${told.join("\n")}`);
}

function expectNoChange({ writes, changes, told }: Ran): void {
  if (writes === 0 && Object.keys(changes).every((op) => op === "same")) return;
  throw new Error(`there is still something to do: ${JSON.stringify({ changes, writes, told })}`);
}

function checkDeclared(world: World, ending: Scenario["ending"]): void {
  const declared = new Set<string>();
  for (const stack of STACKS) {
    for (const [key, content] of programOf(world.layout, stack).records) {
      declared.add(key);
      const written = world.ledger.records.get(key);
      if (!written) throw new Error(`${key} is declared by ${stack}, and GitHub has no such record`);
      const live = deploymentSnapshot(world.org, written.row);
      const expected = {
        ...{ name: content.name, version: content.version, digest: content.digest, status: content.status },
        ...{ tags: content.tags ?? {}, risks: [...(content.runtimeRisks ?? [])].sort() },
      };
      const about = { key, stack, written, ending };
      checkRecord(world, about, inherited(world, content, expected, shown(live)), shown(live));
    }
  }
  checkLeft(world, declared);
}

const shown = ({ name, version, digest, status, tags, runtime_risks }: DeploymentSnapshot) => ({
  ...{ name, version, digest, status, tags },
  risks: [...runtime_risks].sort(),
});

type Shown = ReturnType<typeof shown>;

/**
 * What is not declared, another writer's tags and risks, is cleared where the answer shows it: not in a record that is
 * decommissioned anyway, and no risks where answers are as thin as the documentation's.
 */
function inherited(world: World, content: Deployment, expected: Shown, live: Shown): Shown {
  const { omittedOnUpdate, answers } = world.server.state.store.rules;
  if (omittedOnUpdate === "clear") return expected;
  const gone = content.status === "decommissioned";
  const keepsTags = gone && !content.tags;
  const keepsRisks = (gone || answers === "documentation") && !content.runtimeRisks;
  return { ...expected, ...(keepsTags && { tags: live.tags }), ...(keepsRisks && { risks: live.risks }) };
}

interface About {
  key: string;
  stack: StackName;
  written: Written;
  ending: Scenario["ending"];
}

/**
 * What its stack has written last, and knows of, is exactly as declared. What another has written since is that one's.
 * So is what the stack's own run has written that was killed or cut off, where the program then went back to what the
 * state has: Pulumi compares with the state alone. A refresh shows both, as far as a list does: digest, tags and risks.
 */
function checkRecord(world: World, about: About, expected: Shown, live: Shown): void {
  const { key, stack, written, ending } = about;
  const unknown = written.writer !== stack || (world.lost.has(written.run) && !isKnown(world, about));
  // Of what is declared as decommissioned, no list says anything: it may leave it out.
  const unseen = ending === "up" || expected.status === "decommissioned";
  if (isDeepStrictEqual(live, expected) || (unknown && unseen)) return;
  const { answers, listDecommissioned } = world.server.state.store.rules;
  const hidden = live.status === "deployed" || listDecommissioned;
  const visible = ({ digest, tags, risks }: Shown) => ({
    digest,
    tags,
    risks: answers === "schema" && risks,
  });
  if (unknown && hidden && isDeepStrictEqual(visible(live), visible(expected))) return;
  throw new Error(
    `${key} is declared by ${stack} as ${JSON.stringify(expected)}, and GitHub has ${JSON.stringify(live)}, ` +
      `written by ${written.writer}; the state has ${JSON.stringify(knownBy(world.snapshots[stack]).get(key))}`,
  );
}

const isKnown = ({ snapshots }: World, { key, stack, written }: About): boolean =>
  knownBy(snapshots[stack])
    .get(key)
    ?.some((known) => isLast(known, written.row)) ?? false;

/** What nobody declares is decommissioned, unless it is another writer's, or was left as it may be. */
function checkLeft({ ledger, left }: World, declared: Set<string>): void {
  for (const [key, written] of ledger.records) {
    const { row, writer } = written;
    if (declared.has(key) || writer === "another writer" || row.status !== "deployed") continue;
    if (left.get(key)?.row === row) continue;
    throw new Error(`${key} is declared by nobody, and still deployed, as ${writer} wrote it`);
  }
}
