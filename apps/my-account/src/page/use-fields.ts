import { useRef, useState, type RefCallback } from 'react';

/** A line, or several. */
export type FieldError = string | readonly string[];
export type FieldErrors<Name extends string> = Readonly<Partial<Record<Name, FieldError | null>>>;

interface FieldProps {
  readonly ref: RefCallback<HTMLInputElement>;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export interface Fields<Name extends string> {
  readonly values: Readonly<Record<Name, string>>;
  /** What is wrong with a field, a line each; null: nothing. */
  linesOf(name: Name): readonly string[] | null;
  /** What a field of the form takes; its error goes as soon as something else is entered. */
  of(name: Name): FieldProps & { readonly error: string | null };
  set(name: Name, value: string): void;
  /** Leads to it: what is typed there next takes the place of what stands there. */
  retype(name: Name): void;
  /** Shows these and no others, and leads to the first. @returns whether there is one */
  object(errors: FieldErrors<Name>): boolean;
}

/** What stands in the fields of a form, from the first to the last, and what is wrong with it. */
export function useFields<Name extends string>(initial: Readonly<Record<Name, string>>): Fields<Name> {
  const [values, setValues] = useState(initial);
  const [errors, setErrors] = useState<FieldErrors<Name> | null>(null);
  const inputs = useRef(new Map<Name, HTMLInputElement | null>());
  const set = (name: Name, value: string) => {
    setValues((all) => ({ ...all, [name]: value }));
    setErrors((all) => ({ ...all, [name]: null }) as FieldErrors<Name>); // TypeScript forgets which key it is
  };
  const linesOf = (name: Name): readonly string[] | null => {
    const error: FieldError | null = errors?.[name] ?? null;
    return typeof error === 'string' ? [error] : error;
  };
  return {
    values,
    linesOf,
    of: (name) => ({ ref: (input) => void inputs.current.set(name, input), value: values[name], error: linesOf(name)?.join(' ') ?? null, onChange: (value) => set(name, value) }),
    set,
    retype: (name) => {
      inputs.current.get(name)?.focus();
      inputs.current.get(name)?.select();
    },
    object: (found) => {
      setErrors(found);
      const first = (Object.keys(values) as Name[]).find((name) => found[name]); // the keys of the values are the names
      if (first === undefined) return false;
      inputs.current.get(first)?.focus();
      return true;
    },
  };
}
