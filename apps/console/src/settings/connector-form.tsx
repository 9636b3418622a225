import { answered, BusyButton, Failure, governance } from '@rekey/web';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { Done } from '../page/done.tsx';
import { connectorKey, type Connector } from './connectors.ts';
import { PropertyField } from './property-field.tsx';

interface ConnectorFormProps {
  readonly categoryId: string;
  readonly connectorId: string;
  readonly connector: Connector;
}

/** Sends what was changed, and nothing else: what somebody else has set meanwhile stays. */
export function ConnectorForm({ categoryId, connectorId, connector }: ConnectorFormProps) {
  const [changes, setChanges] = useState<Readonly<Record<string, string>>>({});
  const queries = useQueryClient();
  const changed = connector.properties.filter(({ name, value }) => changes[name] !== undefined && changes[name] !== value);
  const update = useMutation({
    mutationFn: async () => {
      const properties = changed.map(({ name, value }) => ({ name, value: changes[name] ?? value }));
      return answered(governance.PATCH('/{categoryId}/connectors/{connectorId}', { params: { path: { categoryId, connectorId } }, body: { operation: 'UPDATE', properties } }));
    },
    onSuccess: (updated) => {
      queries.setQueryData(connectorKey(categoryId, connectorId), updated);
      setChanges({});
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!update.isPending && changed.length > 0) update.mutate();
  };
  return (
    <form className="settings" onSubmit={submit} noValidate>
      {connector.properties.map((property) => (
        <PropertyField
          key={property.name}
          property={property}
          value={changes[property.name] ?? property.value}
          onChange={(value) => {
            update.reset();
            setChanges({ ...changes, [property.name]: value });
          }}
        />
      ))}
      <div className="form-end">
        <Done>{update.isSuccess && 'Updated. It counts from now on.'}</Done>
        {update.isError && <Failure error={update.error} />}
        <div className="form-buttons">
          <BusyButton busy={update.isPending} resting={changed.length === 0}>
            Update
          </BusyButton>
          <span className="quiet">{unsaved(changed.length)}</span>
        </div>
      </div>
    </form>
  );
}

function unsaved(count: number): string {
  if (count === 0) return 'Nothing has been changed.';
  return count === 1 ? '1 change that is not saved yet' : `${count} changes that are not saved yet`;
}
