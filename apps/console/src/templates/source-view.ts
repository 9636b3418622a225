import { closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { html } from '@codemirror/lang-html';
import { bracketMatching } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, Transaction, type Extension, type Text } from '@codemirror/state';
import { EditorView, keymap, lineNumbers } from '@codemirror/view';
import { placeholderCompletion } from './placeholder-completion.ts';
import { sourceLook } from './source-look.ts';
import type { TemplateFault } from './template-fault.ts';
import type { Placeholder } from './templates.ts';

export interface SourceOptions {
  readonly label: string;
  readonly isMarkup: boolean;
  readonly isOneLine: boolean;
  /** It is read alone. */
  readonly isFixed: boolean;
  readonly placeholders: readonly Placeholder[];
  readonly fault: TemplateFault | null;
  /** Of what the editor itself says, by its English words. */
  readonly phrases: Readonly<Record<string, string>>;
  readonly onChange: (text: string) => void;
}

/**
 * CodeMirror, in a shadow tree: there it sets its styles as constructed sheets, which the pages' policy (`style-src 'self'`) has nothing to say
 * about; in the document it would inject style elements, which the policy refuses. Tab moves on to the next field, as everywhere (WCAG 2.1.2).
 */
export class SourceView {
  private readonly view: EditorView;
  private readonly changing = new Compartment();

  constructor(
    host: HTMLElement,
    text: string,
    private options: SourceOptions,
  ) {
    const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    this.view = new EditorView({ root, parent: root, state: EditorState.create({ doc: text, extensions: [this.changing.of(this.changeable()), this.lasting()] }) });
    this.mark();
  }

  /** @param text as it is outside: what was typed here, or what took its place */
  show(text: string, options: SourceOptions): void {
    const before = this.options;
    this.options = options;
    const { doc } = this.view.state;
    if (!isSame(doc, text)) this.view.dispatch({ changes: { from: 0, to: doc.length, insert: text }, annotations: Transaction.remote.of(true) });
    const isFaultSame = JSON.stringify(before.fault) === JSON.stringify(options.fault);
    if (before.label !== options.label || before.isMarkup !== options.isMarkup || before.isFixed !== options.isFixed || !isFaultSame) this.view.dispatch({ effects: this.changing.reconfigure(this.changeable()) });
    if (!isFaultSame) this.mark();
  }

  goTo(at: { readonly line: number; readonly column: number }): void {
    this.view.focus();
    this.view.dispatch({ selection: { anchor: offsetOf(this.view.state.doc, at) }, effects: EditorView.scrollIntoView(offsetOf(this.view.state.doc, at), { y: 'center' }) });
  }

  offerPlaceholders(): void {
    this.view.focus();
    startCompletion(this.view);
  }

  destroy(): void {
    this.view.destroy();
  }

  private changeable(): Extension {
    const { label, isMarkup, isFixed, fault } = this.options;
    return [EditorState.readOnly.of(isFixed), EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label, ...(isFixed && { 'aria-readonly': 'true' }), ...(fault && { 'aria-invalid': 'true', 'aria-description': fault.reason }) }), isMarkup ? html({ selfClosingTags: true }) : []];
  }

  private lasting(): Extension {
    const { isOneLine, phrases } = this.options;
    return [
      isOneLine ? oneLine : [lineNumbers(), lintGutter()],
      history(),
      bracketMatching(),
      closeBrackets(),
      placeholderCompletion(() => this.options.placeholders),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      EditorView.lineWrapping,
      EditorView.perLineTextDirection.of(true),
      EditorState.phrases.of(phrases),
      EditorView.updateListener.of(({ docChanged, state, transactions }) => {
        if (docChanged && !transactions.some((transaction) => transaction.annotation(Transaction.remote))) this.options.onChange(state.doc.toString());
      }),
      sourceLook,
    ];
  }

  /** The fault, at its place. */
  private mark(): void {
    const { fault } = this.options;
    const { doc } = this.view.state;
    const from = fault?.at ? offsetOf(doc, fault.at) : 0;
    const word = /^(?:\{\{[^}]*\}\}|<[\w-]*|[^\s<>]+)?/.exec(doc.sliceString(from, from + 80))?.[0].length ?? 0;
    this.view.dispatch(setDiagnostics(this.view.state, fault?.at ? [{ from, to: Math.min(doc.length, from + Math.max(1, word)), severity: 'error', message: fault.reason }] : []));
  }
}

const oneLine: Extension = [EditorView.clipboardInputFilter.of((text) => text.replace(/\s*\n\s*/g, ' ')), EditorState.transactionFilter.of((transaction) => (transaction.newDoc.lines > 1 ? [] : transaction))];

/** The editor has its own line ends. */
function isSame(doc: Text, text: string): boolean {
  return doc.toString() === text.replace(/\r\n?/g, '\n');
}

/** @param at counted from 1, as the server does; what was typed meanwhile may have moved it out */
function offsetOf(doc: Text, { line, column }: { readonly line: number; readonly column: number }): number {
  const { from, to } = doc.line(Math.min(line, doc.lines));
  return Math.min(from + column - 1, to);
}
