import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version of this package, which is the plugin's. */
export const version = versionAbove(__dirname);

/** The sources are one folder below the manifest, what is built from them two. */
function versionAbove(folder: string): string {
  const above = dirname(folder);
  try {
    const manifest = JSON.parse(readFileSync(join(above, "package.json"), "utf8")) as { version: string };
    return manifest.version;
  } catch (error) {
    if (above === folder) throw error;
    return versionAbove(above);
  }
}
