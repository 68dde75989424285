/** Which resource of the program declares which record: two that declare one would overwrite each other. */

export interface DeclaredRecord {
  /** The same for two that are one record. */
  key: string;
  describe: () => string;
}

export interface Declarers {
  /** Notes what a resource declares; returns a record that another one declares, and which one does. */
  declare(urn: string, records: readonly DeclaredRecord[]): (DeclaredRecord & { urn: string }) | undefined;
}

export function createDeclarers(): Declarers {
  const byKey = new Map<string, string>();
  const byResource = new Map<string, readonly DeclaredRecord[]>();
  return {
    declare(urn, records) {
      // Pulumi checks a resource again before it replaces it.
      for (const { key } of byResource.get(urn) ?? []) byKey.delete(key);
      byResource.delete(urn);
      for (const record of records) {
        const other = byKey.get(record.key);
        if (other !== undefined) return { ...record, urn: other };
      }
      for (const { key } of records) byKey.set(key, urn);
      byResource.set(urn, records);
      return undefined;
    },
  };
}
