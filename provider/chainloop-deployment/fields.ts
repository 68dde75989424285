/**
 * What a user may write in a Chainloop deployment. Its API names no limits of length, so none are made up here: what is
 * empty, what UTF-8 cannot carry and what a terminal cannot show is refused. A message never repeats the value.
 */
import { z } from "zod";
import { ARTIFACT_KINDS } from "../chainloop/deployments";
import { boundedString, requiredOr } from "../lifecycle/bounded-string";

export const environmentName = boundedString(1, Infinity);
export const deploymentName = boundedString(1, Infinity);
export const artifactName = boundedString(1, Infinity);
export const artifactVersion = boundedString(1, Infinity);
export const kind = z.enum(ARTIFACT_KINDS, {
  error: requiredOr(ARTIFACT_KINDS.map((one) => `"${one}"`).join(" or ")),
});

/** It stands in the inputs, so that a status that was changed elsewhere shows as a change of it. */
export const declaredStatus = z.literal("DEPLOYED", {
  error: "must be left out: it is deployed as long as it is declared, and decommissioned when it is removed",
});
