import type * as pulumi from "@pulumi/pulumi";
import { readAnnotations, splitRisks } from "../../provider/workloads/annotations";
import type { RuntimeRisk } from "../risks";
import { applyTo, asOutput, isPending, isUnknown } from "./pending";

export interface Annotated {
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  runtimeRisks?: pulumi.Input<RuntimeRisk[]>;
}

/** Risks and tags of annotations, which may be outputs or hold some. */
export function annotated(levels: readonly unknown[]): Annotated {
  const unknown = levels.flatMap((level) => [level, ...valuesOf(level)]).find(isUnknown);
  // One of several that is not known may be a risk or a tag.
  if (unknown !== undefined)
    return {
      tags: asOutput(unknown),
      runtimeRisks: asOutput(unknown),
    } as Annotated;
  if (!levels.some(isPending)) return fromLevels(levels);
  const known = applyTo(levels, (all): object => fromLevels(all as unknown[])) as pulumi.Output<Annotated>;
  return {
    tags: known.apply(({ tags }) => tags) as Annotated["tags"],
    runtimeRisks: known.apply(({ runtimeRisks }) => runtimeRisks) as Annotated["runtimeRisks"],
  };
}

const valuesOf = (level: unknown): unknown[] =>
  typeof level === "object" && level !== null && !isPending(level)
    ? Object.values(level).flatMap((value: unknown) => [value, ...partsOf(value)])
    : [];

/** Of a tag that is a pair of key and value. */
const partsOf = (value: unknown): unknown[] =>
  typeof value === "object" && value !== null && !isPending(value) ? Object.values(value) : [];

function fromLevels(levels: readonly unknown[]): Annotated {
  const { tags, riskLists } = readAnnotations(levels);
  return {
    ...(tags && { tags: tags as Annotated["tags"] }),
    ...(riskLists && { runtimeRisks: risksOf(riskLists) }),
  };
}

function risksOf(lists: readonly unknown[]): pulumi.Input<RuntimeRisk[]> {
  if (!lists.some(isPending)) return splitRisks(lists) as RuntimeRisk[];
  return applyTo(lists, (known) => splitRisks(known as unknown[]) as RuntimeRisk[]);
}
