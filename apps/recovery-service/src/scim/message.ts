import { z } from 'zod';

/** The `schemas` of a SCIM message (RFC 7644 section 3.1). WSO2's clients leave them out, or empty: the address says what it is. */
export function messageOf(kind: 'BulkRequest' | 'PatchOp' | 'SearchRequest') {
  return z.array(z.literal(`urn:ietf:params:scim:api:messages:2.0:${kind}`)).max(1).optional();
}
