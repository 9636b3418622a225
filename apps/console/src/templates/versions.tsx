import { Badge, Title } from '@mantine/core';
import { BusyButton, Failure } from '@rekey/web';
import { Done } from '../page/done.tsx';
import { Empty } from '../page/empty.tsx';
import { Loaded } from '../page/loaded.tsx';
import { Moment } from '../page/moment.tsx';
import { Table } from '../page/table.tsx';
import { useRemove, useRestore, useVersions, type TemplatePlace } from './templates.ts';

/** What the tenant saved and removed, newest first; each can count again, as a new one. */
export function Versions({ place }: { readonly place: TemplatePlace }) {
  const versions = useVersions(place);
  const restore = useRestore(place);
  const remove = useRemove(place);
  const error = restore.error ?? remove.error;
  return (
    <section className="block">
      <Title order={2}>Versions</Title>
      {error && <Failure error={error} />}
      <Done>{restore.isSuccess ? `Version ${restore.variables} counts again.` : remove.isSuccess && 'It is as shipped again.'}</Done>
      <Loaded query={versions}>
        {({ versions: list }) =>
          list.length === 0 ? (
            <Empty title="It is as shipped">Once it is saved, what it was stands here, and can be restored.</Empty>
          ) : (
            <>
              <Table label="Versions" columns={['Version', 'Saved', 'By', 'Subject', 'Restore']}>
                {list.map(({ version, savedAt, savedBy, subject, current }) => (
                  <tr key={version}>
                    <th scope="row">{version}</th>
                    <td>
                      <Moment at={savedAt} />
                    </td>
                    <td>{savedBy ?? <span className="quiet">unknown</span>}</td>
                    <td>{subject === null ? <span className="quiet">as shipped</span> : <bdi>{subject}</bdi>}</td>
                    <td>
                      {current ? (
                        <Badge variant="light" color="green">
                          counts now
                        </Badge>
                      ) : (
                        <BusyButton
                          variant="default"
                          size="sm"
                          busy={restore.isPending && restore.variables === version}
                          onPress={() => {
                            remove.reset();
                            restore.mutate(version);
                          }}
                        >
                          Restore
                        </BusyButton>
                      )}
                    </td>
                  </tr>
                ))}
              </Table>
              {list.some(({ current, subject }) => current && subject !== null) && (
                <div>
                  <BusyButton
                    variant="default"
                    size="sm"
                    busy={remove.isPending}
                    onPress={() => {
                      restore.reset();
                      remove.mutate(undefined);
                    }}
                  >
                    Remove our own
                  </BusyButton>
                </div>
              )}
            </>
          )
        }
      </Loaded>
    </section>
  );
}
