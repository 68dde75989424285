/** Plays a scenario, and compares its end with what must hold (oracle.ts). */
import { edit } from "./edit";
import { digestOf, LATE } from "./artifacts";
import { STACKS } from "./layout";
import type { Program, StackName } from "./layout";
import { nameOf } from "./names";
import { checkDeclared, checkGivenUp, checkLeft } from "./oracle";
import { CALM, run } from "./run";
import type { Ran, RunSpec } from "./run";
import type { Command, Scenario } from "./scenario";
import { calmDown, foreignChainloop, foreignStorage, foreignWrite } from "./world";
import type { World } from "./world";

export async function play(world: World, { commands, endsAsBefore, ending, seed }: Scenario): Promise<void> {
  for (const command of commands) await perform(world, command);
  if (endsAsBefore && world.hasFailed) world.layout = structuredClone(world.history.at(-2) ?? world.layout);
  calmDown(world);
  const calm = { ...CALM, seed };
  await inCalm(world, { ...calm, operation: "up" });
  if (ending === "refresh") await inCalm(world, { ...calm, operation: "refresh" });
  await inCalm(world, { ...calm, operation: "up", refresh: ending === "up --refresh" });
  checkDeclared(world, ending);
  const again = seed % 2 === 0 ? ("preview" as const) : ("up" as const);
  for (const ran of await inCalm(world, { ...calm, operation: again })) expectNoChange(ran);
  await inCalm(world, { ...calm, operation: "destroy", refresh: seed % 3 === 0 });
  checkLeft(world, new Set());
  const { state, chainloop } = world.server;
  const violations = [...state.violations, ...chainloop.violations];
  if (violations.length > 0)
    throw new Error(`the APIs' descriptions are broken: ${JSON.stringify(violations)}`);
}

async function perform(world: World, command: Command): Promise<void> {
  if (command.do === "foreign write") return foreignWrite(world, command);
  if (command.do === "foreign chainloop") return foreignChainloop(world, command);
  if (command.do === "foreign storage") return foreignStorage(world, command.storage, command.status);
  const { spec } = command;
  const isGivenUp = command.givesUp && world.hasFailed;
  const back = isGivenUp ? 1 : command.back;
  world.layout = structuredClone(world.history.at(-1 - back) ?? world.layout);
  if (spec.other !== "same") world.layout.version++;
  for (const one of isGivenUp ? [] : command.edits) edit(world.layout, one);
  world.history.push(structuredClone(world.layout));
  const ran = await run(world, spec);
  world.hasFailed = ran.result !== "ok";
  const untouched =
    spec.faults.length === 0 &&
    spec.killAt === undefined &&
    spec.jobs.length === 0 &&
    !world.hasLongJobs &&
    spec.other !== "fails" &&
    // What is not targeted can be what a removal waits for.
    spec.targets === undefined &&
    !isStuck(world, spec, ran);
  const isAccepted = world.config["artifact-metadata:onMissingArtifact"] === "warn";
  if (untouched && (isAccepted || !declaresLate(world, spec.stack, ran.program))) expectOk(spec, ran);
  if (spec.operation === "up" && ran.result === "ok" && spec.targets === undefined)
    checkDeclared(world, "up", [spec.stack]);
  if (spec.operation === "destroy" && ran.result === "ok" && spec.targets === undefined)
    checkGivenUp(world, spec.stack, new Set());
}

/**
 * A deletion that makes room for a replacement can wait for a write that comes after it: one step at a time, or where what
 * takes its former record depends on it, and the resource gets another provider or `--replace` asks for no diff. The message
 * says the way out.
 */
const isStuck = (
  world: World,
  { stack, parallel, replace }: Pick<RunSpec, "stack" | "parallel" | "replace">,
  { told }: Ran,
): boolean =>
  told.some((message) => /has not written (it|them): this resource stays in the state/.test(message)) &&
  (parallel === 1 ||
    getsAnotherProvider(world, stack) ||
    (replace && Object.values(world.layout.options).some((options) => options?.deleteBeforeReplace)));

const getsAnotherProvider = ({ layout, snapshots }: World, stack: StackName): boolean =>
  snapshots[stack].resources.some(({ urn, provider = "" }) => {
    const { deleteBeforeReplace, provider: declared } = layout.options[nameOf(urn)] ?? {};
    return deleteBeforeReplace === true && provider.includes("::q::") !== (declared === "q");
  });

const withoutDependencies = ({ layout }: World): void => {
  for (const options of Object.values(layout.options)) if (options) options.dependsOn = undefined;
};

/** By the program, or by inputs that a resource keeps. */
const declaresLate = ({ snapshots }: World, stack: StackName, { records, ignoring }: Program): boolean =>
  [...records.values()].some(({ digest }) => digest === digestOf(LATE)) ||
  (ignoring.size > 0 && JSON.stringify(snapshots[stack]).includes(digestOf(LATE)));

/** Nothing goes wrong any more: every run succeeds, one that is stuck after the change that its message names. */
async function inCalm(world: World, spec: Omit<RunSpec, "stack">): Promise<Ran[]> {
  const all: Ran[] = [];
  for (const stack of STACKS) {
    let ran = await run(world, { ...spec, stack });
    if (ran.result === "failed" && isStuck(world, { ...spec, stack }, ran)) {
      withoutDependencies(world);
      ran = await run(world, { ...spec, stack });
    }
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
