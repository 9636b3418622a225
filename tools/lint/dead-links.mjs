// Links in the documentation that lead to no file of the checkout.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = ['docs', 'deploy', 'apps', 'libs', 'tools'];
const elsewhere = /^(?:[a-z][a-z\d+.-]*:|#|\/)/i;
const code = /^(`{3,}|~{3,})[^]*?^\1|`[^`\n]*`/gm;
const link = /\]\((?:<([^>\n]+)>|([^)\s]+))|^\[[^\]]+\]:\s*(\S+)/gm;

/** @returns {string[]} `file: link` for each relative link whose file or folder is missing */
export function deadLinks() {
  return documents().flatMap((document) =>
    linksOf(readFileSync(path.join(root, document), 'utf8'))
      .filter((target) => !existsSync(path.resolve(root, path.dirname(document), decodeURI(target))))
      .map((target) => `${document}: ${target}`),
  );
}

/** @param {string} markdown @returns {string[]} the paths of the relative links, without their fragments */
function linksOf(markdown) {
  const targets = [...markdown.replaceAll(code, '').matchAll(link)].map(([, bracketed, plain, reference]) => bracketed ?? plain ?? reference ?? '');
  return targets.filter((target) => !elsewhere.test(target)).map((target) => target.replace(/[#?].*$/, ''));
}

function documents() {
  const within = folders.filter((folder) => existsSync(path.join(root, folder))).flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => path.join(folder, name)));
  return readdirSync(root).concat(within).filter((name) => name.endsWith('.md') && !name.includes('node_modules'));
}
