/** One plugin process and the servers that it talks to, for all tests of a file; each test configures it anew. */
import { startChainloop } from "../../local/chainloop";
import type { Chainloop } from "../../local/chainloop";
import { startGitHub } from "../../local/github";
import type { GitHub } from "../../local/github";
import type { PropertyMap } from "../../local/engine/types";
import { startPlugin } from "./support";
import type { Plugin } from "./support";

export interface Scene {
  plugin: Plugin;
  github: GitHub;
  chainloop: Chainloop;
  /** What the provider is configured with. */
  settings: PropertyMap;
  requests: () => string[];
}

/** @returns the scene, which is there once the tests run */
export function useScene(environment: Record<string, string> = {}): Scene {
  const scene = {} as Scene & { stop: () => Promise<void> };
  beforeAll(async () => {
    const plugin = await startPlugin(environment);
    Object.assign(scene, { plugin, stop: plugin.stop });
  });
  afterAll(() => scene.stop());
  beforeEach(async () => {
    const [github, chainloop] = await Promise.all([startGitHub({ attested: "all" }), startChainloop()]);
    const settings = {
      ...{ org: "acme", token: github.token, baseUrl: github.url },
      ...{ chainloopToken: chainloop.token, chainloopUrl: chainloop.url },
    };
    const requests = () =>
      [...github.requests, ...chainloop.requests].map(({ method, path }) => `${method} ${path}`);
    Object.assign(scene, { github, chainloop, settings, requests });
    await scene.plugin.configure(settings);
  });
  afterEach(async () => {
    await Promise.all([scene.github.close(), scene.chainloop.close()]);
    expect([...scene.github.violations, ...scene.chainloop.violations]).toEqual([]);
    for (const token of [scene.github.token, scene.chainloop.token])
      expect(scene.plugin.seen()).not.toContain(token);
  });
  return scene;
}

export const DIGEST = `sha256:${"a1".repeat(32)}`;
export const OTHER = `sha256:${"b2".repeat(32)}`;
