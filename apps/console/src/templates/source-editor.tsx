import { Input } from '@mantine/core';
import { useEffect, useImperativeHandle, useLayoutEffect, useRef, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import { SourceView } from './source-view.ts';
import type { TemplateFault } from './template-fault.ts';
import type { Placeholder } from './templates.ts';

/** What else one can do with it. */
export type SourceHandle = Pick<SourceView, 'goTo' | 'offerPlaceholders'>;

interface SourceEditorProps {
  readonly ref?: Ref<SourceHandle>;
  readonly label: string;
  readonly description?: string;
  readonly size: 'line' | 'few' | 'many';
  readonly isMarkup: boolean;
  /** It is read alone. */
  readonly isFixed: boolean;
  readonly value: string;
  readonly placeholders: readonly Placeholder[];
  readonly fault: TemplateFault | null;
  readonly onChange: (text: string) => void;
}

/** One part of a template. */
export default function SourceEditor({ ref, label, description, size, isMarkup, isFixed, value, placeholders, fault, onChange }: SourceEditorProps) {
  const { t } = useTranslation('templates');
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<SourceView>(null);
  const phrases = { Completions: t('completions'), Diagnostics: t('faults') };
  const options = { label, isMarkup, isFixed, isOneLine: size === 'line', placeholders, fault, phrases, onChange };
  // With the drawing and not after it: a letter that is typed in between would be taken back, and the cursor with it.
  useLayoutEffect(() => {
    if (host.current) view.current ??= new SourceView(host.current, value, options);
    view.current?.show(value, options);
  });
  useEffect(
    () => () => {
      view.current?.destroy();
      view.current = null;
    },
    [],
  );
  useImperativeHandle(ref, () => ({ goTo: (at) => view.current?.goTo(at), offerPlaceholders: () => view.current?.offerPlaceholders() }), []);
  return (
    <Input.Wrapper className="setting source" labelElement="div" label={label} description={description} error={fault && (fault.at ? t('faultAt', { ...fault.at, reason: fault.reason }) : fault.reason)}>
      <div ref={host} className="source-editor" dir={isMarkup ? 'ltr' : undefined} data-size={size} data-error={fault !== null || undefined} />
    </Input.Wrapper>
  );
}
