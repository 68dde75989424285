/** Property values: secrets, unknowns, equality. Nothing here changes its arguments. */
import { SECRET, SIGNATURE, UNKNOWN, type PropertyMap, type Value } from "../types";

const RESOURCE_REFERENCE = "5cf8f73096256a8f31e491e813e4eb8e";

type Secret = { [SIGNATURE]: typeof SECRET; value: Value };

export function isSecret(value: Value | undefined): value is Secret {
  return signatureOf(value) === SECRET;
}

export function secret(value: Value): Value {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** A plain map: not a secret, an asset, or another value with a signature. */
export function isMap(value: Value | undefined): value is PropertyMap {
  return isObject(value) && !(SIGNATURE in value);
}

function isObject(value: Value | undefined): value is { [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function signatureOf(value: Value | undefined): Value | undefined {
  return isObject(value) ? value[SIGNATURE] : undefined;
}

/** Users choose the keys: `constructor` and `__proto__` must not reach the prototype. */
export function own(map: PropertyMap, key: string): Value | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

export function setOwn(map: PropertyMap, key: string, value: Value): void {
  Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Whether `test` holds for a value or a part of it. */
export function contains(value: Value, test: (part: Value) => boolean): boolean {
  if (test(value)) return true;
  return (
    typeof value === "object" && value !== null && Object.values(value).some((part) => contains(part, test))
  );
}

/** Rebuilds a value from its parts, leaving out what `visit` makes undefined. */
function mapParts(value: Value, visit: (part: Value) => Value | undefined): Value {
  if (Array.isArray(value)) return value.map(visit).filter((part) => part !== undefined);
  return isObject(value) ? mapProperties(value, visit) : value;
}

function mapProperties(map: PropertyMap, visit: (part: Value) => Value | undefined): PropertyMap {
  const entries = Object.entries(map).flatMap(([key, value]): [string, Value][] => {
    const part = visit(value);
    return part === undefined ? [] : [[key, part]];
  });
  return Object.fromEntries(entries);
}

/** What a provider is given: secrets where it accepts them, references as ids, and unknowns only in a preview. */
export function toProvider(map: PropertyMap, keepUnknowns: boolean, keepSecrets = false): PropertyMap {
  const visit = (value: Value): Value | undefined => {
    if (value === UNKNOWN) return keepUnknowns ? value : undefined;
    if (isSecret(value) && !keepSecrets) return visit(value.value);
    if (isObject(value) && signatureOf(value) === RESOURCE_REFERENCE) {
      const target = value["id"] ?? value["urn"] ?? "";
      return visit(target === "" ? UNKNOWN : target);
    }
    return mapParts(value, visit);
  };
  return mapProperties(map, visit);
}

/** Replaces each secret, at any depth. */
export function mapSecrets(map: PropertyMap, change: (secret: Secret) => Value): PropertyMap {
  const visit = (value: Value): Value => (isSecret(value) ? change(value) : mapParts(value, visit));
  return mapProperties(map, visit);
}

export function withoutSecrets(map: PropertyMap): PropertyMap {
  return mapSecrets(map, ({ value }) => withoutSecrets({ value }).value ?? null);
}

/** For display: secrets keep their mark, as in Pulumi's event log, but not their value. */
export function redact(map: PropertyMap): PropertyMap {
  return mapSecrets(map, () => ({ [SIGNATURE]: SECRET, ciphertext: "[secret]" }));
}

/** Providers are given plain text, so what they answer under the name of a secret is secret again. */
export function annotateSecrets(answer: PropertyMap, given: PropertyMap): PropertyMap {
  const result = { ...answer };
  for (const [key, before] of Object.entries(given)) {
    const value = own(result, key);
    if (value === undefined) continue;
    if (isMap(value) && isMap(before)) setOwn(result, key, annotateSecrets(value, before));
    else if (contains(before, isSecret)) setOwn(result, key, secret(value));
  }
  return result;
}

/** Secrets of a resource's outputs: those the user named, and those whose input of that name is secret. */
export function markSecretOutputs(outputs: PropertyMap, inputs: PropertyMap, named: string[]): PropertyMap {
  const result = { ...outputs };
  for (const [key, value] of Object.entries(outputs)) {
    if ((named.includes(key) && key !== "id") || isSecret(own(inputs, key)))
      setOwn(result, key, secret(value));
  }
  return result;
}

/** Equality as the engine sees it: a property that is null is as good as one that is absent. */
export function equal(a: Value | undefined, b: Value | undefined): boolean {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((value, i) => equal(value, b[i]));
  }
  if (isObject(a)) {
    if (!isObject(b) || isMap(a) !== isMap(b)) return false;
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) =>
      equal(own(a, key) ?? null, own(b, key) ?? null),
    );
  }
  return a === b;
}

/** The top-level properties in which two maps differ, sorted. */
export function changedKeys(before: PropertyMap, after: PropertyMap): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.filter((key) => !equal(own(before, key) ?? null, own(after, key) ?? null));
}
