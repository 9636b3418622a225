import { needsRestart } from './config-sections.ts';
import { RunningValues } from './running-values.ts';
import { load } from './testing/deployment-texts.ts';

const values = (toml: string, later?: string) => {
  const running = new RunningValues(load(toml));
  if (later !== undefined) running.follow(load(later));
  return running;
};

describe('the values that a running process goes by', () => {
  it('are those of the file, with the place', () => {
    expect(values('[server]\noffset = 3').of('server.offset')).toEqual({ path: ['server', 'offset'], value: '3', isSecret: false, source: 'deployment.toml:2:1', needsRestart: true, pending: null });
    expect(values('').of('identity_mgt.password_reset_email.cooldown')).toMatchObject({ value: '"60s"', source: 'default', needsRestart: false });
    expect(values('').of('server.nowhere')).toBeNull();
  });

  it('follow a changed file, but for what only a start can change, which they call pending', () => {
    const running = values('[server]\noffset = 3\n[rate_limit]\nenable = true', '# moved\n[server]\noffset = 4\n[rate_limit]\nenable = false');
    expect(running.of('server.offset')).toMatchObject({ value: '3', pending: { value: '4' } });
    expect(running.of('rate_limit.enable')).toMatchObject({ value: 'false', source: 'deployment.toml:5:1', needsRestart: false, pending: null });
  });

  it('tell of what the file has come to say at all, that it counts from the next start on', () => {
    expect(values('', '[[event_webhook]]\nurl = "https://example.com/a"\nname = "theirs"').all().filter(({ path }) => path[0] === 'event_webhook' && path.at(-1) === 'name')).toMatchObject([{ value: null, pending: { value: '"theirs"' } }]);
  });

  it('have the place in the latest file, where nothing else changed', () => {
    expect(values('[server]\noffset = 3', '\n\n[server]\noffset = 3').of('server.offset')?.source).toBe('deployment.toml:4:1');
  });

  it.each([['server', 'base_path'], ['delivery', 'concurrency'], ['event_publisher', 0, 'source'], ['output_adapter', 'email', 'relay', 0, 'hostname']])('need a restart: %s %s', (...path) => {
    expect(needsRestart(path)).toBe(true);
  });

  it.each([['identity_mgt', 'password_policy', 'min_length'], ['event', 'default_listener', 'identity_mgt', 'enable'], ['event_listener', 0, 'order'], ['rate_limit', 'enable'], ['password_hashing', 'iterations']])('follow the file: %s %s', (...path) => {
    expect(needsRestart(path)).toBe(false);
  });
});
