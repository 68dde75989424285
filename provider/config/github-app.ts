/** A GitHub App's credentials, and whether they or a token are used. */
import { createPrivateKey } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { z } from "zod";
import type { Found } from "./lookup";

export interface AppSettings {
  /** The App's number, or its client ID. */
  id: string;
  /** Where it is not given, the installation of each record's organisation is used. */
  installationId: string | undefined;
  /** PKCS #8, in PEM form. */
  privateKey: string;
}

export const appId = z
  .string()
  .regex(/^[A-Za-z0-9.]{1,100}$/, "must be the App's ID, a number, or its client ID");

export const appInstallationId = z
  .string()
  .regex(/^[1-9]\d{0,15}$/, "must be the number of the App's installation");

const PEM = /-----BEGIN ([A-Z ]+)-----([\s\S]*?)-----END \1-----/;
/** What an encrypted key of the old form has before its text. */
const HEADER = /^(Proc-Type|DEK-Info):/m;

/** Environment variables and configuration files keep a key on one line, in one of these ways. */
function unwrapped(given: string): string {
  const text = given
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, "$2")
    .replace(/\\{1,4}([rn/])/g, (_escaped, character: string) => (character === "/" ? "/" : "\n"));
  return text.includes("-----BEGIN") ? text : (fromBase64(text) ?? text);
}

/** The whole file, encoded once more. */
function fromBase64(text: string): string | undefined {
  const compact = text.replace(/\s/g, "");
  if (!/^[\w+/-]+={0,2}$/.test(compact)) return undefined;
  const decoded = Buffer.from(compact, "base64").toString("latin1");
  return decoded.includes("-----BEGIN") ? decoded : undefined;
}

/** With line breaks where a PEM file has them, whatever stood there. */
function normalized(text: string): string | undefined {
  const [, label, body = ""] = PEM.exec(text) ?? [];
  if (label === undefined) return undefined;
  const base64 = body.replace(/\s/g, "");
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;
}

const CONTENT =
  "must be the content of the PEM file that GitHub generated, from -----BEGIN to -----END, and not its path (on one " +
  "line, write \\n or spaces for its line breaks, or encode the whole content as base64)";

function readKey(given: string): KeyObject | string {
  const text = unwrapped(given);
  const pem = normalized(text);
  if (pem === undefined)
    return text.includes("-----BEGIN") ? "is cut off: it must be complete, with its -----END line" : CONTENT;
  if (/ENCRYPTED/.test(text) || HEADER.test(text)) return "is encrypted: use the key as GitHub generated it";
  if (!pem.includes("PRIVATE KEY"))
    return "is not a private key: use the one that GitHub generated for the App";
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === "rsa"
      ? key
      : "must be an RSA private key, as GitHub generates them for Apps";
  } catch {
    // The error itself is not shown: it is about the key.
    return "cannot be read as a private key: it must be complete and unchanged";
  }
}

export const appPrivateKey = z.string().transform((pem, context) => {
  const key = readKey(pem);
  if (typeof key !== "string") return key.export({ type: "pkcs8", format: "pem" }) as string;
  context.issues.push({ code: "custom", message: key, input: "" });
  return z.NEVER;
});

type Sources<K extends string> = Partial<Record<K, Found>>;
type CredentialKey = "token" | "appId" | "appInstallationId" | "appPrivateKey";
type Chosen<K extends string> = { found: Sources<K>; problems: string[] };

const keys = ["appId", "appInstallationId", "appPrivateKey"] as const;
const alsoIn = { appId: "GITHUB_APP_ID", appPrivateKey: "GITHUB_APP_PEM_FILE" };

/**
 * What stands in the configuration comes before what the environment has, which often holds a token for something
 * else; in one place, a token comes before an App.
 */
export function chosenCredentials<K extends string>(
  all: Sources<K | CredentialKey>,
): Chosen<K | CredentialKey> {
  const { token, appId, appInstallationId, appPrivateKey, ...others } = all as Sources<CredentialKey>;
  const app = { appId, appInstallationId, appPrivateKey };
  const first = keys.map((key) => app[key]).find((found) => found !== undefined);
  if (first === undefined) return { found: all, problems: [] };
  const rank = Math.min(...keys.map((key) => app[key]?.rank ?? Infinity));
  const found = others as Sources<K | CredentialKey>;
  if (token !== undefined && token.rank === 0 && rank === 0) {
    const both = `${token.source} and ${first.source} are both set: remove one of them`;
    return { found, problems: [both] };
  }
  if (token !== undefined && token.rank <= rank) return { found: { ...found, token }, problems: [] };
  const missing = (["appId", "appPrivateKey"] as const).filter((key) => app[key] === undefined);
  return {
    found: { ...found, ...Object.fromEntries(Object.entries(app).filter(([, value]) => value)) },
    problems: missing.map(
      (key) => `${first.source} is set, and artifact-metadata:${key} (or ${alsoIn[key]}) is missing`,
    ),
  };
}
