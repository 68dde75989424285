/** A scenario as a person reads it. */
import { RECORDS, keyOf } from "./layout";
import type { Command, Edit, Scenario } from "./scenario";

export function story(scenario: Scenario): string {
  const { commands, ending, seed, ...settings } = scenario;
  return [JSON.stringify(settings), ...commands.flatMap(linesOf), `in the end: ${ending}, seed ${seed}`].join(
    "\n",
  );
}

function linesOf(command: Command): string[] {
  if (command.do === "foreign write")
    return [`another writer writes ${keyOf(command.record)} as ${JSON.stringify(command.as)}`];
  if (command.do === "foreign storage")
    return [`another writer writes storage record ${command.storage} as ${command.status}`];
  if (command.do === "foreign chainloop")
    return [
      `another writer has artifact ${command.artifact} ${command.status} as Chainloop deployment ${command.deployment}`,
    ];
  const { operation, stack, parallel, seed, killAt, faults, replace, ...spec } = command.spec;
  const { targets, continueOnError, refresh, other, meanwhile, jobs } = spec;
  const more = [
    ...(targets ? [`targets ${targets.join(", ")}`] : []),
    ...meanwhile.map(
      ({ step, write }) =>
        `before step ${step} another writer writes ${keyOf(write.record)} as ${JSON.stringify(write.as)}`,
    ),
    ...jobs.map(({ outcome, written }) => `a job has ${outcome}, ${written} written`),
    ...(continueOnError ? ["going on after errors"] : []),
    ...(refresh ? ["with a refresh first"] : []),
    ...(other === "same" ? [] : [`what is not ours ${other}`]),
    ...(replace ? ["replacing all"] : []),
    ...(killAt === undefined ? [] : [`killed at step ${killAt}`]),
    ...faults.map(
      ({ of, kind, when, at, times, meanwhile: as }) =>
        `${kind} ${when} request ${at} that sends ${of}, ${times} times` +
        (as ? `; before it is sent again another writer writes its record as ${JSON.stringify(as)}` : ""),
    ),
  ];
  return [
    ...(command.givesUp ? ["  if the last run has failed, the program is as before it; otherwise:"] : []),
    ...(command.back > 0 ? [`  the program is again as ${command.back} runs ago`] : []),
    ...command.edits.map(edited),
    `${operation} of ${stack}, ${parallel} at once, seed ${seed}${more.map((one) => `; ${one}`).join("")}`,
  ];
}

function edited(edit: Edit): string {
  if ("storage" in edit) return `  storage record ${edit.storage} is now ${JSON.stringify(edit.as)}`;
  if ("chainloop" in edit)
    return `  Chainloop deployment ${edit.chainloop} is now ${JSON.stringify(edit.as)}`;
  if ("options" in edit) return `  ${edit.options} has the options ${JSON.stringify(edit.as)}`;
  if ("set" in edit) return `  set ${edit.set} is now in place ${edit.place}`;
  if ("release" in edit) return `  all are now of artifact ${edit.release}`;
  const { deploymentName } = RECORDS[edit.record] as (typeof RECORDS)[number];
  const what = `  record ${edit.record} (${deploymentName})`;
  if ("moves" in edit) return `${what} changes to ${JSON.stringify(edit.moves)}`;
  return edit.as ? `${what} is now ${JSON.stringify(edit.as)}` : `${what} is declared no more`;
}
