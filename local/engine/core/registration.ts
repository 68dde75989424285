import type { Goal, ResourceState } from "../types";
import type { Reply } from "./step";

/** One registration on its way to its steps. */
export interface Registration {
  goal: Goal;
  old: ResourceState | undefined;
  state: ResourceState;
  reply: Reply;
}
