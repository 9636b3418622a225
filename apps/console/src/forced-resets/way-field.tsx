import { NativeSelect } from '@mantine/core';
import type { Way } from './forced-resets.ts';

const ways = [
  { value: '', label: 'As the tenant has it' },
  { value: 'link', label: 'A link' },
  { value: 'otp', label: 'A code' },
];

interface WayFieldProps {
  readonly className?: string;
  readonly value: Way;
  readonly onChange: (way: Way) => void;
}

export function WayField({ className, value, onChange }: WayFieldProps) {
  return <NativeSelect className={className} label="What is mailed" data={ways} value={value ?? ''} onChange={({ currentTarget }) => onChange(currentTarget.value === 'link' || currentTarget.value === 'otp' ? currentTarget.value : null)} />;
}
