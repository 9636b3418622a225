import { rekeySaid } from './testing/rekey-said.ts';

const everyCommand = ['config check', 'config show', 'keys new', 'keys public', 'chain', 'tenants list', 'tenants create', 'tenants activate', 'tenants deactivate', 'roles list', 'roles set', ...['start', 'list', 'show', 'pause', 'resume', 'cancel'].map((verb) => `forced-resets ${verb}`)];

describe('rekey', () => {
  it.each([[[]], [['--help']], [['-h']]])('lists its commands, each with what it is for, at %j', async (args) => {
    const { code, out } = await rekeySaid(args);
    expect(code).toBe(0);
    for (const command of everyCommand) expect(out).toMatch(new RegExp(`^ {2}rekey ${command} +\\S`, 'm'));
  });

  it.each([[['config']], [['config', '--help']]])('lists the commands of a group at %j', async (args) => {
    const { out } = await rekeySaid(args);
    expect(out).toContain('rekey config show');
    expect(out).not.toContain('rekey chain');
  });

  it.each(everyCommand)('tells all that "%s" takes', async (command) => {
    const { code, out } = await rekeySaid([...command.split(' '), '--help']);
    expect([code, out.split('\n')[0]]).toEqual([0, expect.stringContaining(`rekey ${command}`)]);
  });

  it.each([
    [['chian'], 'there is no command "chian"; did you mean "rekey chain"? rekey --help lists them all\n'],
    [['config', 'shwo'], 'there is no command "config shwo"; did you mean "rekey config show"? rekey --help lists them all\n'],
    [['confg', 'check'], 'there is no command "confg check"; did you mean "rekey config check"? rekey --help lists them all\n'],
    [['keys', 'rotate'], 'there is no command "keys rotate": rekey --help lists them all\n'],
    [['serve'], 'there is no command "serve": rekey --help lists them all\n'],
  ])('names what comes nearest to %j, and fails', async (args, message) => {
    expect(await rekeySaid(args)).toEqual({ code: 1, out: '', error: message });
  });

  it.each([
    [['--user', 'kim', 'chain'], 'options come after the command: rekey chain --help tells what it takes\n'],
    [['--out', 'new', 'keys', 'new'], 'options come after the command: rekey keys new --help tells what it takes\n'],
    [['--fast', 'sign-in'], 'options come after the command: rekey <command> --help tells what it takes\n'],
  ])('says where options belong at %j', async (args, message) => {
    expect(await rekeySaid(args)).toEqual({ code: 1, out: '', error: message });
  });

  it.each([
    [['config', 'check', '--fast'], "Unknown option '--fast': rekey config check --help tells what it takes\n"],
    [['config', 'show', 'a', 'b'], 'rekey config show takes no "b": rekey config show --help tells what it takes\n'],
    [['keys', 'new', '--out'], "Option '--out <value>' argument missing: rekey keys new --help tells what it takes\n"],
  ])('names the argument that it does not take: %j', async (args, message) => {
    expect(await rekeySaid(args)).toEqual({ code: 1, out: '', error: message });
  });
});
