/** The environment that a stack's processes start from: nothing of the caller's but what programs need to run. */
const KEPT = [
  ...["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ"],
  ...["TMPDIR", "TMP", "TEMP", "NODE_EXTRA_CA_CERTS"],
  ...["SystemRoot", "ComSpec", "PATHEXT", "USERPROFILE", "APPDATA", "LOCALAPPDATA"],
];

export type Environment = Record<string, string>;

export function stackEnvironment(...additions: (Environment | undefined)[]): Environment {
  const kept = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.assign(Object.fromEntries(kept), ...additions) as Environment;
}

/** Both engines' stacks are for the demo and for tests: nothing in them has to be kept from anybody. */
export const PASSPHRASE = "passphrase";
