import { TextInput } from '@mantine/core';
import { BusyButton } from '@rekey/web';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

interface SearchFormProps {
  /** What a part is asked for of. */
  readonly label: string;
  readonly description?: string;
  /** What the list shown was searched for. */
  readonly text: string;
  readonly busy: boolean;
  readonly onSearch: (text: string) => void;
}

/** Asks what a list is to be searched for; with another text it is another one, by its key. */
export function SearchForm({ label, description, text, busy, onSearch }: SearchFormProps) {
  const { t } = useTranslation('page');
  const [sought, setSought] = useState(text);
  return (
    <form
      role="search"
      className="line"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(sought.trim());
      }}
    >
      <TextInput type="search" label={label} description={description} className="line-field" value={sought} maxLength={255} autoComplete="off" spellCheck={false} onChange={(event) => setSought(event.currentTarget.value)} />
      <BusyButton variant="default" size="sm" busy={busy}>
        {t('search')}
      </BusyButton>
    </form>
  );
}
