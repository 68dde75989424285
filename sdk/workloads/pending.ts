/** Values that are outputs or promises, and what a preview does not know of them. */
import * as pulumi from "@pulumi/pulumi";
import { isDryRun } from "@pulumi/pulumi/runtime";

/** A value, or an output that will be one. */
export type MaybeOutput<T> = T | pulumi.Output<T>;

export const isPending = (value: unknown): value is pulumi.Output<unknown> | Promise<unknown> =>
  pulumi.Output.isInstance(value) || value instanceof Promise;

/** What is made of a value once it is known. */
export const applyTo = <T>(value: unknown, then: (known: unknown) => pulumi.Input<T>): pulumi.Output<T> =>
  (pulumi.output(value) as pulumi.Output<unknown>).apply(then) as pulumi.Output<T>;

/** The value that stands for what a preview does not know; by its mark, for there may be several copies of the SDK. */
export const isUnknown = (value: unknown): boolean =>
  typeof value === "object" && value !== null && "__pulumiUnknown" in value;

/** The second argument is what Pulumi's own access to an output's property gives: it is called in any case. */
interface Liftable {
  apply(then: (raw: unknown) => unknown, runWithUnknowns: true): pulumi.Output<() => unknown>;
}

/** The value of an output with what is unknown in it; a function, for it can be known where its result is not. */
export const withUnknowns = (
  value: pulumi.Output<unknown> | Promise<unknown>,
): pulumi.Output<() => unknown> =>
  ((pulumi.Output.isInstance(value) ? value : pulumi.output(value)) as Liftable).apply(
    (raw) => () => raw,
    true,
  );

interface Internals {
  isKnown: Promise<boolean>;
  promise: (withUnknowns: true) => Promise<unknown>;
}

/**
 * The same of a resource's property. In a preview, one that the resource does not have is not known: its value is then
 * undefined, and that is what it will be unless the provider computes it.
 */
export function propertyWithUnknowns(
  property: pulumi.Output<unknown> | Promise<unknown>,
): pulumi.Output<() => unknown> {
  if (!isDryRun() || !pulumi.Output.isInstance(property)) return withUnknowns(property);
  const { isKnown, promise } = property as unknown as Internals;
  const isAbsent = isKnown.then(async (known) => !known && (await promise(true)) === undefined);
  return pulumi
    .all([withUnknowns(property), isAbsent])
    .apply(([value, absent]) => (absent ? () => undefined : value));
}

/** An output in place of what is unknown: what holds it stays known. */
export const asOutput = <T>(value: T): T => (isUnknown(value) ? (pulumi.output(value) as T) : value);
