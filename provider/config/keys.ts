/** The configuration keys of this package. They are here alone, without a schema, so that a program can know them cheaply. */
export const NAMESPACE = "artifact-metadata";

export const KEYS = [
  "org",
  "token",
  "appId",
  "appInstallationId",
  "appPrivateKey",
  "baseUrl",
  "onMissingArtifact",
  "verifyOwnership",
  "verifyArtifacts",
  "timeoutSeconds",
  "chainloopToken",
  "chainloopUrl",
] as const;

export type Key = (typeof KEYS)[number];

/** Farther apart, two keys are not taken for each other. */
const MAX_SHARE_CHANGED = 0.4;

/** The known key that an unknown one was probably meant to be: "tokn", "organization", "github-token". */
export function nearestKey(unknown: string): Key | undefined {
  const words = unknown.toLowerCase().replace(/[^a-z0-9]/g, "");
  const distances = KEYS.map((key) => {
    const known = key.toLowerCase();
    const contained = words !== "" && (words.includes(known) || known.includes(words));
    const changed = editDistance(words, known) / Math.max(words.length, known.length);
    return { key, contained, changed };
  });
  const byChange = distances.sort((a, b) => a.changed - b.changed);
  const [nearest] = byChange;
  if (nearest && nearest.changed <= MAX_SHARE_CHANGED) return nearest.key;
  return byChange.find(({ contained }) => contained)?.key;
}

/** How many letters have to be added, removed, replaced or swapped with the next one. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Infinity,
      );
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
