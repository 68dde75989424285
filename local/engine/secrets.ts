/**
 * Secrets as Pulumi's passphrase provider keeps them: AES-256-GCM, the key derived from the passphrase with
 * PBKDF2. The state ("salt") also holds an encrypted word, by which Pulumi notices a wrong passphrase.
 */
import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { mapSecrets } from "./core/values";
import { SECRET, SIGNATURE, type PropertyMap, type Value } from "./types";

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PROOF = "pulumi";

export interface Crypter {
  /** `v1:<salt>:v1:<nonce>:<ciphertext>`, as in `secrets_providers` and `encryptionsalt`; none without a secret. */
  state: () => string | undefined;
  encrypt(plaintext: string): string;
  decrypt(ciphertext: string): string;
}

export function createCrypter(passphrase: string): Crypter {
  const salt = randomBytes(8);
  let state: string | undefined;
  // Most stacks have no secret, and need no key.
  const key = () => {
    const derived = deriveKey(passphrase, salt);
    state ??= `v1:${salt.toString("base64")}:${encrypt(derived, PROOF)}`;
    return derived;
  };
  return crypter(key, () => state);
}

export function openCrypter(passphrase: string, state: string): Crypter {
  const [version, salt] = state.split(":");
  if (version !== "v1" || salt === undefined) throw new Error("unknown secrets provider state");
  const key = deriveKey(passphrase, Buffer.from(salt, "base64"));
  return crypter(
    () => key,
    () => state,
  );
}

/** The secrets in a property map, encrypted. */
export function seal(properties: PropertyMap, crypter: Crypter): PropertyMap {
  return mapSecrets(properties, (secret) => ({
    [SIGNATURE]: SECRET,
    ciphertext: crypter.encrypt(JSON.stringify(secret.value ?? null)),
  }));
}

/** The secrets in a property map, decrypted; `stack export --show-secrets` gives them as `plaintext`. */
export function unseal(properties: PropertyMap, crypter: Crypter): PropertyMap {
  return mapSecrets(properties, (secret) => {
    const { ciphertext, plaintext } = secret as PropertyMap;
    const json = typeof ciphertext === "string" ? crypter.decrypt(ciphertext) : plaintext;
    if (typeof json !== "string") throw new Error("a secret without ciphertext and plaintext");
    const { value = null } = unseal({ value: JSON.parse(json) as Value }, crypter);
    return { [SIGNATURE]: SECRET, value };
  });
}

/** The secrets in a property map, readable: the form of `stack export --show-secrets`. */
export function reveal(properties: PropertyMap): PropertyMap {
  return mapSecrets(properties, (secret) => ({
    [SIGNATURE]: SECRET,
    plaintext: JSON.stringify(secret.value ?? null),
  }));
}

const crypter = (key: () => Buffer, state: Crypter["state"]): Crypter => ({
  state,
  encrypt: (plaintext) => encrypt(key(), plaintext),
  decrypt: (ciphertext) => decrypt(key(), ciphertext),
});

const keys = new Map<string, Buffer>();

/** Half a second's work, by design: once for each passphrase and salt. */
function deriveKey(passphrase: string, salt: Buffer): Buffer {
  const id = JSON.stringify([passphrase, salt.toString("base64")]);
  const key = keys.get(id) ?? pbkdf2Sync(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");
  keys.set(id, key);
  return key;
}

function encrypt(key: Buffer, plaintext: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decrypt(key: Buffer, ciphertext: string): string {
  const [version, nonce, sealed] = ciphertext.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined) throw new Error("unknown ciphertext");
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
}
