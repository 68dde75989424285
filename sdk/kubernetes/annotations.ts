/**
 * Risks and tags from annotations, as github/deployment-tracker reads them
 * (https://github.com/github/deployment-tracker#annotations), except that nothing is left out: a risk that GitHub does
 * not know is an error of the record's check.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { RuntimeRisk } from "../risks";
import { applyTo, isPending, whenKnown } from "./values";
import type { MaybeOutput } from "./values";

const PREFIX = "metadata.github.com/";
const RISKS = `${PREFIX}runtime-risks`;

type Level = Record<string, pulumi.Input<string>>;

export interface Annotated {
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  runtimeRisks?: pulumi.Input<RuntimeRisk[]>;
}

/** @param levels The annotations of the pod first, then of what owns it: what is nearest to the pod goes first. */
export function annotated(levels: readonly unknown[]): Annotated {
  if (!levels.some(isPending)) return fromLevels(levels);
  const known = applyTo(levels, (all): object => fromLevels(all as unknown[])) as pulumi.Output<Annotated>;
  return {
    tags: known.apply(({ tags }) => tags) as Annotated["tags"],
    runtimeRisks: known.apply(({ runtimeRisks }) => runtimeRisks) as Annotated["runtimeRisks"],
  };
}

function fromLevels(given: readonly unknown[]): Annotated {
  const levels = given.filter((level): level is Level => typeof level === "object" && level !== null);
  const tags = tagsOf(levels);
  const risks = risksOf(levels);
  return { ...(tags && { tags }), ...(risks && { runtimeRisks: risks }) };
}

function tagsOf(levels: Level[]): Level | undefined {
  const tags = levels.toReversed().flatMap((level) =>
    Object.entries(level)
      .filter(([key]) => key.startsWith(PREFIX) && key !== RISKS)
      .map(([key, value]) => [key.slice(PREFIX.length), value] as const),
  );
  return tags.length === 0 ? undefined : Object.fromEntries(tags);
}

/** Those of all levels, each once. */
function risksOf(levels: Level[]): pulumi.Input<RuntimeRisk[]> | undefined {
  const lists = levels.flatMap((level) => (Object.hasOwn(level, RISKS) ? [level[RISKS]] : []));
  if (lists.length === 0) return undefined;
  return whenKnown(lists, (known): MaybeOutput<RuntimeRisk[]> => {
    const risks = known.flatMap((list) => String(list).split(",")).map((risk) => risk.trim().toLowerCase());
    return [...new Set(risks.filter((risk) => risk !== ""))] as RuntimeRisk[];
  });
}
