/** Whether PostgreSQL takes it for a `uuid`; of the forms that it knows the usual one alone. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
