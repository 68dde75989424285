/** What publint and attw say of a tarball, as JSON. A process of its own: attw brings a compiler that jest need not hold. */
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

const tarball = new Uint8Array(readFileSync(process.argv[2]));

const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
const published = messages.map((message) => `${message.type}: ${formatMessage(message, pkg)}`);

const { types, problems = [] } = await checkPackage(createPackageFromTarballData(tarball));
if (types === false) problems.push({ kind: "NoTypes" });

process.stdout.write(JSON.stringify({ publint: published, attw: problems }));
