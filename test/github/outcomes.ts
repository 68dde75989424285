/** What becomes of requests that a fault hits. */
import type { GitHub } from "../../local/github";
import { deployment, DEPLOYMENT, send } from "./client";
import type { Reply } from "./client";

export const write = (github: GitHub, name = "web") =>
  send(github, DEPLOYMENT, { body: deployment({ deployment_name: name }) });

export const count = (github: GitHub) => github.deploymentRecords().length;

/** What a request ends with: its answer, or its error's code. */
export const outcome = (reply: Promise<Reply>): Promise<Reply | string> =>
  reply.catch((error: NodeJS.ErrnoException) => error.code ?? error.name);

/** Loses a race against anything that happens at all. */
export const pause = (milliseconds: number) =>
  new Promise<"still waiting">((resolve) => setTimeout(() => resolve("still waiting"), milliseconds));
