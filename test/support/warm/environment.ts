/**
 * Jest runs each test file with globals and modules of its own. What outlives a file is kept here: the warm processes,
 * modules that keep no state and are slow to load, and what V8 has compiled.
 */
import { createRequire } from "node:module";
import { TestEnvironment } from "jest-environment-node";
import { warmWorker } from "../compiled-engine";
import { compileOnce } from "./compile-once";
import { disableStorages, trackStorages } from "./disable-storages";
import { warmProcesses } from "./processes";

const { startNode } = warmProcesses(warmWorker);

compileOnce();
trackStorages();

export default class WarmEnvironment extends TestEnvironment {
  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    super(...args);
    Object.assign(this.global, {
      startNodeWarm: startNode,
      requireOnce: createRequire(__filename),
    });
  }

  override async teardown() {
    disableStorages();
    await super.teardown();
  }
}
