#!/usr/bin/env node
/** The command `pulumi-artifact-metadata`. */
import { runCommand } from "./command";

// A reader that goes early (`| head`) is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

void runCommand(process.argv.slice(2), process).then((exitCode) => (process.exitCode = exitCode));
