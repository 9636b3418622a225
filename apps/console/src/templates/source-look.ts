import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const quiet = { color: 'var(--quiet)' };
const popup = { background: 'var(--surface)', color: 'var(--text)', border: '1px solid var(--outline)', borderRadius: '0.5rem' };

/** In the colours of the pages, light and dark: the editor's own know nothing of theirs. */
const theme = EditorView.theme({
  '&': { color: 'var(--text)', fontSize: '0.8125rem' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.5', minHeight: 'var(--source-least)', maxHeight: 'var(--source-most)', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)', padding: '0.5rem 0' },
  '.cm-line': { padding: '0 0.75rem', unicodeBidi: 'plaintext', textAlign: 'start' },
  '.cm-gutters': { background: 'var(--raised)', color: 'var(--quiet)', borderInlineEnd: '1px solid var(--line)' },
  '.cm-lint-marker': { width: '0.8em', height: '0.8em' },
  '.cm-diagnostic-error': { borderInlineStart: '4px solid var(--bad)' },
  '.cm-tooltip': popup,
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { fontFamily: 'inherit', maxWidth: 'min(34rem, 88vw)', maxHeight: '16rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { display: 'flex', flexWrap: 'wrap', gap: '0 1rem', padding: '0.375rem 0.75rem', whiteSpace: 'normal' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--brand)', color: '#fff' },
  '.cm-completionLabel': { fontFamily: 'var(--mantine-font-family-monospace)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { marginInlineStart: 'auto', fontStyle: 'normal', maxWidth: '18rem', overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  '.cm-completionDescription': { flexBasis: '100%' },
});

const colors = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], color: 'light-dark(#1f5f4a, #7ad3a4)' },
  { tag: tags.attributeName, color: 'light-dark(#6b3fa0, #cfb0ff)' },
  { tag: [tags.attributeValue, tags.string], color: 'light-dark(#9a3412, #ffb38a)' },
  { tag: [tags.propertyName, tags.keyword], color: 'light-dark(#2450a8, #93b6ff)' },
  { tag: tags.comment, ...quiet, fontStyle: 'italic' },
  { tag: [tags.documentMeta, tags.processingInstruction], ...quiet },
]);

export const sourceLook = [theme, syntaxHighlighting(colors)];
