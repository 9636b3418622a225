const mostWorkers = 64;

/**
 * @param option of `--workers`
 * @param environment `REKEY_WORKERS` counts where there is no option
 * @throws Error where it is no number of workers, or where npm has taken the option for itself
 */
export function workerCount(option: string | undefined, environment: NodeJS.ProcessEnv): number {
  if (option === undefined && environment['npm_config_workers'] !== undefined) throw new Error('npm took --workers for itself: write npm run start:distributed -- --workers N');
  const given = option ?? environment['REKEY_WORKERS'] ?? '1';
  const count = Number(given);
  if (!/^\d+$/.test(given) || count < 1 || count > mostWorkers) throw new Error(`${option === undefined ? 'REKEY_WORKERS' : '--workers'} must be a whole number from 1 to ${mostWorkers}, not "${given}"`);
  return count;
}
