import { BusyButton, Failure } from '@rekey/web';
import { useRef, useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ReadOnly } from '../page/read-only.tsx';
import { UnsavedChanges } from '../page/unsaved-changes.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { Changed } from './changed.tsx';
import { Conflict } from './conflict.tsx';
import { FixedSettings } from './fixed-settings.tsx';
import { SettingField } from './setting-field.tsx';
import { namesIn, useChange, type Change, type Settings, type Values } from './settings.ts';

/** Sends what was changed, and nothing else, for the version that was read: of two administrators at once the second is told, and loses nothing. */
export function SettingsForm({ read }: { readonly read: Settings }) {
  const { t } = useTranslation('settings');
  const isAdministrator = useHasRole('administrator');
  const form = useRef<HTMLFormElement>(null);
  const [drafts, setDrafts] = useState<Values>({});
  const changeable = read.settings.filter(({ fixedBecause }) => fixedBecause === null);
  const values = Object.fromEntries(changeable.flatMap(({ name, value }) => (drafts[name] === undefined || drafts[name] === value ? [] : [[name, drafts[name]]])));
  const count = Object.keys(values).length;
  const change = useChange(read, (done) => setDrafts((typed) => without(done, typed)));
  const refused = namesIn(change.error);
  const { kind = null, different = [] } = change.data ?? {};
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (change.isPending || count === 0) return;
    change.mutate(
      { kind: 'set', values },
      {
        onError: (error) => {
          const [first] = namesIn(error);
          if (first !== undefined) form.current?.querySelector<HTMLInputElement>(`[name="${CSS.escape(first)}"]`)?.focus();
        },
      },
    );
  };
  return (
    <form className="settings" ref={form} onSubmit={submit} noValidate>
      <UnsavedChanges when={count > 0} />
      {kind === 'conflict' && <Conflict different={different} />}
      <fieldset className="fields" disabled={!isAdministrator}>
        {changeable.map((setting) => (
          <SettingField
            key={setting.name}
            setting={setting}
            value={drafts[setting.name] ?? setting.value}
            refused={refused.includes(setting.name)}
            meanwhile={kind === 'conflict' && values[setting.name] !== undefined && different.some(({ name }) => name === setting.name)}
            onChange={(value) => {
              if (kind !== 'conflict') change.reset();
              setDrafts({ ...drafts, [setting.name]: value });
            }}
            {...(isAdministrator ? { onRevert: () => change.mutate({ kind: 'revert', names: [setting.name] }) } : {})}
          />
        ))}
      </fieldset>
      <FixedSettings settings={read.settings} />
      <div className="form-end">
        <Changed outcome={change.data ?? null} />
        {change.isError && <Failure error={change.error} />}
        {isAdministrator ? (
          <div className="form-buttons">
            <BusyButton busy={change.isPending} resting={count === 0}>
              {t('update')}
            </BusyButton>
            <span className="quiet">{t('unsaved', { count })}</span>
          </div>
        ) : (
          <ReadOnly />
        )}
      </div>
    </form>
  );
}

/** What is typed and still to be saved once a change is made. */
function without(done: Change, typed: Values): Values {
  const isDone = (name: string, value: string) => (done.kind === 'set' ? done.values[name] === value : done.names.includes(name));
  return Object.fromEntries(Object.entries(typed).filter(([name, value]) => !isDone(name, value)));
}
