import { Button, TextInput } from '@mantine/core';
import { answered, BusyButton, Failure, rekey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../page/dialog.tsx';
import { suppressedAddressesKey } from './suppressed-addresses.ts';

export function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation('suppressed-addresses');
  const [address, setAddress] = useState('');
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const queries = useQueryClient();
  const add = useMutation({
    mutationFn: async () => answered(rekey.POST('/suppressed-addresses', { body: { address: address.trim(), reason: reason.trim() } })),
    onSuccess: async () => {
      onClose();
      await queries.invalidateQueries({ queryKey: suppressedAddressesKey });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const incomplete = address.trim() === '' || reason.trim() === '';
    setMissing(incomplete);
    if (!incomplete && !add.isPending) add.mutate();
  };
  return (
    <Dialog title={t('add.title')} onClose={onClose}>
      <form className="dialog-form" onSubmit={submit} noValidate>
        <TextInput label={t('add.address')} type="email" value={address} autoComplete="off" spellCheck={false} error={missing && address.trim() === '' && t('add.addressMissing')} onChange={(event) => setAddress(event.currentTarget.value)} />
        <TextInput label={t('add.reason')} description={t('add.reasonHint')} value={reason} autoComplete="off" error={missing && reason.trim() === '' && t('add.reasonMissing')} onChange={(event) => setReason(event.currentTarget.value)} />
        {add.isError && <Failure error={add.error} />}
        <div className="dialog-end">
          <BusyButton size="sm" busy={add.isPending}>
            {t('add.submit')}
          </BusyButton>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
