/** The inputs of a registered resource, as its provider accepts and completes them. */
import type { PropertyMap, ResourceState } from "../types";
import { resetPaths } from "./paths";
import { valueText } from "./report";
import { mustReplace, type Run } from "./run";
import type { Registration } from "./step";
import { nameOf } from "./urn";
import { own } from "./values";

/** False where the inputs are not valid; the reasons were reported. */
export async function checkInputs(run: Run, registration: Registration): Promise<boolean> {
  const { goal, old, state } = registration;
  if (!goal.custom) return true;
  const fresh = !old || run.plan.deletes.has(state.urn) || old.external || mustReplace(run, state.urn);
  if (fresh) return check(run, state, undefined, goal.properties);
  // What is to be ignored keeps its old value.
  const inputs = resetPaths(old.inputs ?? {}, goal.properties, goal.ignoreChanges);
  return check(run, state, old.inputs, inputs);
}

/** Takes over the inputs as the provider completed them, and reports what is wrong with them. */
export async function check(
  run: Run,
  state: ResourceState,
  olds: PropertyMap | undefined,
  news: PropertyMap,
): Promise<boolean> {
  const given = state.inputs ?? {};
  const answer = await run.calls(state).check(state, olds, news);
  for (const { property, reason } of answer.failures) {
    const subject = `${state.type} resource '${nameOf(state.urn)}'`;
    const value = valueText(own(given, property));
    const message = property
      ? `${subject}: property ${property} value ${value} has a problem: ${reason}`
      : `${subject} has a problem: ${reason}`;
    run.report.diagnostic("error", message, state.urn);
  }
  state.inputs = answer.inputs;
  return answer.failures.length === 0;
}
