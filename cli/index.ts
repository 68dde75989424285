#!/usr/bin/env node
/** The command `pulumi-artifact-metadata`. */
import { setTimeout } from "node:timers/promises";
import { runCommand } from "./command";

// A reader that goes early (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

const { stdin, stdout, stderr } = process;
void runCommand(process.argv.slice(2), { stdin, stdout, stderr, env: process.env, sleep: setTimeout }).then(
  (exitCode) => (process.exitCode = exitCode),
);
