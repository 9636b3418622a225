import { autocompletion, pickedCompletion, type Completion, type CompletionSource } from '@codemirror/autocomplete';
import type { Extension } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';
import type { Placeholder } from './templates.ts';

/** Behind `{{`, or `{{#` and the like of a section, as far as a name is written. */
const begun = /\{\{\s*[#^/]?\s*(?:url:)?[\w.-]*$/;
const name = /^[\w.-]*$/;

/** Behind what CodeMirror writes of an option by itself: its name, and the sample beside it. */
const lastInOption = 90;

/** Offers what may stand in the template, behind `{{` and wherever one asks for it. */
export function placeholderCompletion(placeholders: () => readonly Placeholder[]): Extension {
  return autocompletion({ override: [sourceOf(placeholders)], icons: false, addToOptions: [{ position: lastInOption, render: descriptionOf }] });
}

interface PlaceholderOption extends Completion {
  readonly description: string;
}

function descriptionOf(completion: Completion): Node {
  const description = document.createElement('span');
  description.className = 'cm-completionDescription';
  description.textContent = (completion as PlaceholderOption).description; // there is no other source
  return description;
}

function sourceOf(placeholders: () => readonly Placeholder[]): CompletionSource {
  return ({ state, pos, explicit }) => {
    const line = state.doc.lineAt(pos);
    const before = begun.exec(line.text.slice(0, pos - line.from))?.[0];
    if (before === undefined && !explicit) return null;
    const written = /[\w.-]*$/.exec(before ?? '')?.[0] ?? '';
    return { from: pos - written.length, validFor: name, options: placeholders().map((placeholder) => optionOf(placeholder, before === undefined)) };
  };
}

function optionOf({ name: label, description, sample }: Placeholder, isAlone: boolean): PlaceholderOption {
  return {
    label,
    ...(sample !== '' && { detail: sample }),
    description,
    apply: (view, completion, from, to) => insert(view, completion, isAlone, from, to),
  };
}

/** With the braces that are not there yet, and the cursor behind them. */
function insert(view: EditorView, completion: Completion, isAlone: boolean, from: number, to: number): void {
  const following = /^\s*\}{0,2}/.exec(view.state.sliceDoc(to, to + 4))?.[0].trim() ?? '';
  const text = `${isAlone ? '{{' : ''}${completion.label}}}`;
  const end = isAlone ? to : to + following.length;
  view.dispatch({ changes: { from, to: end, insert: text }, selection: { anchor: from + text.length }, userEvent: 'input.complete', annotations: pickedCompletion.of(completion), scrollIntoView: true });
}
