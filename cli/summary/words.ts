/** The words of a summary, whatever it is written in. */
import { isDeepStrictEqual } from "node:util";
import { ACTIONS } from "./types";
import type { Action, Change, Kind, Side, Summary, Value } from "./types";
import { isSpecial } from "./values";

/** How a text of the preview is shown, and how words in its place are. */
export interface Style {
  quote: (text: string) => string;
  special: (words: string) => string;
}

/** What the longest names are: what is longer is cut. */
const LONGEST = 256;

/** Of an error or a warning. */
export const LONGEST_MESSAGE = 2_000;

/** Between characters, never in the middle of a surrogate pair. */
export function clip(text: string, length = LONGEST): string {
  if (text.length <= length) return text;
  const cut = text.slice(0, length - 1);
  return `${cut.replace(/[\ud800-\udbff]$/, "")}…`;
}

export function countActions(changes: Change[]): [Action, number][] {
  const count = (action: Action) => changes.filter((change) => change.action === action).length;
  return ACTIONS.map((action): [Action, number] => [action, count(action)]).filter(
    ([, number]) => number > 0,
  );
}

export const inWords = (counts: [Action, number][]): string =>
  counts.map(([action, number]) => `${number} ${action}`).join(", ");

/** `Records of shop/dev: 2 deployed, 1 updated` */
export function headline(
  { project, stack, changes, errors }: Summary,
  title: string | undefined,
  style: Style,
): string {
  const of = [project, stack].filter((part) => part !== undefined).map((part) => clip(part, 60));
  const subject = title === undefined ? "Records" : style.special(clip(title, 60));
  const where = of.length > 0 ? ` of ${style.quote(of.join("/"))}` : "";
  const counts = changes.length > 0 ? inWords(countActions(changes)) : "no record changes";
  return `${subject}${where}: ${errors.length > 0 ? "the preview failed" : counts}`;
}

export const value = (of: Value | undefined, style: Style): string => {
  if (of === undefined) return "";
  return isSpecial(of) ? style.special(of.description ?? "") : style.quote(clip(of));
};

/** `production / eu-west-1 / prod-eu (acme)` */
export function placeName({ kind, place }: Change, style: Style): string {
  const { org, ...where } = place;
  const parts = Object.values(where).map((part) => value(part, style));
  const words = { deployment: "", chainloop: "Chainloop: ", storage: "Stored at " }[kind];
  return words + parts.join(" / ") + (org === undefined ? "" : ` (${value(org, style)})`);
}

export const columns: Record<Kind, string[]> = {
  deployment: ["Deployment", "Artifact", "From → to", "What happens", "Runtime risks"],
  chainloop: ["Deployment", "Artifact", "From → to", "What happens"],
  storage: ["Artifact", "Path", "From → to", "What happens"],
};

export function cells(change: Change, style: Style): string[] {
  const { kind, name, before, after } = change;
  const all = [
    value(name, style),
    fromTo(value(before?.artifact, style), value(after?.artifact, style)),
    fromTo(versionOf(before, style), versionOf(after, style)),
    whatHappens(change, style),
    risks(before, after, style),
  ];
  return all.slice(0, columns[kind].length);
}

const fromTo = (from: string, to: string): string =>
  from === to || from === "" || to === "" ? to || from : `${from} → ${to}`;

/** `1.4.2 (bbbbbbbbbbbb)` */
function versionOf(side: Side | undefined, style: Style): string {
  if (side === undefined) return "";
  const { version, digest } = side;
  const short =
    typeof digest === "string" ? digest.replace(/^(sha256:[0-9a-f]{12})[0-9a-f]{52}$/, "$1") : digest;
  const shown = typeof short === "string" ? short.replace(/^sha256:/, "") : short;
  const [first, second] = [value(version, style), value(shown, style)];
  return first && second ? `${first} (${second})` : first || second;
}

/** What has a column of its own, or is what happens. */
const shownFields: Readonly<Record<string, keyof Side>> = {
  name: "artifact",
  artifactName: "artifact",
  version: "version",
  artifactVersion: "version",
  digest: "digest",
  artifactDigest: "digest",
  runtimeRisks: "runtimeRisks",
  status: "status",
};

/** Where both sides look the same, a secret differs: that has to be said. */
function isSeen({ before, after }: Change, field: string): boolean {
  const side = shownFields[field];
  return side !== undefined && !isDeepStrictEqual(before?.[side], after?.[side]);
}

function whatHappens(change: Change, style: Style): string {
  const { kind, action, changed, before, after, name, resource, movedFrom } = change;
  const quote = (text: string) => style.quote(clip(text, 120));
  const isWhole = isSpecial(name) && resource.startsWith("ClusterDeploymentSet");
  const notes = [
    ...(isWhole ? [`all deployments of ${quote(resource)}`] : []),
    ...changed.filter((field) => !isSeen(change, field)),
    ...(movedFrom === undefined ? [] : [moved(quote(movedFrom), quote(resource))]),
    ...(after ? driftOf(kind, before?.status) : []),
    ...(action === "kept" ? ["no longer managed"] : []),
  ];
  if (notes.length > 0) return `${action}: ${notes.join(", ")}`;
  const isSame = before !== undefined && after !== undefined && changed.length === 0;
  return isSame && action === "updated" ? "updated: written again" : action;
}

/** What a refresh has seen. */
function driftOf(kind: Kind, status: Value | undefined): string[] {
  if (status === "not listed") return [`${kind === "chainloop" ? "Chainloop" : "GitHub"} does not list it`];
  return status === "superseded" ? ["another digest has superseded it"] : [];
}

const moved = (from: string, to: string) => (from === to ? "to another parent" : `from ${from} to ${to}`);

/** GitHub knows four. */
const MOST_RISKS = 8;

function risks(before: Side | undefined, after: Side | undefined, style: Style): string {
  const old = (before ?? after)?.runtimeRisks ?? [];
  const now = (after ?? before)?.runtimeRisks ?? [];
  // All of them are one value where they are secret or not known yet.
  if (!Array.isArray(now)) return value(now, style);
  if (!Array.isArray(old)) return value(old, style);
  // A hostile preview has 100,000: no more of them are put into words than are shown.
  const [wasThere, isThere] = [new Set(old), new Set(now)];
  const gone = old.filter((risk) => !isThere.has(risk));
  const words = [
    ...now.slice(0, MOST_RISKS).map((risk) => (wasThere.has(risk) ? "" : "+ ") + value(risk, style)),
    ...gone.slice(0, MOST_RISKS).map((risk) => `− ${value(risk, style)}`),
  ];
  const left = now.length + gone.length - MOST_RISKS;
  return [...words.slice(0, MOST_RISKS), ...(left > 0 ? [`and ${left} more`] : [])].join(", ");
}
