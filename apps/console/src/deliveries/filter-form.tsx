import { Anchor, NativeSelect, TextInput } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { addressOf, callerFields, filterWith, furtherFields, timeFields, toLocalTime, type DeliveryFilter } from './delivery-filter.ts';
import { deliveryStates } from './states.ts';

interface Typed {
  /** That the page had when it was typed. */
  readonly address: string;
  readonly changes: Readonly<Record<string, string>>;
}

/** What is asked for stands in the page's address: it can be linked to, and the browser's way back leads to what was asked before. */
export function FilterForm({ filter, busy }: { readonly filter: DeliveryFilter; readonly busy: boolean }) {
  const { t } = useTranslation('deliveries');
  const navigate = useNavigate();
  const choices = [{ value: '', label: t('filter.any') }, ...deliveryStates.map((state) => ({ value: state, label: t(`states.${state}.label`) }))];
  const address = addressOf(filter);
  const [typed, setTyped] = useState<Typed>({ address, changes: {} });
  // What was typed for another address is gone with it.
  const changes = typed.address === address ? typed.changes : {};
  const change = (name: string, value: string) => setTyped({ address, changes: { ...changes, [name]: value } });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTyped({ address, changes: {} });
    void navigate(addressOf(filterWith(filter, changes)));
  };
  const textField = (name: (typeof callerFields | typeof furtherFields)[number]) => (
    <TextInput key={name} label={t(`filter.${name}.label`)} placeholder={t(`filter.${name}.hint`)} value={changes[name] ?? filter[name] ?? ''} autoComplete="off" spellCheck={false} onChange={(event) => change(name, event.currentTarget.value)} />
  );
  return (
    <form className="filter" role="search" aria-label={t('list.title')} onSubmit={submit}>
      <div className="filter-fields">
        <NativeSelect label={t('state')} data={choices} value={changes['state'] ?? filter.state ?? ''} onChange={(event) => change('state', event.currentTarget.value)} />
        {callerFields.map(textField)}
      </div>
      <details open={[...furtherFields, ...timeFields].some((name) => filter[name] !== undefined)}>
        <summary>{t('filter.further')}</summary>
        <div className="filter-fields">
          {furtherFields.map(textField)}
          {timeFields.map((name) => (
            <TextInput key={name} type="datetime-local" label={t(`filter.${name}.label`)} value={changes[name] ?? toLocalTime(filter[name] ?? '')} onChange={(event) => change(name, event.currentTarget.value)} />
          ))}
        </div>
      </details>
      <div className="filter-end">
        <BusyButton variant="default" size="sm" busy={busy}>
          {t('filter.submit')}
        </BusyButton>
        {address !== addressOf({}) && (
          <Anchor component={Link} to={addressOf({})}>
            {t('filter.all')}
          </Anchor>
        )}
      </div>
    </form>
  );
}
