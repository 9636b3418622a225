import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { BusyButton, Failure } from '@rekey/web';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Done } from '../page/done.tsx';
import { ReadOnly } from '../page/read-only.tsx';
import { UnsavedChanges } from '../page/unsaved-changes.tsx';
import { useHasRole } from '../session/use-has-role.ts';
import { BrandSample } from './brand-sample.tsx';
import { colorNames, draftOf, faultIn, useBrandPreview, useRemoveBrand, useReplaceBrand, type Brand, type BrandDraft } from './brand.ts';

/** Until a colour that is being chosen stands still. */
const pauseMs = 300;

/** The brand, and the tenant's own mail in it while one chooses. What the server refuses stands at its field. */
export function BrandForm({ brand }: { readonly brand: Brand }) {
  const { t } = useTranslation('brand');
  /** null: nothing was changed since it was read or saved. */
  const [edited, setEdited] = useState<BrandDraft | null>(null);
  const draft = edited ?? draftOf(brand);
  const isSame = JSON.stringify(draft) === JSON.stringify(draftOf(brand));
  const replace = useReplaceBrand();
  const mayChange = useHasRole('administrator');
  const remove = useRemoveBrand();
  const error = replace.error ?? remove.error;
  const preview = useBrandPreview(useDebouncedValue(draft, pauseMs)[0]);
  const fault = faultIn(error) ?? faultIn(preview.error);
  const field = (name: keyof BrandDraft) => ({
    className: 'setting',
    label: t(name),
    value: draft[name],
    error: fault?.field === name && fault.reason,
    autoComplete: 'off',
    spellCheck: false,
    onChange: ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
      replace.reset();
      remove.reset();
      setEdited({ ...draft, [name]: currentTarget.value });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!replace.isPending && !isSame) replace.mutate(draft, { onSuccess: () => setEdited(null) });
  };
  return (
    <div className="editor">
      <UnsavedChanges when={!isSame} />
      <form className="settings" onSubmit={submit} noValidate>
        <fieldset className="fields" disabled={!mayChange}>
          <TextInput description={t('nameHint')} maxLength={100} {...field('name')} />
          <TextInput description={t('logoUrlHint')} type="url" maxLength={2_048} {...field('logoUrl')} />
          <TextInput description={t('logoAltHint')} maxLength={100} {...field('logoAlt')} />
          <TextInput type="email" maxLength={254} {...field('support')} />
          <TextInput maxLength={200} {...field('footer')} />
          <div className="setting colors">
            {colorNames.map((color) => (
              <TextInput key={color} type="color" description={draft[color]} {...field(color)} className="color" />
            ))}
          </div>
        </fieldset>
        <div className="form-end">
          <Done>{replace.isSuccess ? t('updated') : remove.isSuccess && t('removed')}</Done>
          {error && !fault && <Failure error={error} />}
          {mayChange ? (
            <div className="form-buttons">
              <BusyButton busy={replace.isPending} resting={isSame}>
                {t('update')}
              </BusyButton>
              <BusyButton
                variant="default"
                busy={remove.isPending}
                onPress={() => {
                  replace.reset();
                  remove.mutate(undefined, { onSuccess: () => setEdited(null) });
                }}
              >
                {t('remove')}
              </BusyButton>
            </div>
          ) : (
            <ReadOnly />
          )}
        </div>
      </form>
      <BrandSample preview={preview} />
    </div>
  );
}
