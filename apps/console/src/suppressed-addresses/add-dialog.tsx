import { Button, TextInput } from '@mantine/core';
import { answered, BusyButton, Failure, rekey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { Dialog } from '../page/dialog.tsx';
import { suppressedAddressesKey } from './suppressed-addresses.ts';

export function AddDialog({ onClose }: { readonly onClose: () => void }) {
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
    <Dialog title="Mail to an address no more" onClose={onClose}>
      <form className="dialog-form" onSubmit={submit} noValidate>
        <TextInput label="Address" type="email" value={address} autoComplete="off" spellCheck={false} error={missing && address.trim() === '' && 'Enter the address.'} onChange={(event) => setAddress(event.currentTarget.value)} />
        <TextInput label="Reason" description="For whoever finds it on the list" value={reason} autoComplete="off" error={missing && reason.trim() === '' && 'Enter the reason.'} onChange={(event) => setReason(event.currentTarget.value)} />
        {add.isError && <Failure error={add.error} />}
        <div className="dialog-end">
          <BusyButton size="sm" busy={add.isPending}>
            Add
          </BusyButton>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
