import type { ChainloopAnswer } from "./schemas";

export const DEPLOYMENT_STATUSES = ["DEPLOYED", "DECOMMISSIONED", "SUPERSEDED"] as const;
export type ChainloopStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** One that is not known here says nothing. */
export const knownStatus = ({ status }: ChainloopAnswer): ChainloopStatus | undefined =>
  DEPLOYMENT_STATUSES.find((known) => known === status);
