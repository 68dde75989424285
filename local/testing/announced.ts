/** What a server of a chosen port says: it serves a person's terminal or another program, and not one test. */

interface Started {
  url: string;
  token: string;
}

/** `node -e "…startGitHub({ port: 8787 })"`: there is nobody who could handle an error. */
const isCommand = () =>
  process.argv[1] === undefined && process.execArgv.some((arg) => /^(-e|-p|-pe|--eval|--print)/.test(arg));

/**
 * Starts a server, and prints where it is if its port was chosen.
 *
 * @param what `startGitHub`
 * @throws Error where the port is taken
 */
export async function announced<S extends Started>(
  what: string,
  port: number | undefined,
  start: () => Promise<S>,
): Promise<S> {
  let server: S;
  try {
    server = await start();
  } catch (error) {
    const problem = port === undefined ? undefined : portProblem(what, port, error);
    if (problem === undefined) throw error;
    if (!isCommand()) throw new Error(problem, { cause: error });
    process.stderr.write(`${problem}\n`);
    process.exit(1);
  }
  if (port)
    process.stdout.write(
      `${what}: listening on ${server.url} with the token ${server.token} (Ctrl-C ends it)\n`,
    );
  return server;
}

function portProblem(what: string, port: number, error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  if (code === "EADDRINUSE")
    return `${what}: port ${port} is already in use. Stop what uses it, or choose another port.`;
  if (code === "EACCES")
    return `${what}: port ${port} needs more rights than this user has. Choose one above 1023.`;
  if (code === "ERR_SOCKET_BAD_PORT")
    return `${what}: ${port} is not a port. Choose a number from 1 to 65535.`;
  return undefined;
}
