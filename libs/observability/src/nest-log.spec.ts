import { createLogger } from './logger.ts';
import { nestLog } from './nest-log.ts';

describe('Nest’s own words in the log of a service', () => {
  const spoken = (level: string): string[] => {
    const lines: string[] = [];
    const log = nestLog(createLogger('recovery-service', { level, format: 'json', destination: { write: (line) => void lines.push(line) } }));
    log.log('Nest application successfully started');
    log.verbose('resolving dependencies');
    log.warn('a route is mapped twice');
    log.error(new Error('no provider for Inbox'));
    return lines.map((line) => JSON.parse(line) as { name: string; msg: string }).map(({ name, msg }) => `${name}: ${msg}`);
  };
  const faults = ['recovery-service: a route is mapped twice', 'recovery-service: Error: no provider for Inbox'];

  it('are warnings and errors only, as a rule', () => {
    expect(spoken('info')).toEqual(faults);
  });

  it('are its start-up chatter too, for debugging', () => {
    expect(spoken('debug')).toEqual(['recovery-service: Nest application successfully started', ...faults]);
  });
});
