/** CPU as a multiple of other work in the same run: how fast the machine is, and how busy, is the same for both. */

/** Below this, in seconds, a measurement says nothing. */
const FLOOR = 0.005;

/** The CPU seconds of the cheapest of some runs. */
export function cpuOf(work: () => unknown, runs = 3): number {
  const times = Array.from({ length: runs }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  return Math.min(...times) + FLOOR;
}

/** Between linear and quadratic. */
export const LINEAR = 8;

/** A busy machine disturbs a measurement, and hardly three in a row. What is not linear shows it in each. */
const ATTEMPTS = 3;

/**
 * How many times the CPU it costs if what is given is four times as long: 4 at most where it is linear, 16 where it is
 * quadratic.
 *
 * @param prepare Makes the work on something of this length; making it is not measured.
 */
export function growthOf(prepare: (size: number) => () => unknown, size: number): number {
  const [small, large] = [prepare(size), prepare(4 * size)];
  let least = Infinity;
  for (let attempt = 0; attempt < ATTEMPTS && least >= LINEAR; attempt++)
    least = Math.min(least, cpuOf(large) / cpuOf(small));
  return least;
}
