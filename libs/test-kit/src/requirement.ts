/**
 * What tests need of the machine beside Node. Without it they are skipped, which a run that must not skip turns into a failure.
 *
 * @param missing what is not there, in one line; null if nothing is missing
 * @param requiredBy the environment variable that says, by `1`, that it must be there
 * @returns `missing`, as it came
 * @throws Error where it is missing and required
 */
export function unlessRequired(missing: string | null, requiredBy: 'REQUIRE_KAFKA' | 'REQUIRE_BROWSER' | 'REQUIRE_PYTHON'): string | null {
  if (missing !== null && process.env[requiredBy] === '1') throw new Error(`${requiredBy}=1, but ${missing}`);
  return missing;
}
