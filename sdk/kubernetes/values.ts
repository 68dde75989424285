/** Reading values that are plain, or outputs of which a preview may know a part only. */
import * as pulumi from "@pulumi/pulumi";

/** A value, or an output that will be one. */
export type MaybeOutput<T> = T | pulumi.Output<T>;

export const isPending = (value: unknown): value is pulumi.Output<unknown> | Promise<unknown> =>
  pulumi.Output.isInstance(value) || value instanceof Promise;

/** What is made of a value once it is known. */
export const applyTo = <T>(value: unknown, then: (known: unknown) => pulumi.Input<T>): pulumi.Output<T> =>
  (pulumi.output(value) as pulumi.Output<unknown>).apply(then) as pulumi.Output<T>;

/** A part of a value. Of an output, Pulumi gives the part also where a preview does not know the rest. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce((whole: unknown, key) => {
    const here = whole instanceof Promise ? pulumi.output(whole) : whole;
    return typeof here === "object" && here !== null
      ? (here as Record<string | number, unknown>)[key]
      : undefined;
  }, value);
}

/** At once where all values are plain: what is made of them then needs no output. */
export function whenKnown<T>(
  values: readonly unknown[],
  then: (known: readonly unknown[]) => MaybeOutput<T>,
): MaybeOutput<T> {
  if (!values.some(isPending)) return then(values);
  return applyTo(values, (known) => then(known as unknown[]));
}

export interface Element {
  /** The parts that were asked for, in that order. */
  parts: readonly unknown[];
  /** The element itself. A function, for an output looks into all else: it would be unknown with any part of it. */
  whole: () => unknown;
}

/** The elements of a list, with those of their parts that have to be known; none where it is no list. */
export function elementsOf(list: unknown, ...parts: string[]): MaybeOutput<Element[]> {
  return whenKnown([at(list, "length")], ([length]) => {
    const elements = Array.from({ length: Number(length ?? 0) }, (_, index) =>
      whenKnown(
        parts.map((part) => at(list, index, part)),
        (known) => ({ parts: known, whole: () => at(list, index) }),
      ),
    );
    return whenKnown(elements, (known) => known as Element[]);
  });
}
