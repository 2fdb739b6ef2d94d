/** Protocol version of a block, `major.minor.patch` with an optional fourth part. */
export type StarknetVersion = string;

/** True when `version` is `floor` or later; missing parts count as 0. */
export function isAtLeast(version: StarknetVersion, floor: StarknetVersion): boolean {
  const a = version.split('.').map(Number);
  const b = floor.split('.').map(Number);
  for (let i = 0; i < 4; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
