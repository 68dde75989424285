/**
 * A process that runs Node scripts one after the other, each as if in a process of its own: it has its own arguments,
 * environment and folder, ends when nothing is left to wait for, and loads its modules anew. Packages of others stay
 * loaded, which is what makes the next run cheap.
 */
import diagnostics from "node:diagnostics_channel";
import Module, { createRequire } from "node:module";
import { Server, type Socket } from "node:net";
import { dirname, sep } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import type { FromWorker, Script, ToWorker } from "./messages";

/** Node emits `beforeExit` each time nothing is left to do. The SDK starts work in the second one. */
const IDLE_ROUNDS = 4;

/** A name that no program uses. */
const ADDRESS = "__addressInThisRun";

const servers = new Set<Server>();
const sockets = new Set<Socket>();
const scripts = new Map<string, { text: string; script: vm.Script }>();
const send = (message: FromWorker) => void process.send?.(message);

let ended = false;
let cleanUp: (() => void) | undefined;
let sdk = "";
let runs = 0;
let idleRounds = 0;

process.on("message", (message: ToWorker) => {
  if ("script" in message) start(message);
  else disconnect();
});
process.on("disconnect", () => process.exit());
process.on("beforeExit", () => {
  if (!cleanUp) return;
  idleRounds += 1;
  if (idleRounds < IDLE_ROUNDS) return void setImmediate(() => {});
  process.channel?.ref();
  const code = exitCode();
  cleanUp();
  send({ ended: code });
});
track();
importAnew();

function start({ script, args, cwd, env }: Script): void {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv = [process.execPath, script, ...args];
  process.exitCode = undefined;
  sdk = dirname(dirname(dirname(script))) + sep;
  runs += 1;
  idleRounds = 0;
  ended = false;
  const restored = [keepListeners(), keepGlobals(), keepLoaders(), keepSubscriptions()];
  cleanUp = () => {
    cleanUp = undefined;
    disconnect();
    for (const restore of restored) restore();
    forgetModules();
  };
  process.channel?.unref();
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a program is run by loading it
  require(script);
}

function exitCode(): number {
  // Each listener may change it, and sees what the process would end with.
  for (const listener of process.listeners("exit")) listener.call(process, Number(process.exitCode ?? 0));
  return Number(process.exitCode ?? 0);
}

function track(): void {
  const { listen } = Server.prototype;
  Server.prototype.listen = function (this: Server, ...args: unknown[]) {
    servers.add(this);
    return (listen as (...args: unknown[]) => Server).apply(this, args);
  };
  const add = (message: unknown) => {
    const { socket } = message as { socket: Socket };
    // It connects only now, and a socket that was destroyed before could.
    if (ended) process.nextTick(() => socket.destroy());
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  };
  for (const channel of ["net.client.socket", "net.server.socket"]) diagnostics.subscribe(channel, add);
  for (const stream of ["stdout", "stderr"] as const) {
    process[stream].write = (chunk: string | Uint8Array, ...more: unknown[]) => {
      send({ stream, text: typeof chunk === "string" ? chunk : Buffer.from(chunk).toString() });
      const done = more.find((one) => typeof one === "function");
      if (done) setImmediate(done as () => void);
      return true;
    };
  }
}

/** As at the end of a process: nothing listens any more, and the connections are gone. */
function disconnect(): void {
  ended = true;
  for (const server of servers) server.close();
  servers.clear();
  for (const socket of sockets) socket.destroy();
}

function keepListeners() {
  const before = new Map(process.eventNames().map((name) => [name, process.rawListeners(name as "exit")]));
  return () => {
    for (const name of process.eventNames()) {
      for (const listener of process.rawListeners(name as "exit"))
        if (!before.get(name)?.includes(listener)) process.off(name as "exit", listener as () => void);
    }
  };
}

/** The SDK keeps the state of a run there; the library for protocol buffers, which stays loaded, its classes. */
function keepGlobals() {
  const before = new Set([...Reflect.ownKeys(globalThis), "proto", "COMPILED"]);
  return () => {
    for (const key of Reflect.ownKeys(globalThis))
      if (!before.has(key)) Reflect.deleteProperty(globalThis, key);
  };
}

/** A TypeScript program brings a compiler that hooks into `require`. */
function keepLoaders() {
  const loaders = Module as unknown as { _extensions: NodeJS.RequireExtensions; _resolveFilename: unknown };
  const [extensions, resolveFilename] = [{ ...loaders._extensions }, loaders._resolveFilename];
  return () => {
    for (const name of Object.keys(loaders._extensions)) delete loaders._extensions[name];
    Object.assign(loaders._extensions, extensions);
    loaders._resolveFilename = resolveFilename;
  };
}

function keepSubscriptions() {
  const { subscribe } = diagnostics;
  const added: Parameters<typeof subscribe>[] = [];
  diagnostics.subscribe = (...subscription) => {
    added.push(subscription);
    subscribe(...subscription);
  };
  return () => {
    diagnostics.subscribe = subscribe;
    for (const subscription of added) diagnostics.unsubscribe(...subscription);
  };
}

/**
 * The script's own package (the SDK) and all that is no installed package (the program, this repository) are loaded
 * anew. What the SDK generates from protocol buffers has no state, nor has its hook into V8, which is there once.
 */
function isForgotten(file: string): boolean {
  const stateless = [`${sdk}proto${sep}`, `${sdk}runtime${sep}closure${sep}v8Hooks.js`];
  const own = file.startsWith(sdk) || !file.includes(`${sep}node_modules${sep}`);
  return own && file !== __filename && !stateless.some((path) => file.startsWith(path));
}

function forgetModules(): void {
  for (const file of Object.keys(require.cache)) if (isForgotten(file)) delete require.cache[file];
  module.children.length = 0;
}

/** What `import()` has loaded cannot be forgotten: in each run, it is asked for under another address. */
function importAnew(): void {
  const addressOf = (require: NodeJS.Require, name: string): string => {
    const file = require.resolve(name);
    return isForgotten(file) ? `${pathToFileURL(file).href}?run=${runs}` : name;
  };
  Object.assign(globalThis, { [ADDRESS]: addressOf });
  const prototype = Module.prototype as unknown as { _compile: (text: string, file: string) => unknown };
  const compile = prototype._compile;
  prototype._compile = function (this: NodeJS.Module, text, file) {
    if (!isForgotten(file)) return compile.call(this, text, file);
    const anew = text.replace(/\bimport\(("[^"]+")\)/g, `import(${ADDRESS}(require, $1))`);
    // Only Node's own way can do `import()`, and it alone takes a serialised provider, which lies in no file.
    if (text.includes("import(") || file === "") return compile.call(this, anew, file);
    const parameters = [this.exports, createRequire(file), this, file, dirname(file)];
    return compileOnce(text, file).runInThisContext().apply(this.exports, parameters);
  };
}

/** What is loaded anew in each run is compiled in the first one alone: that was a third of a run. */
function compileOnce(text: string, file: string): vm.Script {
  const known = scripts.get(file);
  if (known?.text === text) return known.script;
  const script = new vm.Script(Module.wrap(text.replace(/^#!/, "//")), { filename: file });
  scripts.set(file, { text, script });
  return script;
}
