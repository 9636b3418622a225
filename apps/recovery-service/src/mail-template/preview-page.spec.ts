import { previewPage } from './preview-page.ts';

const styles = '@media (prefers-color-scheme: dark) { p { color: white } } @media only screen and (Prefers-Color-Scheme:light) { p { color: black } } :root { color-scheme: light dark; }';
const mail = `<!doctype html>\n<html lang="en"><head><meta name="color-scheme" content="light dark" /><style>${styles}</style></head><body><a class="x" target="_top" href="https://example.com">Go</a></body></html>`;

describe('the page of a previewed mail', () => {
  it('is as a mail program shows it that is set to dark, or to light, whatever the browser is set to', () => {
    expect(previewPage(mail, 'dark')).toContain('<meta name="color-scheme" content="dark" /><style>@media (min-width: 0) { p { color: white } } @media only screen and (max-width: 0) { p { color: black } } :root { color-scheme: dark; }');
    expect(previewPage(mail, 'light')).toContain('<meta name="color-scheme" content="light" /><style>@media (max-width: 0) { p { color: white } } @media only screen and (min-width: 0) { p { color: black } } :root { color-scheme: light; }');
  });

  it('leaves a mail as it is that says nothing of schemes, or knows one alone', () => {
    for (const one of ['<!doctype html><base target="_blank"><p>color-scheme: dark</p>', '<!doctype html><base target="_blank"><style>:root { color-scheme: light }</style>']) expect(previewPage(one.replace('<base target="_blank">', ''), 'dark')).toBe(one);
  });

  it('has links that open nothing, wherever the mail begins', () => {
    expect(previewPage(mail, 'light')).toMatch(/^<!doctype html>\n<html lang="en"><head><base target="_blank"><meta/);
    expect(previewPage(mail, 'light')).toContain('<a class="x" href="https://example.com">Go</a>');
    expect(previewPage('<p>Hello</p>', 'light')).toBe('<!doctype html><base target="_blank"><p>Hello</p>');
    expect(previewPage("<a href='/x' target=_self>x</a>", 'light')).toBe("<!doctype html><base target=\"_blank\"><a href='/x'>x</a>");
  });
});
