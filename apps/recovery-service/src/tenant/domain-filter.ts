import type { DomainCondition } from '@rekey/identity';

const comparison = /^domain\s+(eq|sw|co|ew)\s+"([^"\\]*)"$/i;
/** Not within the quotes: who looks for `this and that` finds nothing, and has asked for nothing strange. */
const betweenComparisons = /(?<=")\s+and\s+(?=domain\s)/i;
const mostComparisons = 8;

/** Reads a filter as WSO2 describes it: `domain sw "acme" and domain ew ".example"`. @returns null for one that says anything else */
export function domainConditions(filter: string): readonly DomainCondition[] | null {
  const terms = filter.trim().split(betweenComparisons);
  const conditions = terms.flatMap((term) => {
    const [, operator, text] = comparison.exec(term) ?? [];
    return operator === undefined || text === undefined ? [] : [{ operator: operator.toLowerCase() as DomainCondition['operator'], text: text.toLowerCase() }]; // the pattern has no others
  });
  return conditions.length === terms.length && terms.length <= mostComparisons ? conditions : null;
}
