/** Files and standard input. */
import { readFileSync } from "node:fs";
import { quoted } from "../provider/runtime/untrusted-text";
import { UserError } from "./errors";
import type { Input } from "./io";

export interface Source {
  bytes: Uint8Array;
  /** Where the bytes are from, for errors. */
  from: string;
}

export interface Expected {
  /** `preview`, `state` */
  what: string;
  /** `pulumi preview --json` */
  command: string;
}

/** Without a name, or with `-`: standard input. */
export async function readSource(file: string, stdin: Input, expected: Expected): Promise<Source> {
  if (file === "-") return { bytes: await readAll(stdin, expected), from: "standard input" };
  return { bytes: readFile(file, expected), from: file };
}

async function readAll(stdin: Input, { what, command }: Expected): Promise<Uint8Array> {
  if (stdin.isTTY) throw new UserError(`Name the file of a ${what}: ${command} > ${what}.json`);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function readFile(file: string, { what, command }: Expected): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EISDIR") throw new UserError(`${file} is a folder. Name the file of a ${what}.`);
    throw new UserError(`${file} ${reasonOf(error)}. Write the ${what} first: ${command} > ${file}`);
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === "ENOENT" ? "does not exist" : `cannot be read (${message})`;
}

/** Windows PowerShell writes UTF-16. */
export function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  // Of a file of a hundred megabytes, TextDecoder takes twenty times as long.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    .toString("utf8")
    .replace(/^\ufeff/, "");
}

/** For what is not JSON: how it begins. */
export const beginning = (text: string): string => quoted(text.trimStart().slice(0, 40));
