import { answered, BusyButton, Failure, rekey } from '@rekey/web';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Dialogue } from '../deliveries/dialogue.tsx';

/** Asks a relay whether it would take a mail now, and shows what was said. */
export function RelayTrial({ name }: { readonly name: string }) {
  const { t } = useTranslation('relays');
  const trial = useMutation({ mutationFn: async () => answered(rekey.POST('/relays/{name}/test', { params: { path: { name } } })) });
  return (
    <div className="trial">
      <BusyButton variant="default" size="sm" busy={trial.isPending} onPress={() => trial.mutate()}>
        {t('test', { name })}
      </BusyButton>
      <div role="status">{trial.data && <p>{trial.data.refusal === null ? t('works') : t('refused', { refusal: trial.data.refusal })}</p>}</div>
      {trial.data && <Dialogue lines={trial.data.dialogue} />}
      {trial.isError && <Failure error={trial.error} />}
    </div>
  );
}
