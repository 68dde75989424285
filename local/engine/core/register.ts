/** Which steps make a registered or read resource real. */
import type { Goal, ReadGoal, ResourceState, Urn } from "../types";
import { checkInputs } from "./check";
import { diffOf, replaceOnChanges } from "./diff";
import { importStep, readStep } from "./reading";
import { replacementSteps } from "./replace";
import { Bail, claimUrn, isTargeted, refuse, type Run } from "./run";
import type { Registration, Reply, Step } from "./step";
import { createStep, observeStep, replaceStep, sameStep, skipStep, updateStep } from "./steps";
import { aliasUrns, isProviderType } from "./urn";

export async function registerSteps(
  run: Run,
  goal: Goal,
  provider: string | undefined,
  reply: Reply,
): Promise<Step[]> {
  const urn = claimUrn(run, goal);
  const { old, alias } = findOld(run, urn, goal);
  const state = stateOf(withoutSkipped(run, goal), urn, { provider, alias, old });
  const registration = { goal, old, state, reply };
  if (run.options.runProgram && !isProviderType(goal.type)) return [observeStep(old, state, reply)];
  if (!isTargeted(run, state)) return [untargetedStep(run, registration)];
  const { custom, importId } = goal;
  const isImport = custom && importId && (!old || old.external || (old.importID ?? old.id) !== importId);
  return isImport ? importSteps(run, registration) : stepsOf(run, registration);
}

async function stepsOf(run: Run, registration: Registration): Promise<Step[]> {
  const { old, state, reply } = registration;
  if (!(await checkInputs(run, registration))) throw new Bail(`resource ${state.urn} is invalid`);
  if (!old) return [createStep(run, state, reply)];
  return stepsOnceGone(run, registration, old) ?? stepsFromDiff(run, registration, old);
}

function importSteps(run: Run, registration: Registration): Step[] {
  const { old, state } = registration;
  const imported = { ...state };
  const step = importStep(run, imported, old);
  const next = () => stepsOf(run, { ...registration, old: imported });
  return [{ ...step, next }, ...(old ? [replaceStep(imported, old)] : [])];
}

/** What is not targeted stays as it is: its provider is not asked, and what is new is left out. */
function untargetedStep(run: Run, { old, state, reply }: Registration): Step {
  if (!old) {
    run.plan.skips.add(state.urn);
    return skipStep(state, reply);
  }
  return sameStep(run, old, { ...old, urn: state.urn, aliases: state.aliases }, reply);
}

/** The old state is found under the URN, or else under the first alias that there was a resource for. */
function findOld(run: Run, urn: Urn, goal: Goal): { old?: ResourceState; alias?: Urn } {
  const { plan } = run;
  const successor = plan.aliased.get(urn);
  if (successor !== undefined)
    refuse(
      run,
      urn,
      `Duplicate resource URN '${urn}' conflicting with alias on resource with URN '${successor}'`,
    );
  const direct = run.olds.get(urn);
  if (direct) return { old: direct };
  const alias = aliasUrns(run.naming, goal, goal.aliases, plan.oldUrns).find((name) => run.olds.has(name));
  if (alias === undefined) return {};
  const other = plan.urns.has(alias) ? alias : plan.aliased.get(alias);
  if (other !== undefined)
    refuse(run, urn, `Duplicate resource alias '${alias}' conflicting with resource with URN '${other}'`);
  plan.aliased.set(alias, urn);
  plan.oldUrns.set(urn, alias);
  return { old: run.olds.get(alias), alias };
}

/** Nothing in a state depends on what is not there. */
function withoutSkipped({ plan }: Run, goal: Goal): Goal {
  if (plan.skips.size === 0) return goal;
  const present = (urns: Urn[]): Urn[] => urns.filter((urn) => !plan.skips.has(urn));
  const sources = Object.entries(goal.propertyDependencies);
  return {
    ...goal,
    dependencies: present(goal.dependencies),
    propertyDependencies: Object.fromEntries(sources.map(([key, urns]) => [key, present(urns)])),
  };
}

interface Origin {
  provider: string | undefined;
  alias: Urn | undefined;
  old: ResourceState | undefined;
}

function stateOf(goal: Goal, urn: Urn, { provider, alias, old }: Origin): ResourceState {
  return {
    ...carriedOver(goal),
    urn,
    custom: goal.custom,
    type: goal.type,
    inputs: goal.properties,
    propertyDependencies: propertyDependencies(goal),
    protect: goal.protect,
    ignoreChanges: goal.ignoreChanges,
    replaceOnChanges: goal.replaceOnChanges,
    retainOnDelete: goal.retainOnDelete,
    importID: goal.importId,
    provider,
    aliases: alias === undefined ? undefined : [alias],
    created: old?.created,
    modified: old?.modified,
  };
}

/** What a registration and a read say about a resource alike. */
function carriedOver(goal: Goal | ReadGoal) {
  const { parent, dependencies, additionalSecretOutputs } = goal;
  return { parent, dependencies, additionalSecretOutputs };
}

/** Without dependencies by property, every property can depend on each of them. */
function propertyDependencies({ type, properties, propertyDependencies: named, dependencies }: Goal) {
  if (Object.keys(named).length > 0 || isProviderType(type)) return named;
  return Object.fromEntries(Object.keys(properties).map((key) => [key, dependencies]));
}

/** A resource that this run deleted early, or that was only ever read, is created whatever diff would say. */
function stepsOnceGone(run: Run, { state, reply }: Registration, old: ResourceState): Step[] | undefined {
  const { plan } = run;
  if (plan.deletes.delete(state.urn)) {
    plan.replaces.add(state.urn);
    const create = createStep(run, state, reply, { old, deleteLater: false });
    return [replaceStep(state, old), create];
  }
  if (!old.external) return undefined;
  return [createStep(run, state, reply, { old, deleteLater: true }), replaceStep(state, old)];
}

async function stepsFromDiff(run: Run, registration: Registration, old: ResourceState): Promise<Step[]> {
  const { goal, state, reply } = registration;
  const found = await diffOf(run, registration, old);
  const broken = (old.initErrors ?? []).length > 0;
  const diff = replaceOnChanges(found, goal.replaceOnChanges, broken);
  const changes = diff.changes || old.pendingReplacement === true;
  if (changes && (diff.replaces.length > 0 || old.pendingReplacement)) {
    return replacementSteps(run, registration, old, diff);
  }
  const { ignoreChanges } = goal;
  const { detailedDiff } = diff;
  if (changes || broken) return [updateStep(run, old, state, reply, { ignoreChanges, detailedDiff })];
  return [sameStep(run, old, state, reply)];
}

export function readSteps(run: Run, goal: ReadGoal, provider: string, reply: Reply): Step[] {
  const urn = claimUrn(run, goal);
  const old = run.olds.get(urn);
  const { type, id, properties: inputs } = goal;
  const state: ResourceState = {
    ...carriedOver(goal),
    urn,
    type,
    id,
    inputs,
    provider,
    custom: true,
    external: true,
  };
  if (!state.id) throw new Error(`Expected an ID for ${urn}`);
  if (old && !old.external && old.id !== goal.id) {
    run.plan.replaces.add(urn);
    return [readStep(run, old, state, reply, true), replaceStep(state, old)];
  }
  return [readStep(run, old, state, reply, false)];
}
