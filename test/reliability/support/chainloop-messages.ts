/** What a user may see of Chainloop, as the code says it now. */
import type { FaultAction } from "../../../local/http/faults";
import { create, foreignWrite, inputs, newRun, newScene, refresh, remove } from "../../support/chainloop";
import { OTHER_DIGEST } from "../../support/provider";
import { failed, warned } from "./said";
import type { Said } from "./said";

/** A create that is answered so. */
async function answered(action: FaultAction, when: "before" | "after" = "before"): Promise<Said[]> {
  const scene = await newScene();
  scene.chainloop.fault({ when, do: action });
  const errors = await failed(scene.provider.create(inputs()));
  return [...errors, ...warned(scene.warnings)];
}

const refused = (status: number, message: string) =>
  answered({ status, body: { code: 3, message, details: [] } });

async function removeTakenOver(): Promise<Said[]> {
  const scene = await newScene();
  const saved = await create(scene);
  foreignWrite(scene, { artifact_digest: OTHER_DIGEST });
  const later = scene.another();
  await remove(later, saved);
  return warned(later.warnings);
}

async function readWithoutRight(): Promise<Said[]> {
  const scene = await newScene({ server: { tokens: { writer: { permission: "none" } } } });
  const saved = await create(scene);
  const later = scene.another({ chainloopToken: "writer" });
  await refresh(later, saved);
  return warned(later.warnings);
}

const renamed = ({ deployment_record: record }: { deployment_record: object }) => ({
  deployment_record: { ...record, deployment_name: "shop-api-api" },
});

export const chainloopProducers: (() => Promise<Said[]>)[] = [
  () => failed(newRun({}).provider.create(inputs())),
  () => refused(401, "authentication failed: invalid token"),
  () => refused(403, "permission denied"),
  () => refused(404, "environment not found"),
  () => refused(400, "validation error: deployment_name is too long"),
  () => answered({ redirect: 307, location: "https://chainloop.example.com/v1/deployments" }),
  () => answered({ json: renamed }, "after"),
  removeTakenOver,
  readWithoutRight,
];
