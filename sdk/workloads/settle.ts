import * as pulumi from "@pulumi/pulumi";
import { isPending, isUnknown, propertyWithUnknowns, withUnknowns } from "./pending";
import type { MaybeOutput } from "./pending";

/** A value in which only the images and annotations may be outputs; what a preview does not know stands in it. */
export interface Settled {
  value: unknown;
  /** What the user gave, of the copy that stands for it. */
  originOf: (object: object) => unknown;
}

export interface Reduction {
  /** The properties that are read; no other output is waited for. */
  keys: ReadonlySet<string>;
  /** Those whose value is a map: all of its properties are read. */
  maps: ReadonlySet<string>;
  /** Those that may stay outputs. */
  open: ReadonlySet<string>;
  /** Of a resource, properties that are known without it; undefined where it has to be looked into. */
  ofResource: (resource: pulumi.Resource) => Record<string, unknown> | undefined;
}

const MAX_DEPTH = 200;

/**
 * Waits for what has to be known to tell workloads and containers: at once where everything is plain. Waiting for each
 * output of a resource once costs far less than an output for each part of it that is read.
 */
export function settle(
  given: unknown,
  { keys, maps, open, ofResource }: Reduction,
): MaybeOutput<() => Settled> {
  type Holder = Record<PropertyKey, unknown>;
  const copies = new Map<unknown, unknown>();
  const origins = new WeakMap<object, unknown>();
  const root: Holder = {};
  let waiting: {
    holder: Holder;
    key: PropertyKey;
    depth: number;
    value: pulumi.Output<() => unknown>;
  }[] = [];
  place(root, "value", given, 0);
  return finish();

  function finish(): MaybeOutput<() => Settled> {
    const settled = {
      value: root.value,
      originOf: (object: object) => origins.get(object) ?? object,
    };
    if (waiting.length === 0) return () => settled;
    const batch = waiting;
    waiting = [];
    return pulumi.all(batch.map(({ value }) => value)).apply((known) => {
      // A value that is known now may hold outputs again.
      for (const [index, { holder, key, depth }] of batch.entries())
        place(holder, key, known[index]?.(), depth);
      return finish();
    }) as pulumi.Output<() => Settled>;
  }

  function place(holder: Holder, key: PropertyKey, value: unknown, depth: number, wait = withUnknowns): void {
    if (typeof key === "string" && open.has(key)) holder[key] = value;
    else if (isPending(value)) waiting.push({ holder, key, depth, value: wait(value) });
    else if (typeof value !== "object" || value === null || isUnknown(value)) holder[key] = value;
    // Deeper than workloads are: the reader refuses it.
    else
      holder[key] = depth > MAX_DEPTH ? value : (copies.get(value) ?? copyOf(value, depth + 1, isMap(key)));
  }

  function isMap(key: PropertyKey): boolean {
    return typeof key === "string" && maps.has(key);
  }

  function copyOf(value: object, depth: number, takesAll: boolean): unknown {
    const copy = (Array.isArray(value) ? [] : {}) as Holder;
    copies.set(value, copy);
    origins.set(copy, value);
    if (Array.isArray(value)) value.forEach((element, index) => place(copy, index, element, depth));
    else {
      const known = pulumi.Resource.isInstance(value) ? ofResource(value) : undefined;
      // A component's properties are what its class gives it: they are all there.
      const isCustom = pulumi.CustomResource.isInstance(value);
      for (const [name, part] of Object.entries(known ?? value))
        if (takesAll || keys.has(name))
          place(copy, name, part, depth, isCustom ? propertyWithUnknowns : undefined);
    }
    return copy;
  }
}
