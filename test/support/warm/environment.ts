/** Jest runs each test file with globals of its own; the warm processes outlive a file, and are kept here. */
import { TestEnvironment } from "jest-environment-node";
import { warmWorker } from "../compiled-engine";
import { warmProcesses } from "./processes";

const { startNode } = warmProcesses(warmWorker);

export default class WarmEnvironment extends TestEnvironment {
  constructor(...args: ConstructorParameters<typeof TestEnvironment>) {
    super(...args);
    Object.assign(this.global, { startNodeWarm: startNode });
  }
}
