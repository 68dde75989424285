/** The names and versions that this run declares for artifacts. */

/** An artifact is its repository and digest: an API keeps one name and one version of it, those that came last. */
export interface DeclaredArtifact {
  digest: string;
  githubRepository?: string;
  name: string;
  version?: string;
}

export interface Artifacts {
  /** `owner`: the organisation, or what else artifacts belong to. */
  declare(owner: string, artifact: DeclaredArtifact): void;
  /**
   * What a removal sends, so that it does not give an artifact that still runs elsewhere its former name and version
   * back; undefined where nothing is declared. A repository that only one of them names makes no difference: GitHub
   * ignores it for an artifact with an attestation.
   */
  of(
    owner: string,
    artifact: Pick<DeclaredArtifact, "digest" | "githubRepository">,
  ): Pick<DeclaredArtifact, "name" | "version"> | undefined;
}

export function createArtifacts(): Artifacts {
  const byDigest = new Map<string, Map<string, DeclaredArtifact>>();
  const keyOf = (owner: string, digest: string) => JSON.stringify([owner.toLowerCase(), digest]);
  const repositoryOf = ({ githubRepository = "" }: { githubRepository?: string }) =>
    githubRepository.toLowerCase();
  return {
    declare(owner, { digest, githubRepository, name, version }) {
      const key = keyOf(owner, digest);
      const known = byDigest.get(key) ?? new Map<string, DeclaredArtifact>();
      byDigest.set(
        key,
        known.set(repositoryOf({ githubRepository }), { digest, githubRepository, name, version }),
      );
    },
    of(owner, artifact) {
      const known = byDigest.get(keyOf(owner, artifact.digest));
      if (known === undefined) return undefined;
      const repository = repositoryOf(artifact);
      const [first] = known.values();
      return known.get(repository) ?? (repository === "" ? first : known.get(""));
    },
  };
}
