import { askSecret } from './ask-secret.ts';
import { rekey } from './rekey.ts';

process.exitCode = await rekey(process.argv.slice(2), {
  environment: process.env,
  out: (text) => void process.stdout.write(text),
  error: (text) => void process.stderr.write(text),
  askSecret,
});
