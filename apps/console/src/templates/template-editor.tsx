import { NativeSelect } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { BusyButton, Failure, Waiting } from '@rekey/web';
import { lazy, Suspense, useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Done } from '../page/done.tsx';
import { ReadOnly } from '../page/read-only.tsx';
import { UnsavedChanges } from '../page/unsaved-changes.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { Conflict } from './conflict.tsx';
import { usePlaceholderWords } from './placeholder-words.ts';
import { Preview } from './preview.tsx';
import type { SourceHandle } from './source-editor.tsx';
import { faultIn, parts, type Part } from './template-fault.ts';
import { isConflict, usePlaceholders, usePreview, useSave, useTestSend, type ReadTemplate, type Template, type TemplatePlace } from './templates.ts';
import { TestOutcome } from './test-outcome.tsx';

/** As large as all other pages together. */
const SourceEditor = lazy(() => import('./source-editor.tsx'));

/** As long as one pauses between two thoughts. */
const pauseMs = 500;

const sizes = { subject: 'line', body: 'many', footer: 'few', text: 'few' } as const satisfies Readonly<Record<Part, string>>;
const markup: readonly Part[] = ['body', 'footer'];

/** The source, checked and shown as a mail while one types. A refusal stands at its part, line and column; what somebody else saves meanwhile, beside the draft. */
export function TemplateEditor({ place, read }: { readonly place: TemplatePlace; readonly read: ReadTemplate }) {
  const { t } = useTranslation('templates');
  /** The draft, and of which version it was made; null: nothing was changed since it was read or saved. */
  const [edited, setEdited] = useState<ReadTemplate | null>(null);
  const { template } = read;
  const draft = edited?.template ?? template;
  const [paused] = useDebouncedValue(draft, pauseMs);
  const editors = useRef<Partial<Record<Part, SourceHandle | null>>>({});
  const placeholders = usePlaceholderWords(usePlaceholders(place).data ?? []);
  const preview = usePreview(paused);
  const save = useSave(place);
  const mayChange = useHasRole('administrator');
  const test = useTestSend();
  const fault = faultIn(save.error) ?? faultIn(test.error) ?? (paused === draft ? faultIn(preview.error) : null);
  const isSame = JSON.stringify(draft) === JSON.stringify(template);
  const isAnother = edited !== null && edited.version !== read.version && !isSame && !save.isPending;
  const otherError = [save.error, test.error].find((error) => error && !faultIn(error) && !(isAnother && isConflict(error)));
  const isPlain = draft.contentType.startsWith('text/plain');
  const change = (changes: Partial<Template>) => {
    save.reset();
    test.reset();
    setEdited({ template: withTextMade({ ...draft, ...changes }), version: edited?.version ?? read.version });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!save.isPending && edited && !isSame) save.mutate(isAnother ? { template: draft, version: read.version } : edited, { onSuccess: () => setEdited(null) });
  };
  return (
    <div className="editor">
      <UnsavedChanges when={!isSame} />
      <form className="settings" onSubmit={submit} noValidate>
        <NativeSelect
          className="setting"
          label={t('kind')}
          data={(['text/html', 'text/plain'] as const).map((value) => ({ value, label: t(value) }))}
          value={isPlain ? 'text/plain' : 'text/html'}
          disabled={!mayChange}
          onChange={({ currentTarget }) => change({ contentType: currentTarget.value })}
        />
        <Suspense fallback={<Waiting />}>
          {parts.map((part) => (
            <SourceEditor
              key={part}
              ref={(editor) => void (editors.current[part] = editor)}
              label={t(part)}
              {...(part === 'body' || part === 'text' ? { description: t(`${part}Hint`) } : {})}
              size={sizes[part]}
              isMarkup={!isPlain && markup.includes(part)}
              isFixed={!mayChange}
              value={draft[part] ?? ''}
              placeholders={placeholders}
              fault={fault?.part === part ? fault : null}
              onChange={(text) => change({ [part]: text })}
            />
          ))}
        </Suspense>
        <div className="form-end">
          {isAnother && <Conflict place={place} theirs={template} ours={draft} onTakeTheirs={() => setEdited(null)} />}
          <Done>{save.isSuccess && t('saved')}</Done>
          {test.data && <TestOutcome reference={test.data.reference} />}
          {otherError && <Failure error={otherError} />}
          {mayChange ? (
            <div className="form-buttons">
              <BusyButton busy={save.isPending} resting={isSame}>
                {t(isAnother ? 'saveAnyway' : 'save')}
              </BusyButton>
              <BusyButton variant="default" busy={test.isPending} onPress={() => test.mutate(draft)}>
                {t('sendTest')}
              </BusyButton>
              <BusyButton variant="default" busy={false} onPress={() => editors.current.body?.offerPlaceholders()}>
                {t('insertPlaceholder')}
              </BusyButton>
              {fault?.at && (
                <BusyButton variant="default" busy={false} onPress={() => fault.at && editors.current[fault.part]?.goTo(fault.at)}>
                  {t('goToFault')}
                </BusyButton>
              )}
            </div>
          ) : (
            <ReadOnly />
          )}
        </div>
      </form>
      <Preview preview={preview} />
    </div>
  );
}

/** A text that is empty is none: it is made from the HTML. */
function withTextMade({ text, ...template }: Template): Template {
  return text ? { ...template, text } : template;
}
