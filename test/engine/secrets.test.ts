import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCrypter, unseal } from "../../local/engine/secrets";
import { openStateFile, type StateFile } from "../../local/engine/state-file";
import { SECRET, SIGNATURE, type ResourceState } from "../../local/engine/types";

/** Written by the Pulumi CLI with the passphrase `x`. */
const PULUMI_STATE = "v1:6FcaGlVv+ww=:v1:NFeTTM+k0K3MkTa3:wN3WybkYybhdLrhIe+7zc9CLPr2lLw==";
const PULUMI_SECRET = "v1:QK3NHiiZEtXhjE/X:c5eFUZAmUpszMnda/Ln6+NfF7vjh";

const secret = (value: string) => ({ [SIGNATURE]: SECRET, value });

const record = (inputs: ResourceState["inputs"]): ResourceState => ({
  urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/artifact-metadata:DeploymentRecord::web",
  custom: true,
  type: "pulumi-nodejs:dynamic/artifact-metadata:DeploymentRecord",
  inputs,
});

describe("secrets", () => {
  test("that Pulumi's passphrase provider encrypted are decrypted", () => {
    const crypter = openCrypter("x", PULUMI_STATE);
    const sealed = { token: { [SIGNATURE]: SECRET, ciphertext: PULUMI_SECRET } };
    expect(unseal(sealed, crypter)).toEqual({ token: secret("sss") });
  });

  test("stay closed to another passphrase", () => {
    const sealed = { token: { [SIGNATURE]: SECRET, ciphertext: PULUMI_SECRET } };
    expect(() => unseal(sealed, openCrypter("y", PULUMI_STATE))).toThrow("unable to authenticate data");
  });
});

describe("a state file", () => {
  let backendDir: string;
  const open = (): Promise<StateFile> =>
    openStateFile({ backendDir, project: "shop", stack: "dev", passphrase: "x" });

  beforeEach(() => (backendDir = mkdtempSync(join(tmpdir(), "state-file-"))));
  afterEach(() => rmSync(backendDir, { recursive: true }));

  test("keeps secrets encrypted, at any depth, and reads them back", async () => {
    const inputs = { name: "acme/web", tags: [{ team: secret("canary") }], pem: secret("a\nb") };
    const state = await open();
    await state.save({ resources: [record(inputs)], pendingOperations: [] });

    expect(JSON.stringify(state.export())).not.toMatch(/canary|a\\n/);
    expect((await open()).load().resources).toEqual([record(inputs)]);
  });

  test("takes over a state with secrets of another key, or in plain text", async () => {
    const sealed = { token: { [SIGNATURE]: SECRET, ciphertext: PULUMI_SECRET } };
    const plain = { token: { [SIGNATURE]: SECRET, plaintext: '"sss"' } };
    const manifest = { time: "", magic: "", version: "" };
    const secrets_providers = { type: "passphrase", state: { salt: PULUMI_STATE } };
    const state = await open();
    for (const inputs of [sealed, plain]) {
      const resources = [record(inputs)];
      await state.import({ version: 3, deployment: { manifest, secrets_providers, resources } });
      expect((await open()).load().resources).toEqual([record({ token: secret("sss") })]);
      expect(state.export({ showSecrets: true }).deployment.resources).toEqual([record(plain)]);
    }
  });
});
