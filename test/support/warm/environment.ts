/**
 * Jest runs each test file with globals and modules of its own. What outlives a file is kept here: the warm processes,
 * and modules that keep no state and are slow to load.
 */
import { createRequire } from "node:module";
import { TestEnvironment } from "jest-environment-node";
import { warmWorker } from "../compiled-engine";
import { warmProcesses } from "./processes";

const { startNode } = warmProcesses(warmWorker);

export default class WarmEnvironment extends TestEnvironment {
  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    super(...args);
    Object.assign(this.global, {
      startNodeWarm: startNode,
      requireOnce: createRequire(__filename),
    });
  }
}
