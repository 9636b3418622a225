import { Code, Switch, TextInput } from '@mantine/core';
import type { Property } from './connectors.ts';

interface PropertyFieldProps {
  readonly property: Property;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One setting, under WSO2's label: what it means, and its name in the API. */
export function PropertyField({ property, value, onChange }: PropertyFieldProps) {
  const { name, displayName, description, meta } = property;
  const about = (
    <>
      {description && <span className="setting-meaning">{description}. </span>}
      <Code>{name}</Code>
    </>
  );
  if (meta.type === 'boolean') return <Switch className="setting" label={displayName} description={about} checked={value === 'true'} onChange={(event) => onChange(String(event.currentTarget.checked))} />;
  return <TextInput className="setting" label={displayName} description={about} value={value} inputMode={meta.type === 'integer' ? 'decimal' : undefined} autoComplete="off" spellCheck={false} onChange={(event) => onChange(event.currentTarget.value)} />;
}
