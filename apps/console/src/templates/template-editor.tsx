import { NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { BusyButton, Failure } from '@rekey/web';
import { useRef, useState, type SubmitEvent } from 'react';
import { Done } from '../page/done.tsx';
import { Placeholders } from './placeholders.tsx';
import { Preview } from './preview.tsx';
import { faultIn, offsetOf, type Part, type TemplateFault } from './template-fault.ts';
import { usePreview, useSave, useTestSend, type Template, type TemplatePlace } from './templates.ts';

/** As long as one pauses between two thoughts. */
const pauseMs = 500;

const contentTypes = [
  { value: 'text/html', label: 'HTML or MJML' },
  { value: 'text/plain', label: 'Plain text' },
];

/** The source, checked and shown as a mail while one types. A refusal stands at its part, with a way to its place. */
export function TemplateEditor({ place, template }: { readonly place: TemplatePlace; readonly template: Template }) {
  /** null: nothing was changed since it was read or saved. */
  const [edited, setEdited] = useState<Template | null>(null);
  const draft = edited ?? template;
  const [paused] = useDebouncedValue(draft, pauseMs);
  const form = useRef<HTMLFormElement>(null);
  const preview = usePreview(paused);
  const save = useSave(place);
  const test = useTestSend();
  const fault = faultIn(save.error) ?? faultIn(test.error) ?? (paused === draft ? faultIn(preview.error) : null);
  const otherError = [save.error, test.error].find((error) => error && !faultIn(error));
  const isSame = JSON.stringify(draft) === JSON.stringify(template);
  const change = (changes: Partial<Template>) => {
    save.reset();
    test.reset();
    setEdited(withTextMade({ ...draft, ...changes }));
  };
  const fieldOf = (part: Part) => form.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>(`[name=${part}]`);
  const goTo = ({ part, at }: TemplateFault) => {
    const field = fieldOf(part);
    if (!field || !at) return;
    const offset = offsetOf(field.value, at);
    field.focus();
    field.setSelectionRange(offset, offset + 1);
  };
  const insert = (text: string) => {
    const field = fieldOf('body');
    if (!field) return;
    change({ body: draft.body.slice(0, field.selectionStart ?? 0) + text + draft.body.slice(field.selectionEnd ?? 0) });
    field.focus();
  };
  const partProps = (part: Part) => ({
    name: part,
    value: draft[part] ?? '',
    error: fault?.part === part ? messageOf(fault) : undefined,
    spellCheck: false,
    autoComplete: 'off',
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => change({ [part]: currentTarget.value }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!save.isPending && !isSame) save.mutate(draft, { onSuccess: () => setEdited(null) });
  };
  return (
    <div className="editor">
      <form className="settings" ref={form} onSubmit={submit} noValidate>
        <NativeSelect className="setting" label="Kind" data={contentTypes} value={draft.contentType.startsWith('text/plain') ? 'text/plain' : 'text/html'} onChange={({ currentTarget }) => change({ contentType: currentTarget.value })} />
        <TextInput className="setting source" label="Subject" dir="auto" {...partProps('subject')} />
        <Textarea className="setting source" label="Body" rows={22} wrap="off" {...partProps('body')} />
        <Textarea className="setting source" label="Footer" rows={3} {...partProps('footer')} />
        <Textarea className="setting source" label="Text" description="For programs that show no HTML. Where it is empty, it is made from the HTML." rows={6} dir="auto" {...partProps('text')} />
        <div className="form-end">
          <Done>{save.isSuccess ? 'Saved. It counts for the next mail.' : test.data && `On its way to your own address, reference ${test.data.reference}.`}</Done>
          {otherError && <Failure error={otherError} />}
          <div className="form-buttons">
            <BusyButton busy={save.isPending} resting={isSame}>
              Save
            </BusyButton>
            <BusyButton
              variant="default"
              busy={test.isPending}
              onPress={() => {
                save.reset();
                test.mutate(draft);
              }}
            >
              Send me a test
            </BusyButton>
            {fault?.at && (
              <BusyButton variant="default" busy={false} onPress={() => goTo(fault)}>
                Go to the fault
              </BusyButton>
            )}
          </div>
        </div>
      </form>
      <div className="block">
        <Preview preview={preview} />
        <Placeholders onInsert={insert} />
      </div>
    </div>
  );
}

/** A text that is empty is none: it is made from the HTML. */
function withTextMade({ text, ...template }: Template): Template {
  return text ? { ...template, text } : template;
}

function messageOf({ reason, at }: TemplateFault): string {
  return at ? `Line ${at.line}, column ${at.column}: ${reason}` : reason;
}
