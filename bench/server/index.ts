/** Local GitHub servers in another process, as the bench uses them. */
import { fork } from "node:child_process";
import { join } from "node:path";
import type { Calls, Opened, Reply, ServerSettings, Traffic } from "./protocol";

export type { ServerSettings, Traffic } from "./protocol";

export interface BenchServer extends Opened {
  /** What came in since the last time. */
  traffic(): Promise<Traffic>;
  close(): Promise<void>;
}

export interface Servers {
  open(settings: ServerSettings): Promise<BenchServer>;
  end(): Promise<void>;
}

export function startServers(): Servers {
  const loader = require.resolve("ts-node/register/transpile-only");
  const child = fork(join(__dirname, "main.ts"), { execArgv: ["-r", loader] });
  const waiting = new Map<number, (reply: Reply) => void>();
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let sent = 0;
  let opened = 0;
  child.on("message", (message) => {
    const reply = message as Reply;
    waiting.get(reply.id)?.(reply);
    waiting.delete(reply.id);
  });
  void ended.then(() => {
    for (const [id, settle] of waiting) settle({ id, error: "the server's process has ended" });
  });

  async function ask<Name extends keyof Calls>(
    name: Name,
    question: Calls[Name]["ask"],
  ): Promise<Calls[Name]["answer"]> {
    const id = sent++;
    const reply = await new Promise<Reply>((resolve) => {
      waiting.set(id, resolve);
      child.send({ id, name, ...question });
    });
    if ("error" in reply) throw new Error(reply.error);
    return reply.answer;
  }

  return {
    async open(settings) {
      const server = opened++;
      const { url, token } = await ask("open", { server, ...settings });
      return {
        url,
        token,
        traffic: () => ask("traffic", { server }),
        close: async () => void (await ask("close", { server })),
      };
    },
    async end() {
      child.disconnect();
      await ended;
    },
  };
}
