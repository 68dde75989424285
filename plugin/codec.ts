/** Property values as Pulumi's protocol carries them, and as the life cycle takes them. */
import type { Struct as StructMessage } from "google-protobuf/google/protobuf/struct_pb";
import { UNKNOWN } from "../provider/lifecycle/check";
import { Struct } from "./pulumi";

export type Values = Record<string, unknown>;

/** Which values are secrets: all of it, or some of its properties. A list with a secret is one. */
export type Secrets = true | ReadonlyMap<string, Secrets>;

export interface Decoded {
  values: Values;
  /** Undefined where there are none. */
  secrets: Secrets | undefined;
}

// https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/sig/sig.go
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_VALUE = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** By the kind of the value that is unknown: text, boolean, number, list, asset, archive, map. */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export function decode(struct: StructMessage | undefined): Decoded {
  const { value, secrets } = plain(struct?.toJavaScript() ?? {});
  return { values: value as Values, secrets };
}

/** @param secrets Of what is encoded, these values are marked as secrets. */
export function encode(values: object, secrets?: Secrets): StructMessage {
  const marked = secrets === undefined ? values : mark(values, secrets === true ? allOf(values) : secrets);
  return Struct.fromJavaScript(carried(marked) as Parameters<typeof Struct.fromJavaScript>[0]);
}

export const secret = (value: unknown): Values => ({ [SIGNATURE]: SECRET, value });

/** Whether the value at this path is a secret, or holds one. */
export function isSecret(secrets: Secrets | undefined, ...path: string[]): boolean {
  let here = secrets;
  for (const name of path) {
    if (here === true) return true;
    here = here?.get(name);
  }
  return here !== undefined;
}

interface Plain {
  value: unknown;
  secrets: Secrets | undefined;
}

function plain(value: unknown): Plain {
  if (UNKNOWNS.has(value)) return { value: UNKNOWN, secrets: undefined };
  if (Array.isArray(value)) {
    const parts = value.map(plain);
    const secrets = parts.some((part) => part.secrets !== undefined) ? true : undefined;
    return { value: parts.map((part) => part.value), secrets };
  }
  if (typeof value !== "object" || value === null) return { value, secrets: undefined };
  const { [SIGNATURE]: signature, ...rest } = value as Values;
  if (signature === SECRET) return { value: plain(rest.value).value, secrets: true };
  if (signature === OUTPUT_VALUE) return outputValue(rest);
  const parts = Object.entries(value as Values).map(([name, part]) => [name, plain(part)] as const);
  const secrets = parts.flatMap(([name, part]) =>
    part.secrets === undefined ? [] : [[name, part.secrets] as const],
  );
  return {
    value: Object.fromEntries(parts.map(([name, part]) => [name, part.value])),
    secrets: secrets.length === 0 ? undefined : new Map(secrets),
  };
}

function outputValue({ value, secret }: Values): Plain {
  const known = value === undefined ? { value: UNKNOWN, secrets: undefined } : plain(value);
  return secret === true ? { ...known, secrets: true } : known;
}

const allOf = (values: object): Secrets => new Map(Object.keys(values).map((name) => [name, true]));

function mark(value: unknown, secrets: Secrets): unknown {
  if (secrets === true) return value === undefined ? undefined : secret(value);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).map(([name, part]: [string, unknown]) => {
    const own = secrets.get(name);
    return [name, own === undefined ? part : mark(part, own)];
  });
  return Object.fromEntries(parts) as Values;
}

/** Pulumi's protocol has no `undefined`. */
function carried(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(carried);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(parts.map(([name, part]: [string, unknown]) => [name, carried(part)]));
}
