// Lints texts as if they stood in the files named, which need not exist. A process of its own: ESLint's plugins are CommonJS and native code.
// Reads `[{ file, text }]` from stdin, writes for each its findings, `[{ rule, message }]`, to stdout.
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { makeProjectGraph } from '../../tools/lint/project-graph.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

makeProjectGraph();
// Rules that need types would want the files to exist; the rules of the house need none.
const eslint = new ESLint({ cwd: root, overrideConfig: tseslint.configs.disableTypeChecked });

const findings = [];
for (const { file, text } of JSON.parse(await textOf(process.stdin))) {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
  findings.push(result.messages.map(({ ruleId, message }) => ({ rule: ruleId, message })));
}
process.stdout.write(JSON.stringify(findings));
