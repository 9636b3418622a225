import { TextInput } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { useState, type SubmitEvent } from 'react';
import { Done } from '../page/done.tsx';
import { BrandSample } from './brand-sample.tsx';
import { draftOf, useRemoveBrand, useReplaceBrand, type Brand, type BrandDraft, type Color } from './brand.ts';

const colorLabels: Readonly<Record<Color, string>> = { primary: 'Button and accents', buttonText: 'Text on the button', text: 'Text', background: 'Around the mail' };
const colors = Object.entries(colorLabels) as [Color, string][]; // Object.entries forgets which names there are

export function BrandForm({ brand }: { readonly brand: Brand }) {
  /** null: nothing was changed since it was read or saved. */
  const [edited, setEdited] = useState<BrandDraft | null>(null);
  const draft = edited ?? draftOf(brand);
  const replace = useReplaceBrand();
  const remove = useRemoveBrand();
  const error = replace.error ?? remove.error;
  const field = (name: keyof BrandDraft) => ({
    className: 'setting',
    value: draft[name],
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
    if (!replace.isPending && edited) replace.mutate(edited, { onSuccess: () => setEdited(null) });
  };
  return (
    <div className="editor">
      <form className="settings" onSubmit={submit} noValidate>
        <TextInput label="Name" description="Where there is no logo, it stands at the top." maxLength={100} {...field('name')} />
        <TextInput label="Logo" description="An https address of an image." type="url" maxLength={2_048} {...field('logoUrl')} />
        <TextInput label="The logo in words" description="For who does not see it." maxLength={100} {...field('logoAlt')} />
        <TextInput label="Address for help" type="email" maxLength={254} {...field('support')} />
        <TextInput label="Footer" maxLength={200} {...field('footer')} />
        {colors.map(([color, label]) => (
          <TextInput key={color} type="color" label={label} description={draft[color]} {...field(color)} />
        ))}
        <div className="form-end">
          <Done>{replace.isSuccess ? 'Updated. It counts for the next mail.' : remove.isSuccess && 'The mails have Rekey’s look again.'}</Done>
          {error && <Failure error={error} />}
          <div className="form-buttons">
            <BusyButton busy={replace.isPending} resting={!edited}>
              Update
            </BusyButton>
            <BusyButton
              variant="default"
              busy={remove.isPending}
              onPress={() => {
                replace.reset();
                remove.mutate(undefined, { onSuccess: () => setEdited(null) });
              }}
            >
              Back to Rekey’s look
            </BusyButton>
          </div>
        </div>
      </form>
      <BrandSample draft={draft} />
    </div>
  );
}
