import { Anchor, Button } from '@mantine/core';
import { answered, ApiProblem, BusyButton, Failure, rekey } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { Dialog } from '../page/dialog.tsx';
import { suppressedAddressesKey, type SuppressedAddress } from './suppressed-addresses.ts';

interface RemoveDialogProps {
  readonly entry: SuppressedAddress;
  readonly onClose: () => void;
}

export function RemoveDialog({ entry: { id, address }, onClose }: RemoveDialogProps) {
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: async () => {
      try {
        await answered(rekey.DELETE('/suppressed-addresses/{id}', { params: { path: { id } } }));
      } catch (error) {
        // Somebody else has removed it meanwhile.
        if (!(error instanceof ApiProblem && error.status === 404)) throw error;
      }
    },
    onSuccess: async () => queries.invalidateQueries({ queryKey: suppressedAddressesKey }),
  });
  return (
    <Dialog title={`Mail to ${address} again?`} onClose={onClose}>
      {!remove.isSuccess && <p>The next mail goes out to it. If it bounces again, it comes back onto the list.</p>}
      <div role="status">
        {remove.isSuccess && (
          <p>
            It is off the list. What was not sent meanwhile can be sent again:{' '}
            <Anchor component={Link} to="/deliveries/failures" underline="always">
              Failures
            </Anchor>
          </p>
        )}
      </div>
      {remove.isError && <Failure error={remove.error} />}
      <div className="dialog-end">
        {!remove.isSuccess && (
          <BusyButton size="sm" busy={remove.isPending} onPress={() => remove.mutate()}>
            Remove
          </BusyButton>
        )}
        <Button variant="default" onClick={onClose}>
          {remove.isSuccess ? 'Close' : 'Cancel'}
        </Button>
      </div>
    </Dialog>
  );
}
