/** What a deployed artifact is exposed to; GitHub filters security alerts by it (`runtime-risk:…`). */
export type RuntimeRisk = "critical-resource" | "internet-exposed" | "lateral-movement" | "sensitive-data";
