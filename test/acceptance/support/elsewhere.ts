/** A record in a place of its own whose write fails, so that a run fails elsewhere than in what a test is about. */
import type { GitHub } from "../../../local/github";
import { single } from "./mixed";
import type { Thing } from "./mixed";

const CLUSTER = "elsewhere";

/** A failure stops what has not begun: what a test needs written before comes in `dependsOn`. */
export const elsewhere = (dependsOn: string[] = []): Thing => ({
  ...single("elsewhere", { cluster: CLUSTER }),
  options: { dependsOn },
});

/** Until `remove`, GitHub refuses the records of that place. */
export const failElsewhere = (github: GitHub) =>
  github.fault({
    match: { method: "POST", body: (body) => JSON.stringify(body).includes(`"${CLUSTER}"`) },
    when: "before",
    do: { status: 403, body: { message: "Resource not accessible by personal access token" } },
    times: Infinity,
  });
