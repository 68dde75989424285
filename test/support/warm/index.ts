/** `startNode` in processes that are used again, see processes.ts. */
import { startNode, type StartNode } from "../../../local/engine/child";

export const startNodeWarm: StartNode =
  (globalThis as { startNodeWarm?: StartNode }).startNodeWarm ?? startNode;
